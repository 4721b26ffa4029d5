"""Charts of the recurrent relatives: accuracy over lag, learning curves, echoes and what is forgotten.

Nets keep their colour whoever else takes part; where lines lie on each other, the earlier are wider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, dressed

# Colours of the nets in the order of their names; told apart on light and dark pages.
COLOURS = (VERMILION, ORANGE, SKY, PURPLE, "#8A5A2B", GREEN, BLUE, "#8E7CC3")
WIDEST, LEAST = 7.0, 2.0  # pixels of the first line and of the last
FLOOR = 1e-16  # below that float64 tells nothing
HEIGHT, LOW = 400, 240


def accuracy(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    *,
    lags: Sequence[int],
    axis: str,
    chance: float | None = None,
) -> alt.LayerChart:
    """`rows` of net, lag, seed, accuracy (0 to 1): a line a net through the means, a mark a seed.

    `names` are all nets there are, in the order of their colours.
    """
    frame = pd.DataFrame(rows, columns=["net", "lag", "seed", "accuracy"])
    means = frame.groupby(["net", "lag"], as_index=False)["accuracy"].mean()
    x = alt.X("lag:O", title=axis, scale=alt.Scale(domain=[*lags]), axis=alt.Axis(labelAngle=0))
    y = _share("accuracy of what is asked")
    here = [name for name in names if (frame["net"] == name).any()]
    base = alt.Chart(means).encode(
        x=x,
        y=y,
        color=_colour(names, here),
        tooltip=["net", alt.Tooltip("lag:O", title=axis), _percent("accuracy", "mean accuracy")],
    )
    widths = np.linspace(WIDEST, LEAST, len(here)).tolist() if len(here) > 1 else [3.0]
    layers: list[alt.Chart] = [
        base.transform_filter(alt.datum.net == name).mark_line(
            opacity=0.9, strokeCap="round", strokeWidth=width
        )
        for name, width in zip(here, widths, strict=True)
    ]
    layers.append(base.mark_point(filled=True, size=60, opacity=1))
    if frame["seed"].nunique() > 1:
        seeds = alt.Chart(frame).mark_tick(thickness=1.5, width=16, opacity=0.7)
        layers.append(
            seeds.encode(
                x=x,
                y=y,
                color=_colour(names, here),
                tooltip=["net", "lag:O", "seed:O", _percent("accuracy", "accuracy")],
            )
        )
    if chance is not None:
        at = alt.Chart(pd.DataFrame({"accuracy": [chance]})).encode(y="accuracy:Q")
        layers.append(at.mark_rule(color=GREY, strokeDash=[5, 4]))
        words = at.mark_text(color=GREY, align="left", dx=4, dy=11)
        layers.append(words.encode(x=alt.value(0), text=alt.value("guessing")))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def curves(
    found: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    names: Sequence[str],
    *,
    updates: int,
) -> alt.Chart:
    """Accuracy over updates of each net so far, on an axis of `updates`."""
    frame = pd.concat(
        [
            pd.DataFrame({"net": name, "updates": at, "accuracy": values})
            for name, (at, values) in found.items()
        ]
    )
    here = [name for name in names if name in found]
    chart = (
        alt.Chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=22), opacity=0.9)
        .encode(
            x=alt.X("updates:Q", title="updates", scale=alt.Scale(domain=[0, updates])),
            y=_share("accuracy so far"),
            color=_colour(names, here, legend=False),
            tooltip=["net", "updates:Q", _percent("accuracy", "accuracy")],
        )
        .properties(height=HEIGHT)
    )
    return dressed(chart)


def apart(distance: ArrayLike) -> alt.Chart:
    """Distance (T,) of two states over time, on a logarithmic axis."""
    values = np.asarray(distance, float)
    frame = _over("step", np.maximum(values, FLOOR))
    scale = alt.Scale(type="log", domain=[FLOOR, max(10.0, float(values.max(initial=0)))])
    y = alt.Y(
        "value:Q", title="distance", scale=scale, axis=alt.Axis(format="~e", tickCount=6)
    )  # fmt: skip
    chart = (
        alt.Chart(frame)
        .mark_line(color=BLUE, strokeWidth=2.5)
        .encode(
            x=_whole("step", "steps of the same input"),
            y=y,
            tooltip=["step:Q", alt.Tooltip("value:Q", title="distance", format=".2e")],
        )
        .properties(height=LOW)
    )
    return dressed(chart)


def forgetting(capacities: ArrayLike) -> alt.Chart:
    """MC_k (K,) over k = 1, 2, ..."""
    chart = (
        alt.Chart(_over("k", capacities))
        .mark_area(color=ORANGE, opacity=0.45, line={"color": ORANGE, "strokeWidth": 2.5})
        .encode(
            x=_whole("k", "k, steps back"),
            y=alt.Y("value:Q", title="MC_k", scale=alt.Scale(domain=[0, 1])),
            tooltip=["k:Q", alt.Tooltip("value:Q", title="MC_k", format=".3f")],
        )
        .properties(height=LOW)
    )
    return dressed(chart)


def right(share: ArrayLike) -> alt.LayerChart:
    """Share (K,) of bits told right over k = 1, 2, ...; a guess is right half of the time."""
    y = alt.Y(
        "value:Q", title="bits told right", scale=alt.Scale(domain=[0.4, 1]),
        axis=alt.Axis(format="%"),
    )  # fmt: skip
    tips = ["k:Q", alt.Tooltip("value:Q", title="right", format=".1%")]
    line = alt.Chart(_over("k", share)).mark_line(color=GREEN, strokeWidth=2.5)
    half = alt.Chart(pd.DataFrame({"value": [0.5]})).encode(y="value:Q")
    words = half.mark_text(color=GREY, align="left", dx=4, dy=11)
    layers = [
        line.encode(x=_whole("k", "k, steps back"), y=y, tooltip=tips),
        half.mark_rule(color=GREY, strokeDash=[5, 4]),
        words.encode(x=alt.value(0), text=alt.value("guessing")),
    ]
    return dressed(alt.LayerChart(layer=layers, height=LOW))


def _over(count: str, values: ArrayLike) -> pd.DataFrame:
    """A column of numbers beside 1, 2, 3, ..."""
    column = np.asarray(values, float)
    return pd.DataFrame({count: np.arange(1, len(column) + 1), "value": column})


def _whole(column: str, title: str) -> alt.X:
    return alt.X(f"{column}:Q", title=title, axis=alt.Axis(tickMinStep=1, format="d"))


def _share(title: str) -> alt.Y:
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    return alt.Y("accuracy:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def _percent(column: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{column}:Q", title=title, format=".1%")


def _colour(names: Sequence[str], here: Sequence[str], *, legend: bool = True) -> alt.Color:
    of = dict(zip(names, COLOURS, strict=False))
    scale = alt.Scale(domain=[*here], range=[of[name] for name in here])
    shown = (
        alt.Legend(columns=2, labelLimit=160, symbolType="stroke", symbolStrokeWidth=4)
        if legend
        else None
    )
    return alt.Color("net:N", sort=[*here], scale=scale, legend=shown)
