"""A reservoir: its units and connections, its activations over an input, its eigenvalues."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import DIVERGING
from pages._kit.stage.wire import bundled, module

RING = 200  # units up to which every one is a node on a ring; more become a matrix

_mount = st.components.v2.component(
    "vitrine_reservoir", html='<div class="reservoir"></div>', js=module("reservoir")
)


def reservoir(
    start: NDArray[np.int64], source: NDArray[np.int64], weight: NDArray[np.float64],
    states: NDArray[np.float64], u: NDArray[np.float64], eigenvalues: NDArray[np.complex128], *,
    radius: float, key: str,
) -> None:  # fmt: skip
    """Draw W, given by rows as core.sequence.reservoir does, over states (T, N) that heard u (T,)."""
    rows = np.repeat(np.arange(len(start) - 1), np.diff(start))
    header = {
        "units": len(start) - 1,
        "steps": len(u),
        "connections": len(source),
        "ring": len(start) - 1 <= RING,
        "radius": radius,
        "diverging": list(DIVERGING),
    }
    arrays: dict[str, NDArray[Any]] = {
        "rows": rows.astype(np.float32),
        "source": source.astype(np.float32),
        "weight": weight.astype(np.float32),
        "states": np.round(127.5 + 127.5 * states.clip(-1, 1)).astype(np.uint8),
        "u": u.astype(np.float32),
        "eigenvalues": np.stack([eigenvalues.real, eigenvalues.imag], axis=1).astype(np.float32),
    }
    _mount(key=key, data=bundled(header, arrays))
