"""Made documents beside real ones, drawn mixtures, and how far found topics are from planted ones."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import BLUE, GREY, ORANGE, SEQUENTIAL, SKY, VERMILION, dressed, ramp
from core.charts.topics_names import LIMIT, distinct, share

KINDS = ("real", "made")
COLOURS = alt.Scale(domain=[*KINDS], range=[GREY, ORANGE])
HEIGHT, ROW, AXIS = 220, 22, 62
TOPICS = 12  # bars
RANKS = ("largest topic", "second", "third", "fourth", "all others")
BINS = 24
RAMP = ramp(SEQUENTIAL)


def histograms(real: ArrayLike, made: ArrayLike, *, title: str) -> alt.Chart:
    """Shares of documents by a number of each (D,), (M,), in common bins; the last holds what is beyond."""
    values = [np.asarray(real, float), np.asarray(made, float)]
    both = np.concatenate(values)
    low, high = (float(both.min()), float(np.quantile(both, 0.99))) if len(both) else (0.0, 1.0)
    edges = np.linspace(low, max(high, low + 1e-6), BINS + 1)
    parts = []
    for name, some in zip(KINDS, values, strict=True):
        times, _ = np.histogram(np.minimum(some, edges[-1]), edges)
        part = pd.DataFrame(
            {"left": edges[:-1], "right": edges[1:], "p": times / max(len(some), 1)}
        )
        parts.append(part.assign(documents=name))
    return dressed(
        alt.Chart(pd.concat(parts), height=HEIGHT)
        .mark_bar(opacity=0.55, binSpacing=0)
        .encode(
            x=alt.X("left:Q", title=title, bin="binned", scale=alt.Scale(nice=False, zero=False)),
            x2="right:Q",
            y=alt.Y("p:Q", title="documents", stack=None, axis=alt.Axis(format="~%", tickCount=4)),
            color=alt.Color("documents:N", scale=COLOURS, sort=[*KINDS]),
            tooltip=["documents:N", alt.Tooltip("left:Q", title="from", format=".3~f"),
                     alt.Tooltip("right:Q", title="to", format=".3~f"), share("p", "of them")],
        )
    )  # fmt: skip


def shares(real: ArrayLike, made: ArrayLike, names: Sequence[str]) -> alt.Chart:
    """Shares (K,) of each topic in real and made documents, those of the most real words first."""
    p, q = np.asarray(real, float), np.asarray(made, float)
    order = np.argsort(-p, kind="stable")[:TOPICS]
    told = distinct(names)
    frame = pd.concat(
        [
            pd.DataFrame({"topic": [told[k] for k in order], "p": some[order], "documents": name})
            for name, some in zip(KINDS, (p, q), strict=True)
        ]
    )
    axis = alt.Axis(labelLimit=LIMIT, grid=False)
    return dressed(
        alt.Chart(frame, height=ROW * len(order) + AXIS)
        .mark_bar(size=8)
        .encode(
            y=alt.Y("topic:N", sort=None, title=None, axis=axis),
            yOffset=alt.YOffset("documents:N", sort=[*KINDS]),
            x=alt.X("p:Q", title="share of all words", axis=alt.Axis(format="~%", tickCount=4)),
            color=alt.Color("documents:N", scale=COLOURS, sort=[*KINDS]),
            tooltip=["documents:N", "topic:N", share("p", "of its words")],
        )
    )  # fmt: skip


def mixtures(theta: ArrayLike) -> alt.Chart:
    """A bar a document (D, K), its topics from the largest to the smallest: how few there are in each."""
    p = -np.sort(-np.asarray(theta, float), axis=1)
    many = len(RANKS) - 1
    columns = [*p[:, :many].T, p[:, many:].sum(axis=1)]
    frame = pd.concat(
        [
            pd.DataFrame({"document": np.arange(len(p)) + 1, "p": column, "rank": rank})
            .assign(topic=name)
            for rank, (name, column) in enumerate(zip(RANKS, columns, strict=False))
        ]
    )  # fmt: skip
    scale = alt.Scale(domain=[*RANKS], range=[VERMILION, ORANGE, BLUE, SKY, "#B9BDBF"])
    return dressed(
        alt.Chart(frame, height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("document:O", title="documents drawn", axis=alt.Axis(labels=False)),
            y=alt.Y("p:Q", title="share of its words", stack="zero",
                    scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="~%", tickCount=4)),
            color=alt.Color("topic:N", scale=scale, sort=[*RANKS]),
            order=alt.Order("rank:Q"),
            tooltip=["document:O", "topic:N", share("p", "of its words")],
        )
    )  # fmt: skip


def error(
    iterations: Sequence[int], errors: ArrayLike, *, now: int | None = None
) -> alt.LayerChart:
    """How far found topics are from planted ones, 0 to 1, after so many iterations; `now` is marked."""
    frame = pd.DataFrame({"iteration": [*iterations], "error": np.asarray(errors, float)})
    base = alt.Chart(frame).encode(
        x=alt.X("iteration:Q", axis=alt.Axis(format="d", tickMinStep=1, tickCount=6)),
        tooltip=["iteration:Q", alt.Tooltip("error:Q", format=".4f")],
    )
    y = alt.Y("error:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=4))
    line = base.mark_line(
        color=VERMILION, strokeWidth=2.5, point=alt.OverlayMarkDef(color=VERMILION, size=20)
    )
    layers = [line.encode(y=y)]
    if now is not None:
        rule = alt.Chart(frame).mark_rule(color=GREY, strokeDash=[4, 3])
        layers.append(rule.encode(x=alt.datum(now)))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def tiles(values: ArrayLike) -> NDArray[np.uint8]:
    """Pictures (k, h, w) of numbers from 0 as RGB (k, h, w, 3), each up to its own largest number."""
    x = np.asarray(values, float)
    most = x.max(axis=(1, 2), keepdims=True, initial=0.0)
    share = np.divide(x, most, out=np.zeros_like(x), where=most > 0)
    return RAMP[np.rint(share * (len(RAMP) - 1)).astype(int)]
