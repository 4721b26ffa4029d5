"""Do the best words of a topic stand together? Roeder, Both & Hinneburg (2015).

    p(i), p(i, j) : share of windows that have the word, both words
    UMass  mean over i > j of log ((n(i, j) + 1) / n(j))               Mimno et al. (2011), documents
    NPMI   mean over i > j of log (p(i, j) / p(i) p(j)) / -log p(i, j)          -1 to 1
    C_v    mean over i of cos(v_i, sum over j of v_j),   v_i = (NPMI(i, j)) over j       windows of 110

A window is so many tokens of a text, moved on by one each time, or a whole document. `words` go from
the best on. Pairs that are never met count e = 1e-12 in place of p(i, j) = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics import compiled
from core.topics.counts import Counts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
TINY = 1e-12
NPMI_WINDOW, CV_WINDOW = 10, 110  # tokens, as in the paper


@dataclass(frozen=True)
class Together:
    """In how many windows words are met, alone and in pairs; over the words asked for alone."""

    words: Integers  # (n,) ascending
    each: Floats  # (n,)
    pairs: Floats  # (n, n), symmetric, its diagonal `each`
    windows: int

    def of(self, words: Sequence[int] | NDArray[np.integer]) -> tuple[Floats, Floats]:
        """`each` (k,) and `pairs` (k, k) of a topic's `words`, in their order."""
        at = np.searchsorted(self.words, words)
        return self.each[at], self.pairs[np.ix_(at, at)]


def in_documents(data: Counts, words: Sequence[int] | NDArray[np.integer]) -> Together:
    """Every document is one window."""
    wanted = np.unique(np.asarray(words, np.int64))
    met = data.matrix()[:, wanted].astype(bool).astype(np.float64)
    pairs = np.asarray((met.T @ met).todense())
    return Together(wanted, pairs.diagonal().copy(), pairs, len(data))


def in_windows(
    texts: Sequence[NDArray[np.integer]], words: Sequence[int] | NDArray[np.integer], size: int
) -> Together:
    """Windows of `size` tokens of `texts`: the word of each token in its order, -1 where it has none."""
    require(size >= 2, "window", wanted="at least 2 tokens", given=size)
    wanted = np.unique(np.asarray(words, np.int64))
    indptr = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64)
    tokens = np.concatenate([np.zeros(0, np.int64), *texts]).astype(np.int64)
    at = np.searchsorted(wanted, tokens)
    known = wanted[np.minimum(at, len(wanted) - 1)] == tokens
    marks = np.where(known, at, -1).astype(np.int32)
    each, pairs = np.zeros(len(wanted)), np.zeros((len(wanted), len(wanted)))
    total = compiled.windows(marks, indptr, size, len(wanted), each, pairs)
    np.fill_diagonal(pairs, each)
    return Together(wanted, each, pairs, int(total))


def umass(together: Together, words: Sequence[int], smoothing: float = 1.0) -> float:
    """Mean over i > j of log ((n(i, j) + smoothing) / n(j)); counts in documents are meant."""
    each, pairs = together.of(words)
    i, j = np.tril_indices(len(words), -1)
    # log ((n(i, j) + 1) / n(j))
    return _mean(np.log((pairs[i, j] + smoothing) / np.maximum(each[j], TINY)))


def npmi(together: Together, words: Sequence[int]) -> float:
    """Mean over i > j of the normalised pointwise mutual information."""
    i, j = np.tril_indices(len(words), -1)
    return _mean(npmi_matrix(together, words)[i, j])


def c_v(together: Together, words: Sequence[int]) -> float:
    """Mean over i of the cosine between word i's NPMI with all words and the sum of those."""
    v = npmi_matrix(together, words)
    total = v.sum(axis=0)
    lengths = np.linalg.norm(v, axis=1) * np.linalg.norm(total)
    return _mean(np.divide(v @ total, lengths, out=np.zeros(len(v)), where=lengths > 0))


def npmi_matrix(together: Together, words: Sequence[int]) -> Floats:
    """NPMI of all pairs of a topic's words, (k, k)."""
    each, pairs = together.of(words)
    p, pp = each / max(together.windows, 1), pairs / max(together.windows, 1) + TINY
    # log (p(i, j) / p(i) p(j)) / -log p(i, j)
    alone = np.maximum(p[:, None] * p[None, :], TINY**2)
    # where both are in every window, nothing is to be learned from either
    return np.divide(np.log(pp / alone), -np.log(pp), out=np.zeros_like(pp), where=pp < 1 - 1e-9)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
