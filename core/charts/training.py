"""How a run of training goes: what a character costs, and how much of it is right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.charts.theme import BLUE, GREEN, ORANGE, VERMILION, dressed

Row = Mapping[str, float]  # the plain numbers of a Step of core.sequence.watching
LEARNED, HELD = "learned from", "held back"
NEXT, WHOLE, UNIT = "characters", "whole texts", "the watched unit"
NAT = 1 / math.log(2)  # bits


def bits(rows: Sequence[Row], *, now: float | None = None) -> alt.LayerChart:
    """Bits a character over updates, of what is learned from and of what is held back."""
    curves = {LEARNED: ("loss", NAT), HELD: ("held_loss", NAT)}
    return _curves(rows, curves, (ORANGE, BLUE), "bits a character", now)


def accuracy(rows: Sequence[Row], *, now: float | None = None) -> alt.LayerChart:
    """Held-back characters and texts that are right, and how well the watched unit follows: 0 to 1."""
    curves = {NEXT: ("held_accuracy", 1.0), WHOLE: ("held_texts", 1.0), UNIT: ("score", 1.0)}
    return _curves(rows, curves, (BLUE, GREEN, VERMILION), "share, |r| or F1", now, top=1.0)


def _curves(
    rows: Sequence[Row],
    curves: Mapping[str, tuple[str, float]],
    colours: Sequence[str],
    title: str,
    now: float | None,
    top: float | None = None,
) -> alt.LayerChart:
    """Columns of `rows` over "updates", each by its name and multiplied; `now` marks a moment."""
    frame = pd.DataFrame(
        [
            {"updates": row["updates"], "value": row[column] * factor, "of": name}
            for name, (column, factor) in curves.items()
            for row in rows
            if math.isfinite(row.get(column, math.nan))  # the first has learned from nothing yet
        ],
        columns=["updates", "value", "of"],
    )
    scale = alt.Scale(zero=True) if top is None else alt.Scale(domain=[0, top])
    base = alt.Chart(frame).encode(
        x=alt.X("updates:Q", title="updates", axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("value:Q", title=title, scale=scale),
        color=alt.Color("of:N", sort=None, scale=alt.Scale(domain=list(curves), range=[*colours])),
        tooltip=["of:N", "updates:Q", alt.Tooltip("value:Q", format=".3f", title=title)],
    )
    layers = [base.mark_line(strokeWidth=2)]
    if now is not None:
        layers.append(alt.Chart(frame).mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(now)))
    return dressed(alt.LayerChart(layer=layers, height=240))
