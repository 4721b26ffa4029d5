"""Rooms of an exhibit that is too large for one view; which one is in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Room:
    """`ask` puts its controls into the sidebar and gives what `show` looks at, or None."""

    ask: Callable[[], Any]
    show: Callable[[Any], None]
    about: str


def chosen(rooms: Mapping[str, Room]) -> Room:
    """Let the visitor choose one, by its name, and say what it is for; the first one to begin with."""
    first = next(iter(rooms))
    name = st.segmented_control(
        "Room", list(rooms), default=first, key="room", bind="query-params", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    room = rooms[name or first]
    st.caption(f"{room.about[0].upper()}{room.about[1:]}.")
    return room
