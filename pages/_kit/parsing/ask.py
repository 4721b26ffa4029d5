"""Which grammar, and which sentence: the sidebar of the rooms about one sentence."""

from __future__ import annotations

import streamlit as st

from core.errors import SettingError
from pages._kit import frame
from pages._kit.parsing import grammars, sentence
from pages._kit.parsing.grammars import Chosen
from pages._kit.parsing.view import View, viewed


def view() -> View:
    """A grammar and a sentence. Where what is typed is no grammar, the last one that was."""
    chosen = grammars.chosen()
    words = sentence.chosen(chosen.name, chosen.text)
    # A message belongs where everybody sees it, also in narrow windows. Its container is always there,
    # so that what stands below stays in its place when a message comes or goes.
    with st._main, st.container():
        _tell(chosen)
        try:
            return viewed(chosen.name, chosen.text, words, chosen.typed)
        except SettingError as error:
            frame.report(error)
    return viewed(chosen.name, chosen.text, (), chosen.typed)


def grammar() -> View:
    """A grammar alone: no words, no chart."""
    chosen = grammars.chosen()
    with st._main, st.container():
        _tell(chosen)
    return viewed(chosen.name, chosen.text, (), chosen.typed)


def _tell(chosen: Chosen) -> None:
    """Say what is wrong with what is typed, where it is no grammar."""
    if not chosen.broken:
        return
    fatal = [problem for problem in chosen.problems if problem.fatal]
    more = f" There {'is 1 more message' if len(fatal) == 2 else f'are {len(fatal) - 1} more messages'}" \
        " in the editor." if len(fatal) > 1 else ""  # fmt: skip
    st.warning(
        f"The grammar in the editor cannot be read: {frame.plain(str(fatal[0]))}{more} "
        "What you see is the last one that could.",
        icon=":material/edit_off:",
    )
