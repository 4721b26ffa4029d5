"""Charts whose data change and which are themselves made once: what is picked comes with the data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages._kit.show import kept, specification


def show(
    make: Callable[..., Any], *args: Any, data: str, frame: pd.DataFrame, key: str, field: str,
    now: Any, take: Callable[[Any], None], alt: str,
) -> None:  # fmt: skip
    """The chart of `make(*args)` with `frame` as its data; a click on selection `field` calls `take`.

    `now` is all that is shown as picked: when it changes, what was clicked before can be clicked again.
    """
    memory = st.session_state.setdefault(f"turn_{key}", {"turn": 0, "now": now})
    if memory["now"] != now:
        memory |= {"turn": memory["turn"] + 1, "now": now}
    spec = dict(kept(specification, make, *args))
    spec["datasets"] = {data: frame.assign(turn=memory["turn"])}
    st.vega_lite_chart(
        spec, width="stretch", key=key, selection_mode=[field], alt=alt,
        on_select=partial(_take, key, field, take),
    )  # fmt: skip


def _take(key: str, field: str, take: Callable[[Any], None]) -> None:
    points = st.session_state[key]["selection"].get(field) or []
    if points:
        take(points[0][field])
