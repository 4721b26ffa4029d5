"""Charts that are clicked: what is picked in one is picked everywhere, and the chart stays as it is.

A chart lights what is clicked by itself. Only where something was picked elsewhere is it made anew, with
that lit: a chart that is made anew blinks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from pages._kit.show import kept, specification

Take = Callable[[Any], None]


def chart(
    make: Callable[..., Any], *args: Any, key: str, field: str, selection: str, now: Any, take: Take,
    **more: Any,
) -> None:  # fmt: skip
    """Show the chart of `make(*args, selected=now, **more)`; a click on `selection` calls `take`.

    `field` is the field of the selection whose value is taken, `now` what is picked at the moment.
    """
    memory = st.session_state.setdefault(f"clicked_{key}", {"turn": 0, "start": now, "last": now})
    if memory["last"] != now:
        memory |= {"turn": memory["turn"] + 1, "start": now, "last": now}
    name = f"{key}_{memory['turn']}"
    spec = kept(specification, make, *args, selected=memory["start"], **more)
    st.vega_lite_chart(
        spec, width="stretch", key=name, selection_mode=[selection],
        on_select=partial(_take, name, memory, selection, field, take),
    )  # fmt: skip


def _take(name: str, memory: dict[str, Any], selection: str, field: str, take: Take) -> None:
    points = st.session_state[name]["selection"].get(selection) or []
    if not points:
        memory["last"] = (
            None  # put out by a click beside it: what is picked stays, and is lit again
        )
        return
    value = points[0][field]
    memory["last"] = value
    take(value)
