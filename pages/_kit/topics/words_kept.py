"""What was chosen of the words that count, kept for each corpus while the page is open."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._kit.topics.words_settings import FIRST, SPLIT


def switched(source: str) -> bool:
    """Bring back what was chosen for these documents. True where they are new, but for the first ones,
    which begin with what the link says."""
    before = st.session_state.get("prepared_for")
    st.session_state["prepared_for"] = source
    known = _memory().get(source, {})
    for key, value in known.items():
        if before != source or key not in st.session_state:  # unseen controls forget
            st.session_state[key] = value
    fresh = not known and before is not None
    if fresh:
        st.session_state.update(SPLIT)
    return fresh


def remember(source: str) -> None:
    """What is chosen now, for the same documents later."""
    keys = (*SPLIT, *FIRST, "tokeniser", "stop_languages", "least", "most")
    now = {key: st.session_state[key] for key in keys if key in st.session_state}
    _memory()[source] = _memory().get(source, {}) | now


def _memory() -> dict[str, dict[str, Any]]:
    return st.session_state.setdefault("prepared_chosen", {})
