"""Which words count, as controls in the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.topics import corpus_split, corpus_stop
from core.topics.corpus_settings import Settings
from pages._kit import choose

TOKENISERS = {
    "words": "Words", "chinese": "Words, Chinese cut by jieba", "pattern": "A pattern of my own"
}  # fmt: skip
SPLITS = {
    "whole": "Whole", "lines": "Lines", "paragraphs": "Paragraphs", "words": "So many words each"
}  # fmt: skip
PATTERN = r"[\p{L}\p{N}_]+"
PIECE = 200  # words
SIZES = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
LONGEST = 20_000  # characters of a list of words
SPLIT: dict[str, Any] = {"split": SPLITS["whole"], "piece": PIECE}
FIRST: dict[str, Any] = {
    "pattern": PATTERN, "lower": True, "numbers": False, "shortest": 2, "stop": "", "kept_words": "",
    "phrases": 1, "npmi": 0.4, "together": 10, "ngrams": 1, "vocabulary": 10_000,
}  # fmt: skip


def split() -> tuple[str, int]:
    """How documents are cut up, and the words of a piece."""
    way = _key(
        SPLITS,
        _select(
            "A document is", list(SPLITS.values()), SPLITS["whole"], "split",
            "What stands in one document belongs together. In a whole book everything does: cut it up.",
        ),
    )  # fmt: skip
    if way not in ("paragraphs", "words"):
        return way, PIECE
    label = "Words of a paragraph, at least" if way == "paragraphs" else "Words of a piece"
    least, most = corpus_split.LEAST, corpus_split.LARGEST
    return way, choose.whole(
        label, least, most, key="piece", default=PIECE,
        help="Shorter paragraphs go together with the next." if way == "paragraphs" else None,
    )  # fmt: skip


def begin(start: Settings, fresh: bool) -> None:
    """New documents begin with what fits them; what nobody has touched follows a new way to cut."""
    told = _told(start)
    was = st.session_state.get("prepared_start")
    st.session_state["prepared_start"] = told
    if fresh:
        st.session_state.update(FIRST | told)
    elif was is not None and was != told:
        for key, value in told.items():
            if key in st.session_state and st.session_state[key] == was[key]:
                st.session_state[key] = value


def asked(start: Settings, many: int) -> Settings:
    """The controls for `many` documents. Raises SettingError."""
    told = _told(start)
    tokeniser, pattern = _tokens(told)
    lower = st.toggle(
        "Ignore case", FIRST["lower"], key="lower", bind="query-params",
        help="Topic, TOPIC and topic are one word.",
    )  # fmt: skip
    numbers = st.toggle(
        "Keep numbers",
        key="numbers",
        bind="query-params",
        help="1987, 3, 42: words without a letter.",
    )
    shortest = st.slider(
        "Letters of a word, at least", 1, 10, FIRST["shortest"], key="shortest", bind="query-params"
    )
    stopped = _stop(told)
    phrases, npmi, together = _phrases()
    ngrams = st.slider(
        "n-grams, words", 1, 3, FIRST["ngrams"], key="ngrams", bind="query-params",
        help="Pairs (2) and triples (3) of words in a row are counted beside each word alone.",
    )  # fmt: skip
    least, most = _common(told, many) if many > 1 else (1, 100)
    vocabulary = choose.slide(
        "Words in the vocabulary, at most", SIZES, FIRST["vocabulary"], key="vocabulary",
        help="V: of what is left the most frequent stay.",
    )  # fmt: skip
    if _changed(told):
        st.button(
            "As at the start", key="words_reset", icon=":material/restart_alt:", on_click=_reset,
            args=(told,), help="All of the above as it suits these documents.",
        )  # fmt: skip
    return Settings(
        tokeniser=tokeniser, pattern=pattern, lower=lower, numbers=numbers, shortest=shortest,
        stop_languages=stopped[0], stop_words=stopped[1], phrases=phrases, phrase_npmi=npmi,
        phrase_count=together, ngrams=ngrams, min_documents=least, max_share=most / 100,
        vocabulary=vocabulary,
    )  # fmt: skip


def _tokens(told: dict[str, Any]) -> tuple[str, str]:
    chosen = _select(
        "Words are", list(TOKENISERS.values()), told["tokeniser"], "tokeniser",
        "Runs of letters and digits of any script. Chinese has no spaces: jieba finds its words.",
    )  # fmt: skip
    tokeniser = _key(TOKENISERS, chosen)
    if tokeniser != "pattern":
        return tokeniser, ""
    return tokeniser, st.text_input(
        "Pattern", PATTERN, key="pattern", bind="query-params", max_chars=200,
        help=r"A regular expression; each match is a word. \p{L} is any letter, \p{Han} a Chinese one.",
    )  # fmt: skip


def _stop(told: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Languages, and words besides."""
    languages = st.multiselect(
        "Stop words of", corpus_stop.LANGUAGES, told["stop_languages"], key="stop_languages",
        bind="query-params", help="Words that stand in every text and say nothing of its subject.",
    )  # fmt: skip
    own = st.text_area(
        "Own stop words", key="stop", bind="query-params", max_chars=LONGEST, height=80,
        help="With spaces or commas between. A word that is clicked in any room can be sent here.",
    )  # fmt: skip
    kept = st.text_input(
        "Not to be stopped", key="kept_words", bind="query-params", max_chars=LONGEST,
        help="Words of the lists above that are to count all the same.",
    )  # fmt: skip
    keep = set(corpus_stop.own(kept))
    mine = tuple(word for word in corpus_stop.own(own) if word not in keep)
    if not keep:
        return tuple(languages), mine
    listed = set[str]().union(*map(corpus_stop.words, languages)) - keep
    return (), tuple(dict.fromkeys((*mine, *sorted(listed))))


