"""Controls that other parts of the page can turn too, kept in the link and within their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

OFF = "off"


def slide(
    label: str, options: Sequence[Any], default: Any, *, key: str, help: str | None = None
) -> Any:
    """A slider over `options`, numbers in any spacing; None among them reads "off"."""
    # Streamlit takes a chosen None for no choice at all.
    named = [OFF if option is None else option for option in options]
    default = OFF if default is None else default
    chosen = st.select_slider(
        label, named, default, key=key, bind="query-params", help=help, format_func=_read
    )
    return None if chosen == OFF else chosen


def _read(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return (
        f"{value:g}" if isinstance(value, float) else f"{value:,}" if value > 9999 else f"{value}"
    )


def whole(
    label: str, least: int, most: int, *, key: str, default: int = 0, help: str | None = None
) -> int:
    """A whole number in the link. What a link holds beyond the bounds becomes the nearest of them."""
    if not st.query_params.get(key, "0").removeprefix("-").isdecimal():
        # Streamlit would make it a float first, and stumbles over infinity. The link of this run is
        # fixed, so it takes another without it.
        del st.query_params[key]
        st.rerun()
    if st.session_state.get(key, default) > most:
        st.session_state[key] = most
    return st.number_input(label, least, most, default, key=key, bind="query-params", help=help)


def index(label: str, count: int, *, key: str, default: int = 0) -> int:
    """A number from 0 to count - 1. One chosen when there were more becomes the last."""
    return whole(label, 0, count - 1, key=key, default=default)


def one(label: str, options: Sequence[Any], *, key: str) -> Any:
    """One of several things that have a `name`."""
    names = [option.name for option in options]
    chosen = st.selectbox(label, names, key=key, bind="query-params")
    return options[names.index(chosen)]
