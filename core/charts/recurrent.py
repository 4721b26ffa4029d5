"""How far a gradient reaches back in time, over lag: of several recurrent cells beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREEN, ORANGE, SKY, VERMILION, dressed

FLOOR = 1e-16  # below that float64 has nothing to tell
COLOURS = (ORANGE, GREEN, BLUE, SKY)
LAG = "characters back"
HEIGHT = 300


def vanishing(curves: Mapping[str, ArrayLike], *, cut: int | None = None) -> alt.LayerChart:
    """Shares of the last gradient (lags,) of each net by its name; `cut` marks truncation, if within.

    What is nothing or no number is left out, what is too small for float64 lies on the floor.
    """
    frame = pd.concat([_long(name, values) for name, values in curves.items()])
    names = list(curves)
    base = alt.Chart(frame).encode(
        x=alt.X("lag:Q", title=LAG, axis=alt.Axis(tickMinStep=1, format="d")),
        y=_log("share", "gradient, as a share of the last", frame["share"]),
        color=alt.Color(
            "net:N",
            sort=names,
            scale=alt.Scale(domain=names, range=[*COLOURS[: len(names)]]),
            legend=alt.Legend(columns=2),
        ),
        tooltip=["net", alt.Tooltip("lag:Q", title=LAG), alt.Tooltip("share:Q", format=".3g")],
    )
    layers: list[alt.Chart] = [base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=14))]
    if cut is not None and cut < max(frame["lag"], default=0):
        here = alt.Chart(pd.DataFrame({"lag": [cut - 0.5]})).encode(x="lag:Q")
        layers.append(here.mark_rule(color=VERMILION, strokeDash=[4, 3]))
        words = here.mark_text(color=VERMILION, align="left", dx=6, baseline="bottom")
        layers.append(words.encode(y=alt.value(HEIGHT - 6), text=alt.value("truncated here")))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def spectrum(
    values: ArrayLike, *, title: str, colour: str, domain: Sequence[float]
) -> alt.LayerChart:
    """Singular values (lags + 1, 3): largest, median and smallest, the room between them filled.

    `domain` of the logarithmic axis, so that charts beside each other have the same.
    """
    table = np.maximum(np.asarray(values, float), FLOOR)
    frame = pd.DataFrame(table, columns=["largest", "median", "smallest"])
    frame.insert(0, "lag", np.arange(len(table)))
    x = alt.X("lag:Q", title=LAG, axis=alt.Axis(tickMinStep=1, format="d"))
    scale = alt.Scale(type="log", domain=[*domain], clamp=True)
    axis = alt.Axis(format="~e", tickCount=6)
    tips = [alt.Tooltip("lag:Q", title=LAG)]
    tips += [alt.Tooltip(f"{name}:Q", format=".3g") for name in ("largest", "median", "smallest")]
    base = alt.Chart(frame).encode(x=x, tooltip=tips)
    band = base.mark_area(color=colour, opacity=0.22).encode(
        y=alt.Y("smallest:Q", title="singular values", scale=scale, axis=axis), y2="largest:Q"
    )
    lines = [
        base.mark_line(color=colour, strokeWidth=width, strokeDash=dash).encode(
            y=alt.Y(f"{name}:Q", scale=scale)
        )
        for name, width, dash in (
            ("largest", 2.5, [1, 0]),
            ("median", 1.5, [5, 3]),
            ("smallest", 1.0, [1, 0]),
        )
    ]
    return dressed(alt.LayerChart(layer=[band, *lines], height=230, title=title))


def domain(spectra: Sequence[ArrayLike]) -> tuple[float, float]:
    """A common axis for charts of `spectrum`."""
    every = np.concatenate([np.ravel(np.asarray(one, float)) for one in spectra])
    return max(FLOOR, float(every.min())), max(1.0, float(every.max()))


def _long(name: str, values: ArrayLike) -> pd.DataFrame:
    share = np.asarray(values, float)
    frame = pd.DataFrame({"net": name, "lag": np.arange(len(share)), "share": share})
    frame = frame[frame["share"] > 0]
    return frame.assign(share=frame["share"].clip(lower=FLOOR))


def _log(column: str, title: str, values: pd.Series) -> alt.Y:
    least = max(FLOOR, float(values.min())) if len(values) else FLOOR
    # an axis of less than three decades would make little of much
    scale = alt.Scale(type="log", domainMin=min(least, 1e-3))
    return alt.Y(f"{column}:Q", title=title, scale=scale, axis=alt.Axis(format="~e", tickCount=6))
