"""How much there is of each topic over time, or in documents of each label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import dressed
from core.charts.topics_names import OTHERS, colour, distinct, picked, share

MOST = 9  # topics with a colour of their own
HEIGHT, ROW = 380, 26
AXIS, LEGEND = 45, 85  # pixels below and above the bars


def over_time(
    shares: ArrayLike, at: ArrayLike, names: Sequence[str], documents: ArrayLike, *,
    title: str = "time", selected: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """Shares (T, K), rows of sum 1, at times or years `at` (T,) of so many `documents` (T,).

    Times without documents are left out. A click is selection "topic".
    """
    when = np.asarray(at)
    kind = "T" if np.issubdtype(when.dtype, np.datetime64) else "Q"
    if kind == "T":
        # with seconds: a browser takes a bare date for midnight in Greenwich
        when = np.datetime_as_string(when, unit="s")
    frame, order = _long(shares, names, documents, when)
    plain = alt.Axis() if kind == "T" else alt.Axis(format="d", tickMinStep=1)
    x = alt.X(f"at:{kind}", title=title, axis=plain, scale=alt.Scale(nice=False))
    topic = picked("topic", "topic", selected)
    tips = _tips(alt.Tooltip(f"at:{kind}", title=title))
    base = _stacked(frame, order).encode(x=x, y=_percent(alt.Y), tooltip=tips)
    area = base.mark_area(line={"strokeWidth": 0.5}, cursor="pointer").encode(opacity=_lit(topic))
    # an area has one tooltip for all times: a hidden bar at each time has its own
    bars = base.mark_bar(size=14, opacity=0, cursor="pointer")
    return dressed(alt.LayerChart(layer=[area.add_params(topic), bars], height=HEIGHT))


def over_label(
    shares: ArrayLike, labels: Sequence[str], names: Sequence[str], documents: ArrayLike, *,
    title: str = "label", selected: int | None = None,
) -> alt.Chart:  # fmt: skip
    """Shares (L, K), rows of sum 1, of documents with each label; a click is selection "topic"."""
    frame, order = _long(shares, names, documents, np.asarray(labels, object))
    topic = picked("topic", "topic", selected)
    y = alt.Y("at:N", title=title, sort=[*labels], axis=alt.Axis(labelLimit=150, grid=False))
    chart = (
        _stacked(frame, order)
        .mark_bar(size=18, cursor="pointer")
        .encode(x=_percent(alt.X), y=y, opacity=_lit(topic))
        .encode(tooltip=_tips(alt.Tooltip("at:N", title=title)))
        .add_params(topic)
        .properties(height=ROW * frame["at"].nunique() + AXIS + LEGEND)
    )
    return dressed(chart)


def _long(
    shares: ArrayLike, names: Sequence[str], documents: ArrayLike, at: NDArray[Any]
) -> tuple[pd.DataFrame, list[str]]:
    """A row for each time or label and topic, the most common topics first; the rest as one."""
    p, n = np.asarray(shares, float), np.asarray(documents, float)
    met = n > 0
    p, n, at = p[met], n[met], at[met]
    told = distinct(names)
    mean = n @ p
    most = p.shape[1] if p.shape[1] <= MOST + 1 else MOST
    order = np.argsort(-mean, kind="stable")
    columns = [(int(z), told[z], p[:, z]) for z in order[:most]]
    if len(order) > most:
        columns.append((-1, OTHERS, p[:, order[most:]].sum(axis=1)))
    frame = pd.concat(
        [
            pd.DataFrame({"at": at, "topic": z, "name": name, "rank": rank, "p": column})
            .assign(documents=n)
            for rank, (z, name, column) in enumerate(columns)
        ]
    )  # fmt: skip
    return frame, [name for _, name, _ in columns]


def _stacked(frame: pd.DataFrame, order: Sequence[str]) -> alt.Chart:
    return alt.Chart(frame).encode(color=colour(order), order=alt.Order("rank:Q"))


def _percent(axis: type[alt.X] | type[alt.Y]) -> Any:
    return axis(
        "p:Q", title="share of the words", stack="zero",
        scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"),
    )  # fmt: skip


def _lit(topic: alt.Parameter) -> Any:
    """All where none is picked."""
    return alt.when(topic, empty=True).then(alt.value(1)).otherwise(alt.value(0.5))


def _tips(first: alt.Tooltip) -> list[alt.Tooltip]:
    return [
        first, alt.Tooltip("name:N"), share("p", "share"),
        alt.Tooltip("documents:Q", format=",d"),
    ]  # fmt: skip
