"""Documents that the visitor brings: files, or text that is typed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.datasets.documents import Documents
from pages._kit.topics import source_files, source_typed

WAYS: dict[str, Callable[[], Documents | None]] = {
    "Files": source_files.documents,
    "Text": source_typed.documents,
}


def documents() -> Documents | None:
    """What was brought; None where there is nothing, which has been said then."""
    first = next(iter(WAYS))
    way = st.segmented_control(
        "Bring", list(WAYS), default=first, key="own_as", required=True, bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    return WAYS[way or first]()
