"""The visitor's edits of a fit's topics: names, merged ones, hidden ones. Kept in the link, too.

A link's edits are taken once, where it speaks of this very fit; afterwards the link follows.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import SettingError
from core.topics import edits, edits_link
from core.topics.edits import Edit
from pages._kit.topics.fits import Fit

PARAMETER = "edits"


def of(fit: Fit) -> tuple[Edit, ...]:
    """In their order."""
    kept = st.session_state.setdefault("topic_edits", {})
    if fit.id not in kept:
        kept[fit.id] = _linked(fit)
    link(fit)
    return kept[fit.id]


def add(fit: Fit, *more: Edit) -> None:
    """Some more; a callback. What cannot be is told (see `refused`), and changes nothing."""
    now = (*of(fit), *more)
    try:
        if len(now) > edits_link.MOST:
            raise SettingError("edits", wanted=f"at most {edits_link.MOST}", given=len(now))
        edits.applied(fit.topics, now)
    except SettingError as error:
        _refuse(error)
        return
    st.session_state["topic_edits"][fit.id] = now


def undo(fit: Fit, many: int = 1) -> None:
    """Without the last ones; a callback."""
    now = of(fit)
    st.session_state["topic_edits"][fit.id] = now[: max(len(now) - many, 0)]


def refused() -> SettingError | None:
    """Why the last edit, or those of the link, could not be; told once."""
    return st.session_state.pop("topic_edits_refused", None)


def link(fit: Fit) -> bool:
    """Let the link say the edits of this fit; False where they are too much for one."""
    now = st.session_state["topic_edits"][fit.id]
    text = _text(fit.id, now) if now else ""
    fits = len(text) <= edits_link.LINK_MOST
    if not text or not fits:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != text:
        st.query_params[PARAMETER] = text
    return fits


@st.cache_data(max_entries=64, show_spinner=False)
def _text(fit: str, now: Sequence[Edit]) -> str:
    return edits_link.packed(fit, now)


def _linked(fit: Fit) -> tuple[Edit, ...]:
    told = st.query_params.get(PARAMETER)
    if told is None:
        return ()
    try:
        of, found = edits_link.unpacked(told)
        if of != fit.id:
            return ()
        edits.applied(fit.topics, found)
    except SettingError as error:
        _refuse(error)
        return ()
    return found


def _refuse(error: SettingError) -> None:
    st.session_state["topic_edits_refused"] = error
