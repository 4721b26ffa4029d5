"""The grammar under the trees: its editor, the table N, Sigma, R, S, and its normal form."""

from __future__ import annotations

import streamlit as st

from pages._kit.parsing import grammar_buttons, grammar_own, grammar_table, grammars, normal_room
from pages._kit.parsing.view import View
from pages._kit.stage.editor import editor

FEATURES = "=?"  # as in NP[NUM=?n] of NLTK's feature grammars


def show(view: View) -> None:
    """Let the visitor see and change the grammar at hand."""
    # By its key the browser finds the editor again when more or less stands above it: without,
    # it would be made anew, and whoever is writing in it would lose the caret.
    with st.container(key="grammar_room"):
        _room(view)


def _room(view: View) -> None:
    st.subheader("The grammar", anchor="grammar")
    typed = view.typed
    left, right = st.columns([6, 5], gap="medium")
    with left:
        editor(
            typed,
            grammars.wrong(typed),
            key=grammar_own.EDITOR,
            label="Rules of the grammar",
            most=grammar_own.MOST,
            epoch=grammar_own.epoch(typed),
        )
        if FEATURES in typed:
            st.caption("Feature grammars, with categories such as NP\\[NUM=?n\\], cannot be read.")
        grammar_buttons.show(view.name, typed)
        _told(view)
    with right:
        grammar_table.show(view)
    normal_room.show(view)


def _told(view: View) -> None:
    if not grammar_own.linked():
        st.caption(
            "Too long for the link, which holds about 6,000 characters after compression: "
            "take the grammar home as a file instead."
        )
    if view.text == view.typed:
        notes = grammar_table.recursion(view.text)
        if notes:
            st.caption(notes)
