"""Plate diagrams that play: what each model draws to write a document, one draw after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from core.charts.theme import CLASSES, CLASSES_DARK
from pages._kit.stage.wire import module

COLOURS = len(CLASSES)
OF_ALL = -1  # stands for a topic where words come from one p(w)

_mount = st.components.v2.component(
    "vitrine_plates", html='<div class="plates"></div>', js=module("plates")
)


@dataclass(frozen=True)
class Drawn:
    """One draw: `what` as of core.topics.generate.Draw, `n` which word, -1: of the whole document.

    `value` is the topic drawn, or the document; of a word: the topic that it came from, or OF_ALL.
    """

    what: str
    n: int
    value: int
    log: float  # log of its factor in p of everything drawn, nats
    word: str = ""
    p: float = 0.0  # of the word
    rank: int = 0  # of the word in its topic, from 1


@dataclass(frozen=True, eq=False)
class Story:
    """The draws of one document by one model; `shares` (K,): what its topics are drawn from."""

    kind: str
    draws: Sequence[Drawn] = field(repr=False)
    shares: Sequence[float] = field(repr=False)
    best: Mapping[int, Sequence[tuple[str, float]]] = field(repr=False)  # words of each topic
    document: str = ""  # PLSA: the title of the document drawn
    bound: bool = False  # the factor of theta is at least what it is told to be


@dataclass(frozen=True, eq=False)
class Scene:
    """Stories of `words` words each; `base` names all but their length.

    topics[z] is the number of topic z and what it is called, colours[z] which of COLOURS, -1 grey.
    """

    base: str
    words: int
    topics: Sequence[tuple[int, str]] = field(repr=False)
    colours: Sequence[int] = field(repr=False)
    stories: Sequence[Story] = field(repr=False)


def plates(scene: Scene, *, key: str, name: str, again: Callable[[], None]) -> None:
    """Draw them; `again` is called when the visitor wants another document."""

    def asked() -> None:
        if st.session_state[key].again is not None:
            again()

    data = {
        "base": scene.base,
        "words": scene.words,
        "name": name,
        "topics": [[number, whole(called)] for number, called in scene.topics],
        "colours": list(scene.colours),
        "palette": {"light": CLASSES, "dark": CLASSES_DARK},
        "stories": [_plain(story) for story in scene.stories],
    }
    _mount(key=key, data=data, default={"again": None}, on_again_change=asked)


def _plain(story: Story) -> dict[str, object]:
    return {
        "kind": story.kind,
        "document": whole(story.document),
        "bound": story.bound,
        "shares": [float(f"{p:.3g}") for p in story.shares],
        "best": {
            str(z): [[whole(word), round(float(p), 6)] for word, p in some]
            for z, some in story.best.items()
        },
        "draws": [
            [d.what, d.n, d.value, round(d.log, 4), whole(d.word), float(f"{d.p:.3g}"), d.rank]
            for d in story.draws
        ],
    }


def whole(text: str) -> str:
    """Without lone surrogates, which no browser can be sent."""
    return text.encode("utf-8", "replace").decode()
