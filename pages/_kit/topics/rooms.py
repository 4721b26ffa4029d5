"""The rooms of the exhibit, by the name that stands in the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._kit.topics import (
    ask,
    browse,
    compare,
    documents,
    groups,
    inside,
    learn,
    matrices,
    stories,
    words,
)


@dataclass(frozen=True)
class Room:
    """`ask` puts its controls into the sidebar and gives what `show` looks at, or None."""

    ask: Callable[[], Any]
    show: Callable[[Any], None]
    about: str


ROOMS = {
    "Topics": Room(ask.view, browse.show, "what the documents are about"),
    "Documents": Room(ask.view, documents.show, "each document, its words by topic; new text too"),
    "Words": Room(ask.corpus, words.show, "which words are counted, and what each step takes away"),
    "Learning": Room(ask.view, learn.show, "topics as they settle, and how many there should be"),
    "Compare": Room(ask.view, compare.show, "two models, topic by topic"),
    "Groups": Room(ask.view, groups.show, "topics over time, by label, and with each other"),
    "Matrices": Room(ask.view, matrices.show, "document-word = document-topic × topic-word"),
    "Stories": Room(ask.view, stories.show, "how each model thinks that a document is written"),
    "Inside": Room(ask.view, inside.show, "how the topics of one document are found"),
}  # fmt: skip


def chosen() -> Room:
    """Let the visitor choose one."""
    first = next(iter(ROOMS))
    name = st.segmented_control(
        "Room", list(ROOMS), default=first, key="room", bind="query-params", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return ROOMS[name or first]
