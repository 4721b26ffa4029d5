"""A recurrent net unrolled in time, with the numbers of a text in its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import DIVERGING
from pages._kit.stage.wire import module

PLACES = 5  # of the numbers that travel

_mount = st.components.v2.component(
    "vitrine_unrolled", html='<div class="unrolled"></div>', js=module("unrolled")
)


@dataclass(frozen=True)
class Row:
    """One layer in one direction, (T, H) a signal; the last of them is what it shows to the rest.

    `enter` and `back` (T, blocks, H): what comes from below and from the step before, of each block.
    """

    layer: int
    backward: bool
    signals: Mapping[str, NDArray[np.floating]]
    enter: NDArray[np.floating]
    back: NDArray[np.floating]
    peepholes: NDArray[np.floating] | None = None  # (3, H) w of iota, phi, omega


@dataclass(frozen=True)
class Output:
    """What is said at one step: the likeliest character, and the one that was asked for, if any."""

    told: str
    share: float  # of certainty, 0 to 1
    wanted: str


def unrolled(
    kind: str, characters: Sequence[str], rows: Sequence[Row], outputs: Sequence[Output], *,
    key: str, name: str,
) -> None:  # fmt: skip
    """Draw a `kind` of net (srn, gru, lstm or echo) over `characters`; rows from the bottom up."""
    data = {
        "kind": kind,
        "characters": list(characters),
        "rows": [_plain(row) for row in rows],
        "outputs": [asdict(output) for output in outputs],
        "name": name,
        "diverging": list(DIVERGING),
    }
    _mount(key=key, data=data)


def _plain(row: Row) -> dict[str, object]:
    return {
        "layer": row.layer,
        "backward": row.backward,
        "names": list(row.signals),
        "signals": [_rounded(one) for one in row.signals.values()],
        "enter": _rounded(row.enter),
        "back": _rounded(row.back),
        "peepholes": None if row.peepholes is None else _rounded(row.peepholes),
    }


def _rounded(array: NDArray[np.floating]) -> list[object]:
    found: list[object] = np.round(array.astype(np.float64), PLACES).tolist()
    return found
