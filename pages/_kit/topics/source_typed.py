"""Documents typed or pasted: one a paragraph, or one a line where there are no empty lines."""

from __future__ import annotations

import re

import streamlit as st

from core.datasets.documents import Documents

MOST = 1_000_000  # characters
TITLE = 60  # characters
NAME = "Typed text"
EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
HINT = "Type or paste text in the sidebar. An empty line ends a document; without any, each line is one."


def documents() -> Documents | None:
    """What stands in the box; None where that is nothing, which has been said then."""
    if "own_typed" not in st.session_state:  # unseen controls forget
        st.session_state["own_typed"] = st.session_state.get("own_typed_kept", "")
    text = st.text_area(
        "Text", key="own_typed", height=220, max_chars=MOST, placeholder="A document\n\nAnother one",
        help="An empty line ends a document; without any, each line is one.",
    )  # fmt: skip
    st.session_state["own_typed_kept"] = text
    found = parted(text)
    if not found:
        with st._main:
            st.info(HINT, icon=":material/edit_note:")
        return None
    titles = tuple(_title(one, n) for n, one in enumerate(found, 1))
    return Documents(NAME, tuple(found), titles)


def parted(text: str) -> list[str]:
    """The documents in a text."""
    parts = EMPTY_LINE.split(text.strip())
    if len(parts) == 1:
        parts = text.splitlines()
    return [part.strip() for part in parts if part.strip()]


def _title(text: str, number: int) -> str:
    line = " ".join(text.split())
    return f"{number} · {line[:TITLE]}{'…' if len(line) > TITLE else ''}"
