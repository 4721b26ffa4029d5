"""The four views with which the course ends its chapter, each found by the program, not by number."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.sequence import defaults
from pages._kit.sequence import tracks


@dataclass(frozen=True)
class Look:
    """A net, which of the units that follow its task best, and one signal of it."""

    net: str
    place: int  # 0: the best
    signal: str


LOOKS = {
    "Input gate": Look("selective", 0, "iota"),
    "Counter": Look("counter", 0, "s"),
    "State memoriser": Look("memoriser", 0, "s"),
    "Memoriser, second unit": Look("memoriser", 1, "s"),
}
ABOUT = """The course looks at “Input Gate”, “Counter LSTM, Neuron 2” and “State Memorizer, Neurons 8 and
17”. Numbers change with every training: here the units are found by what they do."""


def offer() -> None:
    """Four buttons; each chooses the net, the unit and the signal."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("The course’s views", help=ABOUT)
        for place, name in enumerate(LOOKS):
            st.button(name, key=f"look_{place}", on_click=_take, args=(name,))


def _take(name: str) -> None:
    look = LOOKS[name]
    saved = defaults.load(look.net)
    unit = tracks.label(tracks.best(saved)[look.place].where, saved)
    st.session_state["net"] = look.net
    st.session_state[f"units_{look.net}"] = [unit]
    st.session_state[f"signals_{saved.config.cell}"] = [look.signal]
    st.session_state.pop("at", None)
