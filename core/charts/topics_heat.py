"""Tables of topics against topics: which go together, and which of one model is which of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import DIVERGING, SEQUENTIAL, VERMILION, dressed
from core.charts.topics_names import distinct

ROW = 22
AXIS, LEGEND = 150, 55  # pixels below and above the cells
LEAST_SPAN = 0.05  # of correlations: colours do not make much of nothing


def correlation(matrix: ArrayLike, names: Sequence[str]) -> alt.LayerChart:
    """Correlations (K, K) of p(z | d) over documents, without the diagonal; a click is "pair".

    The colours run from the largest one below nought to as much above it.
    """
    r, told = np.asarray(matrix, float), distinct(names)
    i, j = np.nonzero(~np.eye(len(r), dtype=bool) & np.isfinite(r))
    frame = pd.DataFrame({"first": i, "second": j, "value": r[i, j]})
    frame = frame.assign(row=np.asarray(told, object)[i], column=np.asarray(told, object)[j])
    span = max(float(frame["value"].abs().max()) if len(frame) else 0.0, LEAST_SPAN)
    scale = alt.Scale(domain=[-span, span], range=[*DIVERGING], interpolate="rgb")
    tip = alt.Tooltip("value:Q", title="correlation", format="+.3f")
    title = "correlation over documents"
    return _heat(frame, told, told, scale, tip, title, "", "")


def compared(
    distances: ArrayLike, first: Sequence[str], second: Sequence[str],
    pairs: tuple[ArrayLike, ArrayLike], *, titles: tuple[str, str],
) -> alt.LayerChart:  # fmt: skip
    """JS (n, m) of the topics of two models, in nats; dark is near, pairs are framed, a click "pair".

    `pairs` are topics of the first model and those of the second that go with them, the nearest
    first: they stand on the diagonal, what found no partner after them.
    """
    d = np.asarray(distances, float)
    rows, columns = distinct(first), distinct(second)
    one, other = (np.asarray(side, int) for side in pairs)
    partner = dict(zip(one.tolist(), other.tolist(), strict=True))
    i, j = (side.ravel() for side in np.indices(d.shape))
    frame = pd.DataFrame({"first": i, "second": j, "value": d[i, j]})
    frame = frame.assign(row=np.asarray(rows, object)[i], column=np.asarray(columns, object)[j])
    frame["paired"] = [partner.get(z, -1) == k for z, k in zip(i.tolist(), j.tolist(), strict=True)]
    scale = alt.Scale(domain=[0, float(np.log(2))], range=[*SEQUENTIAL][::-1], interpolate="rgb")
    tip = alt.Tooltip("value:Q", title="distance, nats", format=".3f")
    return _heat(
        frame, _order(rows, one), _order(columns, other), scale, tip,
        "Jensen-Shannon divergence, nats", *titles,
    )  # fmt: skip


def _order(names: list[str], paired: Any) -> list[str]:
    seen = set(paired.tolist())
    return [names[z] for z in paired] + [name for z, name in enumerate(names) if z not in seen]


def _heat(
    frame: pd.DataFrame, rows: list[str], columns: list[str], scale: alt.Scale,
    tip: alt.Tooltip, title: str, left: str, below: str,
) -> alt.LayerChart:  # fmt: skip
    pair = alt.selection_point(name="pair", fields=["first", "second"], toggle=False, empty=False)
    lit = alt.when(pair).then(alt.value(3)).otherwise(alt.value(0))
    legend = alt.Legend(title=title, gradientLength=180, format=".2~f")
    labels = alt.Axis(labelLimit=120, grid=False)
    base = alt.Chart(frame).encode(
        x=alt.X("column:N", sort=columns, title=below or None, axis=labels),
        y=alt.Y("row:N", sort=rows, title=left or None, axis=labels),
        tooltip=[
            alt.Tooltip("row:N", title=left or "topic"),
            alt.Tooltip("column:N", title=below or "and topic"),
            tip,
        ],
    )
    cells = base.mark_rect(stroke=VERMILION, cursor="pointer").encode(
        color=alt.Color("value:Q", scale=scale, legend=legend), strokeWidth=lit
    )
    layers = [cells.add_params(pair)]
    if "paired" in frame:
        frames = base.transform_filter(alt.datum.paired)
        layers.append(frames.mark_rect(filled=False, stroke=VERMILION, strokeWidth=1.5))
    return dressed(alt.LayerChart(layer=layers, height=ROW * len(rows) + AXIS + LEGEND))
