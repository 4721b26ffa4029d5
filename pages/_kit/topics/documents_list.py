"""The list of documents: of a topic, of a label, with words; a page at a time."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.topics.neighbours import RANKS
from pages._kit import frame
from pages._kit.stage.coloured_list import Entry, entries
from pages._kit.topics import choosers, documents_found, pick
from pages._kit.topics.documents_excerpt import Marked, excerpt
from pages._kit.topics.documents_found import Found
from pages._kit.topics.view import View, once

PAGE = 8  # documents
ORDERS = dict(zip(RANKS, ("Most of its words", "Largest share"), strict=True))
EVERY = "Any label"
ABOUT_ORDER = (
    "Ranked by their share of the topic alone, texts of a few words come first. By its words, a long "
    "text with a good deal of the topic comes before a short one that has nothing else."
)
ABOUT_SEARCH = (
    "Documents with any of these words, the best first by BM25: rare words count more, and the same "
    "word again counts less each time."
)


def show(view: View) -> None:
    """The part of the room."""
    text = st.text_input(
        "Find documents by words", key="documents_search", bind="query-params", max_chars=300,
        placeholder="Words, in any order", help=ABOUT_SEARCH, icon=":material/search:",
    )  # fmt: skip
    row = choosers.topic(view)
    by, label = _order_and_label(view, searched=bool(text.strip()))
    found = documents_found.found(view, row, by, label, text)
    _told(view, found, row, label)
    if not len(found.documents):
        return
    _back_to_start(view.id, row, by, label, text)
    pages = -(-len(found.documents) // PAGE)
    body = st.container()
    place = 1
    if pages > 1:
        place = st.pagination(pages, key="documents_page", bind="query-params", max_visible_pages=5)
    some = found.documents[(place - 1) * PAGE : place * PAGE].tolist()
    with body:
        _list(view, some, row, found.words)


def _list(view: View, some: list[int], row: int, words: tuple[str, ...]) -> None:
    entries(
        [_entry(view, d, row, words) for d in some], key="documents_list",
        name="Documents, the best first", picked=pick.document(view), take=partial(_take, view),
        reveals="documents_head",
    )  # fmt: skip


def _order_and_label(view: View, searched: bool) -> tuple[str, str | None]:
    if not documents_found.labels(view):
        return _order(searched), None
    left, right = st.columns(2)
    with left:
        by = _order(searched)
    with right:
        return by, _label(view)


def _order(searched: bool) -> str:
    named = st.selectbox(
        "First come", list(ORDERS.values()), key="documents_order", bind="query-params",
        help=ABOUT_ORDER, disabled=searched,
    )  # fmt: skip
    return next(by for by, told in ORDERS.items() if told == named)


def _label(view: View) -> str | None:
    known = documents_found.labels(view)
    label = st.selectbox("Label", [EVERY, *known], key="documents_label", bind="query-params")
    return None if label == EVERY else label


def _told(view: View, found: Found, row: int, label: str | None) -> None:
    """How many there are, and what could not be looked for."""
    if found.unknown:
        st.warning(
            f"Not among the {len(view.prepared.vocabulary):,} words that are counted: "
            f"{frame.plain(', '.join(found.unknown))}",
            icon=":material/search_off:",
        )
    of = "" if label is None else f" of label {frame.plain(label)}"
    n = len(found.documents)
    count = f"{found.total:,} document{'' if found.total == 1 else 's'}{of}"
    cut = f"; the first {n:,} are listed" if n < found.total else ""
    if found.words:
        st.caption(f"{count} with **{frame.plain(', '.join(found.words))}**, the best first{cut}.")
    elif found.unknown or not found.total:
        st.info("Nothing to list. Other words, or another label?", icon=":material/filter_alt_off:")
    else:
        st.caption(
            f"{count}, those with most of **{frame.plain(view.edited.names[row])}** first{cut}."
        )


def _back_to_start(*what: object) -> None:
    """Another list begins with its first page; the one of the link with that of the link."""
    before = st.session_state.get("documents_listed")
    if before is not None and before != what:
        st.session_state["documents_page"] = 1
    st.session_state["documents_listed"] = what


def _entry(view: View, d: int, row: int, words: tuple[str, ...]) -> Entry:
    documents = view.prepared.documents
    theta = view.topics.doc_topic[d]
    if words:  # nothing was said of a topic: the document's own largest
        row = max(view.edited.seen, key=theta.__getitem__)
    share, topic = float(theta[row]), view.edited.names[row]
    day = documents.dates[d] if documents.dates else None
    number, about = (
        f"{share:.0%}{f' {topic}' if words else ''}",
        f"{share:.1%} of its words: {topic}",
    )
    if not view.prepared.length[d]:
        number, about, share = "no words", "None of its words is counted", 0.0
    return Entry(
        d, documents.titles[d], documents.labels[d] if documents.labels else "",
        "" if day is None else day.isoformat(), once(view, _excerpt, d, words),
        number, share, about,
    )  # fmt: skip


def _excerpt(view: View, d: int, words: tuple[str, ...]) -> Marked:
    return excerpt(view.prepared.corpus, view.prepared.documents.texts[d], words)


def _take(view: View, document: int) -> None:
    if 0 <= document < len(view.prepared.documents):
        pick.set_document(document)
