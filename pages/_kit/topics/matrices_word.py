"""The word whose column is lit: one of the document's, or any that is typed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages._kit import frame
from pages._kit.topics import pick
from pages._kit.topics.view import View, once

LISTED = 200
KEY, REFUSED = "matrices_word", "matrices_word_refused"


def chosen(view: View, d: int) -> int:
    """The number of the picked word; until one is picked, the one that says most of the topic here."""
    told = pick.word(view)
    now = view.prepared.vocabulary[once(view, first, d, pick.row(view))] if told is None else told
    listed = once(view, _of_document, d)
    st.session_state[KEY] = now
    st.selectbox(
        "Word, w", listed if now in listed else [now, *listed], key=KEY, accept_new_options=True,
        on_change=_taken, args=(view,),
        help="The document’s words, the most frequent first. Any other word can be typed.",
    )  # fmt: skip
    refused = st.session_state.pop(REFUSED, None)
    if refused is not None:
        V, word = len(view.prepared.vocabulary), frame.plain(refused[:60])
        st.warning(f"“{word}” is not among the {V:,} words that count.", icon=":material/help:")
    return pick.number(view, now)


def first(view: View, d: int, row: int) -> int:
    """Of the document's words, the one with the largest n p(w | z); of an empty one, the topic's best."""
    words, counts = view.prepared.corpus.counts.document(d)
    beta = view.topics.topic_word[row]
    return int(words[np.argmax(counts * beta[words])]) if len(words) else int(beta.argmax())


def _of_document(view: View, d: int) -> list[str]:
    words, counts = view.prepared.corpus.counts.document(d)
    order = np.argsort(-counts, kind="stable")[:LISTED]
    return [view.prepared.vocabulary[w] for w in words[order]]


def _taken(view: View) -> None:
    told = str(st.session_state[KEY] or "").strip()
    known = set(view.prepared.vocabulary)
    folded = view.prepared.settings.fold(told)
    if told in known or folded in known:
        pick.set_word(told if told in known else folded)
    elif told:
        st.session_state[REFUSED] = told
