"""The vocabulary as a table, and the words that did not get into it: searched, stopped, taken home."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.datasets.cells import harmless
from core.topics.corpus_fates import COUNTED, STOPPED, TOLD
from pages._kit import frame, take
from pages._kit.stage.words_sieve import KEEP, STOP
from pages._kit.topics import words_fates
from pages._kit.topics.prepared import Prepared

VOCABULARY = "Counted"
CHOICES = {VOCABULARY: COUNTED} | {
    told[0].upper() + told[1:]: fate for fate, told in enumerate(TOLD) if fate != COUNTED
}
MOST = 20_000  # rows
TALL = 420  # pixels
NAMED = 5  # words that a button names


@dataclass(frozen=True, eq=False)
class Listed:
    """Words, the most frequent first, their tokens and in how many documents they stand."""

    words: tuple[str, ...]
    tokens: NDArray[np.int64]
    documents: NDArray[np.int64]


def show(prepared: Prepared) -> None:
    """The part of the room."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.selectbox(
            "Words that are", list(CHOICES), key="words_which", bind="query-params", width=260
        )
        search = st.text_input(
            "Search", key="words_search", bind="query-params", max_chars=100, width=260,
            placeholder="part of a word",
        )  # fmt: skip
    every = _listed(prepared.id, CHOICES[which], prepared)
    rows = _found(every, search)
    if not len(rows):
        st.info("No such word." if search else "No word is.", icon=":material/search_off:")
        return
    act = {COUNTED: STOP, STOPPED: KEEP}.get(CHOICES[which], "")
    chosen = _table(prepared, every, rows, f"{prepared.id[:12]}_{CHOICES[which]}_{search}", act)
    _act(chosen, act)
    take.home(
        {"vocabulary.csv": partial(_csv, _listed(prepared.id, COUNTED, prepared))},
        labels={"csv": "The vocabulary, CSV"},
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _listed(id: str, fate: int, _prepared: Prepared) -> Listed:
    """Of the vocabulary phrases and n-grams too, as they are counted."""
    if fate == COUNTED:
        counts = _prepared.corpus.counts
        words, tokens = counts.vocabulary, counts.per_word().astype(np.int64)
        documents = counts.documents_per_word()
    else:
        known = words_fates.of(_prepared)
        at = np.array(
            [k for k in np.flatnonzero(known.fate == fate).tolist() if known.words[k]], int
        )
        words = tuple(known.words[k] for k in at.tolist())
        tokens, documents = known.tokens[at], known.documents[at]
    order = np.argsort(-tokens, kind="stable")
    return Listed(tuple(words[k] for k in order.tolist()), tokens[order], documents[order])


def _found(every: Listed, search: str) -> NDArray[np.int64]:
    small = search.strip().lower()
    if not small:
        return np.arange(len(every.words))
    return np.array([k for k, word in enumerate(every.words) if small in word.lower()], np.int64)


def _table(
    prepared: Prepared, every: Listed, rows: NDArray[np.int64], name: str, act: str
) -> list[str]:
    """Gives the words that are chosen in it."""
    D = len(prepared.documents)
    shown = rows[:MOST]
    words = [every.words[k] for k in shown.tolist()]
    documents = every.documents[shown]
    frame_ = pd.DataFrame(
        {
            "word": words, "tokens": every.tokens[shown], "documents": documents,
            "% of documents": 100 * documents / max(D, 1), "of all tokens": _share(every, shown),
        }
    )  # fmt: skip
    more = f", the first {MOST:,} of them here" * (len(rows) > MOST)
    st.caption(
        f"{len(rows):,} word{'s' * (len(rows) != 1)}{more}."
        + (" Choose rows to stop them." if act == STOP else "")
        + (" Choose rows to count them again." if act == KEEP else "")
    )
    picture = st.column_config
    name = f"words_table_{name}"
    st.dataframe(
        frame_, key=name, hide_index=True, height=min(TALL, 38 + 35 * len(shown)),
        on_select="rerun" if act else "ignore", selection_mode="multi-row",
        column_config={
            "word": picture.TextColumn(width="medium"),
            "tokens": picture.NumberColumn(format="localized"),
            "documents": picture.NumberColumn(format="localized"),
            "% of documents": picture.ProgressColumn(format="%.1f", min_value=0, max_value=100),
            "of all tokens": picture.NumberColumn(
                format="percent", help="Share of the tokens in this table, if all were there."
            ),
        },
    )  # fmt: skip
    if not act:
        return []
    rows_ = st.session_state[name]["selection"]["rows"]
    return [words[k] for k in rows_ if k < len(words)]


def _share(every: Listed, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return every.tokens[rows] / max(1, int(every.tokens.sum()))


def _act(chosen: list[str], act: str) -> None:
    if not chosen:
        return
    named = ", ".join(map(frame.plain, chosen[:NAMED])) + ", …" * (len(chosen) > NAMED)
    st.button(
        f"{'Stop' if act == STOP else 'Count again'}: {named}", key="words_act", type="primary",
        icon=":material/block:" if act == STOP else ":material/undo:", on_click=_all,
        args=(act, tuple(chosen)),
    )  # fmt: skip


def _all(act: str, words: tuple[str, ...]) -> None:
    for word in words:
        words_fates.take(act, word)


def _csv(every: Listed) -> str:
    file = io.StringIO()
    out = csv.writer(file)
    out.writerow(("word", "tokens", "documents"))
    for word, tokens, documents in zip(every.words, every.tokens, every.documents, strict=True):
        out.writerow((harmless(word), int(tokens), int(documents)))
    return file.getvalue()
