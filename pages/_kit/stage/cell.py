"""A recurrent cell as a drawing, with the numbers that run through it and the equations they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from core.charts.theme import DIVERGING
from pages._kit.stage.wire import module

_mount = st.components.v2.component(
    "vitrine_cell", html='<div class="cell"></div>', js=module("cell")
)


@dataclass(frozen=True)
class Line:
    """An equation; `part` is the part of the drawing that it tells of.

    Signs: `a_{i}^{t}` for indices, `[[...]]` for what is faint because it is nothing.
    """

    part: str
    number: str  # "4.2", or "" where the course gives none
    symbols: str
    numbers: str


@dataclass(frozen=True)
class Pass:
    """One way through the cell: what each part and wire carries, and the equations."""

    title: str
    values: Mapping[str, float]
    lines: Sequence[Line]


def cell(
    kind: str, passes: Sequence[Pass], *, peepholes: bool, about: str, key: str, name: str
) -> None:
    """Draw a `kind` of cell (lstm, gru or srn): forward, and backward where that is the second pass.

    `about` stands under the drawing; `name` tells what it is to those who cannot see it.
    """
    data = {
        "kind": kind,
        "passes": [asdict(one) for one in passes],
        "peepholes": peepholes,
        "about": about,
        "name": name,
        "diverging": list(DIVERGING),
    }
    _mount(key=key, data=data)
