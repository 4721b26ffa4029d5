"""New text: its topics at once, by the model as it is; its words in colours, documents near it."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages._kit import frame
from pages._kit.topics import (
    documents_mixture,
    documents_near,
    documents_new_input,
    documents_text,
    documents_word,
    documents_words,
)
from pages._kit.topics.view import View, once

NAMED = 30  # unknown words
NOTHING = "Write a sentence or two, or take a sample, and its topics appear."
STRANGE = (
    "None of its words is among the {V:,} that are counted: there is nothing to tell its topics by."
)


def show(view: View) -> None:
    """The part of the room."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        text = documents_new_input.chosen(view)
    times = _times(view, text)
    with right:
        if not text.strip():
            st.info(NOTHING, icon=":material/edit:")
        elif not times:
            st.warning(STRANGE.format(V=len(view.prepared.vocabulary)), icon=":material/help:")
        else:
            _read(view, text, times)
    with left:
        _unknown(view, text, times)
        if times:
            theta = documents_text.mixture(view, text)
            documents_mixture.show(view, theta, key="documents_new_mixture")


def _read(view: View, text: str, times: dict[str, int]) -> None:
    theta = documents_text.mixture(view, text)
    documents_text.new(view, text)
    documents_word.show(view, theta, times, "your text")
    documents_near.to_new(view, text)


def _unknown(view: View, text: str, times: dict[str, int]) -> None:
    if not text.strip():
        return
    known, tokens, missing = len(times), sum(times.values()), once(view, _missing, text)
    st.caption(f"{tokens:,} words are counted, {known:,} of them distinct.")
    if missing:
        more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
        st.caption(
            f":material/help: Not in the vocabulary: **{frame.plain(', '.join(missing[:NAMED]))}**{more}",
            help="Words that no document has, or too few or too many of them: the sidebar says how "
            "many. Stop words are not named here.",
        )


def _times(view: View, text: str) -> dict[str, int]:
    return once(view, _counted, text)


def _counted(view: View, text: str) -> dict[str, int]:
    vocabulary = view.prepared.vocabulary
    return Counter(vocabulary[one.word] for one in view.prepared.corpus.spans(text))


def _missing(view: View, text: str) -> list[str]:
    return documents_words.unknown(view.prepared.corpus, text)
