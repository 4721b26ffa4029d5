"""Grammars at work: what they say, how long it gets, where they never end, and how they are learned."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, CATEGORICAL, GREEN, GREY, ORANGE, VERMILION, dressed

LONGEST = 40  # words: what is longer is one bar


def lengths(words: ArrayLike, expected: float | None = None) -> alt.LayerChart:
    """How many sentences have so many words; `expected` is their mean length, where it is known."""
    counts = np.bincount(np.minimum(np.asarray(words, int), LONGEST + 1), minlength=2)
    last = len(counts) - 1
    frame = pd.DataFrame({"words": np.arange(1, last + 1), "sentences": counts[1:]})
    frame["told"] = [str(k) if k <= LONGEST else f"more than {LONGEST}" for k in frame["words"]]
    bars = (
        alt.Chart(frame)
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X(
                "words:Q", title="words of a sentence", axis=alt.Axis(tickMinStep=1, format="d"),
                scale=alt.Scale(domain=[0.5, max(10, last) + 0.5], nice=False),
            ),
            y=alt.Y("sentences:Q", title="sentences", axis=alt.Axis(tickMinStep=1, format="d")),
            tooltip=[alt.Tooltip("told:N", title="words"), "sentences:Q"],
        )
    )  # fmt: skip
    bars = bars.mark_bar(color=BLUE, size=max(3, 280 // max(10, last)))
    layers: list[alt.Chart] = [bars]
    if expected is not None and expected <= max(10, last):
        rule = alt.Chart(frame).mark_rule(color=VERMILION, strokeDash=[4, 3], strokeWidth=2)
        layers.append(rule.encode(x=alt.datum(expected)))
    return dressed(alt.LayerChart(layer=layers, height=230))


def often(
    sentences: Sequence[str], share: ArrayLike, p: ArrayLike, error: ArrayLike
) -> alt.LayerChart:
    """How often each sentence came, beside its probability with two standard errors either way."""
    share, p, error = (np.asarray(values, float) for values in (share, p, error))
    frame = pd.DataFrame(
        {
            "sentence": list(sentences), "share": share, "p": p,
            "low": np.maximum(0, p - 2 * error), "high": p + 2 * error,
        }
    )  # fmt: skip
    y = alt.Y("sentence:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    tips: list[str | alt.Tooltip] = ["sentence:N", alt.Tooltip("share:Q", title="came", format=".2%"),
            alt.Tooltip("p:Q", title="probability", format=".3%")]  # fmt: skip
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    bars = base.mark_bar(size=5, color=GREY, opacity=0.45).encode(
        x=alt.X("low:Q", title="share of all drawings", axis=alt.Axis(format=".0%")), x2="high:Q"
    )
    true = base.mark_tick(color=BLUE, thickness=3, size=15).encode(x="p:Q")
    came = base.mark_point(color=VERMILION, filled=True, size=60, opacity=1).encode(x="share:Q")
    return dressed(alt.LayerChart(layer=[bars, true, came], height=50 + 22 * len(frame)))


def endings(
    p: ArrayLike, ends: ArrayLike, radius: ArrayLike, *, now: float, edge: float | None
) -> alt.LayerChart:
    """The probability that a tree ends and the radius, over p of a rule; `edge`: where it tips over."""
    names = ["a tree ends, Z", "radius"]
    frame = pd.DataFrame(
        [
            {"p": float(x), "value": float(y), "of": name}
            for name, values in zip(names, (ends, radius), strict=True)
            for x, y in zip(np.asarray(p), np.asarray(values), strict=True)
        ]
    )
    colours = alt.Scale(domain=names, range=[BLUE, ORANGE])
    base = alt.Chart(frame).encode(
        x=alt.X("p:Q", title="p of the rule", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, float(max(1.5, frame["value"].max()))])),
        color=alt.Color("of:N", sort=None, scale=colours),
        tooltip=["of:N", alt.Tooltip("p:Q", format=".2f"), alt.Tooltip("value:Q", format=".3f")],
    )  # fmt: skip
    layers = [base.mark_line(strokeWidth=2.5)]
    bare = alt.Chart(frame)
    if edge is not None:
        layers.append(bare.mark_rule(color=GREY, strokeDash=[2, 3]).encode(x=alt.datum(edge)))
    layers.append(bare.mark_rule(color=VERMILION, strokeDash=[6, 3]).encode(x=alt.datum(now)))
    return dressed(alt.LayerChart(layer=layers, height=260))


def likelihood(
    values: ArrayLike, *, now: int, others: Sequence[tuple[str, float]] = (), begin: int = 0
) -> alt.LayerChart:
    """Log likelihood over rounds, from round `begin` on.

    `now` is the round that is looked at, `others` are levels to compare.
    """
    values = np.asarray(values, float)
    frame = pd.DataFrame({"round": np.arange(len(values)), "value": values})[begin:]
    base = alt.Chart(frame).encode(
        x=alt.X("round:Q", title="round", axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("value:Q", title="log likelihood", scale=alt.Scale(zero=False)),
        tooltip=["round:Q", alt.Tooltip("value:Q", title="log likelihood", format=",.3f")],
    )
    layers = [
        base.mark_line(strokeWidth=2.5, color=BLUE, point=alt.OverlayMarkDef(size=30, color=BLUE))
    ]
    for name, level in others:
        told = pd.DataFrame({"round": [float(begin)], "value": [level], "of": [name]})
        of = alt.Chart(told)
        layers.append(
            of.mark_rule(color=GREEN, strokeDash=[4, 3]).encode(y="value:Q", tooltip=["of:N"])
        )
        text = of.mark_text(align="left", dx=6, dy=-7, color=GREEN, fontSize=11)
        layers.append(text.encode(x="round:Q", y="value:Q", text="of:N"))
    layers.append(
        alt.Chart(frame).mark_rule(color=VERMILION, strokeDash=[4, 3]).encode(x=alt.datum(now))
    )
    return dressed(alt.LayerChart(layer=layers, height=250))  # fmt: skip


def rules(
    left: str, rights: Sequence[str], p: ArrayLike, *, now: int, truth: ArrayLike | None = None
) -> alt.LayerChart:
    """p of the rules of one left side over rounds: (rounds, rules); `truth` (rules,) as dashes."""
    p = np.asarray(p, float)
    frame = pd.DataFrame(
        [
            {"round": t, "p": float(p[t, k]), "rule": right}
            for k, right in enumerate(rights)
            for t in range(len(p))
        ]
    )
    colours = [CATEGORICAL[k % len(CATEGORICAL)] for k in range(len(rights))]
    colour = alt.Color(
        "rule:N", sort=None, scale=alt.Scale(domain=list(rights), range=colours),
        legend=alt.Legend(labelLimit=130, columns=3, symbolLimit=9),
    )  # fmt: skip
    base = alt.Chart(frame).encode(
        x=alt.X("round:Q", title="round", axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("p:Q", title=f"p({left} → …)", scale=alt.Scale(domain=[0, 1])),
        color=colour,
        tooltip=["rule:N", "round:Q", alt.Tooltip("p:Q", format=".4f")],
    )
    layers = [base.mark_line(strokeWidth=2)]
    if truth is not None:
        told = pd.DataFrame({"rule": list(rights), "p": np.asarray(truth, float)}).dropna()
        level = alt.Chart(told).mark_rule(strokeDash=[3, 3], opacity=0.8)
        layers.append(
            level.encode(
                y="p:Q", color=colour, tooltip=["rule:N", alt.Tooltip("p:Q", format=".4f")]
            )
        )
    layers.append(
        alt.Chart(frame).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=alt.datum(now))
    )
    return dressed(alt.LayerChart(layer=layers, height=230))
