"""What a net expects next, before and after something in it is held."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts.theme import BLUE, ORANGE, dressed

SIDES = ("as it is", "held")


def expecting(rows: Sequence[tuple[str, float, float]]) -> alt.Chart:
    """Bars of (character, probability as it is, probability with the hold), in this order."""
    frame = pd.DataFrame(
        [
            {"character": name, "net": side, "probability": value}
            for name, *values in rows
            for side, value in zip(SIDES, values, strict=True)
        ]
    )
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("probability:Q", title="probability", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(
                "character:N",
                title=None,
                axis=alt.Axis(labelOverlap=False),
                sort=[name for name, *_ in rows],
            ),
            yOffset=alt.YOffset("net:N", sort=list(SIDES)),
            color=alt.Color("net:N", scale=alt.Scale(domain=list(SIDES), range=[BLUE, ORANGE])),
            tooltip=["character:N", "net:N", alt.Tooltip("probability:Q", format=".4f")],
        )
        .properties(height=40 * len(rows) + 90)
    )
    return dressed(chart)
