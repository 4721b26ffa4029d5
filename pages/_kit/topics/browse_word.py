"""The picked word: over which topics its uses are spread, and where to go from it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.charts import topics_bars
from pages._kit import frame
from pages._kit.topics import browse_map, clicked, pick, prepared
from pages._kit.topics.view import View, once

MOST = 6  # topics


def show(view: View) -> None:
    """The part of the room; of no word, a hint."""
    word = pick.word(view)
    if word is None:
        st.caption(
            "Click a word in the chart to see here how its uses are spread, and where it stands."
        )
        return
    w = pick.number(view, word)
    times = once(view, browse_map.tokens)[w]
    documents = once(view, _documents)[w]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"##### The word **{frame.plain(word)}**", width="content")
        st.button(
            "Put down", key="browse_no_word", type="tertiary", icon=":material/close:",
            on_click=pick.set_word, args=(None,),
        )  # fmt: skip
    st.caption(
        f"{times:,.0f} times in {documents:,} documents. Its uses by topic, "
        r"$p(z \mid w) \propto p(w \mid z)\,p(z)$:"
    )
    seen = list(view.edited.seen)
    clicked.chart(
        topics_bars.spread, browse_map.spread(view, word)[seen],
        [view.edited.names[k] for k in seen], most=MOST, key="browse_spread", selection="topic",
        field="topic", now=seen.index(pick.row(view)), take=partial(_take, view),
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Documents with it", key="browse_with", icon=":material/article:", on_click=_documents_with,
            args=(word,),
        )  # fmt: skip
        st.button(
            "Stop this word", key="browse_stop", icon=":material/block:", on_click=_stop, args=(word,),
            help="It says nothing: no longer count it. The model is fitted again without it.",
        )  # fmt: skip


def _documents(view: View) -> list[int]:
    return view.prepared.corpus.counts.documents_per_word().tolist()


def _documents_with(word: str) -> None:
    st.session_state["documents_search"] = word
    pick.go("Documents")


def _stop(word: str) -> None:
    prepared.stop(word)
    pick.set_word(None)


def _take(view: View, at: int) -> None:
    if 0 <= at < len(view.edited.seen):
        pick.set_topic(view.edited.ids[view.edited.seen[at]])
