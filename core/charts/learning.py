"""Curves of a learner's trace: one small chart a quantity, over steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.charts.theme import ORANGE, VERMILION, dressed


def curve(
    rows: Sequence[Mapping[str, float]],
    *,
    x: str,
    y: str,
    title: str,
    now: float | None = None,
    bars: bool = False,
    format: str = ".3f",
) -> alt.TopLevelMixin:
    """Column `y` of `rows` over column `x`; `now` marks the step shown elsewhere on the page."""
    frame = pd.DataFrame(rows)
    # Bars of nothing but zeros would leave the axis without a scale.
    top = {"domain": [0, max(1, int(frame[y].max()))]} if bars else {"zero": False}
    whole = {"tickMinStep": 1, "format": "d"} if bars else {}
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:Q", title=x, axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y(f"{y}:Q", title=title, scale=alt.Scale(**top), axis=alt.Axis(**whole)),
        tooltip=[alt.Tooltip(f"{x}:Q"), alt.Tooltip(f"{y}:Q", title=title, format=format)],
    )
    point = alt.OverlayMarkDef(size=36)
    layers = [base.mark_bar(size=14, color=ORANGE) if bars else base.mark_line(point=point)]
    if now is not None:
        rule = alt.Chart(pd.DataFrame({x: [now]})).mark_rule(color=VERMILION, strokeDash=[4, 3])
        layers.append(rule.encode(x=f"{x}:Q"))
    return dressed(alt.layer(*layers).properties(height=190))


def spectra(before: NDArray[np.floating], after: NDArray[np.floating]) -> alt.TopLevelMixin:
    """Eigenvalues of two covariances (d, d), largest first, on a logarithmic axis."""
    floor = 1e-6  # a contrast-normalised patch has one direction without any variance
    frame = pd.concat(
        pd.DataFrame(
            {
                "rank": np.arange(1, len(values) + 1),
                "variance": np.maximum(np.linalg.eigvalsh(values)[::-1], floor),
                "of": name,
            }
        )
        for name, values in (("before", before), ("after", after))
    )
    chart = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("rank:Q", title="direction, strongest first"),
            y=alt.Y("variance:Q", title="variance along it", scale=alt.Scale(type="log")),
            color=alt.Color("of:N", sort=["before", "after"]),
            tooltip=["of", "rank", alt.Tooltip("variance:Q", format=".3g")],
        )
        .properties(height=260)
    )
    return dressed(chart)
