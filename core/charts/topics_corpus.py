"""The document-word matrix as a picture, and how often words are met."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, SEQUENTIAL, VERMILION, dressed
from core.charts.topics_names import INK, picked

BINS = (32, 72)  # documents, words
NAMED = 14  # words whose names stand beside their points
NAME = 90  # pixels of a name
POINTS = 400  # of a curve over ranks, evenly spaced on its logarithmic axis
KEPT, LEFT = "kept", "left out"
HEIGHT = 340


def matrix(
    documents: ArrayLike, words: ArrayLike, *, many: tuple[int, int], bins: tuple[int, int] = BINS
) -> alt.Chart:
    """Where n[d, w] is above 0: entries (nnz,) and `many` = (D, V), in blocks.

    Words go from the most documents on; a block's colour is the share of it that is not 0.
    """
    d, w = np.asarray(documents, int), np.asarray(words, int)
    D, V = many
    rank = np.empty(V, int)
    rank[np.argsort(-np.bincount(w, minlength=V), kind="stable")] = np.arange(V)
    edges = [
        np.unique(np.linspace(0, size, min(size, most) + 1).astype(int))
        for size, most in zip(many, bins, strict=True)
    ]
    filled = np.histogram2d(d, rank[w], bins=[edges[0], edges[1]])[0]
    cells = np.outer(np.diff(edges[0]), np.diff(edges[1]))
    i, j = (side.ravel() for side in np.indices(filled.shape))
    frame = pd.DataFrame(
        {
            "top": edges[0][i], "bottom": edges[0][i + 1], "left": edges[1][j],
            "right": edges[1][j + 1], "share": (filled / np.maximum(cells, 1)).ravel(),
        }
    )  # fmt: skip
    # few blocks are dense: the root shows the others too
    most = max(float(frame["share"].max()) if len(frame) else 0.0, 1e-9)
    scale = alt.Scale(type="sqrt", domain=[0, most], range=[*SEQUENTIAL], interpolate="rgb")
    legend = alt.Legend(title="not 0", format=".1~%")
    across = alt.Scale(domain=[0, max(V, 1)], nice=False)
    down = alt.Scale(domain=[max(D, 1), 0], nice=False)
    empty = 1 - len(d) / max(D * V, 1)
    chart = (
        alt.Chart(frame.round({"share": 6}))
        .transform_calculate(documents=_span("top", "bottom"), words=_span("left", "right"))
        .mark_rect()
        .encode(
            x=alt.X("left:Q", title="words, the most common first", scale=across),
            x2="right:Q",
            y=alt.Y("top:Q", title="documents", scale=down),
            y2="bottom:Q",
            color=alt.Color("share:Q", scale=scale, legend=legend),
            # without it the page shows between the blocks
            stroke=alt.Stroke("share:Q", scale=scale, legend=legend),
            tooltip=["documents:N", "words:N", alt.Tooltip("share:Q", title="not 0", format=".2%")],
        )
        .properties(
            height=HEIGHT,
            title=alt.TitleParams(
                f"{D:,} × {V:,}, of which {empty:.1%} are 0",
                anchor="start", fontSize=12, fontWeight="normal", color=INK,
            ),
        )
    )  # fmt: skip
    return dressed(chart)


def totals(
    counts: ArrayLike,
    words: Sequence[str],
    *,
    kept: ArrayLike | None = None,
    selected: str | None = None,
) -> alt.LayerChart:
    """Tokens of each word (V,) over its rank, with Zipf's line through the first; a click is "word".

    `kept` (V,) tells which words stay; the others are grey. Of many words, evenly spaced ones, and the
    `selected` one.
    """
    n = np.asarray(counts, float)
    stays = np.ones(len(n), bool) if kept is None else np.asarray(kept, bool)
    order = np.argsort(-n, kind="stable")
    order = order[n[order] > 0]
    spaced = np.geomspace(1, max(len(order), 1), POINTS).round().astype(int)
    ranks = np.unique(spaced)[: len(order)]
    ranks = np.union1d(ranks, 1 + np.flatnonzero([words[w] == selected for w in order]))
    at = order[ranks - 1]
    frame = pd.DataFrame({"rank": ranks, "tokens": n[at], "word": [words[w] for w in at]})
    frame = frame.assign(of=np.where(stays[at], KEPT, LEFT))
    log = alt.Scale(type="log", nice=False)
    x = alt.X(
        "rank:Q", title="rank of the word", scale=log, axis=alt.Axis(format="~s", tickCount=6)
    )
    y = alt.Y("tokens:Q", title="tokens", scale=log, axis=alt.Axis(format="~s", tickCount=6))
    word = picked("word", "word", selected)
    points = alt.Chart(frame).mark_circle(size=34, opacity=0.9, cursor="pointer").encode(
        x=x, y=y,
        color=alt.Color(
            "of:N", scale=alt.Scale(domain=[KEPT, LEFT], range=[BLUE, GREY]),
            legend=None if kept is None else alt.Legend(),
        ),
        size=alt.when(word).then(alt.value(150)).otherwise(alt.value(34)),
        tooltip=[
            "word:N", alt.Tooltip("tokens:Q", format=",.5~r"),
            alt.Tooltip("rank:Q", format=",d"), alt.Tooltip("of:N", title="is"),
        ],
    )  # fmt: skip
    layers = [points.add_params(word)]
    if len(frame):
        # Zipf: n ~ n(1) / rank, as far as there are counts of 1
        first, last = float(frame["tokens"].iloc[0]), float(frame["tokens"].iloc[-1])
        end = min(float(ranks[-1]), max(first / last, 1.0))
        line = pd.DataFrame({"rank": [1.0, end], "tokens": [first, first / end]})
        rule = alt.Chart(line).mark_line(color=VERMILION, strokeDash=[5, 4], strokeWidth=1.5)
        layers.append(rule.encode(x=x, y=y))
        layers.append(_named(frame, x, y))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def _named(frame: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Some of the words beside their points, on the side where the curve is not."""
    places = np.geomspace(1, frame["rank"].iloc[-1], NAMED)
    some = frame.iloc[np.unique([np.abs(frame["rank"] - place).argmin() for place in places])]
    mark = alt.Chart(some).mark_text(
        align="left", dx=8, dy=-8, color=INK, fontSize=11, limit=NAME, tooltip=None
    )  # fmt: skip
    return mark.encode(x=x, y=y, text="word:N")


def _span(first: str, last: str) -> str:
    """From the number of the first to that of the last, counted from 1, in Vega's words."""
    return f"format(datum.{first} + 1, ',') + '–' + format(datum.{last}, ',')"
