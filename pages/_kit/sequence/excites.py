"""The reverse: what a unit does over many texts, where most and where least, and what that looks like."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import stdlib
from core.rng import stream
from core.sequence import guess, tasks, trace, units
from core.sequence.guess import Guess
from core.sequence.saved import Saved
from core.sequence.trace import Traced
from core.sequence.units import Span, Unit
from pages._kit import choose, frame
from pages._kit.sequence import tracks
from pages._kit.sequence.lines import Line, lines
from pages._kit.sequence.view import View

TEXTS = 200  # of a language
SOURCE = 100_000  # characters of Python's library
CHUNK = 10_000  # characters traced at once: all signals of all units are in memory for so many
GUESSED = 20_000  # characters that a guess is made from
SHOWN = 8
CONTEXT = 14  # characters on both sides
TRIED = 400  # spans among which unlike ones are looked for
CORPUS, HERE = "Many texts", "This text"
KNOWN = "python"  # the default net that learned Python's library
ABOUT = """“Many texts” are 200 new texts of the language, each once; for the net that reads Python, 100,000
characters of its library. The spans are those where the unit is highest and lowest on average; none
overlap, and of equal ones the first is shown."""
ABOUT_GUESS = """The unit is compared with counts of common characters, with states such as “which of two
came last” and with the known patterns, and it is tested which characters open, close or reset it. What
reaches .8 is told."""


def show(view: View, unit: Unit) -> None:
    """The spans that excite `unit` most and least, and what it seems to do."""
    title = f"{tracks.WORDS[unit.signal]} of unit {tracks.label(unit, view.saved)}"
    st.markdown(f"##### What excites the {title}?", help=ABOUT)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    known = view.saved.task in tasks.TASKS or view.name == KNOWN
    with left:
        options = [CORPUS, HERE] if known else [HERE]
        where = st.segmented_control(
            "Over", options, default=options[0], key=f"find_over_{known}", required=True
        )
    with right:
        width = choose.whole("Characters a span", 1, 40, key="find_width", default=8)
    if where == CORPUS:
        with st.spinner("Reading many texts …"):
            text = _corpus(view.saved.task)
            values = _told(view.saved, unit, text)
    else:
        text, values = view.text, units.track(view.layers, unit)
    # a span holds no more than a third of a short text
    width = max(1, min(width, len(text) // 3))
    # of a text not more than a third each, so that what is most is not least, too
    tried = max(1, min(TRIED, len(text) // (3 * width)))
    for column, least, words in zip(
        st.columns(2, gap="large"), (False, True), ("Most", "Least"), strict=True
    ):
        with column:
            st.caption(words)
            spans = _unlike(text, units.excite(values, width=width, spans=tried, least=least))
            lines(text, [Line(s.first, s.last, f"{s.value:+.2f}") for s in spans], context=CONTEXT)
    _tell(_guesses(view.saved.mark, unit, text[:GUESSED], values[:GUESSED]))


def _unlike(text: str, spans: list[Span]) -> list[Span]:
    """The first SHOWN that read differently, with what stands before them."""
    found: dict[str, Span] = {}
    for one in spans:
        found.setdefault(text[max(0, one.first - CONTEXT) : one.last], one)
    return list(found.values())[:SHOWN]


def _tell(found: list[Guess]) -> None:
    st.markdown("**It seems to** …" if found else "**No guess** is sure.", help=ABOUT_GUESS)
    st.markdown("\n".join(f"- {frame.plain(one.words)}  ({one.score:.2f})" for one in found))


@st.cache_resource(max_entries=16, show_spinner=False)
def _corpus(task: str | None) -> str:
    if task not in tasks.TASKS:
        return stdlib.source(SOURCE)
    language = tasks.TASKS[task]
    lengths = sorted({*language.trained, *language.held})
    generator = stream(1, "corpus", task)
    drawn = [language.draw(lengths[k % len(lengths)], generator)[0] for k in range(TEXTS)]
    return "".join(text + tasks.END for text in dict.fromkeys(drawn))  # each once


def _told(saved: Saved, unit: Unit, text: str) -> NDArray[np.float32]:
    """The track (T,) of a unit over the corpus."""
    every = _over(saved.mark, unit.signal, unit.layer, unit.backward, saved, text)
    return every[:, unit.unit].astype(np.float32)


@st.cache_resource(max_entries=3, show_spinner=False)
def _over(
    mark: str, signal: str, layer: int, backward: bool, _saved: Saved, _text: str
) -> NDArray[np.float16]:
    """(T, H) of one signal of all units of a layer: three digits, as half the memory matters here."""
    stack, codes = _saved.reader.stack, _saved.vocabulary.encode(_text)
    found, start = [], None
    for first in range(0, len(codes), CHUNK):
        piece = trace.trace(stack, codes[first : first + CHUNK], start=start)
        found.append(_one(piece, signal, layer, backward))
        start = trace.last(piece) if _saved.config.ways == 1 else None
    return np.concatenate(found)


def _one(
    layers: list[list[Traced]], signal: str, layer: int, backward: bool
) -> NDArray[np.float16]:
    return layers[layer][backward].of(signal).astype(np.float16)


@st.cache_resource(max_entries=64, show_spinner=False)
def _guesses(mark: str, unit: Unit, text: str, _values: NDArray[np.floating]) -> list[Guess]:
    return guess.guesses(_values, text)
