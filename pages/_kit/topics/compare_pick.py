"""The other topic, which the picked one is compared with; kept in the link as the picked one is."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.topics.distances import jensen_shannon
from pages._kit.topics import pick
from pages._kit.topics.view import View, once

KEY = "compare_with"


def other(view: View) -> int | None:
    """Row of the other topic: the chosen one, else the nearest. None where there is one only."""
    told = chosen(view)
    if told is not None or len(view.edited.seen) < 2:
        return told
    return once(view, _nearest, pick.row(view))


def chosen(view: View) -> int | None:
    """Row of the chosen one; None where none was, or it is hidden, or the picked topic itself."""
    if "picked_compare" not in st.session_state:
        st.session_state["picked_compare"] = st.query_params.get(KEY)
    told = st.session_state["picked_compare"]
    rows = {str(view.edited.ids[k]): k for k in view.edited.seen if k != pick.row(view)}
    return rows.get(told)


def set_other(number: int) -> None:
    """A callback: the topic's number."""
    st.session_state["picked_compare"] = st.query_params[KEY] = str(number)


def set_both(first: int, second: int) -> None:
    """A callback: numbers of the picked topic and of the other."""
    pick.set_topic(first)
    set_other(second)


def named(view: View, number: int) -> str:
    """A topic in a select box."""
    row = view.edited.row(number)
    return f"{number} · {view.edited.names[row]} ({view.edited.share[row]:.1%})"


def _nearest(view: View, row: int) -> int:
    seen = [k for k in view.edited.seen if k != row]
    words = view.topics.topic_word
    return seen[int(np.argmin(jensen_shannon(words[[row]], words[seen])[0]))]
