"""What becomes of every word, kept for each corpus, and what a click on a word does."""

from __future__ import annotations

import streamlit as st

from core.topics import corpus_fates, corpus_phrases_listed
from core.topics.corpus_fates import COUNTED, STOPPED, TOLD, Fates
from core.topics.corpus_phrases_listed import Phrase
from pages._kit.stage.words_sieve import KEEP, STOP
from pages._kit.stage.words_text import Fate
from pages._kit.topics import prepared as preparing
from pages._kit.topics.prepared import Prepared

SHOWN = tuple(
    Fate(told, STOP, "stop it") if fate == COUNTED
    else Fate(told, KEEP, "count it again") if fate == STOPPED
    else Fate(told)
    for fate, told in enumerate(TOLD)
)  # fmt: skip


def of(prepared: Prepared) -> Fates:
    """Of all words of the documents."""
    return _fates(prepared.id, prepared)


def phrases(prepared: Prepared) -> list[Phrase]:
    """That were found."""
    return _phrases(prepared.id, prepared)


def take(act: str, word: str) -> None:
    """A word was clicked; a callback."""
    if act == STOP:
        preparing.stop(word)
    else:
        preparing.keep(word)


@st.cache_resource(max_entries=6, show_spinner=False)
def _fates(id: str, _prepared: Prepared) -> Fates:
    return corpus_fates.fates(_prepared.tokens, _prepared.corpus)


@st.cache_resource(max_entries=6, show_spinner=False)
def _phrases(id: str, _prepared: Prepared) -> list[Phrase]:
    return corpus_phrases_listed.listed(_prepared.tokens, _prepared.corpus.rules)
