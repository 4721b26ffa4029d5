"""Topics on the plane, as near as they are alike, and beside them the words of the picked one.

Chuang et al. (2012); Sievert & Shirley (2014). Areas, not radii, are in proportion to shares.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, ORANGE, VERMILION, dressed
from core.charts.topics_bars import overlaid, rows
from core.charts.topics_names import INK, distinct, picked, share

AREA = 24_000.0  # square pixels of all circles together
HEIGHT, AXIS = 440, 45  # pixels of the whole, and of the axis in it
LEAST = 0.005  # of a word's uses; less is no circle
AXES = ("first coordinate, √nats", "second coordinate, √nats")


def intertopic(
    places: ArrayLike, prevalence: ArrayLike, names: Sequence[str], *,
    selected: int | None = None, word: str = "", of_word: ArrayLike | None = None,
) -> alt.LayerChart:  # fmt: skip
    """`places` (K, 2) by the root of JS, `prevalence` (K,) of sum 1; a click is selection "topic".

    With `word`, `of_word` (K,) is p(z | word): discs of those areas, the prevalences as rings.
    """
    frame = _frame(places, prevalence, names)
    topic = picked("topic", "topic", selected)
    layers = _circles(frame, topic, ring=of_word is not None)
    if of_word is not None:
        held = frame.assign(word=word, share=np.asarray(of_word, float))
        layers.insert(1, _discs(held[held["share"] > 0], frame))
    layers[0] = layers[0].add_params(topic)
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def linked(
    places: ArrayLike, prevalence: ArrayLike, names: Sequence[str],
    words: Sequence[Sequence[str]], in_topic: Sequence[ArrayLike], overall: Sequence[ArrayLike],
    *, shares: ArrayLike, shared: Sequence[str], selected: int = 0, width: int = 420,
) -> alt.HConcatChart:  # fmt: skip
    """Map and words side by side, which answer each other without the server.

    A click on the map (selection "topic") changes the words; a word under the pointer (selection
    "over") shows its share over topics on the map, `shares` (n, K) of the n words `shared`; a click
    on a bar is selection "word". `words[z]`, `in_topic[z]` and `overall[z]`: see topics_bars.words.
    """
    frame = _frame(places, prevalence, names)
    topic = picked("topic", "topic", selected)
    over = alt.selection_point(name="over", fields=["word"], on="pointerover", empty=False)
    table = np.asarray(shares, float)
    at, z = np.nonzero(table >= LEAST)
    of = (
        frame[["topic", "name", "x", "y"]]
        .iloc[z]
        .assign(word=np.asarray(shared, object)[at], share=table[at, z])
    )
    circles = _circles(frame, topic, ring=False)
    circles[0] = circles[0].add_params(topic)
    circles.insert(1, _discs(of, frame).transform_filter(over))
    bars = pd.concat(
        [
            rows(words[k], in_topic[k], overall[k]).assign(topic=k, rank=np.arange(len(words[k])))
            for k in range(len(words))
        ]
    )
    parts = overlaid(bars, alt.EncodingSortField("rank", order="ascending"), picked("word", "word"))
    parts[0] = parts[0].add_params(over)
    high = max((len(one) for one in words), default=1)
    # where nothing is picked, the words stay those of `selected`
    here = f"topic.topic ? indexof(topic.topic, datum.topic) >= 0 : datum.topic === {selected}"
    right = alt.LayerChart(layer=[part.transform_filter(here) for part in parts])
    chart = alt.HConcatChart(
        hconcat=[
            alt.LayerChart(layer=circles, width=width, height=HEIGHT),
            right.properties(width=width * 2 // 3, height=max(HEIGHT, 15 * high)),
        ]
    )
    return dressed(chart)  # type: ignore[type-var]


def _frame(places: ArrayLike, prevalence: ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    at, p = np.asarray(places, float).reshape(-1, 2), np.asarray(prevalence, float)
    frame = pd.DataFrame({"topic": np.arange(len(p)), "name": distinct(names)})
    frame = frame.assign(x=at[:, 0], y=at[:, 1], prevalence=p)
    low, high = _room(at[:, 1])
    # a name stands below its circle, whose radius is the root of area / pi
    below = (np.sqrt(AREA * p / np.pi) + 9) / (HEIGHT - AXIS) * (high - low)
    return frame.assign(below=at[:, 1] - below)


def _room(values: ArrayLike) -> tuple[float, float]:
    """A domain that leaves room for the circles at its ends."""
    at = np.asarray(values, float)
    low, high = float(at.min(initial=0)), float(at.max(initial=0))
    more = max(high - low, 0.1) * 0.2
    return low - more, high + more


def _circles(frame: pd.DataFrame, topic: alt.Parameter, *, ring: bool) -> list[alt.Chart]:
    base = _placed(frame)
    tips = ["name:N", share("prevalence", "share of all words")]
    lit = alt.when(topic).then(alt.value(VERMILION))
    # small circles lie on large ones, where they can be clicked
    large = frame.sort_values("prevalence", ascending=False, kind="stable")
    circles = _placed(large, frame).mark_circle(opacity=1, cursor="pointer").encode(
        size=_size("prevalence"),
        color=lit.otherwise(alt.value(GREY if ring else BLUE)),
        stroke=lit.otherwise(alt.value(GREY if ring else BLUE)),
        fillOpacity=alt.value(0.08) if ring else alt.when(topic).then(alt.value(0.75))
        .otherwise(alt.value(0.5)),
        strokeWidth=alt.when(topic).then(alt.value(3)).otherwise(alt.value(1)),
        tooltip=tips,
    )  # fmt: skip
    text = base.mark_text(fontSize=11, limit=130, cursor="pointer").encode(
        y=alt.Y("below:Q"), text="name:N", tooltip=tips,
        color=lit.otherwise(alt.value(INK)),
    )  # fmt: skip
    return [circles, text]


def _discs(frame: pd.DataFrame, every: pd.DataFrame) -> alt.Chart:
    return _placed(frame, every).mark_circle(color=ORANGE, opacity=0.6).encode(
        size=_size("share"),
        tooltip=["word:N", "name:N", share("share", "of the word’s uses")],
    )  # fmt: skip


def _placed(frame: pd.DataFrame, every: pd.DataFrame | None = None) -> alt.Chart:
    axes = [
        alt.Scale(domain=list(_room((frame if every is None else every)[at])), nice=False)
        for at in ("x", "y")
    ]
    return alt.Chart(frame).encode(
        x=alt.X("x:Q", title=AXES[0], scale=axes[0]), y=alt.Y("y:Q", title=AXES[1], scale=axes[1])
    )


def _size(column: str) -> alt.Size:
    # Vega's size is an area in square pixels
    scale = alt.Scale(domain=[0, 1], range=[0, AREA])
    return alt.Size(f"{column}:Q", scale=scale, legend=None)
