"""Steps that are known, played one by one: buttons, a slider, and what the chosen step shows."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

PACE = 0.7  # seconds a step


def played(
    draw: Callable[[int], None], last: int, *, key: str, unit: str, first: int | None = None
) -> None:
    """Call `draw` with the step that is shown, 0 to `last`; at first it is `first`, or the last.

    Its place is kept in the link, under `key`.
    """
    begin = last if first is None else min(first, last)
    if last < 1:
        draw(0)
        return
    playing = f"{key}_playing"
    if st.session_state.get(key, begin) > last:
        st.session_state[key] = last

    @st.fragment(run_every=PACE if st.session_state.get(playing) else None)
    def stage() -> None:
        if st.session_state.get(playing):
            now = st.session_state.get(key, begin)
            st.session_state[key] = min(last, now + 1)
            if now + 1 >= last:
                st.session_state[playing] = False
                st.rerun()  # without the timer
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_player"):
            moving = bool(st.session_state.get(playing))
            if st.button(
                "Pause" if moving else "Play", key=f"{key}_play", on_click=_toggle,
                args=(key, begin, last), icon=f":material/{'pause' if moving else 'play_arrow'}:",
            ):  # fmt: skip
                st.rerun()  # with the timer, or without
            st.button(
                "One back", key=f"{key}_back", icon=":material/skip_previous:", on_click=_move,
                args=(key, begin, -1, last),
            )  # fmt: skip
            st.button(
                "One on", key=f"{key}_on", icon=":material/skip_next:", on_click=_move,
                args=(key, begin, 1, last),
            )  # fmt: skip
            with st.container(width=420):
                at = st.slider(unit, 0, last, begin, key=key, bind="query-params")
        draw(at)

    stage()


def _toggle(key: str, begin: int, last: int) -> None:
    playing = not st.session_state.get(f"{key}_playing", False)
    st.session_state[f"{key}_playing"] = playing
    if playing and st.session_state.get(key, begin) >= last:
        st.session_state[key] = 0


def _move(key: str, begin: int, by: int, last: int) -> None:
    st.session_state[f"{key}_playing"] = False
    st.session_state[key] = min(last, max(0, st.session_state.get(key, begin) + by))
