"""One document's topics being found: variational EM round by round, Gibbs sweep by sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, CLASSES, GREY, VERMILION, dressed
from core.charts.topics_names import INK, colour, distinct, picked, share

MOST = 6  # topics that have a line
VARIATIONAL, GIBBS = "variational", "Gibbs, mean so far"
HEIGHT = 280
SUM = "the bound, their sum"
TERMS = (
    "E log p(θ | α)", "E log p(z | θ)", "E log p(w | z, β)", "− E log q(θ)", "− E log q(z)",
)  # fmt: skip


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
        # rounds are few and sweeps many
        x=alt.X(
            "round:Q",
            title="rounds, sweeps",
            scale=alt.Scale(type="sqrt"),
            axis=alt.Axis(format="d", tickMinStep=1),
        ),
        y=alt.Y("theta:Q", title="E θ, share of the topic", axis=alt.Axis(format="%")),
        color=colour([told[z] for z in shown]).legend(
            columns=2, labelLimit=120, symbolType="square"
        ),
        tooltip=["name:N", "way:N", "round:Q", share("theta", "E θ")],
    )
    lines = base.mark_line(cursor="pointer").encode(
        strokeDash=alt.StrokeDash(
            "way:N",
            sort=None,
            scale=dash,
            legend=alt.Legend(orient="bottom") if len(ways) > 1 else None,
        ),
        strokeWidth=alt.when(topic).then(alt.value(4)).otherwise(alt.value(2)),
    )
    # a thin line is hard to point at
    points = base.mark_circle(size=60, opacity=0, cursor="pointer")
    layers = [lines.add_params(topic), points, *_now(now)]
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT + 120))


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


def terms(values: ArrayLike) -> alt.LayerChart:
    """What each of the bound's five terms (R, 5) gained since round 0, in nats, and their sum."""
    v = np.asarray(values, float)
    gained = v - v[:1]
    columns = [*gained.T, gained.sum(axis=1)]
    now = [*v.T, v.sum(axis=1)]
    frame = pd.concat(
        [
            pd.DataFrame({"round": np.arange(len(v)), "term": name, "gain": gain, "value": value})
            for name, gain, value in zip((*TERMS, SUM), columns, now, strict=True)
        ]
    )
    scale = alt.Scale(domain=[*TERMS, SUM], range=[*CLASSES[:5], INK])
    base = alt.Chart(frame).encode(
        x=alt.X("round:Q", title="rounds", axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("gain:Q", title="gained since round 0, nats"),
        color=alt.Color(
            "term:N", sort=None, scale=scale,
            legend=alt.Legend(columns=2, symbolType="stroke", labelLimit=190),
        ),
        tooltip=[
            "term:N", "round:Q", alt.Tooltip("gain:Q", title="gained", format="+,.3f"),
            alt.Tooltip("value:Q", title="is", format=",.3f"),
        ],
    )  # fmt: skip
    thick = alt.when(alt.datum.term == SUM).then(alt.value(4)).otherwise(alt.value(2))
    lines = base.mark_line().encode(strokeWidth=thick)
    return dressed(
        alt.LayerChart(layer=[lines, base.mark_circle(size=60, opacity=0)], height=HEIGHT)
    )


def ways(found: Mapping[str, ArrayLike], names: Sequence[str]) -> alt.Chart:
    """E theta of a document, found in several ways: each (K,), or (C, K) from several seeds.

    The topics that are largest in any have a row.
    """
    told = distinct(names)
    each = {way: np.atleast_2d(np.asarray(theta, float)) for way, theta in found.items()}
    largest = np.max([theta.max(axis=0) for theta in each.values()], axis=0)
    shown = np.argsort(-largest, kind="stable")[:MOST]
    frame = pd.DataFrame(
        [
            {"name": told[z], "way": way, "theta": float(one[z]), "seed": c + 1}
            for way, theta in each.items()
            for c, one in enumerate(theta)
            for z in shown
        ]
    )
    scale = alt.Scale(domain=[*each], range=[*CLASSES[: len(each)]])
    shapes = alt.Scale(domain=[*each], range=["circle", "diamond", "cross", "square"][: len(each)])
    row = alt.Axis(labelLimit=150, grid=True)
    chart = (
        alt.Chart(frame)
        .mark_point(size=110, filled=True, opacity=0.75)
        .encode(
            x=alt.X("theta:Q", title="E θ", axis=alt.Axis(format="%"), scale=alt.Scale(zero=True)),
            y=alt.Y("name:N", sort=[told[z] for z in shown], title=None, axis=row),
            color=alt.Color("way:N", sort=None, scale=scale, legend=alt.Legend(columns=2)),
            shape=alt.Shape("way:N", sort=None, scale=shapes),
            tooltip=["name:N", "way:N", "seed:Q", share("theta", "E θ")],
        )
        .properties(height=36 * len(shown) + 90)
    )
    return dressed(chart)


def _now(now: int | None) -> list[alt.Chart]:
    if now is None:
        return []
    rule = alt.Chart(pd.DataFrame({"round": [now]})).encode(x="round:Q")
    return [rule.mark_rule(color=VERMILION, strokeDash=[4, 3])]
