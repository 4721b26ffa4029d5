"""The sentences of a text and their trees: at once where that takes a moment, else as a job."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.datasets import sentences
from core.datasets.sentences import SENTENCES
from core.parsing import text_run
from core.parsing.parser import Parse
from core.parsing.text_run import WORDS, Asked, Config, Words
from core.rng import stream
from core.store import fingerprint
from pages._kit import frame, play
from pages._kit.parsing.learned import ALWAYS, Chosen

AT_ONCE = 1.5  # seconds
NAME = "parse-text"


@dataclass(frozen=True, eq=False)
class Done:
    """What came of a text. `parses` are those of the first sentences, or of all once it is `finished`."""

    parses: tuple[Parse, ...]
    sentences: int
    finished: bool


def parsed(chosen: Chosen, text: str, seconds: float) -> Done | None:
    """Parse a text; None where it has no sentence. Says what is left out."""
    words = _kept(chosen, text)
    if not words:
        return None
    config = Config(seconds=seconds)
    asked = Asked(chosen.id, chosen.learned, words)
    if text_run.cost(chosen.learned, words, seconds) <= AT_ONCE:
        return Done(_at_once(fingerprint(*asked), config, asked), len(words), True)
    trace = play.play(
        NAME, text_run.learn, asked, config, seed=0, total=len(words), work=ALWAYS,
        draw=partial(_progress, len(words)),
    )  # fmt: skip
    return Done(tuple(step.parse for step in trace.steps), len(words), trace.finished)


def _kept(chosen: Chosen, text: str) -> tuple[Words, ...]:
    with st.spinner("Looking for sentences …", show_time=True):
        found, more = _split(text, chosen.language, chosen.id, chosen)
    if more:
        st.info(
            f"Only the first {SENTENCES} sentences are parsed here; the rest of the text was left out.",
            icon=":material/content_cut:",
        )
    long = [one for one in found if len(one) > WORDS]
    if long:
        what = "One sentence has" if len(long) == 1 else f"{len(long)} sentences have"
        begins = frame.plain(" ".join(long[0][:6]))
        st.warning(
            f"{what} more than {WORDS} words and cannot be parsed here ({begins} …). Is there a full stop "
            "missing?",
            icon=":material/content_cut:",
        )
    return tuple(one for one in found if len(one) <= WORDS)


@st.cache_resource(max_entries=16, show_spinner=False)
def _split(text: str, language: str, id: str, _chosen: Chosen) -> tuple[tuple[Words, ...], bool]:
    """The words of each sentence, and whether there are more sentences."""
    found = sentences.split(text, language, known=_chosen.learned.lexicon.pairs)
    more = len(found) == SENTENCES and bool(text[found[-1].end :].strip())
    return tuple(one.words for one in found), more


@st.cache_resource(max_entries=16, show_spinner=False)
def _at_once(id: str, config: Config, _asked: Asked) -> tuple[Parse, ...]:
    steps = text_run.learn(_asked, config, generator=stream(0, text_run.__name__))
    return tuple(step.parse for step in steps)


def _progress(count: int, trace: play.Trace) -> None:
    if not trace.finished:
        st.caption(f"{len(trace.steps):,} of {count:,} sentences have their tree.")
