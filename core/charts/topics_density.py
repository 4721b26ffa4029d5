"""The four distributions of the course: what is likely, and what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.charts.theme import BLUE, GREY, ORANGE, SEQUENTIAL, VERMILION, dressed
from core.charts.topics_names import INK, share

HEIGHT = 260
SIDE = 400  # pixels of the triangle's height and, where there is room, of its width
CUT = 0.99  # a density without bound would leave one bright point: its largest hundredth is alike
CORNERS = ("topic 1", "topic 2", "topic 3")


def binomial(p: ArrayLike, drawn: ArrayLike = ()) -> alt.LayerChart:
    """P(k) (n + 1,) of k = 0 .. n successes as bars, shares of the k in `drawn` (s,) as ticks."""
    chance = np.asarray(p, float)
    k = np.asarray(drawn, int)
    frame = pd.DataFrame({"k": np.arange(len(chance)), "p": chance})
    times = np.bincount(k, minlength=len(chance))[: len(chance)]
    frame = frame.assign(drawn=times / max(len(k), 1), times=times)
    tips = [alt.Tooltip("k:Q", title="successes"), alt.Tooltip("p:Q", title="P(k)", format=".4f")]
    if len(k):
        tips.append(alt.Tooltip("times:Q", title="drawn", format=",d"))
    axis = alt.Axis(format="d", tickMinStep=1)
    width = max(1.0, min(24.0, 420 / len(chance)))
    base = alt.Chart(frame).encode(
        x=alt.X("k:Q", title="successes, k", axis=axis, scale=alt.Scale(padding=width, nice=False)),
        tooltip=tips,
    )
    bars = base.mark_bar(size=width, color=BLUE, opacity=0.8)
    layers = [bars.encode(y=alt.Y("p:Q", title="probability P(k)"))]
    if len(k):
        ticks = base.mark_tick(color=ORANGE, thickness=3, size=width + 4, orient="horizontal")
        layers.append(ticks.transform_filter(alt.datum.times > 0).encode(y="drawn:Q"))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def beta(
    x: ArrayLike, density: ArrayLike, *, before: ArrayLike | None = None, drawn: ArrayLike = ()
) -> alt.LayerChart:
    """The density at x (n,), and what it was `before` data were seen; draws as ticks below.

    Where a density has no bound there is no point.
    """
    at = np.asarray(x, float)
    kinds = {"after": density} if before is None else {"before": before, "after": density}
    parts = [
        pd.DataFrame({"of": name, "x": at, "density": np.asarray(values, float)})
        for name, values in kinds.items()
    ]
    frame = pd.concat([part[np.isfinite(part["density"])] for part in parts])
    line = alt.Chart(frame).encode(
        x=alt.X("x:Q", title="p", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5)),
        y=alt.Y("density:Q", title="density", stack=None),
        color=alt.Color(
            "of:N", sort=None, legend=None if before is None else alt.Legend(),
            scale=alt.Scale(domain=["before", "after"], range=[GREY, BLUE]),
        ),
        tooltip=["of:N", alt.Tooltip("x:Q", format=".3f"), alt.Tooltip("density:Q", format=".4~r")],
    )  # fmt: skip
    layers = [line.mark_area(opacity=0.3, line={"strokeWidth": 2.5})]
    draws = np.asarray(drawn, float)
    if len(draws):
        ticks = alt.Chart(pd.DataFrame({"x": draws})).encode(
            x="x:Q",
            y=alt.value(alt.expr("height - 6")),
            tooltip=[alt.Tooltip("x:Q", title="drawn")],
        )
        layers.append(ticks.mark_tick(color=ORANGE, size=12, thickness=1.5, opacity=0.7))
    return dressed(alt.LayerChart(layer=layers, height=HEIGHT))


def dirichlet(
    places: ArrayLike, density: ArrayLike, *,
    drawn: ArrayLike = (), mean: ArrayLike | None = None, corners: Sequence[str] = CORNERS,
) -> alt.LayerChart:  # fmt: skip
    """The density on the triangle, draws (s, 3), and the mean (3,).

    `places` (n, 3) are the centres of its n = resolution^2 cells, see core.topics.dirichlet.triangle.
    """
    at, values = _three(places), np.asarray(density, float)
    bounded = values[np.isfinite(values)]
    most = float(np.quantile(bounded, CUT)) if len(bounded) else 1.0
    frame = _cells(at).assign(density=np.minimum(values, max(most, 1e-12)))
    scale = alt.Scale(range=[*SEQUENTIAL], interpolate="rgb", domain=[0, max(most, 1e-12)])
    legend = alt.Legend(title="density", format=".3~s")
    cells = _triangle(frame.round(5)).mark_rect().encode(
        x2="right:Q", y2="top:Q", color=alt.Color("density:Q", scale=scale, legend=legend),
        # without it the page shows between the cells
        stroke=alt.Stroke("density:Q", scale=scale, legend=legend),
        tooltip=[*_chances(corners), alt.Tooltip("density:Q", format=".4~r")],
    )  # fmt: skip
    layers = [cells, *_frame(corners)]
    draws = _three(drawn)
    if len(draws):
        dots = _triangle(_placed(draws)).mark_circle(
            color=ORANGE, size=26, opacity=0.85, stroke="#1E2428", strokeWidth=0.5
        )
        layers.append(dots.encode(tooltip=_chances(corners)))
    if mean is not None:
        cross = _triangle(_placed(_three(mean)))
        cross = cross.mark_point(shape="cross", filled=True, color=VERMILION, size=140, opacity=1)
        layers.append(cross.encode(tooltip=_chances(corners)))
    return dressed(alt.LayerChart(layer=layers, height=SIDE))


def multinomial(
    counts: ArrayLike, p: ArrayLike, *, drawn: ArrayLike = (), corners: Sequence[str] = CORNERS
) -> alt.LayerChart:
    """P (m,) of all counts (m, 3) with one sum as discs of that area, what was drawn as rings.

    `drawn` (m,) is how often each was drawn.
    """
    x, chance = _three(counts), np.asarray(p, float)
    times = np.asarray(drawn, float)
    frame = _placed(x / np.maximum(x.sum(axis=1, keepdims=True), 1)).assign(p=chance)
    frame[["n1", "n2", "n3"]] = x
    frame = frame.assign(drawn=times / max(times.sum(), 1) if len(times) else 0.0)
    most = float(max(frame["p"].max(), frame["drawn"].max(), 1e-12))
    step = SIDE / max(float(x.sum(axis=1).max(initial=1)), 1)
    scale = alt.Scale(domain=[0, most], range=[0, min(step**2, 1600.0)])
    tips = [alt.Tooltip(f"n{k + 1}:Q", title=f"words of {corners[k]}") for k in range(3)]
    tips.append(alt.Tooltip("p:Q", title="P(x)", format=".4f"))
    if len(times):
        tips.append(share("drawn", "of the draws"))
    base = _triangle(frame).encode(tooltip=tips)
    discs = base.mark_circle(color=BLUE, opacity=0.8)
    layers = [*_frame(corners), discs.encode(size=alt.Size("p:Q", scale=scale, legend=None))]
    if len(times):
        rings = base.mark_point(color=ORANGE, opacity=1, strokeWidth=2, filled=False)
        rings = rings.transform_filter(alt.datum.drawn > 0)
        layers.append(rings.encode(size=alt.Size("drawn:Q", scale=scale, legend=None)))
    return dressed(alt.LayerChart(layer=layers, height=SIDE))


def _three(values: ArrayLike) -> np.ndarray:
    return np.asarray(values, float).reshape(-1, 3)


def _placed(p: np.ndarray) -> pd.DataFrame:
    """Chances (n, 3) on a triangle with corners (0, 0), (1, 0) and (1/2, sqrt(3)/2)."""
    x, y = p[:, 1] + p[:, 2] / 2, p[:, 2] * np.sqrt(3) / 2
    return pd.DataFrame({"x": x, "y": y, "p1": p[:, 0], "p2": p[:, 1], "p3": p[:, 2]})


def _cells(p: np.ndarray) -> pd.DataFrame:
    """Cells as boxes that leave no gap: half a small triangle's edge wide, a row high."""
    frame, resolution = _placed(p), max(round(len(p) ** 0.5), 1)
    high, wide = np.sqrt(3) / 2 / resolution, 0.5 / resolution
    row = np.floor(p[:, 2] * resolution)
    return frame.assign(
        x=frame["x"] - wide / 2, right=frame["x"] + wide / 2, y=row * high, top=(row + 1) * high
    )


def _triangle(frame: pd.DataFrame) -> alt.Chart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.06, 1.06], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.08, 0.97], nice=False))
    return alt.Chart(frame).encode(x=x, y=y)


def _frame(corners: Sequence[str]) -> list[alt.Chart]:
    """The three edges, and a name at each corner."""
    round_about = _placed(np.eye(3)[[0, 1, 2, 0]]).assign(order=range(4))
    edges = _triangle(round_about).mark_line(color=GREY, strokeWidth=1.5)
    layers = [edges.encode(order="order:Q")]
    for k, corner in enumerate(corners):
        place = _triangle(_placed(np.eye(3)[[k]]).assign(name=corner)).encode(text="name:N")
        if k == 2:
            layers.append(place.mark_text(color=INK, dy=-10, fontSize=12, limit=160))
        else:
            # names stand below their corners and do not leave the chart
            side: Literal["left", "right"] = "right" if k else "left"
            layers.append(place.mark_text(color=INK, align=side, dy=15, fontSize=12, limit=160))
    return layers


def _chances(corners: Sequence[str]) -> list[alt.Tooltip]:
    return [share(f"p{k + 1}", corners[k]) for k in range(3)]
