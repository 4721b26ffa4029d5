"""What becomes of the words: the settings, and the corpus that comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.documents import Documents
from core.errors import VitrineError
from core.store import fingerprint
from core.topics import corpus, corpus_defaults, corpus_split, corpus_stop, corpus_tokens
from core.topics.corpus import Corpus
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import Tokens
from pages._kit import choose, frame
from pages._kit.topics.source import Source

TOKENISERS = {
    "words": "Words", "chinese": "Words, Chinese cut by jieba", "pattern": "A pattern of my own"
}  # fmt: skip
SPLITS = {
    "whole": "Whole", "lines": "Lines", "paragraphs": "Paragraphs", "words": "So many words each"
}  # fmt: skip
PATTERN = r"[\p{L}\p{N}_]+"


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
        with st._main, st.spinner("Reading words …", show_time=True):
            start = fitting(source.id, source)
        _begin(source, start)
        with st.expander("Words that count", icon=":material/tune:"):
            way, words = _split()
            settings = _settings(start)
        with st._main, st.spinner("Counting words …", show_time=True):
            return counted(source.id, way, words, settings, source)
    except VitrineError as error:
        with st._main:
            frame.report(error)
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def fitting(source_id: str, _source: Source) -> Settings:
    """What to begin with."""
    return corpus_defaults.fitting(_source.documents.texts)


@st.cache_resource(max_entries=6, show_spinner=False)
def counted(source_id: str, way: str, words: int, settings: Settings, _source: Source) -> Prepared:
    """The corpus, made once. Raises SettingError where nothing is left."""
    documents, parents, tokens = _tokens(
        source_id, way, words, settings.tokeniser, settings.pattern, _source
    )
    found = corpus.prepare(tokens, settings)
    id = fingerprint(source_id, f"{way} {words} {settings!r}")
    length = found.counts.per_document()
    return Prepared(id, _source, documents, parents, tokens, settings, found, length)


@st.cache_resource(max_entries=4, show_spinner=False)
def _tokens(
    source_id: str, way: str, words: int, tokeniser: str, pattern: str, _source: Source
) -> tuple[Documents, tuple[int, ...], Tokens]:
    pieces = corpus_split.split(_source.documents, way, words)
    tokens = corpus_tokens.tokenise(pieces.documents.texts, tokeniser, pattern)
    return pieces.documents, pieces.parents, tokens


def stop(word: str) -> None:
    """One more word that does not count; a callback."""
    told = corpus_stop.own(st.session_state.get("stop", ""))
    if word not in told:
        st.session_state["stop"] = " ".join((*told, word))


def _begin(source: Source, start: Settings) -> None:
    """Other documents begin with settings that fit them; the first ones with those of the link."""
    before = st.session_state.get("prepared_for")
    if before is not None and before != source.id:
        st.session_state.update(_as_chosen(start))
    st.session_state["prepared_for"] = source.id


def _as_chosen(start: Settings) -> dict[str, Any]:
    return {
        "tokeniser": TOKENISERS[start.tokeniser], "stop_languages": list(start.stop_languages),
        "least": start.min_documents, "most": round(100 * start.max_share), "stop": "",
    }  # fmt: skip


def _split() -> tuple[str, int]:
    way = _key(
        SPLITS,
        st.selectbox(
            "A document is", list(SPLITS.values()), key="split", bind="query-params",
            help="What stands in one document belongs together. Of a whole book everything does.",
        ),
    )  # fmt: skip
    if way not in ("paragraphs", "words"):
        return way, 200
    return way, choose.whole(
        "Words of a piece", corpus_split.LEAST, corpus_split.LARGEST, key="piece", default=200
    )


def _settings(start: Settings) -> Settings:
    was = _as_chosen(start)
    tokeniser = _key(
        TOKENISERS,
        _select("Words are found as", TOKENISERS.values(), was["tokeniser"], "tokeniser"),
    )
    pattern = ""
    if tokeniser == "pattern":
        pattern = st.text_input(
            "Pattern", PATTERN, key="pattern", bind="query-params", max_chars=200,
            help="A regular expression; each match is a word.",
        )  # fmt: skip
    lower = st.toggle("Large letters as small ones", True, key="lower", bind="query-params")
    numbers = st.toggle("Keep numbers", key="numbers", bind="query-params")
    shortest = st.slider("Shortest word, letters", 1, 10, 2, key="shortest", bind="query-params")
    languages = st.multiselect(
        "Stop words of", corpus_stop.LANGUAGES, was["stop_languages"], key="stop_languages",
        bind="query-params", help="Words that stand in every text and say nothing of its subject.",
    )  # fmt: skip
    stopped = st.text_area(
        "Own stop words", key="stop", bind="query-params", max_chars=20_000, height=80,
        help="With spaces or commas between. A word that is clicked elsewhere can be sent here.",
    )  # fmt: skip
    phrases = st.slider(
        "Longest phrase, words", 1, 4, 1, key="phrases", bind="query-params",
        help="Words that stand together far oftener than by chance become one: neural_network.",
    )  # fmt: skip
    npmi, count = 0.4, 10
    if phrases > 1:
        npmi = st.slider(
            "NPMI of a phrase", 0.0, 1.0, 0.4, 0.05, key="npmi", bind="query-params",
            help="1: its words never stand apart. 0: together no oftener than by chance.",
        )  # fmt: skip
        count = choose.whole("Times a phrase stands there", 1, 10_000, key="together", default=10)
    ngrams = st.slider(
        "n-grams, words", 1, 3, 1, key="ngrams", bind="query-params",
        help="Pairs (2) and triples (3) of words in a row counted beside each word alone.",
    )  # fmt: skip
    least = choose.whole(
        "In at least so many documents", 1, 10_000, key="least", default=was["least"]
    )
    most = st.slider(
        "In at most so many per cent of them", 1, 100, was["most"], key="most", bind="query-params"
    )
    vocabulary = choose.slide(
        "Most words of all",
        (500, 1000, 2000, 5000, 10_000, 20_000, 50_000),
        10_000,
        key="vocabulary",
    )
    return Settings(
        tokeniser=tokeniser, pattern=pattern, lower=lower, numbers=numbers, shortest=shortest,
        stop_languages=tuple(languages), stop_words=corpus_stop.own(stopped), phrases=phrases,
        phrase_npmi=npmi, phrase_count=count, ngrams=ngrams, min_documents=least,
        max_share=most / 100, vocabulary=vocabulary,
    )  # fmt: skip


def _select(label: str, options: Any, default: str, key: str) -> str:
    listed: Sequence[str] = list(options)
    return st.selectbox(label, listed, listed.index(default), key=key, bind="query-params")


def _key(table: dict[str, str], value: str) -> str:
    return next(key for key, told in table.items() if told == value)
