"""Which topic of one model is which of another: pairs with the least sum of distances.

Kuhn (1955), the Hungarian method, on Jensen-Shannon divergences.
"""

from __future__ import annotations

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
