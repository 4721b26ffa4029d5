"""One document before and after: each word counted, or left out for a reason."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.topics import corpus_fates
from pages._kit import frame
from pages._kit.stage.words_text import Said, text
from pages._kit.topics import pick, words_fates
from pages._kit.topics.prepared import Prepared

MOST = 12_000  # characters that are shown
FOUND = 200  # titles to choose from
USUAL = 80  # tokens of a document that is good to begin with


def show(prepared: Prepared) -> None:
    """The part of the room."""
    d = _chosen(prepared)
    whole = prepared.documents.texts[d]
    said, rest = _said(prepared.id, d, prepared)
    text(
        said, rest, words_fates.SHOWN, key="words_text", take=words_fates.take,
        name=f"{prepared.documents.titles[d]}: words that count, and those left out",
    )  # fmt: skip
    cut = f" Only its first {MOST:,} of {len(whole):,} characters are shown." * (len(whole) > MOST)
    st.caption(f"Marked words are counted, the others are left out: point at one to see why.{cut}")


def choose(document: int) -> None:
    """Look at another one; a callback."""
    pick.set_document(document)
    st.session_state["words_title"] = ""


def _chosen(prepared: Prepared) -> int:
    D = len(prepared.documents)
    now = _now(prepared)
    if D == 1:
        return now
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=220):
            wanted = st.text_input(
                "Title has", key="words_title", placeholder="any title", max_chars=100
            )
        listed = _listed(prepared.source.id, D, wanted, now, prepared)
        if now not in listed:
            listed = [now, *listed]
        st.session_state["words_document"] = now
        st.selectbox(
            "Document", listed, key="words_document", on_change=_picked,
            format_func=lambda d: prepared.documents.titles[d] or f"document {d + 1}",
        )  # fmt: skip
        for name, to, icon in (("Previous", now - 1, "back"), ("Next", now + 1, "forward")):
            st.button(
                name, key=f"words_{name.lower()}", icon=f":material/arrow_{icon}:",
                on_click=choose, args=(to % D,),
            )  # fmt: skip
    if wanted and len(listed) == FOUND + 1:
        st.caption(f"More than {FOUND} titles have “{frame.plain(wanted)}”.")
    return now


def _picked() -> None:
    pick.set_document(st.session_state["words_document"])


def _now(prepared: Prepared) -> int:
    """The document that is picked in any room, else one of usual length."""
    told = st.session_state.get("picked_document", st.query_params.get("document"))
    number = int(told) if isinstance(told, str) and told.isdecimal() and len(told) < 10 else -1
    if 0 <= number < len(prepared.documents):
        return number
    return int(np.abs(np.diff(prepared.tokens.indptr) - USUAL).argmin())


@st.cache_resource(max_entries=32, show_spinner=False)
def _listed(source: str, D: int, wanted: str, now: int, _prepared: Prepared) -> list[int]:
    """Those whose title has it; without a wish, those about the one that is shown."""
    if not wanted.strip():
        first = max(0, min(now - FOUND // 2, D - FOUND))
        return list(range(first, min(D, first + FOUND)))
    small = wanted.strip().lower()
    found = [d for d, title in enumerate(_prepared.documents.titles) if small in title.lower()]
    return found[:FOUND]


@st.cache_resource(max_entries=32, show_spinner=False)
def _said(id: str, d: int, _prepared: Prepared) -> tuple[list[Said], str]:
    whole = _prepared.documents.texts[d][:MOST]
    said: list[Said] = []
    at = 0
    for one in corpus_fates.pieces(whole, _prepared.corpus, words_fates.of(_prepared)):
        shown = whole[one.start : one.end]
        said.append(Said(whole[at : one.start], shown, one.word, one.fate))
        at = one.end
    return said, whole[at:]
