"""What can be taken home: all states, the tracks that are shown, and the net."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.sequence import export, reader, units
from core.sequence.cells import SIGNALS
from core.sequence.saved import to_file
from pages._kit import take
from pages._kit.sequence import tracks
from pages._kit.sequence import view as of_view
from pages._kit.sequence.view import View

LABELS = {
    "npz": "All states, npz",
    "csv": "These units, CSV",
    "parquet": "These units, Parquet",
    "safetensors": "The net, safetensors",
}


def home(view: View) -> None:
    """A row of buttons; files are made when they are asked for."""
    name = view.name.partition(".")[0]
    files: dict[str, Callable[[], bytes | str]] = {
        f"{name}-states.npz": partial(export.to_npz, view.text, view.codes, view.layers),
        f"{name}-units.csv": partial(_table, export.to_csv, view),
        f"{name}-units.parquet": partial(_table, export.to_parquet, view),
        f"{name}.safetensors": partial(to_file, view.saved),
    }
    take.home(files, labels=LABELS)
    count = export.fitting(view.layers)
    if count < len(view.text):
        st.caption(f"This net is large: its states are those of the first {count:,} characters.")


def _table(make: Callable[..., bytes | str], view: View) -> bytes | str:
    p = of_view.expected(view.saved, view.text, view.clamps)
    return make(view.text, view.codes, reader.losses(p, view.codes), columns(view))


def columns(view: View) -> dict[str, NDArray[np.floating]]:
    """Every signal of the units that are shown, by names such as "s 3"."""
    return {
        f"{name} {tracks.label(unit, view.saved)}": units.track(
            view.layers, unit._replace(signal=name)
        )
        for unit in view.shown
        for name in SIGNALS[view.saved.config.cell]
    }
