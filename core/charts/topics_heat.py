"""Tables of topics against topics or labels: which go together, which of one is which of another.

A click on a cell is selection "pair" of field "cell": row * columns + column of the matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import DIVERGING, SEQUENTIAL, VERMILION, dressed
from core.charts.topics_names import distinct, picked

ROW, LEAST_ROW, TALL = 22, 11, 900  # pixels of a row, and of a table that makes them smaller
AXIS, LEGEND = 150, 55  # pixels below and above the cells
LEAST_SPAN = 0.05  # of correlations: colours do not make much of nothing


def correlation(
    matrix: ArrayLike, names: Sequence[str], *,
    title: str = "correlation over documents", selected: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """Correlations (K, K) of p(z | d) over documents, or their PMI, without the diagonal.

    The colours run from the largest one below nought to as much above it.
    """
    r, told = np.asarray(matrix, float), distinct(names)
    frame = _cells(r, told, told)
    frame = frame[(frame["first"] != frame["second"]) & np.isfinite(frame["value"])]
    span = max(float(frame["value"].abs().max()) if len(frame) else 0.0, LEAST_SPAN)
    scale = alt.Scale(domain=[-span, span], range=[*DIVERGING], interpolate="rgb")
    tip = alt.Tooltip("value:Q", title=title, format="+.3f")
    return _heat(frame, told, told, scale, [tip], title, ("", ""), selected)


def compared(
    distances: ArrayLike, first: Sequence[str], second: Sequence[str],
    pairs: tuple[ArrayLike, ArrayLike], *, titles: tuple[str, str], selected: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """JS (n, m) of the topics of two models, in nats; dark is near, pairs are framed.

    `pairs` are topics of the first model and those of the second that go with them, the nearest
    first: they stand on the diagonal, what found no partner after them.
    """
    d = np.asarray(distances, float)
    rows, columns = distinct(first), distinct(second)
    one, other = (np.asarray(side, int) for side in pairs)
    partner = dict(zip(one.tolist(), other.tolist(), strict=True))
    frame = _cells(d, rows, columns)
    both = zip(frame["first"].tolist(), frame["second"].tolist(), strict=True)
    frame["paired"] = [partner.get(z, -1) == k for z, k in both]
    scale = alt.Scale(domain=[0, float(np.log(2))], range=[*SEQUENTIAL][::-1], interpolate="rgb")
    tip = alt.Tooltip("value:Q", title="distance, nats", format=".3f")
    return _heat(
        frame, _order(rows, one), _order(columns, other), scale, [tip],
        "Jensen-Shannon divergence, nats", titles, selected,
    )  # fmt: skip


def labelled(
    shares: ArrayLike, labels: Sequence[str], names: Sequence[str], documents: ArrayLike, *,
    selected: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """Shares (L, K) of topics in documents of each label; rows and columns stay in their order."""
    rows, columns = distinct(labels), distinct(names)
    frame = _cells(np.asarray(shares, float), rows, columns)
    frame = frame[np.isfinite(frame["value"])]
    frame = frame.assign(documents=np.asarray(documents)[frame["first"]])
    top = max(float(frame["value"].max()) if len(frame) else 0.0, 0.01)
    scale = alt.Scale(domain=[0, top], range=[*SEQUENTIAL], interpolate="rgb")
    tips = [
        alt.Tooltip("value:Q", title="of the label’s words", format=".1%"),
        alt.Tooltip("documents:Q", format=",d"),
    ]
    return _heat(
        frame, rows, columns, scale, tips, "share of the label’s words", ("label", "topic"),
        selected, ".0%",
    )  # fmt: skip


def _cells(values: NDArray[np.float64], rows: list[str], columns: list[str]) -> pd.DataFrame:
    i, j = (side.ravel() for side in np.indices(values.shape))
    frame = pd.DataFrame({"first": i, "second": j, "value": values[i, j]})
    frame["cell"] = frame["first"] * values.shape[1] + frame["second"]
    return frame.assign(row=np.asarray(rows, object)[i], column=np.asarray(columns, object)[j])


def _order(names: list[str], paired: Any) -> list[str]:
    seen = set(paired.tolist())
    return [names[z] for z in paired] + [name for z, name in enumerate(names) if z not in seen]


def _heat(
    frame: pd.DataFrame, rows: list[str], columns: list[str], scale: alt.Scale,
    tips: list[alt.Tooltip], title: str, sides: tuple[str, str], selected: int | None,
    digits: str = ".2~f",
) -> alt.LayerChart:  # fmt: skip
    left, below = sides
    pair = picked("pair", "cell", selected)
    lit = alt.when(pair).then(alt.value(3)).otherwise(alt.value(0))
    legend = alt.Legend(title=title, titleLimit=400, gradientLength=180, format=digits)
    high = min(ROW, max(LEAST_ROW, TALL // max(len(rows), 1)))
    size = min(11, high - 1)
    across = alt.Axis(labelLimit=120, grid=False, labelAngle=-60, labelOverlap=False, titlePadding=8,
                      labelFontSize=11 if len(columns) <= 30 else 9)  # fmt: skip
    down = alt.Axis(
        labelLimit=150, grid=False, labelOverlap=False, labelFlush=False, labelFontSize=size
    )
    base = alt.Chart(frame).encode(
        x=alt.X("column:N", sort=columns, title=below or None, axis=across),
        y=alt.Y("row:N", sort=rows, title=left or None, axis=down),
        tooltip=[
            alt.Tooltip("row:N", title=left or "topic"),
            alt.Tooltip("column:N", title=below or "and topic"),
            *tips,
        ],
    )
    cells = base.mark_rect(stroke=VERMILION, cursor="pointer").encode(
        color=alt.Color("value:Q", scale=scale, legend=legend), strokeWidth=lit
    )
    layers = [cells.add_params(pair)]
    if "paired" in frame:
        frames = base.transform_filter(alt.datum.paired)
        layers.append(frames.mark_rect(filled=False, stroke=VERMILION, strokeWidth=1.5))
    return dressed(alt.LayerChart(layer=layers, height=high * len(rows) + AXIS + LEGEND))
