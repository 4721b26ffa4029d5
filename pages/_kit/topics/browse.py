"""Topics: the map, the words of the picked one, and all that is known of it and can be changed."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics import (
    browse_all,
    browse_documents,
    browse_home,
    browse_map,
    browse_topic,
    browse_word,
)
from pages._kit.topics.view import View


def show(view: View) -> None:
    """The room."""
    browse_map.show(view)
    left, right = st.columns([2, 3], gap="large")
    with left:
        browse_topic.show(view)
        browse_word.show(view)
    with right:
        browse_documents.show(view)
    browse_all.show(view)
    browse_home.show(view)
