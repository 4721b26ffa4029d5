"""Two topics: where they lie on the map, and their words back to back."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, VERMILION, dressed
from core.charts.topics_map import AREA, AXES, AXIS, HEIGHT
from core.charts.topics_names import INK, LIMIT, distinct, picked, share

ROW, BELOW = 19, 48  # pixels of a word, and of the axis below the words
ONE, BOTH, OTHER = 0, 1, 2  # whose word it is
COLUMNS = ["word", "p", "q", "left", "kind", "lit"]


def rows(
    groups: Sequence[Sequence[str]], p: Sequence[ArrayLike], q: Sequence[ArrayLike], *,
    selected: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What `butterfly` draws: words that are ONE's, BOTH's and the OTHER's, with p(w) and q(w)."""
    parts = [
        pd.DataFrame({"word": [*words], "p": np.asarray(a, float), "q": np.asarray(b, float)})
        .assign(kind=kind)
        for kind, words, a, b in zip((ONE, BOTH, OTHER), groups, p, q, strict=True)
        if len(words)
    ]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return frame.assign(left=-frame["p"], lit=frame["word"] == selected)


def reach(frame: pd.DataFrame) -> float:
    """How far the axis goes for those rows: 1, 2 or 5 times a power of ten."""
    most = max(float(frame[["p", "q"]].max(axis=None)) if len(frame) else 0.0, 1e-6)
    ten = 10.0 ** np.floor(np.log10(most))
    return float(next(times * ten for times in (1, 2, 5, 10) if times * ten >= most * (1 - 1e-9)))


def butterfly(many: int, most: float) -> alt.LayerChart:
    """`many` words with p(w) of one topic to the left and q(w) of the other; data "words" is `rows`.

    A click anywhere in a word's row is selection "word". What is picked comes with the data, so that a
    browser that has the chart need not make it anew.
    """
    word = picked("word", "word", also="turn")
    axis = alt.Axis(labelLimit=LIMIT, labelOverlap=False, labelFlush=False, grid=False)
    base = alt.Chart().encode(
        y=alt.Y("word:N", sort=None, title=None, axis=axis),
        tooltip=[
            alt.Tooltip("word:N"), alt.Tooltip("p:Q", title="in the first topic", format=".3%"),
            alt.Tooltip("q:Q", title="in the second", format=".3%"),
        ],
    )  # fmt: skip
    shade = "datum.lit ? 0.25 : datum.kind === 1 ? 0.1 : 0"
    # a bar of one pixel is hard to click: the whole row counts. What both say stands on a shade
    row = base.transform_calculate(shade=shade).mark_bar(color=GREY, cursor="pointer", size=ROW)
    row = row.encode(
        x=alt.value(0), x2=alt.value("width"), opacity=alt.Opacity("shade:Q", scale=None)
    )
    below = alt.Axis(tickCount=6, labelExpr="format(abs(datum.value), '.2~%')")
    scale = alt.Scale(domain=[-most, most])
    left = base.mark_bar(size=13, color=BLUE, cursor="pointer").encode(
        x=alt.X("left:Q", title="p(w | z)", axis=below, scale=scale), x2=alt.datum(0)
    )
    right = base.mark_bar(size=13, color=VERMILION, cursor="pointer").encode(
        x=alt.X("q:Q"), x2=alt.datum(0)
    )
    layers = [row.add_params(word), left, right]
    height = ROW * max(many, 1) + BELOW
    return dressed(alt.LayerChart(data=alt.NamedData("words"), layer=layers, height=height))


def places(
    at: ArrayLike, prevalence: ArrayLike, names: Sequence[str], one: int, other: int
) -> pd.DataFrame:
    """What `pair` draws: places (K, 2), see topics_map; `one` and `other` are those compared."""
    xy, p = np.asarray(at, float).reshape(-1, 2), np.asarray(prevalence, float)
    z = np.arange(len(p))
    role = np.where(z == one, ONE, np.where(z == other, OTHER, BOTH))
    told = distinct(names)
    # of those that are not compared the first word must do
    shown = [name if r != BOTH else name.split(",")[0] for name, r in zip(told, role, strict=True)]
    low, high = room(xy[:, 1])
    below = (np.sqrt(AREA * p / np.pi) + 9) / (HEIGHT - AXIS) * (high - low)
    frame = pd.DataFrame({"topic": z, "name": told, "shown": shown, "role": role, "p": p})
    frame["seen"] = np.where(role == BOTH, 0.35, 0.75)
    frame = frame.assign(x=xy[:, 0], y=xy[:, 1], below=xy[:, 1] - below)
    # small circles lie on large ones, where they can be clicked
    return frame.sort_values("p", ascending=False, kind="stable")


def pair(across: tuple[float, float], up: tuple[float, float]) -> alt.LayerChart:
    """Topics on the plane, one of them in blue, the other in vermilion; data "topics" is `places`.

    `across` and `up` are the ends of the axes, see `room`. A click is selection "topic".
    """
    topic = picked("topic", "topic", also="turn")
    base = alt.Chart().encode(
        x=alt.X("x:Q", title=AXES[0], scale=alt.Scale(domain=[*across], nice=False)),
        y=alt.Y("y:Q", title=AXES[1], scale=alt.Scale(domain=[*up], nice=False)),
        tooltip=[alt.Tooltip("name:N"), share("p", "share of all words")],
    )
    colours = alt.Scale(domain=[ONE, BOTH, OTHER], range=[BLUE, GREY, VERMILION])
    circles = base.mark_circle(cursor="pointer").encode(
        size=alt.Size("p:Q", scale=alt.Scale(domain=[0, 1], range=[0, AREA]), legend=None),
        color=alt.Color("role:N", scale=colours, legend=None),
        opacity=alt.Opacity("seen:Q", scale=None),
    )
    text = base.encode(y=alt.Y("below:Q"), text="shown:N")
    others = text.transform_filter(f"datum.role === {BOTH}")
    others = others.mark_text(fontSize=11, limit=130, color=INK, cursor="pointer")
    told = text.transform_filter(f"datum.role !== {BOTH}")
    told = told.mark_text(fontSize=12, fontWeight="bold", limit=170, color=INK, cursor="pointer")
    layers = [circles.add_params(topic), others, told]
    return dressed(alt.LayerChart(data=alt.NamedData("topics"), layer=layers, height=HEIGHT))


def room(values: ArrayLike) -> tuple[float, float]:
    """The ends of an axis that leave room for the circles at them, rounded."""
    at = np.asarray(values, float)
    low, high = float(at.min(initial=0)), float(at.max(initial=0))
    more = max(high - low, 0.1) * 0.2
    return round(low - more, 3), round(high + more, 3)
