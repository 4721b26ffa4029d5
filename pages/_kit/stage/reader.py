"""A text as a net reads it: characters coloured by what units do, tracks under each other, numbers on
hover, what the net expects next and what each character cost it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts.theme import DIVERGING, SEQUENTIAL
from pages._kit.stage.wire import bundled, module

GUESSES = 5  # likeliest characters that are shown

_mount = st.components.v2.component(
    "vitrine_reader", html='<div class="reader"></div>', js=module("reader")
)


@dataclass(frozen=True)
class Track:
    """One number a character; with `low` below 0 its colours run both ways from 0."""

    label: str  # short, at the left: "s 3"
    title: str  # in words: "cell state of unit 3"
    values: NDArray[np.floating]  # (T,)
    low: float
    high: float
    before: NDArray[np.floating] | None = None  # the same without what is held


@dataclass(frozen=True)
class Cell:
    """All signals of one unit, for the numbers on hover; of an LSTM iota, phi, g, omega, s, b."""

    label: str
    kind: str  # lstm, gru or srn
    signals: Mapping[str, NDArray[np.floating]]  # (T,) each
    backward: bool = False  # it reads from the end, so what came before it stands to the right


@dataclass(frozen=True)
class Text:
    """A text and what a net makes of it."""

    text: str
    codes: NDArray[np.integer]  # (T,) 0 is unknown to the net
    p: NDArray[np.floating]  # (T, K) what is expected after each
    loss: NDArray[np.floating]  # (T,) bits, NaN where nothing foretold it
    characters: str  # (K,) of the net, by their codes
    tracks: Sequence[Track]
    cells: Sequence[Cell] = field(default_factory=tuple)
    starts: Sequence[int] = (0,)  # characters before which the net remembers nothing


def reader(
    shown: Text,
    *,
    key: str,
    name: str,
    picks: str | None = None,
    at: int | None = None,
    grows: bool = False,
) -> tuple[int, int] | None:
    """Show it; `name` tells what it is to those who cannot see it. Gives the selected span, if any.

    A click puts the number of the character into the control whose key is `picks`. With `grows` the
    text appears character by character.
    """
    count = len(shown.text)

    def pick() -> None:
        index = _index(st.session_state[key].picked, count)
        if picks is not None and index is not None:
            st.session_state[picks] = index

    before = st.session_state.get(key)
    selected = _span(before.get("span"), count) if before else None
    told = _mount(
        key=key,
        data=_bundle(shown, name, at, grows, selected),
        default={"picked": None, "span": None},
        on_picked_change=pick,
        on_span_change=_noted,
    )
    return _span(told.span, count)


def _noted() -> None:
    """The rerun that follows reads the span."""


def _index(given: Any, count: int) -> int | None:
    """The character that was picked: its number, or that and the moment, if it is in the text."""
    index = given[0] if isinstance(given, list) and given else given
    whole = isinstance(index, int) and not isinstance(index, bool)
    return index if whole and 0 <= index < count else None


def _span(given: Any, count: int) -> tuple[int, int] | None:
    """A span [first, last) as the browser tells it, if it fits the text."""
    if not (isinstance(given, list) and len(given) == 2):
        return None
    first, last = given
    whole = isinstance(first, int) and isinstance(last, int)
    return (first, last) if whole and 0 <= first < last <= count else None


class _Arrays(dict[str, NDArray[Any]]):
    """Arrays on their way to the browser; what is the same travels once."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[bytes, str] = {}

    def add(self, values: NDArray[Any]) -> str:
        """The name under which `values` travel."""
        array = np.ascontiguousarray(values, np.float32)
        name = self._names.setdefault(array.tobytes(), f"a{len(self._names)}")
        self[name] = array
        return name


def _bundle(
    shown: Text, name: str, at: int | None, grows: bool, span: tuple[int, int] | None = None
) -> bytes:
    best = _likeliest(shown.p)
    arrays = _Arrays()
    arrays["unknown"] = (np.asarray(shown.codes) == 0).astype(np.uint8)
    arrays["loss"] = np.nan_to_num(np.asarray(shown.loss), nan=-1).astype(np.float32)
    arrays["guesses"] = best.astype(np.float32)
    arrays["chances"] = np.take_along_axis(shown.p, best, axis=1).astype(np.float32)
    header = {
        # code points: a lone surrogate is no character, and JavaScript counts in other units
        "text": _points(shown.text),
        "count": len(shown.text),
        "name": name,
        "at": at,
        "span": span,
        "grows": grows,
        "starts": [int(i) for i in shown.starts],
        "characters": _points(shown.characters),
        "tracks": [
            {
                "label": one.label,
                "title": one.title,
                "low": float(one.low),
                "high": float(one.high),
                "values": arrays.add(one.values),
                "before": None if one.before is None else arrays.add(one.before),
            }
            for one in shown.tracks
        ],
        "cells": [
            {
                "label": one.label,
                "kind": one.kind,
                "backward": one.backward,
                "signals": list(one.signals),
                "arrays": [arrays.add(values) for values in one.signals.values()],
            }
            for one in shown.cells
        ],
        "diverging": list(DIVERGING),
        "sequential": list(SEQUENTIAL),
    }
    return bundled(header, arrays)


def _likeliest(p: NDArray[np.floating]) -> NDArray[np.intp]:
    """Codes (T, at most GUESSES), likeliest first; the lower of equals first."""
    some = min(GUESSES, p.shape[1])
    left = np.array(p)
    best = np.empty((len(p), some), np.intp)
    rows = np.arange(len(p))
    for k in range(some):  # faster than sorting all of each row
        best[:, k] = left.argmax(axis=1)
        left[rows, best[:, k]] = -1
    return best


def _points(text: str) -> list[int]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).tolist()
