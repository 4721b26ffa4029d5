"""The three matrices whole, in blocks: documents and words in the order of their main topics.

The mean of p(w | d) over a block is the product of the means of its factors, as d and w are apart in it:

    mean of p(w | d) = sum over z of (mean of p(w | z)) (mean of p(z | d))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.topics.counts import Counts
from core.topics.topics import Floats, Topics

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Whole:
    """Means over blocks of a documents and b words; both in the order of `documents` and `words`."""

    documents: Integers = field(repr=False)  # (D,) their numbers, those of the first topic first
    words: Integers = field(repr=False)  # (V,)
    seen: Floats = field(repr=False)  # (a, b) mean of n[d, w] / N_d
    p: Floats = field(repr=False)  # (a, b) mean of p(w | d)
    doc_topic: Floats = field(repr=False)  # (a, K) mean of p(z | d), columns in the given order
    topic_word: Floats = field(repr=False)  # (K, b) mean of p(w | z)


def whole(
    topics: Topics, data: Counts, order: Sequence[int], *, blocks: tuple[int, int] = (64, 96)
) -> Whole:
    """`order` (K,) holds every topic's row once; at most so many `blocks` down and across.

    A document belongs to its likeliest topic, a word to the one that says it most: the largest
    p(z) p(w | z). Within a topic, what belongs to it most comes first.
    """
    rows = list(order)
    theta = topics.doc_topic[:, rows]
    beta = topics.topic_word[rows]
    share = topics.prevalence(data.per_document())[rows]
    documents = _ordered(theta, theta.max(axis=1, initial=0))
    said = share[:, None] * beta
    words = _ordered(said.T, said.max(axis=0))
    down, across = (
        np.unique(np.linspace(0, size, min(size, most) + 1).astype(np.int64))
        for size, most in zip((len(documents), len(words)), blocks, strict=True)
    )
    left = _means(theta[documents], down)
    right = _means(beta[:, words].T, across).T
    return Whole(
        documents, words, _seen(data, documents, words, down, across), left @ right, left, right
    )


def _ordered(weights: NDArray[np.floating], size: NDArray[np.floating]) -> Integers:
    """Rows of `weights` (n, K) by their largest column, then the largest first."""
    return np.lexsort((np.arange(len(weights)), -size, weights.argmax(axis=1)))


def _means(rows: NDArray[np.floating], edges: Integers) -> Floats:
    sums = np.add.reduceat(rows.astype(np.float64), edges[:-1], axis=0)
    return sums / np.diff(edges)[:, None]


def _seen(
    data: Counts, documents: Integers, words: Integers, down: Integers, across: Integers
) -> Floats:
    block_of_document = np.empty(len(documents), np.int64)
    block_of_document[documents] = np.repeat(np.arange(len(down) - 1), np.diff(down))
    block_of_word = np.empty(len(words), np.int64)
    block_of_word[words] = np.repeat(np.arange(len(across) - 1), np.diff(across))
    d = data.rows()
    b = len(across) - 1
    share = data.counts / data.per_document()[d]
    cells = block_of_document[d] * b + block_of_word[data.words]
    total = np.bincount(cells, share, minlength=(len(down) - 1) * b).reshape(-1, b)
    return total / np.outer(np.diff(down), np.diff(across))
