"""An editor for grammars: colours, line numbers, and what is wrong marked where it is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.parsing.problem import Problem
from pages._kit.stage.wire import module

TOLD = 100  # problems that are marked and listed
EDITABLE = 200_000  # characters: a browser takes seconds for every key in much longer texts
SHOWN = 300  # lines of a longer text

_mount = st.components.v2.component(
    "vitrine_editor", html='<div class="editor"></div>', js=module("editor")
)


def editor(
    text: str, problems: Sequence[Problem], *, key: str, label: str, most: int, epoch: int
) -> None:
    """Let the visitor change `text`, at most `most` characters; `written` gives what it is now.

    The editor keeps its own text until `epoch` changes: then it takes `text`, and what was written
    before counts no more. Of a text longer than EDITABLE only the beginning is shown.
    """
    long = len(text) > EDITABLE
    # The fatal ones first, if not all are told.
    told = sorted(problems, key=lambda problem: not problem.fatal)[:TOLD]
    _mount(
        key=key,
        data={
            "text": "\n".join(text[:EDITABLE].split("\n")[:SHOWN]) if long else text,
            "length": len(text) if long else 0,
            "editable": EDITABLE,
            "label": label,
            "most": most,
            "epoch": epoch,
            "problems": [[*problem] for problem in sorted(told)],
            "more": len(problems) - len(told),
        },
        default={"written": None},
        on_written_change=_noted,
    )


def written(key: str, epoch: int, most: int) -> str | None:
    """What the visitor has written into the editor `key` in this epoch; None where nothing."""
    state = st.session_state.get(key)
    given = state.get("written") if state else None
    if not (isinstance(given, list) and len(given) == 2 and given[0] == epoch):
        return None
    return given[1][:most] if isinstance(given[1], str) else None


def _noted() -> None:
    """The rerun that follows reads what was written."""
