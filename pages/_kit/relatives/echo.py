"""An echo state network from within: its reservoir, its eigenvalues, its echo, what it
remembers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import relatives as charts
from core.rng import stream
from core.sequence import memory, readout, reservoir
from core.sequence.reservoir import Reservoir
from pages._kit import choose, frame, show
from pages._kit.stage.reservoir import reservoir as drawn

UNITS = (10, 20, 50, 100, 150, 200, 300, 400, 600, 800, 1000)
DENSITIES = (1, 2, 3, 4, 5, 10, 15, 20)  # per cent
RADII = tuple(round(0.05 * k, 2) for k in range(31))
LEAKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
SCALES = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0)
RIDGES = (1e-9, 1e-8, 1e-6, 1e-4, 1e-2, 1.0, 100.0)
SHOWN = 120  # steps of input that are played
ECHO_STEPS = 300
LAGS = 120  # at most
ABOUT_SD = """The share of all possible connections that there are. The course: 1 to 5 %."""
ABOUT_RADIUS = """The size of the largest eigenvalue of W. It says how fast an echo dies away:
below 1 as a rule it does, above 1 the reservoir may go on by itself."""
ABOUT_LEAK = "How much of a state is new at each step. Small: slow units that average over time."
ABOUT_SCALE = """How strongly the input drives the units. Small: they stay in the straight middle
of tanh, and remember best."""
ABOUT_RIDGE = (
    "λ of the ridge regression: large, the readout is held back from trusting small differences."
)


@st.fragment
def show_all() -> None:
    """The part of the page; only it is drawn again when one of its controls moves."""
    st.subheader("An echo state network from within")
    with frame.guard():
        _shown()


def _shown() -> None:
    first, second, third = st.columns(3)
    with first:
        units = choose.slide("Units N", UNITS, 100, key="echo_units")
        density = choose.slide("Connections SD, %", DENSITIES, 5, key="echo_density", help=ABOUT_SD)
    with second:
        radius = choose.slide("Spectral radius", RADII, 0.95, key="echo_radius", help=ABOUT_RADIUS)
        leak = choose.slide("Leak α", LEAKS, 1.0, key="echo_leak", help=ABOUT_LEAK)
    with third:
        scale = choose.slide("Input scale", SCALES, 0.1, key="echo_scale", help=ABOUT_SCALE)
        ridge = choose.slide("Ridge λ", RIDGES, 1e-8, key="echo_ridge", help=ABOUT_RIDGE)
    net, eigenvalues = _net(units, density, radius, leak, scale)
    u = memory.signal(SHOWN, generator=stream(0, "echo", "shown"))
    states = reservoir.run(net, u[:, None])
    largest = float(np.abs(states).max()) or 1.0  # a weak input would leave all units pale
    drawn(
        net.start, net.source, net.weight, states / largest, u, eigenvalues, radius=radius,
        key="echo_reservoir",
    )  # fmt: skip
    left, middle, right = st.columns(3)
    settings = units, density, radius, leak, scale
    with left:
        distance = show.kept(_distance, *settings)
        st.markdown("**Does the echo die away?**")
        show.chart(charts.apart, distance)
        st.caption(_echo_sentence(distance))
    with middle:
        lags, total = show.kept(_capacity, *settings)
        st.markdown("**What is forgotten**")
        show.chart(charts.forgetting, lags)
        st.caption(
            f"Memory capacity MC = Σ MC_k = **{total:.1f}**, and it can never be more than "
            f"N = {units}. MC_k is how well a linear readout finds the input of k steps ago, r²."
        )
    with right:
        right_of = show.kept(_bits, *settings, ridge)
        st.markdown("**What the readout makes of it**")
        show.chart(charts.right, right_of)
        st.caption(_readout_sentence(right_of))


def _echo_sentence(distance: NDArray[np.float64]) -> str:
    start, end = float(distance[0]), float(distance[-20:].mean())
    told = "Two copies, begun at opposite states, hear the same input. "
    if end < 1e-8:
        return told + "**They become one**: the echo state property holds here."
    if end < 0.01 * start:
        return told + "They come together, slowly."
    return (
        told
        + "**They stay apart**: where it began still matters, so the state is no echo of the input."
    )


def _readout_sentence(right: NDArray[np.float64]) -> str:
    below = np.flatnonzero(right < 0.95)
    good = len(right) if len(below) == 0 else int(below[0])
    return (
        "Ridge regression asked for a random bit of k steps ago, on steps it did not learn from: "
        f"at least 95 % right **up to k = {good}**. A guess is right half of the time."
    )


def _net(
    units: int, density: int, radius: float, leak: float, scale: float
) -> tuple[Reservoir, NDArray[np.complex128]]:
    """The reservoir and its eigenvalues: those of the same net at radius 1, scaled."""
    net, eigenvalues = _base(units, density)
    scaled = replace(net, weight=net.weight * radius, W_in=net.W_in * scale, leak=leak)
    return scaled, eigenvalues * radius


@st.cache_resource(max_entries=24, show_spinner=False)
def _base(units: int, density: int) -> tuple[Reservoir, NDArray[np.complex128]]:
    net = reservoir.drawn(
        1, units=units, density=density / 100, radius=1.0, leak=1.0, scale=1.0, bias=0.0,
        generator=stream(0, "echo", "reservoir"),
    )  # fmt: skip
    return net, np.linalg.eigvals(net.matrix().toarray()).astype(np.complex128)


def _distance(*settings: float) -> NDArray[np.float64]:
    net, _ = _net(*settings)  # type: ignore[arg-type]
    u = memory.signal(ECHO_STEPS, generator=stream(0, "echo", "apart"))
    one = np.ones(net.units)
    return reservoir.apart(net, u[:, None], one, -one)


def _capacity(*settings: float) -> tuple[NDArray[np.float64], float]:
    net, _ = _net(*settings)  # type: ignore[arg-type]
    lags = min(2 * net.units, LAGS)
    steps = max(2000, 3 * net.units + 200) + lags
    found = memory.of(net, generator=stream(0, "echo", "capacity"), lags=lags, steps=steps)
    return found.lags, found.total


def _bits(*settings: float) -> NDArray[np.float64]:
    *own, ridge = settings
    net, _ = _net(*own)  # type: ignore[arg-type]
    lags = min(2 * net.units, LAGS)
    return readout.bits(net, lags=lags, ridge=ridge, generator=stream(0, "echo", "bits"))
