"""What is too wide for a narrow window scrolls sideways, instead of being pressed together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def scrolling(key: str, least: int) -> Iterator[None]:
    """A place for a chart that is at least so many pixels wide."""
    inside = f".st-key-{key} > div"
    with st.container(key=key):
        st.html(
            f"<style>.st-key-{key} {{ overflow-x: auto; }}"
            f" {inside}:has([data-testid=stVegaLiteChart]) {{ min-width: {least}px; }}</style>"
        )
        yield
