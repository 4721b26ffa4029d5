"""A photograph with boxes, and the table of the boxes in step with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._kit.stage.wire import module, packed

_mount = st.components.v2.component(
    "vitrine_boxes",
    html='<div class="stage"></div>',
    css="""
.stage { display: flex; flex-wrap: wrap; gap: 1.25rem; align-items: flex-start; container-type: inline-size;
  font: 14px var(--st-font); color: var(--st-text-color); }
.stage canvas { flex: 2 1 420px; min-width: 0; max-width: 100%; border-radius: 6px; touch-action: pan-y; }
.stage .list { flex: 1 1 300px; max-height: 32rem; overflow: auto; }
@container (max-width: 460px) { .stage canvas, .stage .list { flex-basis: 100%; } }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { font-weight: 600; opacity: .65; text-align: right; position: sticky; top: 0;
  background: var(--st-background-color); }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--st-border-color); text-align: right; }
th:nth-child(2), td:nth-child(2) { text-align: left; }
tr.lit td { background: var(--st-secondary-background-color); }
tr:focus-visible { outline: 2px solid var(--st-primary-color); }
.dot { display: inline-block; width: 11px; height: 11px; border-radius: 3px; }
p { margin: .5rem 0; opacity: .75; }
""",
    js=module("boxes"),
)


def boxes(
    photo: bytes,
    size: tuple[int, int],
    found: list[dict[str, Any]],
    *,
    key: str,
    name: str,
    empty: str,
) -> None:
    """Show an encoded photograph of `size` (width, height) and what was `found` in it.

    Each of `found` has label, score, box (x0, y0, x1, y1), colour and ink. `empty` is said
    where nothing was found; `name` tells one photograph from the next.
    """
    header = {"size": list(size), "boxes": found, "name": name, "empty": empty}
    _mount(key=key, data=packed(header, photo))
