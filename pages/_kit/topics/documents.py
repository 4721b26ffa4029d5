"""Documents: which there are of a topic, each with its words by topic; and the same for new text."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics import documents_list, documents_new, documents_read
from pages._kit.topics.view import View

READ, NEW = "Documents", "New text"


def show(view: View) -> None:
    """The room."""
    part = st.segmented_control(
        "What to read", (READ, NEW), default=READ, key="documents_part", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    if part == NEW:
        documents_new.show(view)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        documents_list.show(view)
    with right:
        documents_read.show(view)
