"""Which topics go together in documents.

    pearson[a, b] = cov(theta_a, theta_b) / sd(theta_a) sd(theta_b)
    pmi[a, b]     = log (p(a, b) / p(a) p(b)),   p: share of documents that have a; b; both

Shares of a document sum to 1, so that one topic's gain is the others' loss: K topics of which none
tells of another correlate at -1 / (K - 1), not at 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics.settings import between
from core.topics.topics import Floats

HAS = 0.05  # of a document, from which on it is said to have the topic


def pearson(doc_topic: NDArray[np.floating]) -> Floats:
    """Correlations of topics over documents (D, K), (K, K); 0 for a topic that is the same in all."""
    require(len(doc_topic) > 1, "documents", wanted="at least two", given=len(doc_topic))
    theta = doc_topic - doc_topic.mean(axis=0, dtype=np.float64)
    # cov(a, b) / sd(a) sd(b)
    length = np.sqrt((theta**2).sum(axis=0))
    scale = np.outer(length, length)
    out = np.divide(theta.T @ theta, scale, out=np.zeros_like(scale), where=scale > 1e-12)
    np.fill_diagonal(out, 1)
    return np.clip(out, -1, 1)


def pmi(doc_topic: NDArray[np.floating], has: float = HAS) -> Floats:
    """Pointwise mutual information of topics, (K, K), nats; a document has those of at least `has`.

    One document is added to each count, in proportion, so that topics which never meet are not at
    minus infinity. The diagonal is 0: that a topic goes with itself tells nothing.
    """
    between("share", has, 0, 1)
    require(len(doc_topic) > 0, "documents", wanted="at least one", given="none")
    met = (doc_topic >= has).astype(np.float64)
    D = len(met)
    p = (met.sum(axis=0) + 0.5) / (D + 1)
    alone = np.outer(p, p)
    # log (p(a, b) / p(a) p(b)), where p(a, b) has one document more that is as if both were strangers
    out = np.log((met.T @ met + alone) / (D + 1) / alone)
    np.fill_diagonal(out, 0)
    return out


def strongest(matrix: Floats, many: int = 20) -> list[tuple[int, int, float]]:
    """Pairs a < b of a symmetric matrix (K, K) with its values, the farthest from 0 first."""
    a, b = np.triu_indices(len(matrix), 1)
    order = np.argsort(-np.abs(matrix[a, b]), kind="stable")[:many]
    return [(int(a[i]), int(b[i]), float(matrix[a[i], b[i]])) for i in order]
