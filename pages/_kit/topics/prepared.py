"""What becomes of the words: the settings, and the corpus that comes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.documents import Documents
from core.errors import VitrineError
from core.store import fingerprint
from core.topics import (
    corpus,
    corpus_cutting,
    corpus_defaults,
    corpus_split,
    corpus_stop,
    corpus_tokens,
)
from core.topics.corpus import Corpus
from core.topics.corpus_settings import Settings
from core.topics.corpus_split import Split
from core.topics.corpus_tokens import Tokens
from pages._kit import frame, play
from pages._kit.topics import words_kept, words_settings
from pages._kit.topics.source import Source

LITTLE = 2_000  # characters
SURE = 3  # stop words that tell a language
SLOW = 3.0  # seconds
KEPT = 3  # of the texts cut by jobs
ALWAYS = 1e12  # multiply-adds: a job, however fast the machine


@dataclass(frozen=True, eq=False)
class Prepared:
    """Documents and their counts; `id` names both. `length` (D,): tokens of each document."""

    id: str
    source: Source
    documents: Documents  # after they were split
    parents: tuple[int, ...]  # which document of the source each is a piece of
    tokens: Tokens
    settings: Settings
    corpus: Corpus
    length: NDArray[np.float64]

    @property
    def vocabulary(self) -> tuple[str, ...]:
        return self.corpus.counts.vocabulary


def chosen(source: Source) -> Prepared | None:
    """The settings, in the sidebar. None where nothing is left to count, which has been said then."""
    try:
        with st.expander("Words that count", icon=":material/tune:"):
            fresh = words_kept.switched(source.sort or source.id)
            way, words = words_settings.split()
            with st._main, st.spinner("Reading words …", show_time=True):
                start = _start(source.id, way, words, source)
                many = len(_pieces(source.id, way, words, source).documents)
            words_settings.begin(start, fresh)
            settings = words_settings.asked(start, many)
            words_kept.remember(source.sort or source.id)
        if not _cut(source, way, words, settings):
            return None
        with st._main, st.spinner("Counting words …", show_time=True):
            found = counted(source.id, way, words, settings, source)
    except VitrineError as error:
        with st._main:
            frame.report(error)
        return None
    documents, vocabulary = len(found.documents), len(found.vocabulary)
    st.caption(
        f"{documents:,} document{'s' * (documents != 1)}, "
        f"{vocabulary:,} word{'s' * (vocabulary != 1)} that count"
    )
    return found


def fitting(source_id: str, source: Source) -> Settings:
    """What to begin with, of documents that are whole."""
    return _start(source_id, "whole", words_settings.PIECE, source)


@st.cache_resource(max_entries=8, show_spinner=False)
def _start(source_id: str, way: str, words: int, _source: Source) -> Settings:
    texts = _pieces(source_id, way, words, _source).documents.texts
    found = corpus_defaults.fitting(texts)
    if found.tokeniser == "chinese" or sum(map(len, texts)) > LITTLE:
        return found
    # a word or two are stop words of some language or other: “cat” in Romanian, “dog” in Danish
    some = set(map(str.lower, corpus_tokens.tokenise(texts, found.tokeniser).forms))
    stop = set[str]().union(*map(corpus_stop.words, found.stop_languages))
    return found if len(some & stop) >= SURE else replace(found, stop_languages=("English",))


@st.cache_resource(max_entries=6, show_spinner=False)
def counted(source_id: str, way: str, words: int, settings: Settings, _source: Source) -> Prepared:
    """The corpus, made once. Raises SettingError where nothing is left."""
    pieces = _pieces(source_id, way, words, _source)
    tokens = _tokens(source_id, way, words, settings.tokeniser, settings.pattern, _source)
    found = corpus.prepare(tokens, settings)
    id = fingerprint(source_id, f"{way} {words} {settings!r}")
    length = found.counts.per_document()
    return Prepared(id, _source, pieces.documents, pieces.parents, tokens, settings, found, length)


@st.cache_resource(max_entries=4, show_spinner=False)
def _pieces(source_id: str, way: str, words: int, _source: Source) -> Split:
    return corpus_split.split(_source.documents, way, words)


@st.cache_resource(max_entries=4, show_spinner=False)
def _tokens(
    source_id: str, way: str, words: int, tokeniser: str, pattern: str, _source: Source
) -> Tokens:
    cut = _by_jobs().get((source_id, way, words, tokeniser, pattern))
    if cut is not None:
        return cut
    texts = _pieces(source_id, way, words, _source).documents.texts
    return corpus_tokens.tokenise(texts, tokeniser, pattern)


def _cut(source: Source, way: str, words: int, settings: Settings) -> bool:
    """Whether texts are cut into tokens, or soon will be: what takes longer is done by a job."""
    key = (source.id, way, words, settings.tokeniser, settings.pattern)
    if key in _by_jobs() or _seconds(source.id, way, words, settings.tokeniser, source) < SLOW:
        return True
    texts = _pieces(source.id, way, words, source).documents.texts
    config = corpus_cutting.Config(tokeniser=settings.tokeniser, pattern=settings.pattern)
    with st._main:
        trace = play.play(
            "topics_tokens", corpus_cutting.learn, texts, config, seed=0,
            total=corpus_cutting.steps(len(texts)), work=ALWAYS, draw=_cutting,
        )  # fmt: skip
    found = trace.steps[-1].tokens if trace.finished and trace.steps else None
    if found is None:
        return False
    kept = _by_jobs()
    kept[key] = found
    for old in list(kept)[:-KEPT]:
        kept.pop(old, None)
    return True


@st.cache_resource(max_entries=16, show_spinner=False)
def _seconds(source_id: str, way: str, words: int, tokeniser: str, _source: Source) -> float:
    texts = _pieces(source_id, way, words, _source).documents.texts
    return corpus_cutting.seconds(texts, tokeniser)


@st.cache_resource(show_spinner=False)
def _by_jobs() -> dict[tuple[str, str, int, str, str], Tokens]:
    return {}


def _cutting(trace: play.Trace) -> None:
    if not trace.finished:
        st.caption(f"{trace.steps[-1].done:,} texts are cut into words")


def stop(word: str) -> None:
    """One more word that does not count; a callback, as the next."""
    _without("kept_words", word)
    if word not in stopped():
        _with("stop", word)


def keep(word: str) -> None:
    """A word that was stopped counts again, whether oneself or a list has stopped it."""
    _without("stop", word)
    languages = st.session_state.get("stop_languages", ())
    if any(word.lower() in corpus_stop.words(language) for language in languages):
        _without("kept_words", word)
        _with("kept_words", word)


def stopped() -> tuple[str, ...]:
    """One's own stop words."""
    return corpus_stop.own(st.session_state.get("stop", ""))


def _with(key: str, word: str) -> None:
    told = " ".join((*corpus_stop.own(st.session_state.get(key, "")), word))
    if len(told) > words_settings.LONGEST:
        st.toast("That list is full.", icon=":material/error:")
        return
    st.session_state[key] = told


def _without(key: str, word: str) -> None:
    told = corpus_stop.own(st.session_state.get(key, ""))
    if word.lower() in told:
        st.session_state[key] = " ".join(one for one in told if one != word.lower())
