"""The text as the net reads it, with the controls that say what of it is shown."""

from __future__ import annotations

import streamlit as st

from core.sequence import reader as numbers
from core.sequence.saved import Saved
from core.sequence.trace import Clamp
from pages._kit import choose
from pages._kit.sequence import tracks, view
from pages._kit.sequence.view import View
from pages._kit.stage.reader import Text, reader


def read(name: str, saved: Saved, text: str, clamps: tuple[Clamp, ...] = ()) -> View:
    """Show `text` as the net called `name` reads it, while `clamps` hold some of its numbers."""
    codes = saved.vocabulary.encode(text)
    layers = view.traced(saved, text, clamps)
    free = view.traced(saved, text) if clamps else None
    above = st.container()
    left, middle, right = st.columns([3, 3, 1])
    with left:
        shown = tracks.chosen(name, saved)
    with middle:
        signals = tracks.signals(saved)
    with right:
        at = choose.index("Character", len(text), key="at", default=min(8, len(text) - 1))
    p = view.expected(saved, text, clamps)
    told = Text(
        text,
        codes,
        p,
        numbers.losses(p, codes),
        saved.vocabulary.characters,
        tracks.tracks(saved, layers, shown, signals, free),
        tracks.cells(saved, layers, shown),
    )
    with above:
        span = reader(told, key="reader", name=f"{saved.title} reads", picks="at", at=at)
    return View(name, saved, text, codes, layers, clamps, shown, at, span)
