"""The text that a visitor writes. The link holds it where it is not too long; it outlives other rooms."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from pages._kit.topics import pick
from pages._kit.topics.documents_sample import beginning, sample
from pages._kit.topics.view import View

CHARACTERS = 20_000
LINK = 3_000  # characters of a text in the link, as they are written there
KEY, KEPT, START = "documents_text_box", "documents_text_kept", "documents_text_start"
QUERY = "new_text"


def chosen(view: View) -> str:
    """What is written now."""
    own = sample(view)[:CHARACTERS]
    if KEY not in st.session_state:  # the first time, or back from another room
        linked = st.query_params.get(QUERY)
        start = st.session_state.get(KEPT, own if linked is None else linked)[:CHARACTERS]
        st.session_state.update({KEY: start, START: start})
    # a sample that nobody changed gives way to that of other documents
    before = st.session_state.get("documents_text_sample", own)
    if before != own and st.session_state[KEY] == before:
        st.session_state[KEY] = own
    st.session_state["documents_text_sample"] = own
    # The browser hears of what is set here only in the run that sets it, which the next may cut short;
    # what the field begins with it hears in every run.
    text = st.text_area(
        "Your text", st.session_state[START], key=KEY, height=220, max_chars=CHARACTERS,
        placeholder="Type or paste text …",
        help=f"Up to {CHARACTERS:,} characters. It is read when you leave the field, or press "
        "Ctrl + Enter. It is not added to the documents.",
    )  # fmt: skip
    d = pick.document(view)
    with st.container(horizontal=True, gap="small", key="documents_samples"):
        for title, other in (
            ("Sample", own),
            ("First line of the picked document", beginning(view.prepared.documents.texts[d])),
            ("Empty", ""),
        ):
            st.button(
                title, key=f"documents_take_{title}", type="tertiary", on_click=_take, args=(other,),
                disabled=text == other,
            )  # fmt: skip
    st.session_state[KEPT] = text
    _to_link(text, own)
    return text


def _take(text: str) -> None:
    st.session_state[KEY] = text


def _to_link(text: str, own: str) -> None:
    fits = len(quote(text, errors="replace")) <= LINK
    if text == own or not fits:
        st.query_params.pop(QUERY, None)
    elif st.query_params.get(QUERY) != text:
        st.query_params[QUERY] = text
    if not fits:
        st.caption(":material/link_off: This text is too long for the link.")
