"""Texts to begin with: one for the documents that are always here, else two beginnings in one."""

from __future__ import annotations

from core.topics.neighbours import top_documents
from pages._kit.topics import source
from pages._kit.topics.view import View, once

WRITTEN = {
    source.DOCSTRINGS: "Fit a straight line to noisy measurements by least squares, and plot a histogram "
    "of the residuals. Then find the shortest path between two nodes of a weighted graph, and train a "
    "random forest classifier on the labels of the training samples.",
    source.PYTHON: "A generator function pauses at each yield expression and raises StopIteration when it "
    "returns. The class inherits a method from its base class, and the attribute lookup calls "
    "__getattr__ if the name is not found.",
    source.NEWSGROUPS: "The space shuttle was launched into orbit on a new rocket. Does anybody sell a "
    "graphics card with a driver for Windows? Our team lost the hockey game in the last period.",
}
LONG = 300  # letters of a beginning


def sample(view: View) -> str:
    """Something to read at once."""
    return WRITTEN.get(view.prepared.source.name) or once(view, _beginnings)


def _beginnings(view: View) -> str:
    """Of the first documents of the two largest topics."""
    rows = view.edited.seen[:2]
    found = [
        top_documents(view.topics.doc_topic, row, view.prepared.length, 1).documents for row in rows
    ]
    chosen = dict.fromkeys(int(d) for one in found for d in one)
    return " ".join(filter(None, (beginning(view.prepared.documents.texts[d]) for d in chosen)))


def beginning(text: str) -> str:
    """The first line with words, or so many letters of it; where words have spaces, whole words."""
    line = next((one.strip() for one in text.splitlines() if any(map(str.isalpha, one))), "")
    if len(line) <= LONG:
        return line
    return line[:LONG].rpartition(" ")[0] or line[:LONG]
