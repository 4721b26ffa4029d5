"""The rooms of the exhibit, by the name that stands in the link."""

from __future__ import annotations

from pages._kit.rooms import Room
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

ROOMS = {
    "Topics": Room(ask.view, browse.show, "what the documents are about"),
    "Documents": Room(ask.view, documents.show, "documents, their words coloured by topic; new text"),
    "Words": Room(ask.corpus, words.show, "which words are counted, and what each step takes away"),
    "Learning": Room(ask.view, learn.show, "topics as they settle, and how many there should be"),
    "Compare": Room(ask.view, compare.show, "two topics word by word, two models topic by topic"),
    "Groups": Room(ask.view, groups.show, "topics over time, by label, and with each other"),
    "Matrices": Room(ask.view, matrices.show, "document–word as document–topic times topic–word"),
    "Stories": Room(ask.view, stories.show, "how each model thinks that a document is written"),
    "Inside": Room(ask.view, inside.show, "how the topics of one document are found, round by round"),
}  # fmt: skip
