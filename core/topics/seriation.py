"""An order of topics in which neighbours are alike, so that a table of them shows blocks.

Bar-Joseph, Gifford & Jaakkola (2001): the best order of the leaves of a tree of average linkage.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import (  # type: ignore[import-untyped]
    leaves_list,
    linkage,
    optimal_leaf_ordering,
)
from scipy.spatial.distance import squareform  # type: ignore[import-untyped]

from core.topics.topics import Floats


def order(alike: Floats) -> NDArray[np.int64]:
    """Rows of a symmetric matrix (K, K), larger where more alike, one after another."""
    K = len(alike)
    if K < 3:
        return np.arange(K)
    apart = alike.max() - (alike + alike.T) / 2
    np.fill_diagonal(apart, 0)
    distances = squareform(apart, checks=False)
    return np.asarray(
        leaves_list(optimal_leaf_ordering(linkage(distances, "average"), distances)), np.int64
    )
