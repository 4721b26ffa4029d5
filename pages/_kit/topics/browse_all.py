"""All topics as a table, hidden ones too; a click on a row picks its topic."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.topics.relevance import relevant
from pages._kit.topics import browse_map, browse_npmi, pick
from pages._kit.topics.view import View, once

KEY = "browse_all"
WORDS, WEIGHT = 8, 0.6
ROW, TALLEST = 35, 15  # pixels of a row; rows seen at once


def show(view: View) -> None:
    """The part of the room."""
    st.subheader("All topics", anchor=False)
    frame = once(view, _table)
    st.dataframe(
        frame, key=KEY, hide_index=True, height=ROW * (min(len(frame), TALLEST) + 1) + 3,
        on_select=lambda: _take(view), selection_mode="single-cell",
        column_config={
            "topic": st.column_config.NumberColumn("Topic", width="small"),
            "name": st.column_config.TextColumn("Name"),
            "share": st.column_config.ProgressColumn(
                "Share", format="percent", min_value=0, max_value=float(frame["share"].max())
            ),
            "npmi": st.column_config.NumberColumn("NPMI", format="%.2f", help=browse_npmi.ABOUT),
            "words": st.column_config.TextColumn(
                "Best words", width="large", help="The most relevant, λ = 0.6"
            ),
            "hidden": st.column_config.CheckboxColumn("Hidden", width="small"),
        },
    )  # fmt: skip


def _table(view: View) -> pd.DataFrame:
    edited, topics = view.edited, view.topics
    per_word = once(view, browse_map.tokens)
    best = relevant(topics.topic_word, per_word / per_word.sum(), WEIGHT, WORDS)
    hidden = [k for k, topic in enumerate(edited.ids) if topic in edited.hidden]
    order = [*edited.seen, *hidden]
    npmi = browse_npmi.of(view)
    told: dict[str, list[Any]] = {
        "topic": [edited.ids[k] for k in order],
        "name": [edited.names[k] for k in order],
        "share": [float(edited.share[k]) for k in order],
        "npmi": [float(npmi[k]) for k in order],
        "words": [" ".join(topics.vocabulary[w] for w in best[k]) for k in order],
    }
    if hidden:
        told["hidden"] = [k in hidden for k in order]
    return pd.DataFrame(told)


def _take(view: View) -> None:
    cells = st.session_state[KEY]["selection"]["cells"]
    seen = view.edited.seen
    if cells and 0 <= cells[0][0] < len(seen):
        pick.set_topic(view.edited.ids[seen[cells[0][0]]])
