"""The text of an exhibit, from assets/text/<slug>.md, formulas in LaTeX."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

TEXTS = Path(__file__).resolve().parents[2] / "assets" / "text"


def show(slug: str) -> None:
    """Render the exhibit's text below what is above."""
    st.divider()
    st.markdown(text(slug))


def text(slug: str) -> str:
    """The Markdown of an exhibit."""
    return (TEXTS / f"{slug}.md").read_text("utf-8")
