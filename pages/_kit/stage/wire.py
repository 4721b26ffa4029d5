"""How a stage reaches the browser: a line of script, and its data in one piece.

Script: the inline part travels with every update, so it only fetches the rest from /assets/js, once.
Data: Streamlit sends bytes untouched only where they are all there is, so a header goes before:
4 bytes of length, little-endian, that much JSON, then the payload. assets/js/wire.mjs reads it.
"""

from __future__ import annotations

import json
from typing import Any


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
