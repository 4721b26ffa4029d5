"""The visitor's own grammar: kept while presets are looked at, in the link where it fits."""

from __future__ import annotations

import re

import streamlit as st

from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import grammar_link
from pages._kit import frame
from pages._kit.stage import editor

OWN = "own"
MOST = 5_000_000  # characters of a grammar
PAST = 10  # earlier texts that are kept
LEAP = 1000  # characters more or fewer in one go: what was before is kept
EDITOR = "grammar_editor"
BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")  # what str.splitlines breaks at, too
FIRST = next(iter(PRESETS))


def text() -> str:
    """What stands in it; at first a copy of the preset that was looked at last."""
    if "own_rules" not in st.session_state:
        st.session_state["own_rules"] = PRESETS[source()].text
    return st.session_state["own_rules"]


def source() -> str:
    """The preset it came from, or that was looked at last."""
    return st.session_state.get("own_from", FIRST)


def looked_at(name: str) -> None:
    """The visitor sees the preset `name`."""
    if "own_rules" not in st.session_state:
        st.session_state["own_from"] = name


def take(given: str, *, began: str | None = None) -> None:
    """Make `given` the visitor's own grammar and choose it; what it was before is kept.

    To be called before the grammar's control is drawn: at the beginning of a run or in a callback.
    """
    before = st.session_state.get("own_rules")
    if before is not None and before != given:
        past = st.session_state.setdefault("own_past", [])
        past.append(before)
        del past[:-PAST]
    _set(given)
    if began is not None:
        st.session_state["own_from"] = began
    st.session_state["grammar"] = OWN


def back() -> None:
    """Take up the text before."""
    past = st.session_state.get("own_past")
    if past:
        _set(past.pop())
        st.session_state["grammar"] = OWN


def can_go_back() -> bool:
    return bool(st.session_state.get("own_past"))


def from_editor(shown: str) -> None:
    """Take over what was written since the last run; `shown` is the grammar that was chosen then."""
    written = editor.written(EDITOR, st.session_state.get("own_epoch", 0), MOST)
    if written is None:
        return
    written = clean(written)
    if written == st.session_state.get("own_told"):
        return
    st.session_state["own_told"] = written
    if shown == OWN and abs(len(written) - len(text())) < LEAP:
        _set(written)
    elif shown == OWN:
        take(written)
    else:  # a preset stays as it is
        take(written, began=shown)
        st.session_state["sentence_of"] = OWN  # and so does the sentence


def epoch(now: str) -> int:
    """Changes whenever the editor has to show another text than it holds."""
    if st.session_state.get("own_told") != now:
        st.session_state["own_told"] = now
        st.session_state["own_epoch"] = st.session_state.get("own_epoch", 0) + 1
    return st.session_state["own_epoch"]


def from_link() -> None:
    """Take over the grammar that the link holds, the first time."""
    linked = st.query_params.get("rules")
    if linked is None or "own_rules" in st.session_state:
        return
    try:
        _set(clean(grammar_link.unpack(linked)))
        st.session_state["grammar"] = OWN
    except SettingError as error:
        st.session_state["own_refused"] = str(error)
        del st.query_params["rules"]


def tell_refused(name: str) -> None:
    """Say that the link held no grammar, until the visitor goes on to another one than `name`."""
    refused = st.session_state.get("own_refused")
    if refused is not None:
        if st.session_state.setdefault("own_refused_at", name) == name:
            st.warning(frame.plain(refused), icon=":material/link_off:")
        else:
            del st.session_state["own_refused"]


def to_link(name: str) -> None:
    """Let the link hold it while it is chosen, or say that it is too long."""
    packed = grammar_link.pack(text()) if name == OWN else None
    if packed is None:
        st.query_params.pop("rules", None)
    elif st.query_params.get("rules") != packed:
        st.query_params["rules"] = packed
    st.session_state["own_unlinked"] = name == OWN and packed is None


def linked() -> bool:
    """Whether the link restores the grammar at hand."""
    return not st.session_state.get("own_unlinked", False)


def clean(given: str) -> str:
    """A text as it is kept: bounded, lines ended alike, no half characters."""
    lines = BREAKS.sub("\n", given[:MOST])
    return lines.encode("utf-8", "replace").decode()


def _set(given: str) -> None:
    st.session_state["own_rules"] = given
