"""Which topic of one model is which of another: pairs with the least sum of distances.

Kuhn (1955), the Hungarian method, on Jensen-Shannon divergences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from core.errors import require
from core.topics.distances import Floats, jensen_shannon


@dataclass(frozen=True)
class Pairs:
    """min(n, m) pairs of topics, the nearest first."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    distance: Floats  # JS of each pair, nats


def align(first: NDArray[np.floating], second: NDArray[np.floating]) -> Pairs:
    """Topics (n, V) and (m, V) over one vocabulary in pairs."""
    V = first.shape[1]
    require(second.shape[1] == V, "topics", wanted=f"{V} words", given=second.shape[1])
    cost = jensen_shannon(first, second)
    rows, columns = linear_sum_assignment(cost)
    order = np.argsort(cost[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    return Pairs(rows.astype(np.int64), columns.astype(np.int64), cost[rows, columns])


def same_words(
    topic_word: NDArray[np.floating], vocabulary: Sequence[str], wanted: Sequence[str]
) -> Floats:
    """Topics (K, V) over the words of another vocabulary, (K, len(wanted)), rows of sum 1.

    Raises SettingError where the two have no word in common.
    """
    where = {word: w for w, word in enumerate(vocabulary)}
    at = np.array([where.get(word, -1) for word in wanted], np.int64)
    require(bool((at >= 0).any()), "vocabularies", wanted="words in common", given="none")
    out = np.where(at >= 0, topic_word[:, at].astype(np.float64), 0.0)
    return out / np.maximum(out.sum(axis=1, keepdims=True), 1e-300)
