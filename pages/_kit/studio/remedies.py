"""Overfitting: a net that learns by heart, and what helps against it, side by side from one seed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.nets.studio import Studio
from pages._kit.studio import settings

EVERYTHING = 100_000  # a batch of all points, whatever their number
# Name: the settings without it, and with it.
REMEDIES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "Dropout": ({"dropout": 0.0}, {"dropout": 0.2}),
    "L2": ({"l2": 0.0}, {"l2": 0.01}),
    "Mini-batch": ({"batch": EVERYTHING, "shuffle": False}, {"batch": 10}),
    "Shuffle": ({"shuffle": False}, {"shuffle": True}),
    "Noise": ({"input_noise": 0.0}, {"input_noise": 0.3}),
}
# Few points, some of them wrong, and a net with units to spare.
EXAMPLE: dict[str, object] = {
    "data": "circle", "test": 0.5, "wrong": 0.15, "layers": 2, "units_1": 24, "units_2": 24,
    "optimiser": "adam", "rate": 0.01, "l2": 0.0,
}  # fmt: skip


def switches(studio: Studio) -> None:
    """One switch a remedy: it trains two nets anew, without it and with it.

    On is the one whose two nets are there; switched off, the net without it goes on alone.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        for name in REMEDIES:
            key = f"remedy-{name}"
            st.session_state[key] = _is_on(studio, name)
            st.toggle(name, key=key, on_change=_turn, args=(studio, name))
        st.button(
            "A net that overfits",
            key="overfit",
            icon=":material/auto_fix:",
            on_click=st.session_state.update,
            args=(EXAMPLE,),
            help="Half of the points held for testing, some labels wrong, 24-24 units, Adam.",
        )


def _turn(studio: Studio, name: str) -> None:
    if st.session_state[f"remedy-{name}"]:
        studio.versus(*REMEDIES[name])
    elif _is_on(studio, name):
        studio.drop(1)
    settings.follow(studio)


def _is_on(studio: Studio, name: str) -> bool:
    """Whether the two nets that are there are those of this remedy."""
    with studio.lock:
        if len(studio.lanes) != 2 or studio.lanes[0].seed != studio.lanes[1].seed:
            return False
        plain, helped = (lane.config for lane in studio.lanes)
    without, added = REMEDIES[name]
    both = replace(plain, **without) == plain  # type: ignore[arg-type]
    return both and replace(plain, **added) == helped != plain  # type: ignore[arg-type]
