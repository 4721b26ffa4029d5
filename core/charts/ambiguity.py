"""How the trees of a sentence multiply with its phrases."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts.theme import BLUE, VERMILION, dressed

ALL, TIED = "trees", "as good as the best"


def growth(counts: Sequence[int], ties: Sequence[int], *, here: int) -> alt.LayerChart:
    """Trees, and those of the best probability, with 0, 1, 2, ... phrases; `here` is marked."""
    rows = [(k, ALL, count) for k, count in enumerate(counts)]
    rows += [(k, TIED, count) for k, count in enumerate(ties)]
    frame = pd.DataFrame(rows, columns=["phrases", "of", "trees"])
    base = alt.Chart(frame).encode(
        x=alt.X("phrases:Q", title="prepositional phrases", axis=alt.Axis(format="d", tickMinStep=1)),
        y=alt.Y("trees:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"), title="trees"),
        color=alt.Color(
            "of:N", title=None, sort=None,
            scale=alt.Scale(domain=[ALL, TIED], range=[VERMILION, BLUE]),
        ),
        tooltip=["of:N", "phrases:Q", alt.Tooltip("trees:Q", format=",")],
    )  # fmt: skip
    mark = alt.Chart(frame).mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(here))
    layers = [mark, base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=45)]
    return dressed(alt.LayerChart(layer=layers, height=320))
