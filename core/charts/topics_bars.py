"""Bars of one topic's words and of one document's topics."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, ORANGE, VERMILION, dressed
from core.charts.topics_names import INK, LIMIT, OTHERS, distinct, picked, share

ROW = 20  # pixels of a bar and the room about it
AXIS = 60  # pixels below the bars
LABELS = 130  # and left of them
# of the selection "over": it is there, and of a word (everything in the chart can be pointed at)
HOVERED = "(isDefined(over.word) && isValid(over.word[0]))"
IN, ALL = "in this topic", "in all documents"


def rows(words: Sequence[str], in_topic: ArrayLike, overall: ArrayLike) -> pd.DataFrame:
    """What `overlaid` draws."""
    frame = pd.DataFrame({"word": [*words]})
    topic, every = np.asarray(in_topic, float), np.asarray(overall, float)
    frame = frame.assign(topic_tokens=topic, all_tokens=every)
    of = np.divide(topic, every, out=np.zeros_like(topic), where=every > 0)
    return frame.assign(part=of)


def overlaid(
    data: alt.NamedData, word: alt.Parameter, over: alt.Parameter, head: int
) -> list[alt.Chart]:
    """Rows that are clicked (`word`) and lie under the pointer (`over`), bars of all documents and of
    the topic, and their words, in the chart's part from `bars_left` and `bars_top` on.

    `head` pixels are above them, for what the colours mean.
    """
    scale = alt.Scale(range=[alt.expr("bars_left"), alt.expr("width")], nice=False)
    band = alt.Scale(range=[alt.expr("bars_top"), alt.expr("height")], padding=0.1)
    base = alt.Chart(data).encode(
        y=alt.Y("rank:O", axis=None, scale=band),
        tooltip=[
            "word:N",
            alt.Tooltip("topic_tokens:Q", title=IN, format=",.4~r"),
            alt.Tooltip("all_tokens:Q", title=ALL, format=",.4~r"),
            share("part", "of its uses"),
        ],
    )
    here = alt.expr(f"({HOVERED} && over.word[0] === datum.word) ? 0.12 : datum.lit ? 0.2 : 0")
    # a bar of one pixel is hard to click: the whole row counts
    row = base.mark_bar(color=ORANGE, cursor="pointer").encode(
        x=alt.value(alt.expr(f"bars_left - {LABELS - 8}")), x2=alt.value("width"),
        opacity=alt.value(here),
    )  # fmt: skip
    axis = alt.Axis(tickCount=4, format="~s", orient="bottom")
    bars = [
        base.mark_bar(
            height={"band": size}, opacity=opacity, color=colour, cursor="pointer",
            cornerRadiusEnd=1,
        ).encode(x=alt.X(f"{column}:Q", title="tokens", axis=axis, stack=None, scale=scale))
        for column, size, opacity, colour in (
            ("all_tokens", 0.8, 0.45, GREY), ("topic_tokens", 0.45, 1.0, VERMILION),
        )
    ]  # fmt: skip
    text = base.mark_text(
        align="right", fontSize=12, limit=LABELS - 12, cursor="pointer", color=INK
    ).encode(x=alt.value(alt.expr("bars_left - 6")), text="word:N")
    return [row.properties(name="rows").add_params(word, over), *bars, text, *_meaning(data, head)]


def _meaning(data: alt.NamedData, head: int) -> list[alt.Chart]:
    """What the two colours are, above the bars."""
    first = alt.Chart(data).transform_filter("datum.rank === 0")
    y = alt.value(alt.expr(f"bars_top - {head // 2}"))
    return [
        first.mark_text(align="left", fontSize=11, color=VERMILION).encode(
            text=alt.value(f"■ {IN}"), x=alt.value(alt.expr("bars_left")), y=y
        ),
        first.mark_text(align="right", fontSize=11, color=GREY).encode(
            text=alt.value(f"■ {ALL}"), x=alt.value("width"), y=y
        ),
    ]


def mixture(
    theta: ArrayLike, names: Sequence[str], *,
    mean: ArrayLike | None = None, selected: int | None = None, most: int = 10,
    title: str = "share of the document", of: str = "of this document",
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
    tips = [alt.Tooltip("name:N"), share("p", of)]
    if mean is not None:
        tips.append(share("mean", "of all documents"))
    axis = alt.Axis(labelLimit=LIMIT, grid=False, labelOverlap=False)
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=axis),
        tooltip=tips,
    )
    x = alt.X("p:Q", title=title, axis=alt.Axis(format="%", tickCount=5))
    lit = alt.when(topic).then(alt.value(VERMILION)).otherwise(alt.value(BLUE))
    bars = base.mark_bar(size=14, cursor="pointer").encode(x=x, color=lit)
    layers = [bars.add_params(topic)]
    if mean is not None:
        tick = base.mark_tick(color=GREY, thickness=2.5, size=18)
        layers.append(tick.encode(x=alt.X("mean:Q")))
    return dressed(alt.LayerChart(layer=layers, height=ROW * len(frame) + AXIS))


def spread(
    of_word: ArrayLike, names: Sequence[str], *, selected: int | None = None, most: int = 10
) -> alt.LayerChart:
    """p(z | w) (K,) of one word, in the same way."""
    return mixture(
        of_word,
        names,
        selected=selected,
        most=most,
        title="share of its uses",
        of="of the word’s uses",
    )
