"""Which grammar: one that comes with Vitrine, or the visitor's own, typed or from a file."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets import text as files
from core.datasets.grammars import PRESETS
from core.errors import SettingError, UploadError
from core.parsing.problem import Problem
from pages._kit import frame
from pages._kit.parsing import grammar_own
from pages._kit.parsing.grammar_own import FIRST, OWN
from pages._kit.parsing.view import engine, read

TITLES = {name: preset.title for name, preset in PRESETS.items()} | {OWN: "My own"}
TYPES = ["cfg", "pcfg", "txt", "grammar"]
ABOUT = "Edit any of them in the room Trees: it becomes your own, and the original stays."
ABOUT_FILE = "A text of rules such as `S -> NP VP [1.0]`, words in quotes, as NLTK writes them."


@dataclass(frozen=True)
class Chosen:
    """`text` is a grammar; `typed` is what the editor holds, the same unless that is none."""

    name: str
    text: str
    typed: str
    problems: tuple[Problem, ...]  # of what is typed

    @property
    def broken(self) -> bool:
        return self.text != self.typed


def chosen() -> Chosen:
    """Let the visitor choose. Where what is typed is no grammar, the last one stays in use."""
    grammar_own.from_link()
    grammar_own.from_editor(st.session_state.get("grammar_shown", FIRST))
    place = st.container()
    _uploaded()
    with place:
        name = st.selectbox(
            "Grammar", list(TITLES), key="grammar", bind="query-params",
            format_func=TITLES.__getitem__, help=ABOUT,
        )  # fmt: skip
        if name != OWN and PRESETS[name].told:
            st.caption(frame.plain(PRESETS[name].told))
    with st._main, st.container():
        grammar_own.tell_refused(name)
    if name != OWN:
        grammar_own.looked_at(name)
    typed = grammar_own.text() if name == OWN else PRESETS[name].text
    st.session_state["grammar_shown"] = name
    grammar_own.to_link(name)
    problems = wrong(typed)
    if not any(problem.fatal for problem in problems):
        st.session_state["grammar_good"] = typed
    good = st.session_state.get("grammar_good", PRESETS[grammar_own.source()].text)
    return Chosen(name, good, typed, problems)


@st.cache_resource(max_entries=16, show_spinner=False)
def wrong(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, and with a grammar that is too much for the chart."""
    parsed = read(text)
    if parsed.grammar is None:
        return parsed.problems
    try:
        engine(text)
    except SettingError as error:
        return (Problem(1, 1, str(error)), *parsed.problems)
    return parsed.problems


def _uploaded() -> None:
    most = files.MAX_BYTES >> 20
    with st.popover("Grammar from a file", icon=":material/upload_file:", width="stretch"):
        st.caption(ABOUT_FILE)
        file = st.file_uploader(
            "Grammar file", TYPES, key="grammar_file", max_upload_size=most,
            label_visibility="collapsed",
        )  # fmt: skip
    if file is None or file.file_id == st.session_state.get("grammar_file_read"):
        return
    try:
        found = files.decode(file.getvalue(), file.name)
    except UploadError as error:
        frame.report(error)
        return
    st.session_state["grammar_file_read"] = file.file_id
    grammar_own.take(grammar_own.clean(found.text))
