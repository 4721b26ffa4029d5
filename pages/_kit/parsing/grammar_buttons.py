"""What can be done to a grammar with one click, and taking it home."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets.grammars import PRESETS
from core.parsing.grammar_text import CLOSE
from core.parsing.normalised_text import normalised_text
from pages._kit.parsing import grammar_own
from pages._kit.parsing.grammar_own import OWN
from pages._kit.parsing.view import read

PRINTED, MENDED = "course_pcfg_printed", "course_pcfg"
ABOUT_SUMS = "Divide each probability by the sum of its left side. Comments stay."


def show(name: str, typed: str) -> None:
    """Buttons for the grammar called `name`, whose editor holds `typed`."""
    with st.container(horizontal=True):
        if uneven(typed):
            st.button(
                "Normalise", key="grammar_normalise", icon=":material/balance:", type="primary",
                help=ABOUT_SUMS, on_click=_normalise, args=(name,),
            )  # fmt: skip
        if name == PRINTED:
            st.button(
                "Mend the slip", key="grammar_mend", icon=":material/healing:", type="primary",
                help="PP -> P NP becomes PP -> IN NP.", on_click=_choose, args=(MENDED,),
            )  # fmt: skip
        if name == OWN:
            source = grammar_own.source()
            st.button(
                f"Back to {PRESETS[source].title[0].lower()}{PRESETS[source].title[1:]}",
                key="grammar_reset", icon=":material/restart_alt:",
                help="Your own text is kept under “My own”.", on_click=_choose, args=(source,),
            )  # fmt: skip
        if grammar_own.can_go_back():
            st.button(
                "My text before", key="grammar_back", icon=":material/undo:",
                help="What stood in “My own” before it was replaced.", on_click=grammar_own.back,
            )  # fmt: skip
        st.download_button(
            "Grammar", typed, f"{name}.pcfg", "text/plain", key="take-grammar", on_click="ignore",
            icon=":material/download:", help="The text in the editor.",
        )  # fmt: skip
    if name == PRINTED:
        _slip()


@st.cache_resource(max_entries=16, show_spinner=False)
def uneven(text: str) -> bool:
    """Whether the probabilities of some left side do not sum to one."""
    grammar = read(text).grammar
    if grammar is None or not grammar.weighted:
        return False
    sums, defined = grammar.sums(), np.diff(grammar.first) > 0
    return bool((abs(sums - 1) > CLOSE)[defined].any())


def _slip() -> None:
    """The two lines in which the printed table and its correction differ."""
    lines = [PRESETS[name].text.splitlines() for name in (PRINTED, MENDED)]
    printed, mended = next(
        (a, b) for a, b in zip(*lines, strict=True) if a != b and not a.startswith("#")
    )
    for place, caption, line in zip(
        st.columns(2), ("As printed", "As it must be"), (printed, mended), strict=True
    ):
        place.caption(caption)
        place.code(" ".join(line.split()), language=None)


def _normalise(name: str) -> None:
    grammar_own.from_editor(name)  # what was written last
    typed = grammar_own.text() if st.session_state["grammar"] == OWN else PRESETS[name].text
    if read(typed).grammar is not None:
        began = None if name == OWN else name
        grammar_own.take(normalised_text(typed), began=began)


def _choose(name: str) -> None:
    grammar_own.from_editor(st.session_state["grammar"])
    st.session_state["grammar"] = name
