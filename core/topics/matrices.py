"""The product of the course: document-word = document-topic x topic-word.

p(w | d) = sum over z of p(w | z) p(z | d)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics.counts import Counts
from core.topics.settings import between
from core.topics.topics import Floats, Topics

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Terms:
    """p(w | d) of one document and one word, with what it is made of."""

    document: int
    word: int
    word_given_topic: Floats  # (K,) p(w | z)
    topic_given_document: Floats  # (K,) p(z | d)
    product: Floats  # (K,) their products
    p: float  # p(w | d), the sum of those
    seen: float  # n[d, w] / N_d, what stands in the document; 0 in one without words


@dataclass(frozen=True, eq=False)
class Matrices:
    """A few rows and columns of the three matrices, and how large those are."""

    documents: Integers  # (m,) their numbers in the corpus
    words: Integers  # (n,)
    seen: Floats = field(repr=False)  # (m, n) n[d, w] / N_d
    p: Floats = field(repr=False)  # (m, n) p(w | d) = doc_topic topic_word
    doc_topic: Floats = field(repr=False)  # (m, K)
    topic_word: Floats = field(repr=False)  # (K, n)
    size: tuple[int, int, int]  # D, V and K of the whole


def terms(topics: Topics, data: Counts, d: int, w: int) -> Terms:
    """Raises SettingError where there is no such document or word."""
    _inside(topics, data, d, w)
    given_topic = topics.topic_word[:, w].astype(np.float64)
    given_document = topics.doc_topic[d].astype(np.float64)
    # p(w | d) = sum over z of p(w | z) p(z | d)
    product = given_topic * given_document
    seen = float(_seen(data, np.array([d]), np.array([w]))[0, 0])
    return Terms(d, w, given_topic, given_document, product, float(product.sum()), seen)


def matrices(
    topics: Topics, data: Counts, d: int, w: int, *, documents: int = 16, words: int = 32
) -> Matrices:
    """At most so many rows and columns, the chosen document and word among them.

    The others are each topic's likeliest in turn, and stand in order of the topic they were taken
    for, the best first, so that the product shows its blocks.
    """
    _inside(topics, data, d, w)
    between("documents", documents, 1, 1000, whole=True)
    between("words", words, 1, 1000, whole=True)
    rows = _spread(topics.doc_topic, d, documents)
    columns = _spread(topics.topic_word.T, w, words)
    doc_topic = topics.doc_topic[rows].astype(np.float64)
    topic_word = topics.topic_word[:, columns].astype(np.float64)
    return Matrices(
        documents=rows,
        words=columns,
        seen=_seen(data, rows, columns),
        p=doc_topic @ topic_word,
        doc_topic=doc_topic,
        topic_word=topic_word,
        size=(len(topics.doc_topic), topics.topic_word.shape[1], topics.K),
    )


def _spread(weights: NDArray[np.floating], chosen: int, many: int) -> Integers:
    """`chosen` and the best rows of each column of `weights` (n, K) in turn, by their column."""
    # of each column only the best are put in order
    turned = np.ascontiguousarray(-weights.T)
    few = min(many, turned.shape[1])
    some = np.sort(np.argpartition(turned, few - 1, axis=1)[:, :few], axis=1)
    order = np.argsort(np.take_along_axis(turned, some, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(some, order, axis=1).T
    place = {chosen: (int(weights[chosen].argmax()), -float(weights[chosen].max()))}
    for row in best:
        for z, one in enumerate(row.tolist()):
            if len(place) < many:
                place.setdefault(one, (z, -float(weights[one, z])))
    return np.array(sorted(place, key=lambda one: (*place[one], one)), np.int64)


def _seen(data: Counts, rows: Integers, columns: Integers) -> Floats:
    some = data.take(rows)
    n = np.asarray(some.matrix()[:, columns].todense(), np.float64)
    return n / np.maximum(some.per_document(), 1e-300)[:, None]


def _inside(topics: Topics, data: Counts, d: int, w: int) -> None:
    D, V = len(topics.doc_topic), topics.topic_word.shape[1]
    require(
        D == len(data) > 0, "documents", wanted="those the model was fitted to", given=len(data)
    )
    same = len(data.vocabulary) == V
    require(same, "vocabulary", wanted=f"the {V} words of the model", given=len(data.vocabulary))
    require(0 <= d < D, "document", wanted=f"0 to {D - 1}", given=d)
    require(0 <= w < V, "word", wanted=f"0 to {V - 1}", given=w)
