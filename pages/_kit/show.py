"""Charts and pictures on the page, each made once: a rerun that changes nothing costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from altair.utils.schemapi import debug_mode

from core.charts import pictures
from core.store import fingerprint


def chart(make: Callable[..., Any], *args: Any, **more: Any) -> None:
    """Show the Altair chart that `make` gives for these arguments."""
    # Altair checks each chart against its whole schema, which takes 20 ms; the tests do it too.
    st.vega_lite_chart(kept(specification, make, *args, **more), width="stretch")


def picture(make: Callable[..., Any], *args: Any, alt: str, **more: Any) -> None:
    """Show the picture that `make` gives for these arguments; `alt` says what it is."""
    # Without the format Streamlit would make a JPEG of it, in every rerun.
    st.image(kept(_file, make, *args, **more), width="stretch", output_format="PNG", alt=alt)


def kept(make: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """`make(*args, **more)`, remembered by the content of all arguments. Not to be changed."""
    key = repr([_named(value) for value in (make, *args, *sorted(more.items()))])
    return _remembered(key, make, args, more)


def _named(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return fingerprint(value)
    if isinstance(value, dict):
        return [(key, _named(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [_named(item) for item in value]
    return f"{value.__module__}.{value.__qualname__}" if callable(value) else value


def specification(make: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
    with debug_mode(False):
        return make(*args, **more).to_dict(validate=False)


def _file(make: Callable[..., Any], *args: Any, **more: Any) -> bytes:
    return pictures.png(make(*args, **more))


@st.cache_resource(max_entries=128, show_spinner=False)
def _remembered(
    key: str, _make: Callable[..., Any], _args: tuple[Any, ...], _more: dict[str, Any]
) -> Any:
    return _make(*_args, **_more)
