"""Phrases that were found, with what speaks for each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._kit import frame
from pages._kit.stage.words_sieve import STOP
from pages._kit.topics import words_fates
from pages._kit.topics.prepared import Prepared

TALL = 420  # pixels
MOST = 5_000  # rows
NPMI = r"\mathrm{npmi}(a, b) = \log\frac{p(a, b)}{p(a)\, p(b)} \Big/ -\log p(a, b)"


def show(prepared: Prepared) -> None:
    """The part of the room."""
    st.markdown(
        "Some words are one thing together: *machine learning*. Where two stand side by side far "
        "oftener than by chance they can be made one word, measured by Bouma’s (2009)"
    )
    st.latex(NPMI)
    st.caption(
        "1: a and b never stand apart; 0: together no oftener than by chance. Longer phrases are "
        "found round by round: a phrase and a word."
    )
    if prepared.settings.phrases == 1:
        st.button(
            "Look for phrases", key="words_look", type="primary", icon=":material/join_inner:",
            on_click=_look, help="Of up to three words. The sidebar has the bounds.",
        )  # fmt: skip
        return
    found = words_fates.phrases(prepared)
    if not found:
        st.info(
            "None stands there often enough. Lower the NPMI, or the times, in the sidebar under "
            "Words that count.",
            icon=":material/search_off:",
        )
        return
    counted = sum(one.counted for one in found)
    st.markdown(f"**{len(found):,} phrases**, of which {counted:,} are in the vocabulary")
    some = found[:MOST]
    table = pd.DataFrame(
        {
            "phrase": [one.name for one in some],
            "NPMI": [one.npmi for one in some],
            "side by side": [one.together for one in some],
            "tokens": [one.tokens for one in some],
            "counted": [one.counted for one in some],
        }
    )
    shown = st.dataframe(
        table, key=f"words_phrases_{prepared.id[:12]}", hide_index=True,
        height=min(TALL, 38 + 35 * len(some)), on_select="rerun", selection_mode="single-row",
        column_config={
            "phrase": st.column_config.TextColumn(width="medium"),
            "NPMI": st.column_config.ProgressColumn(format="%.2f", min_value=0, max_value=1),
            "side by side": st.column_config.NumberColumn(
                format="localized", help="Times that its two parts touch"
            ),
            "tokens": st.column_config.NumberColumn(
                format="localized", help="What it stands for: longer phrases may have taken it up"
            ),
        },
    )  # fmt: skip
    rows = [k for k in shown.selection.rows if k < len(some)]
    if rows and some[rows[0]].counted:
        name = some[rows[0]].name
        st.button(
            f"Stop {frame.plain(name)}", key="words_phrase_stop", icon=":material/block:",
            on_click=words_fates.take, args=(STOP, name),
        )  # fmt: skip


def _look() -> None:
    st.session_state["phrases"] = 3
