"""Words on their way into the vocabulary: what each step leaves, and the words that it takes, to click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages._kit.stage.wire import module

STOP, KEEP = "stop", "keep"
LONGEST = 200  # characters of a word
Take = Callable[[str, str], None]

_mount = st.components.v2.component(
    "vitrine_words_sieve", html='<div class="sieve"></div>', js=module("words_sieve")
)


@dataclass(frozen=True)
class Row:
    """A step: what it leaves, and some of the words that it takes, makes or keeps, with their tokens.

    `act` is what a click on a word does: STOP, KEEP, or "" for nothing. `own` are words that the
    visitor has stopped; they stand in the row, where it has any (else None).
    """

    title: str
    about: str
    tokens: int
    words: int
    taken_tokens: int  # below 0: made
    taken_words: int
    examples: Sequence[tuple[str, int]] = ()
    act: str = ""
    own: Sequence[str] | None = None
    last: bool = False


def sieve(rows: Sequence[Row], *, key: str, name: str, take: Take) -> None:
    """Draw the steps; a click calls `take(act, word)`. `name` tells what it is to those who cannot see."""
    data = {"name": name, "rows": [asdict(row) for row in rows]}
    _mount(key=key, data=data, default={"clicked": None}, on_clicked_change=heard(key, take))


def heard(key: str, take: Take) -> Callable[[], None]:
    """A callback that hands a click of the component `key` on, if it is one: [act, word, when]."""

    def hear() -> None:
        told: Any = st.session_state[key].clicked
        if isinstance(told, list) and len(told) == 3 and told[0] in (STOP, KEEP):
            word = told[1]
            if isinstance(word, str) and 0 < len(word) <= LONGEST:
                take(told[0], word)

    return hear
