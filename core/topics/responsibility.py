"""Which topic each word of a text is from, to colour it by.

p(z | w, d) = p(w | z) p(z | d) / sum over z of p(w | z) p(z | d)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.topics.corpus import Corpus, Word
from core.topics.counts import Counts
from core.topics.infer import fold_in, responsibilities
from core.topics.topics import Floats, Topics

BATCH = 1024  # documents


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: a word and its likeliest topic, or what stands between words."""

    text: str
    word: int = -1  # number in the vocabulary, -1 between words
    topic: int = -1
    p: float = 0.0  # p(topic | word, document)


@dataclass(frozen=True, eq=False)
class Assigned:
    """The likeliest topic of each distinct word of a document."""

    words: NDArray[np.int32]  # (n,)
    counts: NDArray[np.float32]  # (n,)
    topic: NDArray[np.int64]  # (n,)
    p: Floats  # (n,)


def pieces(topics: Topics, theta: Floats, text: str, words: Sequence[Word]) -> list[Piece]:
    """`text` whole, cut at its `words` (see Corpus.spans), in a document of mixture `theta` (K,)."""
    numbers = np.array([one.word for one in words], np.int64)
    r = responsibilities(topics, theta, numbers)
    out, done = [], 0
    for word, z, row in zip(words, r.argmax(axis=1).tolist(), r, strict=True):
        if word.start > done:
            out.append(Piece(text[done : word.start]))
        out.append(Piece(text[word.start : word.end], word.word, z, float(row[z])))
        done = word.end
    return [*out, Piece(text[done:])] if done < len(text) else out


def read(topics: Topics, corpus: Corpus, text: str) -> tuple[Floats, list[Piece]]:
    """A text that the model never saw: its mixture (K,), and its pieces."""
    theta = fold_in(topics, corpus.bag([text]))[0]
    return theta, pieces(topics, theta, text, corpus.spans(text))


def assigned(topics: Topics, data: Counts, d: int) -> Assigned:
    """Of document `d` of the corpus that the model was fitted to."""
    return _assigned(topics, _mixtures(topics, data, d, d + 1)[0], data, d)


def all_assigned(topics: Topics, data: Counts) -> Iterator[Assigned]:
    """Of one document after another: nothing of the corpus's size is kept."""
    for first in range(0, len(data), BATCH):
        last = min(first + BATCH, len(data))
        for i, theta in enumerate(_mixtures(topics, data, first, last)):
            yield _assigned(topics, theta, data, first + i)


def _assigned(topics: Topics, theta: Floats, data: Counts, d: int) -> Assigned:
    words, counts = data.document(d)
    r = responsibilities(topics, theta, words)
    z = r.argmax(axis=1)
    return Assigned(words, counts, z, r[np.arange(len(z)), z])


def _mixtures(topics: Topics, data: Counts, first: int, last: int) -> Floats:
    # A model of a stream has no documents of its own.
    if len(topics.doc_topic):
        return topics.doc_topic[first:last].astype(np.float64)
    return fold_in(topics, data.take(range(first, last)))
