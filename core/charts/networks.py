"""Networks in charts: runs side by side, a crowd's spread, one update as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import BLUE, CATEGORICAL, CLASSES, GREEN, GREY, VERMILION, dressed, rgb

LOSS = {"cross-entropy": "loss, nats", "squared error": "loss, mean squared error"}
THIN = 30  # nets of a crowd that are drawn one by one
CURVE = ["run", "examples", "training", "test"]
KINDS = {"x": BLUE, "W": VERMILION, "b": VERMILION, "loss": GREEN, "t": GREEN}  # others: GREY
LINE = 12  # height of a line of text in a graph, pixels


def compare(runs: Mapping[str, ArrayLike], loss: str, *, log: bool = True) -> alt.LayerChart:
    """Loss over examples of one to four runs, (R, 5) each as Timeline.curve gives it.

    A run's name is its colour; training is solid, test dashed. Where a run has a test set the gap
    between both is shaded, and the legend says how wide it is at the end.
    """
    rows = [_curve(name, np.asarray(curve, float), log) for name, curve in runs.items()]
    wide = pd.concat(rows)
    frame = wide.melt(CURVE[:2], var_name="of", value_name="loss").dropna()
    colour = alt.Color(
        "run:N",
        sort=None,
        legend=alt.Legend(symbolOpacity=1),
        scale=alt.Scale(domain=[*wide["run"].unique()], range=[*CATEGORICAL]),
    )
    x = alt.X("examples:Q", title="examples seen", axis=alt.Axis(format="~s"))
    scale = alt.Scale(type="log") if log else alt.Scale()
    y: dict[str, Any] = {"title": LOSS[loss], "scale": scale}
    lines = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("loss:Q", **y),
            color=colour,
            strokeDash=alt.StrokeDash("of:N", sort=["training", "test"]),
            tooltip=["run:N", "of:N", "examples:Q", alt.Tooltip("loss:Q", format=".4g")],
        )
    )
    gaps = (
        alt.Chart(wide.dropna())
        .mark_area(opacity=0.15)
        .encode(x=x, y=alt.Y("training:Q", **y), y2="test:Q", color=colour)
    )
    return dressed(alt.LayerChart(layer=[lines, gaps], height=260))


def _curve(name: str, curve: NDArray[np.float64], log: bool) -> pd.DataFrame:
    """One run in rows of CURVE, its gap in its name; NaN where a loss has no place on the axis."""
    if len(curve) and np.isfinite(curve[-1, 1:3]).all():
        name += f", gap {curve[-1, 2] - curve[-1, 1]:.3g}"
    shown = np.where(np.isfinite(curve) & ((curve > 0) | (not log)), curve, np.nan)
    data = {"run": name, "examples": curve[:, 0], "training": shown[:, 1], "test": shown[:, 2]}
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
    """Nodes and edges of `core.nets.explain.rows`: values forward above, gradients back below."""
    points, lines = pd.DataFrame(nodes), pd.DataFrame(edges)
    points["back"] = np.where(points["gradient"] == "", "", "∂ " + points["gradient"])
    more = points["value"].str.count("\n")
    points["ink"] = [KINDS.get(kind, GREY) for kind in points["kind"]]
    columns, rows = points["x"].max() + 1, points["y"].max() - points["y"].min() + 1
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.6, columns - 0.1]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[rows - 0.3, -0.7]))
    links = (
        alt.Chart(lines)
        .mark_rule(opacity=0.3)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=["from", "to", "slope"])
    )
    base = alt.Chart(points).encode(x=x, y=y, tooltip=["label", "value", "gradient"])
    text: dict[str, Any] = {"fontSize": 10, "lineBreak": "\n", "lineHeight": LINE}
    layers = [
        links,
        base.mark_circle(size=70, opacity=1).encode(color=alt.Color("ink:N", scale=None)),
        base.mark_text(dy=-10, fontSize=11, fontWeight="bold").encode(text="label:N"),
        base.mark_text(dy=13, color=VERMILION, **text).encode(text="back:N"),
    ]
    # A block of text hangs from its first line: the longer, the higher it has to begin.
    for count in sorted(more.unique().tolist()):
        front = base.properties(data=points[more == count])
        layers.append(front.mark_text(dy=-22 - LINE * count, **text).encode(text="value:N"))
    height = (rows + 0.4) * (56 + 2 * LINE * more.max())
    return dressed(alt.LayerChart(layer=layers, height=int(max(200, height))))


def decision_mosaic(classes: ArrayLike, probability: ArrayLike) -> NDArray[np.uint8]:
    """(N, s, s, 3): each pixel its class's colour, the paler the less sure the net is there.

    A net whose numbers are none any more (NaN) is not sure of anything.
    """
    inks = np.array([rgb(colour) for colour in CLASSES], float)
    sure = np.nan_to_num(np.asarray(probability, float))[..., None]
    colour = inks[np.asarray(classes)]
    return (255 + (colour - 255) * (0.15 + 0.75 * sure**2)).round().astype(np.uint8)
