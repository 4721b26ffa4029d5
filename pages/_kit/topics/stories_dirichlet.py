"""Dirichlet: mixtures of three topics on the triangle, before and after words of them are counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.charts import topics_density
from core.rng import stream
from core.topics import dirichlet
from core.topics.topics import DIRICHLET
from pages._kit import choose
from pages._kit import show as shown
from pages._kit.topics import stories_mixtures
from pages._kit.topics.stories_number import tex
from pages._kit.topics.view import View

DRAWS = (0, 30, 100, 300, 1000)
RESOLUTION = 48  # of the triangle
LOW, HIGH = 0.01, 20.0
PRESETS = {
    "Sparse": (0.2, 0.2, 0.2), "Flat": (1.0, 1.0, 1.0), "Even": (6.0, 6.0, 6.0),
    "Lopsided": (6.0, 2.0, 1.0),
}  # fmt: skip
ABOUT = {
    "Sparse": "α < 1: most mixtures lie near a corner or an edge, so that a document has few topics.",
    "Flat": "α = 1: every mixture is as likely as any other.",
    "Even": "α > 1: mixtures gather in the middle, so that every document has all topics.",
    "Lopsided": "Larger α of one topic: mixtures lean towards it.",
}
ABOUT_OWN = (
    "α of its two largest topics, and of all others together: shares that are summed are a Dirichlet "
    "of the summed α."
)
ABOUT_NONE = "Only LDA with three topics or more has such an α."
KEYS = ("dirichlet_a1", "dirichlet_a2", "dirichlet_a3")
FIRST = (2.0, 2.0, 2.0)


def show(view: View, seed: int) -> None:
    """Controls, equation, triangles, and what it means for documents."""
    own = _own(view)
    _presets(view, own)
    left, right = st.columns([2, 3], gap="large")
    with left:
        alpha = [
            st.slider(f"α{'₁₂₃'[i]}", LOW, HIGH, FIRST[i], 0.01, key=key, bind="query-params")
            for i, key in enumerate(KEYS)
        ]
        st.caption("Words seen of each topic: they are added to α.")
        counts = [
            column.slider(f"x{'₁₂₃'[i]}", 0, 30, 0, key=f"dirichlet_x{i + 1}", bind="query-params")
            for i, column in enumerate(st.columns(3))
        ]
        draws = choose.slide("Draws", DRAWS, 100, key="dirichlet_draws")
    corners: tuple[str, ...] = topics_density.CORNERS
    if own is not None and tuple(alpha) == own[0]:
        corners = own[1]
    with right:
        _triangles(alpha, counts, draws, corners, seed)
    _equation(alpha)
    if any(counts):
        _updated(alpha, counts)
    stories_mixtures.show(view, seed)


def _own(view: View) -> tuple[tuple[float, ...], tuple[str, ...]] | None:
    """α of the two largest topics and of all others together, and what they are; None where there is no α.

    Shares of a Dirichlet that are summed are a Dirichlet of the summed α.
    """
    seen, alpha = view.edited.seen, view.topics.alpha
    if view.topics.model not in DIRICHLET or len(alpha) < 3 or len(seen) < 2:
        return None
    pair = list(seen[:2])
    three = (*alpha[pair].tolist(), float(alpha.sum() - alpha[pair].sum()))
    names = tuple(f"topic {view.edited.ids[k]}" for k in pair)
    return tuple(min(HIGH, max(LOW, round(a, 2))) for a in three), (*names, "all others")


def _presets(view: View, own: tuple[tuple[float, ...], tuple[str, ...]] | None) -> None:
    with st.container(horizontal=True):
        for name, alpha in PRESETS.items():
            st.button(
                name, key=f"dirichlet_{name.lower()}", on_click=_set, args=(alpha,), help=ABOUT[name]
            )  # fmt: skip
        st.button(
            "This model’s own", key="dirichlet_own", on_click=_set, args=(own and own[0],),
            disabled=own is None, help=ABOUT_OWN if own else ABOUT_NONE,
        )  # fmt: skip


def _set(alpha: tuple[float, ...]) -> None:
    for key, value in zip(KEYS, alpha, strict=True):
        st.session_state[key] = value


def _triangles(
    alpha: Sequence[float], counts: Sequence[int], draws: int, corners: Sequence[str], seed: int
) -> None:
    found = dirichlet.update(alpha, counts)
    shown_of = {"before": found.before} | ({"after": found.after} if any(counts) else {})
    places = dirichlet.triangle(RESOLUTION)
    for column, (name, a) in zip(st.columns(len(shown_of)), shown_of.items(), strict=True):
        with column:
            if len(shown_of) > 1:
                st.markdown(f"**{name.capitalize()}**: α = ({', '.join(tex(float(v)) for v in a)})")
            drawn = dirichlet.draw(a, draws, generator=stream(seed, "dirichlet", name))
            shown.chart(
                topics_density.dirichlet, places, dirichlet.dirichlet(places, a), drawn=drawn,
                mean=a / a.sum(), corners=tuple(corners),
            )  # fmt: skip
    st.caption(
        "Each place is a mixture of three topics: at a corner there is one alone, in the middle a "
        "third of each. Darker is likelier; dots are drawn; the cross is the mean."
    )


def _equation(alpha: Sequence[float]) -> None:
    left, right = st.columns([2, 1], gap="medium")
    with right:
        first = st.slider("At x₁", 0.01, 0.98, 0.5, 0.01, key="dirichlet_at1", bind="query-params")
        part = st.slider(
            "x₂, of what is left", 0.01, 0.99, 0.6, 0.01, key="dirichlet_at2", bind="query-params"
        )
    x = np.array([first, (1 - first) * part, (1 - first) * (1 - part)])
    powers = r" \cdot ".join(
        rf"{tex(float(v), 3)}^{{{tex(a - 1)}}}" for v, a in zip(x, alpha, strict=True)
    )
    one_over_B = float(dirichlet.dirichlet(x, alpha) / np.prod(x ** (np.asarray(alpha) - 1)))
    with left:
        st.latex(
            r"f(x_1, \dots, x_k; \alpha_1, \dots, \alpha_k) = \frac{1}{B(\alpha)} \prod_{i=1}^{k} "
            r"x_i^{\alpha_i - 1}"
        )
        st.latex(
            rf"= {tex(one_over_B)} \cdot {powers} = \mathbf{{{tex(float(dirichlet.dirichlet(x, alpha)))}}}"
        )


def _updated(alpha: Sequence[float], counts: Sequence[int]) -> None:
    found = dirichlet.update(alpha, counts)
    added = ", ".join(f"{tex(a)} + {n}" for a, n in zip(alpha, counts, strict=True))
    mean = ", ".join(f"{p:.3f}" for p in found.mean)
    st.latex(rf"p(\theta \mid x) = \mathrm{{Dirichlet}}({added}), \qquad E\,\theta = ({mean})")
