"""Which page an address opens, and how the galleries are grouped on top."""

from __future__ import annotations

import streamlit as st

from pages._kit.catalogue import EXHIBITS, GALLERIES


def run() -> None:
    """Set up navigation and run the page that the address asks for."""
    st.set_page_config(page_title="Vitrine", page_icon="assets/pictures/icon.png", layout="wide")
    lobby = st.Page("pages/lobby/lobby.py", title="Vitrine", icon=":material/home:", default=True)
    menu: dict[str, list] = {"": [lobby]}
    for exhibit in EXHIBITS:
        page = st.Page(exhibit.path, title=exhibit.title, icon=exhibit.icon, url_path=exhibit.slug)
        menu.setdefault(GALLERIES[exhibit.gallery], []).append(page)
    st.navigation(menu, position="top").run()
