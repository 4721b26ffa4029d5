"""Matrices: document-word = document-topic x topic-word, and any cell of it written out."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from core.topics.matrices import Matrices, matrices
from core.topics.matrices_whole import Integers, Whole, whole
from pages._kit.stage.product import Far, Near, Part, product
from pages._kit.topics import choosers, matrices_sum, matrices_word, pick
from pages._kit.topics.view import View, once

DOCUMENTS, WORDS = 24, 44  # near by
LEFT = {
    "What the model says": "p",
    "Counts as they are": "seen",
    "The lit topic’s part": "part",
}
ABOUT_LEFT = """Counts: how often each word stands in the document, by its length. The model: the product
of the two thin matrices, near the counts but smoother. The topic’s part: one column times one row; the
product is the sum of these over all topics."""
COURSE = """
- **document–word**, 文档-词语, $M \\times V$: how often each word stands in each document, by its length.
- **document–topic**, 文档-主题, $M \\times k$: how probable each topic is in each document, $p(z \\mid d)$.
- **topic–word**, 主题-词语, $k \\times V$: how probable each word is in each topic, $p(w \\mid z)$.
"""
MODELS = {
    "unigram": "The **unigram** has one topic: all documents are the same row, $p(z \\mid d) = 1$.",
    "mixture": "In a **mixture of unigrams** a document has one topic: its row of document–topic says how "
    "certain that is, and is mostly 0 and 1.",
    "nmf": "**NMF** finds two matrices without negative numbers, not probabilities. Here their rows are "
    "divided by their sums, so that they can be read as those of the others.",
}  # fmt: skip


def show(view: View) -> None:
    """The room."""
    d, w = _chosen(view)
    st.markdown(
        "Every cell of the large matrix is a row times a column of the two thin ones. **Click** a cell, a "
        "title, a word or a topic to light it in all three."
    )
    left = st.segmented_control(
        "Document–word shows", list(LEFT), default=next(iter(LEFT)), key="matrices_left",
        bind="query-params", required=True, help=ABOUT_LEFT,
    )  # fmt: skip
    _product(view, d, w, LEFT[left or next(iter(LEFT))])
    if view.edited.hidden:
        st.caption(
            f"Hidden topics: {len(view.edited.hidden)}. They have no row here, but are part of the product."
        )
    matrices_sum.show(view, d, w)
    told = MODELS.get(view.topics.model)
    st.markdown((f"{told}\n" if told else "") + COURSE)


def _chosen(view: View) -> tuple[int, int]:
    """Numbers of the document and the word."""
    one, two, three = st.columns([5, 3, 4])
    with three:
        choosers.topic(view, label="Topic, z")
    with one:
        d = choosers.document(view, label="Document, d")
    with two:
        w = matrices_word.chosen(view, d)
    return d, w


def _product(view: View, d: int, w: int, left: str) -> None:
    near, far = once(view, _near, d, w), once(view, _far)
    seen = list(view.edited.seen)
    row, column = (_place(near.documents, d), _place(near.words, w))
    titles, vocabulary = view.prepared.documents.titles, view.prepared.vocabulary
    product(
        Far(
            Part(far.seen, far.p, far.doc_topic[:, : len(seen)], far.topic_word[: len(seen)]),
            near.size,
            (_share(far.documents, d), _share(far.words, w)),
        ),
        Near(
            Part(near.seen, near.p, near.doc_topic[:, seen], near.topic_word[seen]),
            [titles[one] for one in near.documents],
            [vocabulary[one] for one in near.words],
            [(view.edited.ids[k], view.edited.names[k]) for k in seen],
            (row, column, seen.index(pick.row(view))),
        ),
        left=left, key="product", take=partial(_take, view, near, far, (d, w)),
    )  # fmt: skip


def _near(view: View, d: int, w: int) -> Matrices:
    counts = view.prepared.corpus.counts
    return matrices(view.topics, counts, d, w, documents=DOCUMENTS, words=WORDS)


def _far(view: View) -> Whole:
    seen = view.edited.seen
    order = [*seen, *(k for k in range(view.topics.K) if k not in seen)]
    return whole(view.topics, view.prepared.corpus.counts, order)


def _place(order: Integers, number: int) -> int:
    return int(np.flatnonzero(order == number)[0])


def _share(order: Integers, number: int) -> float:
    return (_place(order, number) + 0.5) / len(order)


def _take(
    view: View, near: Matrices, far: Whole, now: tuple[int, int], where: str, told: list[float]
) -> None:
    """What a click meant: document, word and topic, -1 where none, which then stays as it is."""
    one = near if where == "near" else far
    d, w = (
        _told(order, at, where) for order, at in ((one.documents, told[0]), (one.words, told[1]))
    )
    pick.set_document(now[0] if d is None else d)
    pick.set_word(view.prepared.vocabulary[now[1] if w is None else w])
    if 0 <= told[2] < len(view.edited.seen):
        pick.set_topic(view.edited.ids[view.edited.seen[int(told[2])]])


def _told(order: Integers, at: float, where: str) -> int | None:
    """The number at a place in `order`, or so far down it; None where there is none."""
    place = int(at * len(order)) if where == "far" else int(at)
    return int(order[place]) if at >= 0 and place < len(order) else None
