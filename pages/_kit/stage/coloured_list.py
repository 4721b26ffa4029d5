"""A list of documents, one of them lit; a click picks another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages._kit.stage.coloured import whole
from pages._kit.stage.wire import module

_mount = st.components.v2.component(
    "vitrine_coloured_list", html='<div class="entries"></div>', js=module("coloured_list")
)


@dataclass(frozen=True)
class Entry:
    """A document as it is listed: stretches of its text, marked or not, and a number with a bar."""

    document: int
    title: str
    label: str
    date: str
    excerpt: Sequence[tuple[str, bool]]
    value: str
    bar: float  # 0 to 1
    about: str  # what the number is


def entries(
    shown: Sequence[Entry], *, key: str, name: str, picked: int | None,
    take: Callable[[int], None], reveals: str = "",
) -> None:  # fmt: skip
    """Draw it; `name` tells what it is to those who cannot see it. `take` is given the one clicked.

    A click brings the container with key `reveals` into view, where it is out of sight.
    """

    def clicked() -> None:
        given = st.session_state[key].picked
        # beside it stands the moment, so that the same again is told again
        document = given[0] if isinstance(given, list) and given else None
        if isinstance(document, int) and not isinstance(document, bool):
            take(document)

    _mount(
        key=key,
        data={
            "name": name,
            "picked": picked,
            "reveals": reveals,
            "entries": [
                {
                    "document": one.document,
                    "title": whole(one.title),
                    "label": whole(one.label),
                    "date": one.date,
                    "excerpt": [[whole(text), marked] for text, marked in one.excerpt],
                    "value": one.value,
                    "bar": min(1.0, max(0.0, one.bar)),
                    "about": whole(one.about),
                }
                for one in shown
            ],
        },
        default={"picked": None},
        on_picked_change=clicked,
    )
