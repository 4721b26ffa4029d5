"""Places of a text under each other, each with what stands around it: what is meant is marked."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

STYLE = """<style>
.vitrine-lines { font-family: monospace; font-size: 0.8125rem; line-height: 1.7; }
.vitrine-lines > div { display: grid; grid-template-columns: 3.2em 1fr auto 1fr 8em; }
.vitrine-lines span { white-space: pre; overflow: hidden; opacity: 0.75; unicode-bidi: isolate; }
.vitrine-lines .before { display: flex; justify-content: flex-end; }
.vitrine-lines mark { white-space: pre; padding: 0 1px; border-radius: 3px; color: inherit;
  background: rgba(230, 159, 0, 0.38); unicode-bidi: isolate; }
.vitrine-lines small { opacity: 0.65; text-align: right; padding-left: 0.6em; }
.vitrine-lines small:first-child { text-align: left; padding: 0; }
@media (max-width: 640px) {
  .vitrine-lines > div { grid-template-columns: 3em 1fr auto 1fr 7em; font-size: 0.75rem; }
}
</style>"""
SEEN = str.maketrans({"\n": "⏎", "\t": "⇥", "\r": "␍", "\0": "␀"})


class Line(NamedTuple):
    """A piece [first, end) of a text, and a short word about it."""

    first: int
    end: int
    note: str


def lines(text: str, found: Iterable[Line], *, context: int) -> None:
    """Show pieces of `text` with `context` characters around them."""
    rows = [
        f"<div><small>{one.first}</small>"
        f'<span class="before"><span>{_shown(text[max(0, one.first - context) : one.first])}</span></span>'
        f"<mark>{_shown(text[one.first : one.end])}</mark>"
        f"<span>{_shown(text[one.end : one.end + context])}</span>"
        f"<small>{html.escape(one.note)}</small></div>"
        for one in found
    ]
    st.html(f'{STYLE}<div class="vitrine-lines">{"".join(rows)}</div>')


def _shown(piece: str) -> str:
    """Text as it is, safe in HTML; what ends a line is seen."""
    whole = piece.encode("utf-8", "replace").decode()
    return html.escape(whole.translate(SEEN))
