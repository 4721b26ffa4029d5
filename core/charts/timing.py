"""Where the time goes: one bar, a part a stage."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from core.charts.theme import dressed


def stages(seconds: Mapping[str, float]) -> alt.Chart:
    """One horizontal bar of milliseconds, its parts in the order of `seconds`."""
    names = list(seconds)
    frame = pd.DataFrame(
        {
            "stage": names,
            "ms": [1000 * s for s in seconds.values()],
            "order": range(len(names)),
        }
    )
    chart = (
        alt.Chart(frame)
        .mark_bar(size=18)
        .encode(
            x=alt.X("ms:Q", title="milliseconds", stack="zero"),
            color=alt.Color("stage:N", sort=names),
            order=alt.Order("order:Q"),
            tooltip=["stage", alt.Tooltip("ms:Q", title="ms", format=".1f")],
        )
        .properties(height=150)
    )
    return dressed(chart)
