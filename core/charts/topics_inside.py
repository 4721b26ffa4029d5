"""One document's topics being found: variational EM round by round, Gibbs sweep by sweep."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, VERMILION, dressed
from core.charts.topics_names import INK, colour, distinct, picked, share

MOST = 6  # topics that have a line
VARIATIONAL, GIBBS = "variational", "Gibbs, mean so far"
HEIGHT = 280


def mixing(
    gamma: ArrayLike, names: Sequence[str], *,
    sampled: ArrayLike | None = None, selected: int | None = None, now: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """E theta = gamma / sum of it, gamma (R, K) of each round; dashed, the means of Gibbs (S, K).

    The topics that end largest, in either, have a line; a click is selection "topic".
    """
    g = np.asarray(gamma, float)
    # E theta_k = gamma_k / sum over j of gamma_j
    ways = {VARIATIONAL: g / g.sum(axis=1, keepdims=True)}
    if sampled is not None and len(np.asarray(sampled)):
        ways[GIBBS] = np.asarray(sampled, float)
    told = distinct(names)
    largest = np.max([theta[-1] for theta in ways.values()], axis=0)
    shown = np.argsort(-largest, kind="stable")[:MOST]
    frame = pd.concat(
        [
            pd.DataFrame({"round": np.arange(len(theta)), "topic": int(z), "name": told[z]})
            .assign(way=way, theta=theta[:, z])
            for way, theta in ways.items()
            for z in shown
        ]
    )  # fmt: skip
    topic = picked("topic", "topic", selected)
    dash = alt.Scale(domain=[VARIATIONAL, GIBBS], range=[[1, 0], [5, 4]])
    base = alt.Chart(frame).encode(
        x=alt.X("round:Q", title="rounds, sweeps", axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("theta:Q", title="E θ, share of the topic", axis=alt.Axis(format="%")),
        color=colour([told[z] for z in shown]),
        tooltip=["name:N", "way:N", "round:Q", share("theta", "E θ")],
    )
    lines = base.mark_line(cursor="pointer").encode(
        strokeDash=alt.StrokeDash(
            "way:N", sort=None, scale=dash, legend=alt.Legend() if len(ways) > 1 else None
        ),
        strokeWidth=alt.when(topic).then(alt.value(4)).otherwise(alt.value(2)),
    )
    # a thin line is hard to point at
    points = base.mark_circle(size=60, opacity=0, cursor="pointer")
    layers = [lines.add_params(topic), points, *_now(now)]
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def bound(
    values: ArrayLike, *, evidence: float | None = None, now: int | None = None
) -> alt.LayerChart:
    """The bound (R,) of each round, in nats; `evidence` is log p(w) where it is known: above all."""
    frame = pd.DataFrame({"bound": np.asarray(values, float)})
    frame = frame.assign(round=np.arange(len(frame)))
    axis = alt.Axis(format="d", tickMinStep=1)
    base = alt.Chart(frame).encode(
        x=alt.X("round:Q", title="rounds", axis=axis),
        y=alt.Y("bound:Q", title="bound, nats", scale=alt.Scale(zero=False)),
        tooltip=["round:Q", alt.Tooltip("bound:Q", title="bound, nats", format=",.4f")],
    )
    line = base.mark_line(
        color=BLUE, strokeWidth=2.5, point=alt.OverlayMarkDef(size=36, color=BLUE)
    )
    layers = [line, *_now(now)]
    if evidence is not None:
        rule = alt.Chart(pd.DataFrame({"bound": [evidence]})).encode(y="bound:Q")
        words = rule.mark_text(color=INK, align="left", dx=4, dy=11)
        layers.append(rule.mark_rule(color=GREY, strokeDash=[5, 4]))
        layers.append(words.encode(x=alt.value(0), text=alt.value("log p(words)")))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def _now(now: int | None) -> list[alt.Chart]:
    if now is None:
        return []
    rule = alt.Chart(pd.DataFrame({"round": [now]})).encode(x="round:Q")
    return [rule.mark_rule(color=VERMILION, strokeDash=[4, 3])]
