"""A video with boxes, in step with the table of the moment, the counts and a line one can drag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.detection.clip import Result
from core.detection.crossing import Line
from core.detection.draw import Colour, ink
from pages._kit.stage.wire import bundled, module, packed

_mount = st.components.v2.component(
    "vitrine_clip", html='<div class="clip"></div>', js=module("clip")
)


def still(
    picture: bytes,
    size: tuple[int, int],
    *,
    key: str,
    line: Line | None,
    moved: Callable[[object], None] | None = None,
) -> None:
    """Show a `picture`, a JPEG of a video whose pictures are of `size` (w, h), with the line.

    `moved` is called with the ends of the line, [x0, y0, x1, y1], when one has been dragged;
    without it the line stays where it is.
    """
    header = {
        "kind": "still",
        "size": list(size),
        "line": _ends(line),
        "fixed": moved is None,
    }
    _show(key, packed(header, picture), moved)


def clip(
    result: Result,
    address: str,
    palette: Mapping[str, Colour],
    *,
    key: str,
    line: Line | None,
    moved: Callable[[object], None],
) -> None:
    """Show what came of the video that the browser finds at `address`; else as `still`."""
    rows = result.rows
    seen = [(row.seconds, result.labels.index(label)) for row in rows for _, label in row.news.seen]
    crossed = [
        (row.seconds, result.labels.index(label), way)
        for row in rows
        for _, label, way in row.news.crossed
    ]
    header = {
        "kind": "clip",
        "size": list(result.size),
        "line": _ends(line),
        "fixed": False,
        "address": address,
        "seconds": result.seconds,
        "labels": [[name, _css(palette[name]), _css(ink(palette[name]))] for name in result.labels],
    }
    arrays = {
        "times": _table([row.seconds for row in rows], 1),
        "numbers": _table([row.index for row in rows], 1),
        "ends": _table(np.cumsum([len(row.ids) for row in rows]), 1),
        "boxes": _stacked([row.boxes for row in rows], 4),
        "scores": _stacked([row.scores for row in rows], 1),
        "classes": _stacked([row.classes for row in rows], 1),
        "ids": _stacked([row.ids for row in rows], 1),
        "seen": _table(seen, 2),
        "crossed": _table(crossed, 3),
    }
    _show(key, bundled(header, arrays), moved)


def _show(key: str, data: bytes, moved: Callable[[object], None] | None) -> None:
    def tell() -> None:
        if moved is not None:
            moved(st.session_state[key].line)

    _mount(key=key, data=data, on_line_change=tell)


def _ends(line: Line | None) -> list[float] | None:
    return None if line is None else [*line.a, *line.b]


def _css(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _table(rows: Any, columns: int) -> np.ndarray:
    return np.asarray(rows, np.float32).reshape(-1, columns)


def _stacked(parts: list[np.ndarray], columns: int) -> np.ndarray:
    whole = np.concatenate(parts) if parts else np.empty(0)
    return _table(whole, columns)
