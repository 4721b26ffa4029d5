"""How a stage reaches the browser: a line of script, and its data in one piece.

Script: the inline part travels with every update, so it only fetches the rest from /assets/js, once.
Data: Streamlit sends bytes untouched only where they are all there is, so a header goes before:
4 bytes of length, little-endian, that much JSON, then the payload. assets/js/wire.mjs reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {"uint8": "u1", "float32": "f4"}  # what a browser has typed arrays for, and we need
ALIGNED = 8  # bytes: every array starts at a multiple, as typed arrays want it


def module(name: str) -> str:
    """Inline script that hands every call on to `render` and `release` of /assets/js/<name>.mjs."""
    return f"""
const stage = import(new URL("/assets/js/{name}.mjs", document.baseURI).href);
export default function (component) {{
  stage.then((m) => m.render(component));
  return () => stage.then((m) => m.release(component.parentElement));
}}
"""


def packed(header: dict[str, Any], payload: bytes) -> bytes:
    """Header and payload in one piece."""
    head = json.dumps(header).encode()
    return len(head).to_bytes(4, "little") + head + payload


def bundled(header: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Header and arrays, uint8 or float32, in one piece; `header["arrays"]` says where each lies."""
    table: dict[str, list[Any]] = {}
    pieces, at = [], 0
    for name, array in arrays.items():
        table[name] = [KINDS[array.dtype.name], list(array.shape), at]
        padding = -array.nbytes % ALIGNED
        pieces += [np.ascontiguousarray(array).tobytes(), bytes(padding)]
        at += array.nbytes + padding
    head = json.dumps(header | {"arrays": table}, allow_nan=False).encode()
    head += b" " * (-(len(head) + 4) % ALIGNED)
    return b"".join([len(head).to_bytes(4, "little"), head, *pieces])
