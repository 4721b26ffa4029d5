"""How often words are met: a few all the time, most hardly ever."""

from __future__ import annotations

import streamlit as st

from core.charts import topics_corpus
from core.topics.corpus_fates import COUNTED, TOLD, Fates
from pages._kit import frame
from pages._kit.stage.words_sieve import STOP
from pages._kit.topics import clicked, pick, words_fates
from pages._kit.topics.prepared import Prepared


def show(prepared: Prepared) -> None:
    """The part of the room."""
    known = words_fates.of(prepared)
    word = st.session_state.get("picked_word")
    st.markdown(
        "**Zipf’s law:** the word of rank r is met about 1/r times as often as the first (the line). "
        "Stop words are at the left end, words of a single document at the right: what tells subjects "
        "apart lies between."
    )
    clicked.chart(
        topics_corpus.totals, known.tokens, known.words, kept=known.fate == COUNTED,
        key="words_zipf", selection="word", field="word", now=word if word in known.place else None,
        take=pick.set_word,
    )  # fmt: skip
    if word in known.place:
        _about(prepared, known, word)
    else:
        st.caption("Before any step. Click a point to see its word.")


def _about(prepared: Prepared, known: Fates, word: str) -> None:
    k = known.place[word]
    D, documents, fate = len(prepared.documents), int(known.documents[k]), int(known.fate[k])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{frame.plain(word)}**: {known.tokens[k]:,} tokens in {documents:,} of {D:,} documents "
            f"({documents / max(D, 1):.1%}): {TOLD[fate]}.",
            width="content",
        )
        act = words_fates.SHOWN[fate]
        if act.act:
            st.button(
                act.does[0].upper() + act.does[1:], key="words_zipf_act", on_click=words_fates.take,
                args=(act.act, word),
                icon=":material/block:" if act.act == STOP else ":material/undo:",
            )  # fmt: skip