def _phrases() -> tuple[int, float, int]:
    """Longest phrase, its NPMI, times that it stands there."""
    longest = st.slider(
        "Words of a phrase, at most", 1, 4, FIRST["phrases"], key="phrases", bind="query-params",
        help="Words that stand together far oftener than by chance become one: neural_network.",
    )  # fmt: skip
    if longest == 1:
        return 1, FIRST["npmi"], FIRST["together"]
    npmi = st.slider(
        "NPMI of a phrase, at least", 0.0, 1.0, FIRST["npmi"], 0.05, key="npmi", bind="query-params",
        help="1: its words never stand apart. 0: together no oftener than by chance.",
    )  # fmt: skip
    return (
        longest,
        npmi,
        choose.whole(
            "Times it stands there, at least", 1, 10_000, key="together", default=FIRST["together"]
        ),
    )


def _common(told: dict[str, Any], many: int) -> tuple[int, int]:
    least = choose.whole(
        "In documents, at least", 1, min(10_000, many), key="least", default=told["least"],
        help="What stands in very few documents cannot say what goes together.",
    )  # fmt: skip
    return least, st.slider(
        "In documents, at most %", 1, 100, told["most"], key="most", bind="query-params",
        help="What stands in most documents tells none from another.",
    )  # fmt: skip


def _told(start: Settings) -> dict[str, Any]:
    return {
        "tokeniser": TOKENISERS[start.tokeniser], "stop_languages": list(start.stop_languages),
        "least": start.min_documents, "most": round(100 * start.max_share),
    }  # fmt: skip


def _changed(told: dict[str, Any]) -> bool:
    first = SPLIT | FIRST | told
    return any(st.session_state.get(key, value) != value for key, value in first.items())


def _reset(told: dict[str, Any]) -> None:
    st.session_state.update(SPLIT | FIRST | told)


def _select(label: str, options: Sequence[str], default: str, key: str, help: str) -> str:
    return st.selectbox(
        label, options, options.index(default), key=key, bind="query-params", help=help
    )


def _key(table: dict[str, str], value: str) -> str:
    return next(key for key, told in table.items() if told == value)
