"""The line to count at: in the link as four numbers, dragged on the picture."""

from __future__ import annotations

import streamlit as st

from core.detection.crossing import Line
from core.errors import SettingError
from pages._kit import frame

KEY = "video_line"
UPWARDS = "0.5, 1, 0.5, 0"  # in the middle, so that its arrow points to the right
ABOUT = """Drag the ends of the line on the picture, or write where it starts and ends: x, y, x, y in
shares of the picture's width and height. The arrow shows which way counts as *with* the arrow."""


def chosen() -> Line | None:
    """Let the visitor put a line into the picture. None without one."""
    wanted = st.toggle("Count at a line", True, key="video_count", bind="query-params", help=ABOUT)
    if not wanted:
        return None
    text = st.text_input("From x, y to x, y", UPWARDS, key=KEY, bind="query-params", width=170)
    try:
        return parsed(text)
    except SettingError as error:
        frame.report(error)
        return None


def parsed(text: str) -> Line:
    """The line that `text` tells: four numbers between commas. Raises SettingError."""
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError as error:
        wanted = f"four numbers from 0 to 1, as {UPWARDS}"
        raise SettingError("line", wanted=wanted, given=text[:60]) from error
    return Line((x0, y0), (x1, y1))


def told(ends: object) -> str | None:
    """The text for the ends that a browser told, [x0, y0, x1, y1]; None for anything else."""
    if not isinstance(ends, list) or not all(isinstance(v, int | float) for v in ends):
        return None
    text = ", ".join(f"{v:.3g}" for v in ends)
    try:
        parsed(text)
    except SettingError:
        return None
    return text
