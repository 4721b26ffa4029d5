"""A text with the words that count and those that do not, each for its reason, to be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages._kit.stage.wire import module
from pages._kit.stage.words_sieve import Take, heard

_mount = st.components.v2.component(
    "vitrine_words_text", html='<div class="fates"></div>', js=module("words_text")
)


@dataclass(frozen=True)
class Fate:
    """What becomes of a word. `act`, `does`: what a click does, "" for nothing, and in words."""

    told: str
    act: str = ""
    does: str = ""


@dataclass(frozen=True)
class Said:
    """A word in the text after `gap`, which is no word: as it stands there, what it counts as, its fate."""

    gap: str
    shown: str
    word: str
    fate: int


def text(
    said: Sequence[Said], rest: str, fates: Sequence[Fate], *, key: str, name: str, take: Take
) -> None:
    """Show it, `rest` is what stands behind the last word; fate 0 is to be counted.

    A click calls `take(act, word)`; `name` tells what it is to those who cannot see it.
    """
    data = {
        "name": name,
        "said": [[one.gap, one.shown, one.word, one.fate] for one in said],
        "rest": rest,
        "fates": [asdict(fate) for fate in fates],
    }
    _mount(key=key, data=data, default={"clicked": None}, on_clicked_change=heard(key, take))
