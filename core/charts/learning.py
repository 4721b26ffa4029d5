"""Curves of a learner's trace: one small chart a quantity, over steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import ORANGE, VERMILION, dressed


def curve(
    rows: Sequence[Mapping[str, float]],
    column: str,
    title: str,
    *,
    now: float | None = None,
    counts: bool = False,
) -> alt.LayerChart:
    """A `column` of `rows` over their first one, as a line, or as bars where it `counts`.

    `now` marks the step that is shown elsewhere on the page.
    """
    frame = pd.DataFrame(rows)
    x = str(frame.columns[0])
    # Bars of nothing but zeros would leave the axis without a scale.
    span = {"domain": [0, max(1, int(frame[column].max()))]} if counts else {"zero": False}
    ticks = alt.Axis(tickMinStep=1, format="d") if counts else alt.Axis()
    tip = alt.Tooltip(f"{column}:Q", title=title, format="d" if counts else ".4g")
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:Q", title=x, axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y(f"{column}:Q", title=title, scale=alt.Scale(**span), axis=ticks),
        tooltip=[alt.Tooltip(f"{x}:Q"), tip],
    )
    point = alt.OverlayMarkDef(size=36)
    layers = [base.mark_bar(size=14, color=ORANGE) if counts else base.mark_line(point=point)]
    if now is not None:
        rule = alt.Chart(frame).mark_rule(color=VERMILION, strokeDash=[4, 3])
        layers.append(rule.encode(x=alt.datum(now)))
    return dressed(alt.LayerChart(layer=layers, height=190))


def spectra(before: ArrayLike, after: ArrayLike) -> alt.Chart:
    """Eigenvalues of two covariances (d, d), largest first, on a logarithmic axis."""
    floor = 1e-6  # a contrast-normalised patch has one direction without any variance
    spectrum = {
        name: np.maximum(np.linalg.eigvalsh(np.asarray(matrix))[::-1], floor)
        for name, matrix in (("before", before), ("after", after))
    }
    frame = pd.concat(
        pd.DataFrame({"rank": np.arange(1, len(values) + 1), "variance": values, "of": name})
        for name, values in spectrum.items()
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
