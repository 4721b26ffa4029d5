"""Precision against recall, and where the threshold of the moment stands on it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, ORANGE, VERMILION, dressed


def curve(
    recall: ArrayLike,
    precision: ArrayLike,
    scores: ArrayLike,
    interpolated: ArrayLike,
    *,
    threshold: float,
    now: tuple[float, float] | None,
) -> alt.LayerChart:
    """The n points (recall, precision) of falling `scores`, the `interpolated` precision at evenly
    spaced recalls, whose area is AP, and the point `now` of `threshold`, where there is one."""
    points = pd.DataFrame(
        {"recall": np.asarray(recall), "precision": precision, "score": scores, "of": "measured"}
    )
    heights = np.asarray(interpolated)
    steps = pd.DataFrame(
        {
            "recall": np.linspace(0, 1, len(heights)),
            "precision": heights,
            "of": "interpolated: its mean is AP",
        }
    )
    x = alt.X("recall:Q", title="recall", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("precision:Q", title="precision", scale=alt.Scale(domain=[0, 1]))
    sort: Sequence[str] = ["measured", "interpolated: its mean is AP"]
    colour = alt.Color("of:N", sort=sort, scale=alt.Scale(domain=sort, range=[BLUE, ORANGE]))
    tip = [alt.Tooltip(f"{name}:Q", format=".3f") for name in ("recall", "precision", "score")]
    area = alt.Chart(steps).mark_area(opacity=0.25, interpolate="step-before").encode(x, y, colour)
    line = alt.Chart(points).mark_line(strokeWidth=2).encode(x, y, colour, order="score:Q")
    dots = alt.Chart(points).mark_circle(size=28, opacity=1).encode(x, y, colour, tooltip=tip)
    layers: list[alt.Chart] = [area, line, dots]
    if now is not None:
        here = pd.DataFrame({"recall": [now[0]], "precision": [now[1]], "score": [threshold]})
        base = alt.Chart(here).encode(x, y, tooltip=tip)
        layers.append(base.mark_point(size=180, color=VERMILION, strokeWidth=3, filled=False))
        text = f"score ≥ {threshold:.2f}"
        # Beside the point on the side where there is room.
        right = now[0] > 0.5
        mark = base.mark_text(
            color=VERMILION,
            fontWeight="bold",
            dy=14,
            dx=-12 if right else 12,
            align="right" if right else "left",
        )
        layers.append(mark.encode(text=alt.value(text)))
    return dressed(alt.LayerChart(layer=layers, height=320))
