"""How well models fit: over the number of topics, and while they learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, CATEGORICAL, GREEN, GREY, ORANGE, PURPLE, VERMILION, dressed
from core.charts.topics_names import INK

HEIGHT = 240
PERPLEXITY = "held-out perplexity, words"
COHERENCES = {
    "UMass": ("UMass coherence, nats", ORANGE),
    "NPMI": ("NPMI coherence, −1 to 1", GREEN),
    "C_v": ("C_v coherence, 0 to 1", PURPLE),
}
QUANTITIES = {
    "bound": "bound, nats a token",
    "likelihood": "log likelihood, nats a token",
    "joint": "log p(w, z), nats a token",
    "divergence": "divergence, nats a token",
    "moved": "share of words that moved",
    "perplexity": PERPLEXITY,
}


def perplexity_over_k(
    K: ArrayLike, perplexity: ArrayLike, *, chosen: int | None = None, unigram: float | None = None
) -> alt.LayerChart:
    """Perplexity by document completion of models with K topics, less is better; `unigram`'s too."""
    chart = _over_k(K, perplexity, PERPLEXITY, BLUE, ",.0f", chosen)
    if unigram is not None:
        rule = alt.Chart(pd.DataFrame({"value": [unigram]})).encode(y="value:Q")
        words = rule.mark_text(color=INK, align="left", dx=4, dy=11)
        chart.layer += [
            rule.mark_rule(color=GREY, strokeDash=[5, 4]),
            words.encode(x=alt.value(0), text=alt.value("one topic for all: unigram")),
        ]
    return dressed(chart)


def coherence_over_k(
    K: ArrayLike, coherence: ArrayLike, kind: str, *, chosen: int | None = None
) -> alt.LayerChart:
    """Mean coherence of the topics of models with K of them, more is better; `kind` of COHERENCES."""
    title, colour = COHERENCES[kind]
    return dressed(_over_k(K, coherence, title, colour, ".3f", chosen))


def learning(
    runs: Mapping[str, tuple[ArrayLike, ArrayLike]], quantity: str, *,
    over: Literal["iterations", "seconds"] = "iterations", now: float | None = None,
) -> alt.LayerChart:  # fmt: skip
    """A line a run, by name: iterations or seconds, and a quantity of QUANTITIES at each.

    `now` marks the iteration that is shown elsewhere on the page.
    """
    names, title = list(runs), QUANTITIES[quantity]
    frame = pd.concat(
        [pd.DataFrame({"run": [], "at": [], "value": []}).astype({"run": object})]
        + [
            pd.DataFrame({"run": name, "at": np.asarray(at), "value": np.asarray(values, float)})
            for name, (at, values) in runs.items()
        ]
    )
    # before its first pass a model may have no bound
    frame = frame[np.isfinite(frame["value"].to_numpy(float))]
    whole = over == "iterations"
    axis = alt.Axis(format="d", tickMinStep=1) if whole else alt.Axis(format="~s")
    colours = [CATEGORICAL[k % len(CATEGORICAL)] for k in range(len(names))]
    base = alt.Chart(frame).encode(
        x=alt.X("at:Q", title="iterations" if whole else "time, s", axis=axis),
        y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False)),
        color=alt.Color(
            "run:N", sort=names, scale=alt.Scale(domain=names, range=colours),
            legend=alt.Legend(columns=3, labelLimit=260) if len(names) > 1 else None,
        ),
        tooltip=[
            "run:N", alt.Tooltip("at:Q", title=over, format=",d" if whole else ".3~f"),
            alt.Tooltip("value:Q", title=title, format=",.5~r"),
        ],
    )  # fmt: skip
    layers = [base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=22))]
    if now is not None:
        rule = alt.Chart(pd.DataFrame({"at": [now]})).encode(x="at:Q")
        layers.append(rule.mark_rule(color=VERMILION, strokeDash=[4, 3]))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def priors(
    at: ArrayLike, alpha: ArrayLike, eta: ArrayLike, *, now: float | None = None
) -> alt.LayerChart:
    """Dirichlet parameters as they are learned: alpha (n, K), least, mean and most, and eta (n,)."""
    each = np.asarray(alpha, float)
    frame = pd.DataFrame(
        {
            "at": np.asarray(at), "low": each.min(axis=1), "α, mean over topics": each.mean(axis=1),
            "high": each.max(axis=1), "η": np.asarray(eta, float),
        }
    )  # fmt: skip
    names = ["α, mean over topics", "η"]
    x = alt.X("at:Q", title="iterations", axis=alt.Axis(format="d", tickMinStep=1))
    scale = alt.Scale(type="log")
    band = alt.Chart(frame).mark_area(color=BLUE, opacity=0.18, clip=True)
    lines = alt.Chart(frame.melt("at", names, "prior", "value")).mark_line(strokeWidth=2.5)
    layers = [
        band.encode(x=x, y=alt.Y("low:Q", title="Dirichlet parameter", scale=scale), y2="high:Q"),
        lines.encode(
            x=x, y=alt.Y("value:Q", title="Dirichlet parameter", scale=scale),
            color=alt.Color(
                "prior:N", sort=names, legend=alt.Legend(columns=2),
                scale=alt.Scale(domain=names, range=[BLUE, ORANGE]),
            ),
            tooltip=["prior:N", alt.Tooltip("at:Q", title="iterations"),
                     alt.Tooltip("value:Q", format=".3~g")],
        ),
    ]  # fmt: skip
    if now is not None:
        rule = alt.Chart(pd.DataFrame({"at": [now]})).encode(x="at:Q")
        layers.append(rule.mark_rule(color=VERMILION, strokeDash=[4, 3]))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def _over_k(
    K: ArrayLike, values: ArrayLike, title: str, colour: str, form: str, chosen: int | None
) -> alt.LayerChart:
    """Means over seeds as a line, each model a point; a click is selection "K"."""
    frame = pd.DataFrame({"K": np.asarray(K, int), "value": np.asarray(values, float)})
    frame = frame[np.isfinite(frame["value"])]
    means = frame.groupby("K", as_index=False)["value"].mean()
    clicked = alt.selection_point(name="K", fields=["K"], toggle=False, empty=False)
    tips = [alt.Tooltip("K:Q", title="topics"), alt.Tooltip("value:Q", title=title, format=form)]
    at = alt.Axis(format="d", tickMinStep=1, values=means["K"].tolist(), labelOverlap=True)
    x = alt.X("K:Q", title="topics, K", axis=at, scale=alt.Scale(zero=False, padding=12))
    y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=False))
    line = alt.Chart(means).encode(x=x, y=y, tooltip=tips).mark_line(color=colour, strokeWidth=2.5)
    models = alt.Chart(frame).encode(x=x, y=y, tooltip=tips)
    points = models.mark_point(filled=True, color=colour, opacity=1, size=60, cursor="pointer")
    layers = [line, points.add_params(clicked)]
    here = means[means["K"] == chosen]
    if len(here):
        marked = alt.Chart(here).encode(x="K:Q", y="value:Q", tooltip=tips)
        rule = alt.Chart(here).encode(x="K:Q")
        layers.append(rule.mark_rule(color=VERMILION, strokeDash=[4, 3]))
        layers.append(marked.mark_point(color=VERMILION, size=150, strokeWidth=2.5, opacity=1))
    return alt.LayerChart(layer=layers, height=HEIGHT)
