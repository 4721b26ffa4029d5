"""Documents whose mixture of topics is nearest to that of a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.topics.neighbours import DISTANCES, Ranked, nearest, similar
from pages._kit.stage.coloured_list import Entry, entries
from pages._kit.topics import documents_text, pick
from pages._kit.topics.view import View, once

Take = Callable[[int], None]

MANY = 6
NAMED = dict(zip(DISTANCES, ("Hellinger", "Jensen–Shannon"), strict=True))
ABOUT = (
    "Alike by topics, not by words. Hellinger: $H = \\sqrt{1 - \\sum_z \\sqrt{p_z q_z}}$, 0 for the "
    "same mixture and 1 where they share no topic. Jensen–Shannon: the root of the divergence, 0 to "
    "0.83."
)
MOST = {"hellinger": 1.0, "jensen_shannon": 0.8326}


def to_document(view: View, d: int) -> None:
    """Those near a document."""
    by = _distance()
    _show(view, once(view, _similar, d, by), by, "Similar documents", pick.set_document)


def to_new(view: View, text: str) -> None:
    """Those near a new text; one click opens the document."""
    by = _distance()
    _show(view, once(view, _nearest, text, by), by, "Nearest documents", _open)


def _distance() -> str:
    st.markdown("**Documents with the same topics**", help=ABOUT)
    named = st.segmented_control(
        "Distance", list(NAMED.values()), default=NAMED["hellinger"], key="documents_distance",
        bind="query-params", required=True, label_visibility="collapsed",
    )  # fmt: skip
    return next((by for by, told in NAMED.items() if told == named), "hellinger")


def _show(view: View, found: Ranked, by: str, name: str, take: Take) -> None:
    if not len(found.documents):
        st.caption("There is no other document.")
        return
    pairs = zip(found.documents.tolist(), found.values.tolist(), strict=True)
    entries(
        [_entry(view, d, far, by) for d, far in pairs],
        key="documents_near", name=name, picked=None, take=partial(_take, view, take),
        reveals="documents_head",
    )  # fmt: skip


def _entry(view: View, d: int, far: float, by: str) -> Entry:
    documents = view.prepared.documents
    return Entry(
        d, documents.titles[d], documents.labels[d] if documents.labels else "", "", [], f"{far:.3f}",
        1 - far / MOST[by], f"{NAMED[by]} distance {far:.4f}",
    )  # fmt: skip


def _similar(view: View, d: int, by: str) -> Ranked:
    return similar(view.topics.doc_topic, d, MANY, distance=by)


def _nearest(view: View, text: str, by: str) -> Ranked:
    theta = documents_text.mixture(view, text)
    return nearest(view.topics.doc_topic, theta, MANY, distance=by)


def _take(view: View, take: Take, document: int) -> None:
    if 0 <= document < len(view.prepared.documents):
        take(document)


def _open(document: int) -> None:
    pick.set_document(document)
    st.session_state["documents_part"] = "Documents"
