"""Networks in charts: runs side by side, a crowd's spread, one update as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import (
    BLUE,
    CLASSES,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    dressed,
    rgb,
)  # fmt: skip

LOSS = {"cross-entropy": "loss, nats", "squared error": "loss, mean squared error"}
THIN = 30  # nets of a crowd that are drawn one by one
# Of runs side by side, on the page and in charts: none of the first two classes', and all read on
# light and dark.
LANES = (GREY, GREEN, PURPLE, ORANGE)
CURVE = ["run", "examples", "training", "test"]
KINDS = {"x": BLUE, "W": VERMILION, "b": VERMILION, "loss": GREEN, "t": GREEN}  # others: GREY
LINE = 12  # height of a line of text in a graph, pixels
PAPER, INK, BACK = "#FCFBF8", "#1E2428", "#A84300"  # of the cards of a graph, in any theme


def compare(runs: Mapping[str, ArrayLike], loss: str, *, log: bool = True) -> alt.LayerChart:
    """Loss over examples of one to four runs, (R, 5) each as Timeline.curve gives it.

    A run's name is its colour; training is solid, test dashed. Where a run has a test set the gap
    between both is shaded, and the legend says how wide it is at the end.
    """
    rows = [_curve(name, np.asarray(curve, float), 1, log) for name, curve in runs.items()]
    scale = {"type": "log"} if log else {}
    return _runs(rows, "loss", {"title": LOSS[loss]}, scale, ".4g")


def accuracies(runs: Mapping[str, ArrayLike]) -> alt.LayerChart:
    """Accuracy over examples of the same runs, told in the same way."""
    rows = [_curve(name, np.asarray(curve, float), 3, False) for name, curve in runs.items()]
    y = {"title": "accuracy", "axis": alt.Axis(format="%")}
    return _runs(rows, "accuracy", y, {"domain": [0, 1]}, ".1%")


def _runs(
    rows: list[pd.DataFrame], of: str, y: dict[str, Any], scale: dict[str, Any], form: str
) -> alt.LayerChart:
    wide = pd.concat(rows)
    frame = wide.melt(CURVE[:2], var_name="of", value_name=of).dropna()
    if frame.empty:  # an axis of nothing has no extent, of which Vega warns
        scale = {**scale, "domain": [0.1, 1]}
    colour = alt.Color(
        "run:N",
        sort=None,
        legend=alt.Legend(symbolOpacity=1, columns=1, labelLimit=400),
        scale=alt.Scale(domain=[*wide["run"].unique()], range=[*LANES]),
    )
    span = alt.Scale(domain=[0, 1]) if frame.empty else alt.Scale()
    x = alt.X("examples:Q", title="examples seen", axis=alt.Axis(format="~s"), scale=span)
    y = {**y, "scale": alt.Scale(**scale)}
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y(f"{of}:Q", **y),
            color=colour,
            strokeDash=alt.StrokeDash("of:N", sort=["training", "test"], legend=None),
            tooltip=["run:N", "of:N", "examples:Q", alt.Tooltip(f"{of}:Q", format=form)],
        )
    )
    both = wide.dropna()
    if both.empty:
        return dressed(alt.LayerChart(layer=[lines], height=260))
    gaps = (
        alt.Chart(both)
        .mark_area(opacity=0.15)
        .encode(x=x, y=alt.Y("training:Q", **y), y2="test:Q", color=colour)
    )
    return dressed(alt.LayerChart(layer=[lines, gaps], height=260))


def _curve(name: str, curve: NDArray[np.float64], column: int, log: bool) -> pd.DataFrame:
    """One run in rows of CURVE, its gap in its name; NaN where a number has no place on the axis."""
    if len(curve) and np.isfinite(curve[-1, column : column + 2]).all():
        gap = (curve[-1, column + 1] - curve[-1, column]) * (1 if column == 1 else -1)
        told = f"{gap:.3g}" if column == 1 else f"{100 * gap:.1f} %"
        name += f", gap {told}".replace("gap -", "gap −")
    shown = np.where(np.isfinite(curve) & ((curve > 0) | (not log)), curve, np.nan)
    training, test = shown[:, column], shown[:, column + 1]
    data = {"run": name, "examples": curve[:, 0], "training": training, "test": test}
    return pd.DataFrame(data)


def spread(
    examples: ArrayLike, values: ArrayLike, title: str, *, log: bool = False
) -> alt.LayerChart:
    """Median and the middle 80 % of a crowd: values (R, N) at examples (R,); some nets as lines.

    Numbers without a place on the axis are left out, and moments at which no net has another.
    """
    at, crowd = np.asarray(examples), np.asarray(values, float)
    finite = np.where(np.isfinite(crowd) & ((crowd > 0) | (not log)), crowd, np.nan)
    some = np.isfinite(finite).any(axis=1)
    at, finite = at[some], finite[some]
    quantiles = np.nanquantile(finite, (0.1, 0.5, 0.9), axis=1) if some.any() else np.empty((3, 0))
    low, middle, high = quantiles
    frame = pd.DataFrame({"examples": at, "low": low, "median": middle, "high": high})
    chosen = np.linspace(0, crowd.shape[1] - 1, min(THIN, crowd.shape[1])).round().astype(int)
    single = pd.concat(
        pd.DataFrame({"examples": at, "value": finite[:, i], "net": i}) for i in chosen
    ).dropna()
    axis = alt.X("examples:Q", title="examples seen by each net", axis=alt.Axis(format="~s"))
    scale = alt.Scale(type="log") if log else alt.Scale(zero=False)
    y: dict[str, Any] = {"title": title, "scale": scale}
    lines = (
        alt.Chart(single)
        .mark_line(strokeWidth=0.7, opacity=0.35, color=GREY)
        .encode(x=axis, y=alt.Y("value:Q", **y), detail="net:N", tooltip=["net", "value"])
    )
    band = (
        alt.Chart(frame)
        .mark_area(opacity=0.25, color=BLUE)
        .encode(x=axis, y=alt.Y("low:Q", **y), y2="high:Q")
    )
    line = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5, color=BLUE)
        .encode(x=axis, y=alt.Y("median:Q", **y), tooltip=["examples", "low", "median", "high"])
    )
    return dressed(alt.LayerChart(layer=[lines, band, line], height=230))


def solved(examples: ArrayLike, share: ArrayLike) -> alt.LayerChart:
    """Which share (R,) of a crowd has solved the task after so many examples (R,)."""
    frame = pd.DataFrame({"examples": np.asarray(examples), "share": np.asarray(share, float)})
    chart = (
        alt.Chart(frame)
        .mark_area(interpolate="step-after", opacity=0.3, color=GREEN, line={"color": GREEN})
        .encode(
            x=alt.X("examples:Q", title="examples seen by each net", axis=alt.Axis(format="~s")),
            y=alt.Y(
                "share:Q",
                title="share that solved it",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%"),
            ),
            tooltip=["examples", alt.Tooltip("share:Q", format=".1%")],
        )
    )
    return dressed(alt.LayerChart(layer=[chart], height=230))


def computational_graph(
    nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]]
) -> alt.LayerChart:
    """Nodes and edges of `core.nets.explain.rows`: values go forward, gradients (∂) come back.

    A node is a card with its own paper and ink, so that it reads on light and dark pages alike and
    no edge runs through a number.
    """
    points, lines = pd.DataFrame(nodes), pd.DataFrame(edges)
    points["back"] = np.where(points["gradient"] == "", "", "∂ " + points["gradient"])
    points["ink"] = [KINDS.get(kind, GREY) for kind in points["kind"]]
    points["tall"] = [_tall(row.value, row.back) for row in points.itertuples()]
    wide, tall = _wide(nodes), int(points["tall"].max())
    (left, right), (top, low) = ((points[axis].min(), points[axis].max()) for axis in "xy")
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left - 0.5, right + 0.5]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[low + 0.5, top - 0.5]))
    links = (
        alt.Chart(lines)
        .mark_rule(opacity=0.6, color=GREY, strokeWidth=1.2)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=["from", "to", "slope"])
    )
    base = alt.Chart(points).encode(x=x, y=y, tooltip=["label", "value", "gradient"])
    layers = [links, base.mark_point(opacity=0).encode(color=alt.Color("ink:N", scale=None))]
    text: dict[str, Any] = {"lineBreak": "\n", "lineHeight": LINE, "baseline": "top"}
    for (height, count), some in points.groupby(["tall", points["value"].str.count("\n")]):
        front = base.properties(data=some)
        half = height / wide
        card = front.mark_point(
            shape=f"M-1,{-half}L1,{-half}L1,{half}L-1,{half}Z",
            size=wide**2, fill=PAPER, opacity=1, strokeWidth=2,
        )  # fmt: skip
        first = -height / 2 + 5
        values, back = first + LINE + 2, first + 4 + LINE * (count + 2)
        label: dict[str, Any] = {
            "fontSize": 11,
            "fontWeight": "bold",
            "baseline": "top",
            "color": INK,
        }
        layers += [
            card.encode(stroke=alt.Stroke("ink:N", scale=None)),
            front.mark_text(dy=first, **label).encode(text="label:N"),
            front.mark_text(dy=values, fontSize=10, color=INK, **text).encode(text="value:N"),
            front.mark_text(dy=back, fontSize=10, color=BACK, **text).encode(text="back:N"),
        ]
    height = int((low - top + 1) * (tall + 28))
    return dressed(alt.LayerChart(layer=layers, height=height))


def graph_width(nodes: Sequence[Mapping[str, Any]]) -> int:
    """Pixels across from which on the cards of a computational graph stand apart."""
    across = [float(node["x"]) for node in nodes]
    return int((max(across) - min(across) + 1) * (_wide(nodes) + 14))


def _wide(nodes: Sequence[Mapping[str, Any]]) -> int:
    """Width of a card, pixels, for the longest line that is written on one."""
    lines = [len(str(node["label"])) * 6.4 for node in nodes]
    for node in nodes:
        lines += [6.0 * (len(line) + 2) for line in str(node["gradient"]).split("\n")]
    return int(max(56.0, *lines) + 10)


def _tall(value: str, back: str) -> int:
    """Height of a card, pixels: its label, its value, and its gradient if it has one."""
    lines = 2 + value.count("\n") + (1 + back.count("\n") if back else 0)
    return LINE * lines + 14


def decision_mosaic(classes: ArrayLike, probability: ArrayLike) -> NDArray[np.uint8]:
    """(N, s, s, 3): each pixel its class's colour, the paler the less sure the net is there.

    A net whose numbers are none any more (NaN) is not sure of anything.
    """
    inks = np.array([rgb(colour) for colour in CLASSES], float)
    sure = np.nan_to_num(np.asarray(probability, float))[..., None]
    colour = inks[np.asarray(classes)]
    return (255 + (colour - 255) * (0.15 + 0.75 * sure**2)).round().astype(np.uint8)
