"""A pad to write on: what is written arrives while it is being written."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._kit.stage.wire import module

_mount = st.components.v2.component(
    "vitrine_pad",
    html='<label class="pad"><span></span><textarea spellcheck="false"></textarea></label>',
    css="""
.pad { display: flex; flex-direction: column; gap: 0.25rem; font: 0.875rem var(--st-font);
  color: var(--st-text-color); }
.pad textarea { box-sizing: border-box; width: 100%; min-height: 7rem; padding: 0.5rem 0.65rem;
  resize: vertical; font: 0.8125rem/1.5 var(--st-code-font); color: inherit; tab-size: 4;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius); outline: none; }
.pad textarea:focus { border-color: var(--st-primary-color); }
""",
    js=module("pad"),
)


def pad(text: str, *, key: str, label: str, most: int, epoch: int) -> str:
    """Let the visitor change `text`, at most `most` characters; gives what is written now.

    The pad keeps its own text until `epoch` changes: then it takes `text`, and what was written
    before counts no more.
    """
    told = _mount(
        key=key,
        data={"text": text, "label": label, "most": most, "epoch": epoch},
        default={"written": None},
        on_written_change=_noted,
    )
    return _written(told.written, epoch, text, most)


def _noted() -> None:
    """The rerun that follows reads what was written."""


def _written(given: Any, epoch: int, text: str, most: int) -> str:
    """What the browser tells, if it is a text of this epoch; else what it was given."""
    if not (isinstance(given, list) and len(given) == 2 and given[0] == epoch):
        return text
    return given[1][:most] if isinstance(given[1], str) else text
