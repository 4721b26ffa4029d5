"""A wall of small pictures that can be hovered, clicked and walked with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages._kit.stage.wire import module, packed

_mount = st.components.v2.component(
    "vitrine_mosaic",
    html='<div class="wall"></div>',
    css="""
.wall { position: relative; }
.wall canvas { display: block; width: 100%; cursor: pointer; border-radius: 4px; outline: none; }
.wall canvas:focus-visible { box-shadow: 0 0 0 3px var(--st-primary-color); }
.wall .name { position: absolute; pointer-events: none; padding: 1px 7px; border-radius: 4px;
  font: 12px var(--st-font); background: var(--st-text-color); color: var(--st-background-color);
  transform: translate(-50%, -130%); white-space: nowrap; }
""",
    js=module("mosaic"),
)


def mosaic(
    tiles: NDArray[np.uint8],
    *,
    key: str,
    title: str,
    noun: str,
    picks: str | None = None,
    frame: int | None = None,
    columns: int | None = None,
    marked: Sequence[int] = (),
) -> None:
    """Show (k, h, w, 1|3) `tiles`; `title` says what they are, `noun` names one of them.

    When `frame`, the number of a frame of a film, is drawn, the browser asks for the next one.
    `columns` None: as many as make a wall; tiles that are `marked` have a tick.
    A click puts the index of the tile into the control whose key is `picks`.
    """
    count, height, width, channels = tiles.shape

    def pick() -> None:
        index = st.session_state[key].picked
        if picks is not None and isinstance(index, int) and 0 <= index < count:
            st.session_state[picks] = index

    header = {
        "count": count,
        "height": height,
        "width": width,
        "channels": channels,
        "title": title,
        "noun": noun,
        "frame": frame,
        "columns": columns,
        "marked": [int(i) for i in marked],
        "picked": st.session_state.get(picks) if picks else None,
    }
    _mount(
        key=key,
        data=packed(header, tiles.tobytes()),
        default={"picked": None, "seen": None},
        on_picked_change=pick,
        on_seen_change=_noted,
    )


def _noted() -> None:
    """Nothing is to be done but the rerun that follows: it draws the next frame."""
