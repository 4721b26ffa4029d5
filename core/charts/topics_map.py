"""Topics on the plane, as near as they are alike, and beside them the words of the picked one.

Chuang et al. (2012); Sievert & Shirley (2014). Areas, not radii, are in proportion to shares, and a
nat is as long across as it is down.

One view holds both, for only then do they answer each other without the server: words stand right of
the map, or below it where the chart is narrow. What is picked comes with the data and not with the
chart, so that a browser that has the chart need not draw it anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, ORANGE, VERMILION, dressed
from core.charts.topics_bars import HOVERED, LABELS, overlaid, rows
from core.charts.topics_names import INK, distinct, picked, placed, share

AXES = ("first coordinate, √nats", "second coordinate, √nats")  # of maps that have axes
HEIGHT, AXIS = 440, 45  # pixels of such a map, and of the axis in it
AREA = 24_000.0  # square pixels of all its circles together

WIDE = 560  # pixels: from here on, words stand beside the map
LOW = 330  # height of the map where they stand below it
HIGH = 460  # and at most, where beside it
SPLIT = 0.54  # the map's part of the width
EDGES = (70, 44)  # left and right of the outermost circles, where names stand, and above them
CLOSE = 28  # the same where there are no names
HEAD, BELOW = 26, 45  # above the words, and below them
CROWD = 0.1  # all circles together, of the map's area
LEAST = 0.005  # of a word's uses; less is no circle
NUMBERED = 0.003  # share of a topic whose circle has room for its number
LIKELY = (520.0, float(HIGH))  # size of the map for which names are placed


def tables(
    places: ArrayLike, prevalence: ArrayLike, numbers: Sequence[int], names: Sequence[str], *,
    selected: int, words: Sequence[str], in_topic: ArrayLike, overall: ArrayLike,
    shares: ArrayLike, word: str | None = None, of_word: ArrayLike | None = None, turn: int = 0,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """What `chart` draws, by its names.

    `places` (K, 2) by the root of JS, `prevalence` (K,), the `numbers` that topics go by; of the
    selected one (a row) the words with their tokens in it and overall, (n,). `shares` (n, K) is
    p(z | w) of those words, `of_word` (K,) that of the picked `word`, which need not be one of them.
    Another `turn` makes a click on what was clicked before count again.
    """
    topics = _topics(places, prevalence, numbers, names)
    topics = topics.assign(
        lit=topics["topic"] == selected, ring=of_word is not None, turn=turn
    )  # fmt: skip
    told, table = [*words], np.asarray(shares, float).reshape(len(words), -1)
    if word is not None and of_word is not None and word not in told:
        told, table = [*told, word], np.vstack([table, np.asarray(of_word, float)])
    at, z = np.nonzero(table >= LEAST)
    of = topics[["topic", "name", "x", "y"]].iloc[z]
    of = of.assign(word=np.asarray(told, object)[at], share=table[at, z])
    bars = rows(words, in_topic, overall)
    return {
        # small circles lie on large ones, where they can be clicked
        "topics": topics.sort_values("prevalence", ascending=False, kind="stable"),
        "of": of.assign(lit=of["word"] == word),
        "words": bars.assign(rank=np.arange(len(bars)), lit=bars["word"] == word, turn=turn),
    }


def chart(span: tuple[float, float, float, float]) -> alt.LayerChart:
    """Map and words, without data; `span` is left, right, low, high of the map (see `spanned`).

    A click on the map is selection "topic", on a word "word"; a word under the pointer shows its share
    over topics on the map. Needs height("stretch"), and at least LOW more of it below WIDE.
    """
    over = alt.selection_point(
        name="over", fields=["word"], on="pointerover", clear="pointerout", empty=False
    )
    map = alt.LayerChart(layer=_map(span))
    words = overlaid(alt.NamedData("words"), picked("word", "word", also="turn"), over, HEAD)
    both = alt.LayerChart(layer=[map, alt.LayerChart(layer=words)])
    both = both.resolve_scale(x="independent", y="independent", color="independent")
    return dressed(both.add_params(*_layout(span)))


def spanned(places: ArrayLike) -> tuple[float, float, float, float]:
    """Left, right, low and high of `places` (K, 2), rounded; never nothing."""
    at = np.asarray(places, float).reshape(-1, 2)
    out = []
    for axis in range(2):
        low, high = float(at[:, axis].min(initial=0)), float(at[:, axis].max(initial=0))
        more = max(0.1 - (high - low), 0) / 2
        out += [round(low - more, 4), round(high + more, 4)]
    return out[0], out[1], out[2], out[3]


def _topics(
    places: ArrayLike, prevalence: ArrayLike, numbers: Sequence[int], names: Sequence[str]
) -> pd.DataFrame:
    at, p = np.asarray(places, float).reshape(-1, 2), np.asarray(prevalence, float)
    frame = pd.DataFrame({"topic": np.arange(len(p)), "name": distinct(names)})
    frame = frame.assign(number=[str(z) for z in numbers], x=at[:, 0], y=at[:, 1], prevalence=p)
    left, right, low, high = spanned(at)
    width, height = LIKELY
    nat = min((width - 2 * EDGES[0]) / (right - left), (height - 2 * EDGES[1]) / (high - low))
    radii = np.sqrt(CROWD * width * height * p / np.pi)
    # pixels go down
    pixels = np.stack([at[:, 0], -at[:, 1]], axis=1) * nat
    return frame.assign(side=placed(pixels, radii, frame["name"].tolist()))


def _layout(span: tuple[float, float, float, float]) -> list[alt.Parameter]:
    """Sizes that follow those of the chart."""
    left, right, low, high = span
    told = {
        "wide": f"width >= {WIDE}",
        "map_width": f"wide ? {SPLIT} * width : width",
        "map_height": f"wide ? min(height, {HIGH}) : {LOW}",
        "area": f"{CROWD} * map_width * map_height",
        # pixels of a root of nats, the same in both directions
        "nat": f"min((map_width - 2 * (wide ? {EDGES[0]} : {CLOSE})) / {right - left}, "
        f"(map_height - 2 * (wide ? {EDGES[1]} : {CLOSE})) / {high - low})",
        "bars_left": f"wide ? map_width + {LABELS} : {LABELS}",
        "bars_top": f"wide ? {HEAD} : map_height + {HEAD}",
    }
    return [alt.param(name=name, expr=expression) for name, expression in told.items()]


def _map(span: tuple[float, float, float, float]) -> list[alt.Chart]:
    left, right, low, high = span
    wide, tall = (right - left) / 2, (high - low) / 2
    x = alt.Scale(
        domain=[left, right], nice=False, zero=False,
        range=[alt.expr(f"map_width / 2 {sign} {wide} * nat") for sign in "-+"],
    )  # fmt: skip
    y = alt.Scale(
        domain=[low, high], nice=False, zero=False,
        range=[alt.expr(f"map_height / 2 {sign} {tall} * nat") for sign in "+-"],
    )  # fmt: skip
    size = alt.Scale(domain=[0, 1], range=[0, alt.expr("area")])
    topic = picked("topic", "topic", also="turn")
    tips = ["number:N", "name:N", share("prevalence", "share of all words")]

    def on(data: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(data)).encode(
            x=alt.X("x:Q", axis=None, scale=x), y=alt.Y("y:Q", axis=None, scale=y)
        )

    lit = alt.when("datum.lit").then(alt.value(VERMILION))
    ring = alt.expr(f"(datum.ring || {HOVERED}) ? 0.08 : datum.lit ? 0.9 : 0.65")
    inside = alt.expr(f"(datum.ring || {HOVERED}) ? '{INK}' : 'white'")
    circles = on("topics").mark_circle(opacity=1, cursor="pointer").encode(
        size=alt.Size("prevalence:Q", scale=size, legend=None),
        color=lit.otherwise(alt.value(BLUE)), stroke=lit.otherwise(alt.value(BLUE)),
        fillOpacity=alt.value(ring),
        strokeWidth=alt.when("datum.lit").then(alt.value(3)).otherwise(alt.value(1)),
        tooltip=tips,
    )  # fmt: skip
    discs = on("of").mark_circle(color=ORANGE, opacity=0.75).encode(
        size=alt.Size("share:Q", scale=size, legend=None),
        tooltip=["word:N", "name:N", share("share", "of the word’s uses")],
    ).transform_filter(f"{HOVERED} ? over.word[0] === datum.word : datum.lit")  # fmt: skip
    numbers = on("topics").mark_text(fontSize=10, cursor="pointer").encode(
        text="number:N", tooltip=tips, color=alt.value(inside)
    ).transform_filter(f"datum.prevalence >= {NUMBERED}")  # fmt: skip
    # below the circle, above it, or (0) no room
    away = alt.expr("(datum.side || 1) * (sqrt(area * datum.prevalence / PI) + 8)")
    names = on("topics").mark_text(fontSize=11, limit=150, cursor="pointer", dy=away).encode(
        text="name:N", tooltip=tips, color=lit.otherwise(alt.value(INK))
    ).transform_filter("wide && (datum.side != 0 || datum.lit)")  # fmt: skip
    title = alt.Chart(alt.NamedData("topics")).mark_text(fontSize=12, color=VERMILION).encode(
        x=alt.value(alt.expr("map_width / 2")), y=alt.value(10), text="name:N"
    ).transform_filter("!wide && datum.lit")  # fmt: skip
    # discs lie below, so that circles are clicked
    return [discs, circles.properties(name="circles").add_params(topic), numbers, names, title]
