"""A text whose words have the colours of their topics; a word or a topic of the legend can be picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.charts.theme import CLASSES, CLASSES_DARK
from pages._kit.stage.wire import module

# As many as can be told apart at a glance; blue and vermilion mean other things beside a text.
LIGHT, DARK = CLASSES[2:8], CLASSES_DARK[2:8]
COLOURS = len(LIGHT)

_mount = st.components.v2.component(
    "vitrine_coloured", html='<div class="coloured"></div>', js=module("coloured")
)


@dataclass(frozen=True)
class Named:
    """A topic: its number, its share of the text, the place of its colour, -1 for grey."""

    id: int
    name: str
    share: float
    colour: int
    hidden: bool


@dataclass(frozen=True, eq=False)
class Coloured:
    """A text in pieces; `id` names it and what is told of it.

    words[i] is the place in `vocabulary` of the word that piece i is, -1 between words; chances[w] the
    likeliest (place in `topics`, p(z | w, d)) of word w, the likeliest first.
    """

    id: str
    topics: Sequence[Named] = field(repr=False)
    texts: Sequence[str] = field(repr=False)
    words: Sequence[int] = field(repr=False)
    vocabulary: Sequence[str] = field(repr=False)
    chances: Sequence[Sequence[tuple[int, float]]] = field(repr=False)


def coloured(
    shown: Coloured, *, key: str, name: str, word: str | None, topic: int,
    take_word: Callable[[str | None], None], take_topic: Callable[[int], None],
    take_stop: Callable[[str], None], reveals: str,
) -> None:  # fmt: skip
    """Draw it; `name` tells what it is to those who cannot see it.

    `word` and `topic`, a number, are picked at the moment. A click calls `take_word`, with None where
    the picked word was clicked, or `take_topic`. Beside the picked word are two buttons: one calls
    `take_stop`, the other scrolls to the container with key `reveals`.
    """

    def pick_word() -> None:
        given = _first(st.session_state[key].word)
        if given is None or isinstance(given, str):
            take_word(given)

    def pick_topic() -> None:
        given = _first(st.session_state[key].topic)
        if isinstance(given, int) and not isinstance(given, bool):
            take_topic(given)

    def stop() -> None:
        given = _first(st.session_state[key].stop)
        if isinstance(given, str):
            take_stop(given)

    _mount(
        key=key,
        data={
            "id": shown.id,
            "name": whole(name),
            "word": word,
            "topic": topic,
            "reveals": reveals,
            "colours": {"light": LIGHT, "dark": DARK},
            "topics": [
                {
                    "id": one.id, "name": one.name, "share": one.share, "colour": one.colour,
                    "hidden": one.hidden,
                }
                for one in shown.topics
            ],
            "texts": [whole(text) for text in shown.texts],
            "words": list(shown.words),
            "vocabulary": [whole(one) for one in shown.vocabulary],
            "chances": [[[z, round(p, 4)] for z, p in some] for some in shown.chances],
        },
        default={"word": None, "topic": None, "stop": None},
        on_word_change=pick_word,
        on_topic_change=pick_topic,
        on_stop_change=stop,
    )  # fmt: skip


def _first(given: Any) -> Any:
    """What was clicked; beside it stands the moment, so that the same again is told again."""
    return given[0] if isinstance(given, list) and given else False


def whole(text: str) -> str:
    """Without lone surrogates, which no browser can be sent."""
    return text.encode("utf-8", "replace").decode()
