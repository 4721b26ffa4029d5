"""How much there is of each topic over time, or in documents of each label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import BLUE, GREY, VERMILION, dressed
from core.charts.topics_names import OTHERS, colour, distinct, picked
from core.charts.topics_names import share as percent

MOST = 9  # topics with a colour of their own
HEIGHT, ROW, BAR, ONE = 380, 26, 22, 200
AXIS, LINE = 60, 21  # pixels below the bars, and of a line of the legend


def over_time(
    shares: ArrayLike, at: ArrayLike, names: Sequence[str], documents: ArrayLike, *,
    title: str = "time", selected: int | None = None,
) -> alt.LayerChart:  # fmt: skip
    """Shares (T, K), rows of sum 1, at times or years `at` (T,) of so many `documents` (T,).

    Times without documents are left out. A click is selection "topic".
    """
    when = _times(np.asarray(at))
    kind = "Q" if np.issubdtype(when.dtype, np.number) else "T"
    frame, order = _long(shares, names, documents, when)
    x = alt.X(f"at:{kind}", title=title, axis=_time_axis(when, kind), scale=alt.Scale(nice=False))
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
    axis = alt.Axis(labelLimit=150, labelOverlap=False, labelFlush=False, grid=False)
    y = alt.Y("at:N", title=title, sort=[*labels], axis=axis)
    chart = (
        _stacked(frame, order)
        .mark_bar(size=18, cursor="pointer")
        .encode(x=_percent(alt.X), y=y, opacity=_lit(topic))
        .encode(tooltip=_tips(alt.Tooltip("at:N", title=title)))
        .add_params(topic)
        .properties(height=ROW * frame["at"].nunique() + AXIS + LINE * (2 + len(order) // 2))
    )
    return dressed(chart)


def one_over_time(
    share: ArrayLike, at: ArrayLike, documents: ArrayLike, *, title: str = "time"
) -> alt.LayerChart:
    """Shares (T,) of one topic, at times as of `over_time`; across it the mean of all words."""
    p, n, when = np.asarray(share, float), np.asarray(documents, float), _times(np.asarray(at))
    met = n > 0
    frame = pd.DataFrame({"at": when[met], "p": p[met], "documents": n[met]})
    kind = "Q" if np.issubdtype(when.dtype, np.number) else "T"
    base = alt.Chart(frame).encode(
        x=alt.X(f"at:{kind}", title=title, axis=_time_axis(when, kind), scale=alt.Scale(nice=False)),
        y=alt.Y("p:Q", title="share of the words", axis=alt.Axis(format="~%", tickCount=5)),
        tooltip=[alt.Tooltip(f"at:{kind}", title=title), percent("p", "share"),
                 alt.Tooltip("documents:Q", format=",d")],
    )  # fmt: skip
    line = base.mark_line(color=VERMILION, point=alt.OverlayMarkDef(color=VERMILION, size=40))
    return dressed(alt.LayerChart(layer=[line], height=ONE))


def topic_by_label(
    share: ArrayLike, labels: Sequence[str], documents: ArrayLike, *,
    mean: float, selected: str | None = None,
) -> alt.LayerChart:  # fmt: skip
    """Shares (L,) of one topic in documents of each label, in their order; a click is "label".

    `mean` of all documents is a line across.
    """
    frame = pd.DataFrame({"label": [*labels], "p": np.asarray(share, float)})
    frame = frame.assign(documents=np.asarray(documents, float), mean=mean)
    label = picked("label", "label", selected)
    bars = _bars(frame, "label", label, [alt.Tooltip("documents:Q", format=",d")])
    of_all = alt.Chart(pd.DataFrame({"mean": [mean]})).encode(x="mean:Q")
    rule = of_all.mark_rule(color=GREY, strokeWidth=2, strokeDash=[4, 3])
    rule = rule.encode(tooltip=[percent("mean", "of all documents")])
    return dressed(alt.LayerChart(layer=[bars, rule], height=BAR * len(frame) + AXIS))


def label_topics(
    share: ArrayLike, names: Sequence[str], mean: ArrayLike, *,
    selected: int | None = None, most: int = 10,
) -> alt.LayerChart:  # fmt: skip
    """The `most` largest of shares (K,) of one label's documents; a click is selection "topic".

    `mean` (K,) of all documents is a tick across each bar.
    """
    p, q = np.asarray(share, float), np.asarray(mean, float)
    order = np.argsort(-p, kind="stable")[:most]
    told = distinct(names)
    frame = pd.DataFrame({"topic": order, "name": [told[z] for z in order], "p": p[order]})
    frame = frame.assign(mean=q[order])
    topic = picked("topic", "topic", selected)
    bars = _bars(frame, "name", topic, [percent("mean", "of all documents")])
    tick = alt.Chart(frame).mark_tick(color=GREY, thickness=2.5, size=18)
    tick = tick.encode(x="mean:Q", y=alt.Y("name:N", sort=None))
    return dressed(alt.LayerChart(layer=[bars, tick], height=BAR * len(frame) + AXIS))


def _bars(
    frame: pd.DataFrame, name: str, picks: alt.Parameter, tips: list[alt.Tooltip]
) -> alt.Chart:
    axis = alt.Axis(labelLimit=150, labelOverlap=False, labelFlush=False, grid=False)
    lit = alt.when(picks).then(alt.value(VERMILION)).otherwise(alt.value(BLUE))
    bars = alt.Chart(frame).mark_bar(size=14, cursor="pointer")
    return bars.encode(
        x=alt.X("p:Q", title="share of the label’s words", axis=alt.Axis(format="~%", tickCount=5)),
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=axis),
        color=lit,
        tooltip=[f"{name}:N", percent("p", "share"), *tips],
    ).add_params(picks)


def _time_axis(when: NDArray[Any], kind: str) -> alt.Axis:
    """Years alone where there are many; a month never without its year."""
    if kind == "Q":
        return alt.Axis(format="d", tickMinStep=1)
    days = when.astype("datetime64[D]").astype(np.int64)
    span = int(np.ptp(days)) if len(days) else 0
    shown = "%Y" if span > 3000 else "%b %Y" if span > 60 else "%-d %b %Y"
    return alt.Axis(format=shown, tickCount=8, labelOverlap=True)


def _times(when: NDArray[Any]) -> NDArray[Any]:
    if np.issubdtype(when.dtype, np.datetime64):
        # with seconds: a browser takes a bare date for midnight in Greenwich
        return np.datetime_as_string(when, unit="s")
    return when


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
    return alt.Chart(frame).encode(
        color=colour(order).legend(columns=2, symbolType="square"), order=alt.Order("rank:Q")
    )


def _percent(axis: type[alt.X] | type[alt.Y]) -> Any:
    return axis(
        "p:Q", title="share of the words", stack="zero",
        scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5),
    )  # fmt: skip


def _lit(topic: alt.Parameter) -> Any:
    """All where none is picked."""
    return alt.when(topic, empty=True).then(alt.value(1)).otherwise(alt.value(0.5))


def _tips(first: alt.Tooltip) -> list[alt.Tooltip]:
    return [
        first, alt.Tooltip("name:N"), percent("p", "share"),
        alt.Tooltip("documents:Q", format=",d"),
    ]  # fmt: skip
