"""One document in variational EM: phi as words x topics, gamma below its columns, the bound beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import SEQUENTIAL
from pages._kit.stage.wire import module

PLACES = 5

_mount = st.components.v2.component(
    "vitrine_phi", html='<div class="phi"></div>', js=module("product_phi")
)


@dataclass(frozen=True, eq=False)
class Shown:
    """A round, of some words and topics; the last topic may be all others together, without a number."""

    id: str  # of the document and topics: between rounds of one the picture moves
    round: int
    words: Sequence[tuple[str, int]]  # (n,) and how often
    topics: Sequence[tuple[int | None, str]]  # (T,) number and name
    phi: NDArray[np.floating] = field(repr=False)  # (n, T)
    gamma: NDArray[np.floating] = field(repr=False)  # (T,)
    alpha: NDArray[np.floating] = field(repr=False)  # (T,)
    most: float  # the largest gamma of all rounds
    bounds: Sequence[float] = field(repr=False)  # of all rounds
    lit: tuple[int, int]  # word and topic: places in the above


def phi(shown: Shown, *, key: str, take: Callable[[int, int], None]) -> None:
    """Draw it. `take` is called with the places of the word and the topic clicked, -1 where none."""

    def taken() -> None:
        told = st.session_state[key].picked
        if isinstance(told, list) and len(told) == 3:
            take(int(told[1]), int(told[2]))

    data = {
        "id": shown.id,
        "round": shown.round,
        "words": [list(one) for one in shown.words],
        "topics": [list(one) for one in shown.topics],
        "phi": _rounded(shown.phi),
        "gamma": _rounded(shown.gamma),
        "alpha": _rounded(shown.alpha),
        "most": shown.most,
        "bounds": [round(one, PLACES) for one in shown.bounds],
        "lit": list(shown.lit),
        "sequential": list(SEQUENTIAL),
    }
    _mount(key=key, data=data, default={"picked": None}, on_picked_change=taken)


def _rounded(array: NDArray[np.floating]) -> list[float]:
    return [float(x) for x in np.round(array, PLACES).ravel()]
