"""Do two models put a document into the same topic, once their topics are paired (see align.py)?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics.align import Pairs
from core.topics.topics import Floats


@dataclass(frozen=True, eq=False)
class Matched:
    """Documents by their largest topic in each model."""

    same: float  # share of documents whose two largest topics are a pair
    documents: NDArray[np.int64] = field(repr=False)  # (n, m) by largest topic of both
    tokens: Floats = field(repr=False)  # (n, m) sum over d of N_d p(a | d) q(b | d)


def matched(
    first: NDArray[np.floating], second: NDArray[np.floating], pairs: Pairs, tokens: Floats
) -> Matched:
    """Of mixtures (D, n) and (D, m) of the same documents. Raises SettingError where they are not."""
    D, n = first.shape
    m = second.shape[1]
    require(len(second) == D > 0, "documents", wanted=f"{D} in both models", given=len(second))
    table = np.bincount(first.argmax(axis=1) * m + second.argmax(axis=1), minlength=n * m)
    documents = table.reshape(n, m)
    weighed = (first * tokens[:, None]).T @ second
    same = documents[pairs.first, pairs.second].sum() / D
    return Matched(float(same), documents, weighed.astype(np.float64))
