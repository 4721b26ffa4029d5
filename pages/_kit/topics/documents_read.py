"""One document: its text with its words by topic, its mixture, and the documents near it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages._kit import frame
from pages._kit.topics import (
    documents_mixture,
    documents_near,
    documents_text,
    documents_word,
    pick,
)
from pages._kit.topics.view import View

PART = 20_000  # characters that are drawn at once
NEAR = 200  # characters in which a part may end at white space


def show(view: View) -> None:
    """The part of the room."""
    d = pick.document(view)
    text = view.prepared.documents.texts[d]
    theta = view.topics.doc_topic[d].astype(np.float64)
    _head(view, d)
    begin, end = _part(text, d)
    if text.strip():
        documents_text.document(view, d, begin, end)
    else:
        st.info("This document is empty.", icon=":material/draft:")
    if not view.prepared.length[d]:
        st.caption(
            ":material/help: None of its words is counted: these are the topics of any document."
        )
    documents_word.show(view, theta, _times(view, d), "this document")
    documents_mixture.show(view, theta, key="documents_mixture")
    documents_near.to_document(view, d)


def _head(view: View, d: int) -> None:
    documents = view.prepared.documents
    with st.container(key="documents_head"):
        title = " ".join(documents.titles[d].split())
        st.markdown(f"#### {frame.plain(title) or 'Without a title'}")
    told = []
    if documents.labels and documents.labels[d]:
        told.append(f":material/label: {frame.plain(documents.labels[d])}")
    day = documents.dates[d] if documents.dates else None
    if day is not None:
        told.append(f":material/event: {day.day} {day:%B %Y}")
    indptr = view.prepared.tokens.indptr
    total, counted = int(indptr[d + 1] - indptr[d]), int(view.prepared.length[d])
    told.append(f"{counted:,} of its {total:,} words are counted")
    st.caption(" · ".join(told))


def _times(view: View, d: int) -> dict[str, int]:
    words, counts = view.prepared.corpus.counts.document(d)
    vocabulary = view.prepared.vocabulary
    return {vocabulary[w]: int(n) for w, n in zip(words.tolist(), counts, strict=True)}


def _part(text: str, d: int) -> tuple[int, int]:
    """Which part of a long text, from its first character to before its last."""
    if len(text) <= PART:
        return 0, len(text)
    if st.session_state.get("documents_long") != d:
        st.session_state["documents_long"] = d
        st.session_state["documents_stretch"] = 1
    st.caption(
        f":material/content_cut: Its {len(text):,} characters are too many to draw at once: here are "
        f"some {PART:,} of them. Topics are those of the whole."
    )
    place = st.pagination(-(-len(text) // PART), key="documents_stretch", max_visible_pages=5)
    return _cut(text, (place - 1) * PART), _cut(text, place * PART)


def _cut(text: str, at: int) -> int:
    """Where white space ends before a place, so that no word is cut, if there is some near."""
    if at >= len(text):
        return len(text)
    for near in range(at, max(0, at - NEAR), -1):
        if text[near - 1].isspace():
            return near
    return at
