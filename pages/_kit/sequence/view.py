"""What every part of the LSTM explorer looks at: a net, a text, and all that the net did there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.sequence import reader, trace
from core.sequence.saved import Saved
from core.sequence.trace import Clamp, Traced
from core.sequence.units import Unit


@dataclass(frozen=True)
class View:
    """`shown` are the tracks' units, the first of them the chosen one; `at` the chosen character."""

    name: str  # of the net, in the link
    saved: Saved
    text: str
    codes: NDArray[np.int64]  # (T,)
    layers: list[list[Traced]]  # with all that is held
    clamps: tuple[Clamp, ...]
    shown: tuple[Unit, ...]
    at: int
    span: tuple[int, int] | None  # selected with the pointer


def traced(saved: Saved, text: str, clamps: Sequence[Clamp] = ()) -> list[list[Traced]]:
    """Every signal of the net over the text, made once. Not to be changed."""
    return _traced(saved.mark, text, tuple(clamps), saved)


def expected(saved: Saved, text: str, clamps: Sequence[Clamp] = ()) -> NDArray[np.float64]:
    """p (T, K) of what comes after each character, made once. Not to be changed."""
    return _expected(saved.mark, text, tuple(clamps), saved)


@st.cache_resource(max_entries=12, show_spinner=False)
def _traced(mark: str, text: str, clamps: tuple[Clamp, ...], _saved: Saved) -> list[list[Traced]]:
    return trace.trace(_saved.reader.stack, _saved.vocabulary.encode(text), clamps=clamps)


@st.cache_resource(max_entries=12, show_spinner=False)
def _expected(
    mark: str, text: str, clamps: tuple[Clamp, ...], _saved: Saved
) -> NDArray[np.float64]:
    return reader.expected(_saved.reader, traced(_saved, text, clamps))
