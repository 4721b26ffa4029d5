"""What every topic model comes down to: words of topics, topics of documents.

topic_word[z, w] = p(w | z) : (K, V)      doc_topic[d, z] = p(z | d) : (D, K)

p(w | d) = sum over z of p(w | z) p(z | d)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Small = NDArray[np.float32]

MODELS = ("unigram", "mixture", "plsa", "lda", "online_lda", "gibbs", "nmf")
DIRICHLET = ("lda", "online_lda", "gibbs")  # of these, alpha is a prior of the topics of a document


@dataclass(frozen=True, kw_only=True)
class Topics:
    """A fitted model, one of MODELS."""

    model: str
    topic_word: Small  # (K, V), rows of sum 1
    doc_topic: Small  # (D, K), rows of sum 1; D is 0 where documents went by in a stream
    alpha: Floats  # (K,) LDA: Dirichlet; mixture: p(z); others: mean p(z | d)
    eta: float = 0.0  # LDA: Dirichlet of topics over words; others: added to each count
    vocabulary: tuple[str, ...] = field(repr=False)

    @property
    def K(self) -> int:
        return len(self.topic_word)

    def word_in_document(self, d: int) -> Floats:
        """p(w | d) of every word, (V,)."""
        # p(w | d) = sum over z of p(w | z) p(z | d)
        return self.doc_topic[d].astype(np.float64) @ self.topic_word

    def prevalence(self, tokens: Floats | None = None) -> Floats:
        """p(z), (K,): the mean of p(z | d), each document weighed by its `tokens` (D,) if given.

        Without documents, p(z) is the mean of the prior.
        """
        if not len(self.doc_topic):
            return self.alpha / self.alpha.sum()
        weights = np.ones(len(self.doc_topic)) if tokens is None else tokens
        total = weights @ self.doc_topic
        return total / total.sum()

    def best_words(self, z: int, many: int = 10) -> list[str]:
        """The likeliest words of topic `z`, the best first."""
        order = np.argsort(-self.topic_word[z], kind="stable")[:many]
        return [self.vocabulary[w] for w in order]


def rows_to_one(x: NDArray[np.floating]) -> Floats:
    """`x` (n, k) with rows of sum 1; a row of zeros becomes uniform."""
    x = np.asarray(x, np.float64)
    total = x.sum(axis=1, keepdims=True)
    even = np.full_like(x, 1 / max(x.shape[1], 1))
    return np.divide(x, total, out=even, where=total > 0)
