"""Bars of one topic's words and of one document's topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, VERMILION, dressed
from core.charts.topics_names import LIMIT, OTHERS, distinct, picked, share

ROW = 20  # pixels of a bar and the room about it
AXIS, LEGEND = 45, 30  # pixels below and above the bars
IN, ALL = "in this topic", "in all documents"


def words(
    words: Sequence[str], in_topic: ArrayLike, overall: ArrayLike, *, selected: str | None = None
) -> alt.LayerChart:
    """Words in their order, (n,): tokens expected in the topic, p(w | z) of its tokens, over all.

    A click anywhere in a word's row is selection "word".
    """
    frame = rows(words, in_topic, overall)
    layers = overlaid(frame, [*words], picked("word", "word", selected))
    return dressed(alt.LayerChart(layer=layers, height=ROW * len(frame) + AXIS + LEGEND))


def rows(words: Sequence[str], in_topic: ArrayLike, overall: ArrayLike) -> pd.DataFrame:
    """What `overlaid` draws."""
    frame = pd.DataFrame({"word": [*words]})
    topic, every = np.asarray(in_topic, float), np.asarray(overall, float)
    frame = frame.assign(topic_tokens=topic, all_tokens=every)
    of = np.divide(topic, every, out=np.zeros_like(topic), where=every > 0)
    return frame.assign(part=of)


def overlaid(frame: pd.DataFrame, sort: Any, word: alt.Parameter) -> list[alt.Chart]:
    """Rows that are clicked, bars of all documents, bars of the topic."""
    scale = alt.Scale(domain=[IN, ALL], range=[VERMILION, GREY])
    base = alt.Chart(frame).encode(
        y=alt.Y("word:N", sort=sort, title=None, axis=alt.Axis(labelLimit=LIMIT, grid=False)),
        tooltip=[
            "word:N",
            alt.Tooltip("topic_tokens:Q", title=IN, format=",.4~r"),
            alt.Tooltip("all_tokens:Q", title=ALL, format=",.4~r"),
            share("part", "of its uses"),
        ],
    )
    lit = alt.when(word).then(alt.value(0.14)).otherwise(alt.value(0))
    # a bar of one pixel is hard to click: the whole row counts
    row = base.mark_bar(color=BLUE, cursor="pointer").encode(
        x=alt.value(0), x2=alt.value("width"), opacity=lit
    )
    axis = alt.Axis(tickCount=5, format="~s")
    bars = [
        base.transform_calculate(of=f"'{name}'")
        .mark_bar(size=size, opacity=opacity, cursor="pointer")
        .encode(
            x=alt.X(f"{column}:Q", title="tokens", axis=axis, stack=None),
            color=alt.Color("of:N", scale=scale, legend=alt.Legend(symbolOpacity=1)),
        )
        for column, name, size, opacity in (
            ("all_tokens", ALL, 14, 0.45), ("topic_tokens", IN, 8, 1.0),
        )
    ]  # fmt: skip
    return [row.add_params(word), *bars]


def mixture(
    theta: ArrayLike, names: Sequence[str], *,
    mean: ArrayLike | None = None, selected: int | None = None, most: int = 10,
) -> alt.LayerChart:  # fmt: skip
    """p(z | d) (K,) of one document, its `most` largest and the rest as one; a click is "topic".

    `mean` (K,) of all documents is a tick across each bar.
    """
    p, told = np.asarray(theta, float), distinct(names)
    q = np.full(len(p), np.nan) if mean is None else np.asarray(mean, float)
    order = np.argsort(-p, kind="stable")
    some, rest = order[:most], order[most:]
    table = [(int(z), told[z], p[z], q[z]) for z in some]
    if len(rest):
        table.append((-1, OTHERS, float(p[rest].sum()), float(q[rest].sum())))
    frame = pd.DataFrame(table, columns=["topic", "name", "p", "mean"])
    topic = picked("topic", "topic", selected)
    tips = [alt.Tooltip("name:N"), share("p", "of this document")]
    if mean is not None:
        tips.append(share("mean", "of all documents"))
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=LIMIT, grid=False)),
        tooltip=tips,
    )
    x = alt.X("p:Q", title="share of the document", axis=alt.Axis(format="%", tickCount=5))
    lit = alt.when(topic).then(alt.value(VERMILION)).otherwise(alt.value(BLUE))
    bars = base.mark_bar(size=14, cursor="pointer").encode(x=x, color=lit)
    layers = [bars.add_params(topic)]
    if mean is not None:
        tick = base.mark_tick(color=GREY, thickness=2.5, size=18)
        layers.append(tick.encode(x=alt.X("mean:Q")))
    return dressed(alt.LayerChart(layer=layers, height=ROW * len(frame) + AXIS))
