"""The colours of Vitrine, one list for charts, pictures and the dashboard's own theme.

Okabe & Ito, Color universal design (2008): told apart by readers with any common colour blindness.
"""

from __future__ import annotations

from typing import TypeVar

import altair as alt
import numpy as np
from numpy.typing import NDArray

Chart = TypeVar("Chart", alt.Chart, alt.LayerChart)

BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY, GREY = "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C"
# Ten classes at once: as far apart as ten can be, the first two the furthest.
CLASSES = (
    BLUE, VERMILION, GREEN, PURPLE, ORANGE,
    SKY, "#8A5A2B", "#6A4FA3", "#B0A000", "#5F6B73",
)  # fmt: skip
CLASSES_DARK = (
    "#4AA8E0", "#F08A3C", "#2FC79A", "#E79AC4", "#F2C230",
    "#A8E4FF", "#B98550", "#A088E8", "#B4EA3C", "#8F999F",
)  # fmt: skip
CATEGORICAL = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY)
SEQUENTIAL = (
    "#F3F6F4", "#D7E6E4", "#B7D5D8", "#94C3D0", "#6EAFC9",
    "#4599C0", "#2182B1", "#0D6A99", "#08527A", "#053A58",
)  # fmt: skip
DIVERGING = (
    "#0A4B78", "#1F76AC", "#5AA3CC", "#A0CBE0", "#DCEAF0",
    "#F6E6D5", "#F2BE8A", "#E58E45", "#C5601A", "#8A3C08",
)  # fmt: skip


def rgb(colour: str) -> tuple[int, int, int]:
    """'#RRGGBB' as three numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ramp(colours: tuple[str, ...], levels: int = 256) -> NDArray[np.uint8]:
    """(levels, 3) table that runs evenly through `colours`."""
    stops = np.array([rgb(c) for c in colours], float)
    at = np.linspace(0, len(stops) - 1, levels)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


@alt.theme.register("vitrine", enable=False)
def palette() -> alt.theme.ThemeConfig:
    """The palette as an Altair theme, for notebooks: `alt.theme.enable("vitrine")`.

    On the dashboard Streamlit brings it, from config.toml, in its light or dark version.
    """
    return {
        "config": {
            "range": {
                "category": [*CATEGORICAL],
                "heatmap": [*SEQUENTIAL],
                "diverging": [*DIVERGING],
            }
        }
    }


def dressed(chart: Chart) -> Chart:
    """`chart` with Vitrine's quiet axes; colours follow the page's light or dark theme."""
    return (
        chart.configure_view(strokeWidth=0)
        .configure_axis(grid=True, gridOpacity=0.35, domain=False, ticks=False, labelPadding=6)
        .configure_legend(orient="top", title=None)
    )
