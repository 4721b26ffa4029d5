"""Beta: what is believed of a chance, before and after successes are counted."""

from __future__ import annotations

import numpy as np
import streamlit as st
from scipy.special import beta as B  # type: ignore[import-untyped]

from core.charts import topics_density
from core.rng import stream
from core.topics import dirichlet
from pages._kit import choose
from pages._kit import show as shown
from pages._kit.topics.stories_number import tex
from pages._kit.topics.view import View

DRAWS = (0, 20, 100, 300)
POINTS = 201


def show(view: View, seed: int) -> None:
    """Controls, equation, chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        one, two = st.columns(2)
        with one:
            a = st.slider("α", 0.1, 20.0, 2.0, 0.1, key="beta_a", bind="query-params")
            s = st.slider("Successes seen", 0, 50, 6, key="beta_seen", bind="query-params")
        with two:
            b = st.slider("β", 0.1, 20.0, 2.0, 0.1, key="beta_b", bind="query-params")
            f = st.slider("Failures seen", 0, 50, 2, key="beta_failed", bind="query-params")
        x = st.slider("At x", 0.01, 0.99, 0.6, 0.01, key="beta_x", bind="query-params")
        draws = choose.slide("Draws", DRAWS, 100, key="beta_draws")
    found = dirichlet.update([a, b], [s, f])
    after_a, after_b = found.after
    at = np.linspace(0, 1, POINTS)
    before, after = dirichlet.beta(at, a, b), dirichlet.beta(at, after_a, after_b)
    drawn = dirichlet.draw(found.after, draws, generator=stream(seed, "beta"))[:, 0]
    with right:
        shown.chart(topics_density.beta, at, after, before=before if s + f else None, drawn=drawn)
        st.caption(
            "Grey: what is believed before anything was seen. Blue: after it. Orange ticks: draws of it. "
            if s + f
            else "Orange ticks: draws. Count some successes and failures to see what they change."
        )
    st.latex(_density("x", a, b, x))
    if s + f:
        st.latex(
            rf"\mathrm{{Beta}}(\alpha + {s},\ \beta + {f}) = "
            rf"\mathrm{{Beta}}({tex(after_a)},\ {tex(after_b)}), \qquad "
            rf"f({tex(x)}) = {tex(float(dirichlet.beta(x, after_a, after_b)))}"
        )
        st.markdown(
            f"The next is a success with ({tex(a)} + {s}) / ({tex(a + b)} + {s + f}) = "
            f"**{found.mean[0]:.3f}**; before it was {a / (a + b):.3f}. α and β are like successes "
            "and failures that were seen already."
        )


def _density(name: str, a: float, b: float, x: float) -> str:
    value = float(dirichlet.beta(x, a, b))
    return (
        rf"f({name}; \alpha, \beta) = \frac{{1}}{{B(\alpha, \beta)}}\, {name}^{{\alpha - 1}} (1 - "
        rf"{name})^{{\beta - 1}} = "
        rf"\frac{{1}}{{{tex(float(B(a, b)))}}}\, {tex(x)}^{{{tex(a - 1)}}} \cdot "
        f"{tex(1 - x)}^{{{tex(b - 1)}}} = "
        rf"\mathbf{{{tex(value)}}}"
    )
