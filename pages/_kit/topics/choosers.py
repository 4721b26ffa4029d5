"""Topic and document chosen from a list, in any room; what is picked elsewhere stands there too."""

from __future__ import annotations

import streamlit as st

from core.topics.neighbours import top_documents
from pages._kit.topics import pick
from pages._kit.topics.view import View, once

LISTED = 100  # documents of a topic


def topic(view: View, *, key: str = "topic_box", label: str = "Topic") -> int:
    """The row of the picked topic."""
    ids = [view.edited.ids[row] for row in view.edited.seen]
    st.session_state[key] = pick.topic(view)
    st.selectbox(
        label, ids, key=key, on_change=_topic, args=(key,),
        format_func=lambda number: _named(view, number),
    )  # fmt: skip
    return pick.row(view)


def document(view: View, *, key: str = "document_box", label: str = "Document") -> int:
    """The number of the picked document, among those with most of the picked topic."""
    now = pick.document(view)
    listed = once(view, _listed, pick.row(view))
    st.session_state[key] = now
    st.selectbox(
        label, listed if now in listed else [now, *listed], key=key, on_change=_document, args=(key,),
        format_func=view.prepared.documents.titles.__getitem__,
        help="Those with most of the topic. All others are in the room Documents.",
    )  # fmt: skip
    return now


def _named(view: View, number: int) -> str:
    row = view.edited.row(number)
    return f"{number} · {view.edited.names[row]} ({view.edited.share[row]:.1%})"


def _listed(view: View, row: int) -> list[int]:
    found = top_documents(view.topics.doc_topic, row, view.prepared.length, LISTED)
    return [int(d) for d in found.documents]


def _topic(key: str) -> None:
    pick.set_topic(st.session_state[key])


def _document(key: str) -> None:
    pick.set_document(st.session_state[key])
