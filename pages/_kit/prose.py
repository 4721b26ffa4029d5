"""The text of an exhibit, from assets/text/<slug>.md, formulas in LaTeX."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

TEXTS = Path(__file__).resolve().parents[2] / "assets" / "text"
PATIENCE = 1.5  # seconds in which what stands above is drawn


def show(slug: str) -> None:
    """Render the exhibit's text below what is above."""
    st.divider()
    st.markdown(text(slug))


def follow(slug: str) -> None:
    """As `show`, a moment later the first time: many formulas keep a browser from drawing what is
    above, and that is what the visitor came for.
    """
    key = f"prose_{slug}"
    if st.session_state.get(key):
        show(slug)
        return
    whole_page = True

    @st.fragment(run_every=PATIENCE)
    def wait() -> None:
        if not whole_page:
            st.session_state[key] = True
            st.rerun()

    wait()
    whole_page = False


def text(slug: str) -> str:
    """The Markdown of an exhibit."""
    return (TEXTS / f"{slug}.md").read_text("utf-8")
