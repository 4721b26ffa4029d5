"""To be written."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics.view import View


def show(view: View) -> None:
    st.write("groups", view.edited.names)
