"""Units to look at, and their signals as tracks of the reader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.sequence import familiar, units
from core.sequence.cells import SIGNALS
from core.sequence.saved import Saved
from core.sequence.trace import Traced
from core.sequence.units import Unit
from pages._kit.stage.reader import Cell, Track

MOST = 12  # tracks at once
LETTERS = {
    "iota": "ι", "phi": "φ", "omega": "ω", "g": "g", "s": "s", "b": "b",
    "r": "r", "z": "z", "candidate": "h̃", "h": "h",
}  # fmt: skip
WORDS = {
    "iota": "input gate", "phi": "forget gate", "omega": "output gate", "g": "candidate",
    "s": "cell state", "b": "hidden state", "r": "reset gate", "z": "update gate",
    "candidate": "candidate", "h": "hidden state",
}  # fmt: skip
GATES = ("iota", "phi", "omega", "r", "z")
STATES = {"lstm": "s", "gru": "h", "srn": "h"}


def label(unit: Unit, saved: Saved) -> str:
    """Short name of a unit: 3, in deep nets 2:3, in those of two directions 3← for backward."""
    layer = f"{unit.layer + 1}:" if saved.config.layers > 1 else ""
    return f"{layer}{unit.unit}" + ("←" if unit.backward else "")


def chosen(name: str, saved: Saved) -> tuple[Unit, ...]:
    """Let the visitor choose units of the net called `name`; the program has chosen already."""
    state = STATES[saved.config.cell]
    every = {
        label(unit, saved): unit
        for layer in range(saved.config.layers)
        for way in range(saved.config.ways)
        for unit in (Unit(state, k, layer, bool(way)) for k in range(saved.config.units))
    }
    first = [label(one.where, saved) for one in best(saved)]
    picked = st.multiselect(
        "Units",
        list(every),
        first[: 2 if saved.task == "memoriser" else 1] or list(every)[:1],
        key=f"units_{name}",
        bind="query-params",
        help="Those that follow the task best were found by the program: see “Find units”.",
    )
    return tuple(every[one] for one in picked)


def signals(saved: Saved) -> list[str]:
    """Let the visitor choose which signals of each unit are shown."""
    cell = saved.config.cell
    return st.multiselect(
        "Signals",
        list(SIGNALS[cell]),
        [STATES[cell]],
        key=f"signals_{cell}",
        bind="query-params",
        format_func=lambda one: f"{WORDS[one]} {LETTERS[one]}",
    )


def tracks(
    saved: Saved,
    layers: Sequence[Sequence[Traced]],
    shown: Sequence[Unit],
    names: Sequence[str],
    before: Sequence[Sequence[Traced]] | None = None,
) -> list[Track]:
    """A track for every signal of every unit, at most MOST; `before`: without what is held."""
    found = []
    for unit in shown:
        for name in names:
            one = unit._replace(signal=name)
            values = units.track(layers, one)
            other = None if before is None else units.track(before, one)
            low, high = scale(name, values if other is None else np.concatenate([values, other]))
            number = label(unit, saved)
            title = f"{WORDS[name]} of unit {number}"
            found.append(Track(f"{LETTERS[name]} {number}", title, values, low, high, other))
    return found[:MOST]


def scale(name: str, values: NDArray[np.floating]) -> tuple[float, float]:
    """Gates run from 0 to 1, what is squashed from -1 to 1, a cell as far as it goes."""
    if name in GATES:
        return 0.0, 1.0
    most = float(np.abs(values).max(initial=0)) if name == "s" else 1.0
    return -(most or 1.0), most or 1.0


def cells(saved: Saved, layers: Sequence[Sequence[Traced]], shown: Sequence[Unit]) -> list[Cell]:
    """Every signal of the units, for the numbers on hover."""
    return [
        Cell(
            label(unit, saved),
            saved.config.cell,
            {n: units.track(layers, unit._replace(signal=n)) for n in SIGNALS[saved.config.cell]},
            backward=unit.backward,
        )
        for unit in shown[:MOST]
    ]


def best(saved: Saved) -> list[units.Ranked]:
    """The units that follow the task of a net best, found once."""
    return _found(saved.mark, saved)


@st.cache_resource(max_entries=16, show_spinner=False)
def _found(mark: str, _saved: Saved) -> list[units.Ranked]:
    return familiar.found(_saved)
