"""Which topic, document and word the visitor looks at: one choice for all rooms, kept in the link."""

from __future__ import annotations

import streamlit as st

from core.topics.neighbours import top_documents
from pages._kit.topics.view import View, once


def topic(view: View) -> int:
    """Number of a topic that is not hidden: the picked one, else the largest."""
    seen = [view.edited.ids[k] for k in view.edited.seen]
    told = _number("topic")
    return told if told in seen else seen[0]


def row(view: View) -> int:
    """The row of that topic."""
    return view.edited.row(topic(view))


def document(view: View) -> int:
    """Number of a document: the picked one, else the one with most of the topic."""
    told = _number("document")
    D = len(view.prepared.documents)
    return told if told is not None and told < D else once(view, _first, row(view))


def word(view: View) -> str | None:
    """The picked word, where it is one of the vocabulary."""
    told = _told("word")
    return told if told in once(view, _words) else None


def number(view: View, word: str) -> int:
    """The place of a word in the vocabulary."""
    return once(view, _words)[word]


def set_topic(number: int) -> None:
    """A callback, as the next two."""
    _set("topic", str(number))


def set_document(number: int) -> None:
    _set("document", str(number))


def set_word(word: str | None) -> None:
    _set("word", word)


def _first(view: View, row: int) -> int:
    if not len(view.topics.doc_topic):
        return 0
    found = top_documents(view.topics.doc_topic, row, view.prepared.length, 1).documents
    return int(found[0]) if len(found) else 0


def _words(view: View) -> dict[str, int]:
    return {word: w for w, word in enumerate(view.prepared.vocabulary)}


def _told(name: str) -> str | None:
    """What is picked; the first time, what the link says."""
    key = f"picked_{name}"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(name)
    return st.session_state[key]


def _number(name: str) -> int | None:
    told = _told(name)
    return int(told) if told is not None and told.isdecimal() and len(told) < 10 else None


def _set(name: str, value: str | None) -> None:
    st.session_state[f"picked_{name}"] = value
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def go(room: str) -> None:
    """To another room of the exhibit; a callback."""
    st.session_state["room"] = room
