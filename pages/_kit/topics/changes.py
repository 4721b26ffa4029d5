"""The visitor's edits of a fit's topics: names, merged ones, hidden ones. Kept while the page is open."""

from __future__ import annotations

import streamlit as st

from core.topics.edits import Edit
from pages._kit.topics.fits import Fit

MOST = 200


def of(fit: Fit) -> tuple[Edit, ...]:
    """In their order."""
    return st.session_state.setdefault("topic_edits", {}).get(fit.id, ())


def add(fit: Fit, edit: Edit) -> None:
    """One more; a callback."""
    st.session_state.setdefault("topic_edits", {})[fit.id] = (*of(fit), edit)[-MOST:]


def undo(fit: Fit) -> None:
    """Without the last; a callback."""
    st.session_state.setdefault("topic_edits", {})[fit.id] = of(fit)[:-1]
