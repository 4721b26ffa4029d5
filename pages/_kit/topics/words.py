"""The room of words: which are counted, what each step takes away, and what becomes of a text."""

from __future__ import annotations

import streamlit as st

from pages._kit import frame
from pages._kit.topics import (
    words_document,
    words_matrix,
    words_often,
    words_phrases,
    words_steps,
    words_table,
)
from pages._kit.topics.prepared import Prepared

PARTS = {
    "One document": words_document.show,
    "Vocabulary": words_table.show,
    "How often": words_often.show,
    "Phrases": words_phrases.show,
    "Matrix": words_matrix.show,
}
EMPTY = 50  # documents whose titles are told


def show(prepared: Prepared) -> None:
    """The steps from texts to counts, then one of the parts."""
    with st.container(key="words_room"):
        _told(prepared)
        words_steps.show(prepared)
        _empty(prepared)
        part = st.segmented_control(
            "Look at", list(PARTS), default=next(iter(PARTS)), key="words_part", required=True,
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        with st.container(key="words_shown"):
            PARTS[part or next(iter(PARTS))](prepared)


def _told(prepared: Prepared) -> None:
    all_tokens = prepared.corpus.effects[0].tokens
    counted = prepared.corpus.counts.tokens
    D = len(prepared.documents)
    st.markdown(
        f"Of **{all_tokens:,} tokens** in {D:,} document{'s' * (D != 1)}, **{counted:,.0f}** "
        f"({counted / max(1, all_tokens):.0%}) are counted, as a vocabulary of "
        f"**V = {len(prepared.vocabulary):,} words**. Click a word to stop it, or to let it count again.",
        help="A token is a word as it stands in a text: “the cat and the dog” has 5 tokens, of 4 words. "
        "n-grams are counted beside their words, so that more may be counted than there are.",
    )  # fmt: skip


def _empty(prepared: Prepared) -> None:
    """Documents of which nothing is left."""
    empty = prepared.corpus.empty
    if not len(empty):
        return
    many = "One document has" if len(empty) == 1 else f"{len(empty):,} documents have"
    with st.expander(
        f"{many} no word left: no topic can be told for them", icon=":material/draft:"
    ):
        titles = [prepared.documents.titles[d] for d in empty[:EMPTY].tolist()]
        st.markdown("\n".join(f"- {frame.plain(title) or '(no title)'}" for title in titles))
        if len(empty) > EMPTY:
            st.caption(f"and {len(empty) - EMPTY:,} more")
        st.button(
            "Look at the first", key="words_empty", icon=":material/visibility:",
            on_click=_look, args=(int(empty[0]),),
        )  # fmt: skip


def _look(document: int) -> None:
    words_document.choose(document)
    st.session_state["words_part"] = "One document"
