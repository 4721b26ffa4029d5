"""What Ultralytics' exporter notes in an ONNX file: Python's own spelling of dicts and lists."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 2**16  # characters of one note


def names(about: Mapping[str, str]) -> tuple[str, ...] | None:
    """The classes' names, from a dict by number or a list, None where there are none."""
    found = _literal(about.get("names", ""))
    if isinstance(found, dict):
        numbered = all(isinstance(key, int) for key in found)
        found = [found[key] for key in sorted(found)] if numbered else None
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        return None
    return tuple(found) or None


def imgsz(about: Mapping[str, str]) -> tuple[int, int] | None:
    """(w, h) in pixels of the pictures that go in, None where it is not noted."""
    found = _literal(about.get("imgsz", ""))
    found = [found, found] if isinstance(found, int) else found
    if not isinstance(found, list | tuple) or not all(isinstance(n, int) for n in found):
        return None
    return (found[1], found[0]) if len(found) == 2 else None


def _literal(text: str) -> Any:
    """The Python value that `text` writes down, None where it is none; nothing is run."""
    try:
        return ast.literal_eval(text) if len(text) < MAX_TEXT else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
