"""Groups: topics in documents of each label, over time, and with each other."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics import groups_labels, groups_pairs, groups_time
from pages._kit.topics.view import View

LABEL, TIME, PAIRS = "By label", "Over time", "With each other"


def show(view: View) -> None:
    """The room."""
    documents = view.prepared.documents
    shows = {PAIRS: groups_pairs.show}
    if documents.dates is not None and any(documents.dates):
        shows = {TIME: groups_time.show} | shows
    if documents.labels is not None and len(documents):
        shows = {LABEL: groups_labels.show} | shows
    offered = [name for name in (LABEL, TIME, PAIRS) if name in shows]
    what = st.segmented_control(
        "Groups", offered, default=offered[0], key="groups_what", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    missing = _missing(offered)
    if missing:
        st.caption(missing)
    shows[what or offered[0]](view)


def _missing(offered: list[str]) -> str:
    """What an upload would need for the rest."""
    wanted = {
        LABEL: "a **label** column (an author, a section, a language …)",
        TIME: "a **date** column (1998, 1998-05 or 1998-05-31)",
    }
    parts = [needs for name, needs in wanted.items() if name not in offered]
    if not parts:
        return ""
    these = " or ".join(
        {LABEL: "labels", TIME: "dates"}[name] for name in wanted if name not in offered
    )
    return (
        f"These documents have no {these}. Upload a .csv, .tsv or .jsonl with {' and '.join(parts)} to see "
        "more here."
    )
