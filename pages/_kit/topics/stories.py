"""Stories: how each model thinks that a document is written, and what the chances in it are."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages._kit.topics import stories_bars, stories_chances, stories_made, stories_plates
from pages._kit.topics.view import View

PARTS: dict[str, Callable[[View], None]] = {
    "Plates": stories_plates.show,
    "Made documents": stories_made.show,
    "Chances": stories_chances.show,
    "Bars": stories_bars.show,
}


def show(view: View) -> None:
    """The room."""
    first = next(iter(PARTS))
    part = st.segmented_control(
        "Part", list(PARTS), default=first, key="story", bind="query-params", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    PARTS[part or first](view)
