"""Networks in charts: runs side by side, a crowd's spread, one update as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import BLUE, CATEGORICAL, CLASSES, GREEN, VERMILION, dressed, rgb

LOSS = {"cross-entropy": "loss, nats", "squared error": "loss, mean squared error"}
THIN = 30  # nets of a crowd that are drawn one by one
KINDS = {"x": BLUE, "W": VERMILION, "b": VERMILION, "loss": GREEN, "t": GREEN}


def compare(runs: Mapping[str, ArrayLike], loss: str) -> alt.LayerChart:
    """Loss over examples of up to four runs, (R, 5) each as Timeline.curve gives it.

    A run's name is its colour; training is solid, test dashed. Where a run has a test set the gap
    between both at its end is a bar with its number.
    """
    frames, gaps = [], []
    for name, curve in runs.items():
        rows = np.asarray(curve, float)
        for of, column in (("training", 1), ("test", 2)):
            frames.append(
                pd.DataFrame(
                    {"examples": rows[:, 0], "loss": rows[:, column], "of": of, "run": name}
                )
            )
        if len(rows) and np.isfinite(rows[-1, 1:3]).all():
            at, train, test = rows[-1, :3]
            gap = {"run": name, "examples": at, "low": train, "high": test, "gap": test - train}
            gaps.append(gap | {"text": f"gap {test - train:.3g}"})
    frame = pd.concat(frames).dropna()
    frame = frame[frame["loss"] > 0]
    colour = alt.Color("run:N", sort=None, scale=alt.Scale(range=[*CATEGORICAL]))
    base = alt.Chart(frame).encode(
        x=alt.X("examples:Q", title="examples seen", axis=alt.Axis(format="~s")),
        y=alt.Y("loss:Q", title=LOSS[loss], scale=alt.Scale(type="log")),
        color=colour,
        tooltip=["run", "of", "examples", alt.Tooltip("loss:Q", format=".4g")],
    )
    dash = alt.StrokeDash("of:N", sort=["training", "test"])
    layers: list[alt.Chart] = [base.mark_line(strokeWidth=2).encode(strokeDash=dash)]
    if gaps:
        ends = alt.Chart(pd.DataFrame(gaps)).encode(x="examples:Q", color=colour)
        layers.append(ends.mark_rule(strokeWidth=3).encode(y="low:Q", y2="high:Q"))
        layers.append(
            ends.mark_text(align="right", dx=-8, fontSize=12).encode(y="high:Q", text="text:N")
        )
    return dressed(alt.LayerChart(layer=layers, height=260))


def spread(
    examples: ArrayLike, values: ArrayLike, title: str, *, log: bool = False
) -> alt.LayerChart:
    """Median and the middle 80 % of a crowd: values (R, N) at examples (R,); some nets as lines."""
    at, crowd = np.asarray(examples), np.asarray(values, float)
    finite = np.where(np.isfinite(crowd), crowd, np.nan)
    low, middle, high = np.nanquantile(finite, (0.1, 0.5, 0.9), axis=1)
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
        .mark_line(strokeWidth=0.7, opacity=0.35, color="#8C8C8C")
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
    columns, rows = points["x"].max() + 1, points["y"].max() - points["y"].min() + 1
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.6, columns - 0.1]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[rows, -0.6]))
    links = (
        alt.Chart(lines)
        .mark_rule(opacity=0.45)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=["from", "to", "slope"])
    )
    base = alt.Chart(points).encode(x=x, y=y, tooltip=["label", "value", "gradient"])
    colour = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=[*KINDS], range=[*KINDS.values()]),
    )
    layers = [
        links,
        base.mark_circle(size=70, opacity=1).encode(color=colour),
        base.mark_text(dy=-22, fontSize=11, fontWeight="bold").encode(text="label:N"),
        base.mark_text(dy=-10, fontSize=10).encode(text="value:N"),
        base.mark_text(dy=13, fontSize=10, color=VERMILION).encode(text="back:N"),
    ]
    chart = alt.LayerChart(layer=layers, height=int(max(200, 54 * rows)))
    return dressed(chart)


def decision_mosaic(classes: ArrayLike, probability: ArrayLike) -> NDArray[np.uint8]:
    """(N, s, s, 3): each pixel its class's colour, the paler the less sure the net is there."""
    inks = np.array([rgb(colour) for colour in CLASSES], float)
    sure = np.asarray(probability, float)[..., None]
    colour = inks[np.asarray(classes)]
    return (255 + (colour - 255) * (0.15 + 0.75 * sure**2)).round().astype(np.uint8)
