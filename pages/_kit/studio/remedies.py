"""Overfitting: a net that learns by heart, and what helps against it, side by side from one seed."""

from __future__ import annotations

import streamlit as st

from core.nets.studio import Studio

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
    """One switch a remedy: it trains two nets anew, without it and with it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, (without, added) in REMEDIES.items():
            if st.button(name, key=f"remedy-{name}"):
                studio.versus(without, added)
        st.button(
            "A net that overfits",
            key="overfit",
            icon=":material/auto_fix:",
            on_click=st.session_state.update,
            args=(EXAMPLE,),
            help="Half of the points held for testing, some labels wrong, 24-24 units, Adam.",
        )
