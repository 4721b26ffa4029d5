"""What two topics share, what tells them apart, and the documents that have both.

    JS(p, q) = sum over w of s(w),   s(w) = (p(w) log (p(w) / m(w)) + q(w) log (q(w) / m(w))) / 2
    m = (p + q) / 2,   shared = sum over w of min (p(w), q(w)) = 1 - sum over w of |p(w) - q(w)| / 2

Lin (1991). s(w) is never negative: the likelier word of two with the same ratio counts for more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy  # type: ignore[import-untyped]

from core.errors import require
from core.topics.correlations import HAS
from core.topics.topics import Floats


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two topics p and q, (V,) each."""

    p: Floats = field(repr=False)
    q: Floats = field(repr=False)
    part: Floats = field(repr=False)  # (V,) s(w), nats
    js: float  # their sum, 0 to log 2
    shared: float  # 0 to 1

    def words(self, many: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """At most `many` words that speak for p, that both have, that speak for q; none twice."""
        apart = np.argsort(-self.part, kind="stable")
        apart = apart[self.part[apart] > 0]
        first = apart[self.p[apart] > self.q[apart]][:many]
        second = apart[self.p[apart] < self.q[apart]][:many]
        common = np.minimum(self.p, self.q)
        common[np.concatenate([first, second])] = 0
        both = np.argsort(-common, kind="stable")[:many]
        return first, both[common[both] > 0], second


@dataclass(frozen=True, eq=False)
class Both:
    """Documents with at least `HAS` of two topics, the best first."""

    documents: NDArray[np.int64] = field(repr=False)
    first: Floats = field(repr=False)  # p(z | d) of each
    second: Floats = field(repr=False)
    count: int  # of all such documents
    expected: float  # were the two strangers to each other


def contrast(p: NDArray[np.floating], q: NDArray[np.floating]) -> Contrast:
    """Of two topics over the same words. Raises SettingError where they are not."""
    require(p.shape == q.shape, "words", wanted=f"{len(p)} in both topics", given=len(q))
    one, other = p.astype(np.float64), q.astype(np.float64)
    m = (one + other) / 2
    # s = (p log (p / m) + q log (q / m)) / 2
    part = np.maximum((xlogy(one, one) + xlogy(other, other)) / 2 - xlogy(m, m), 0)
    return Contrast(one, other, part, float(part.sum()), float(np.minimum(one, other).sum()))


def both(
    doc_topic: NDArray[np.floating], a: int, b: int, tokens: Floats, many: int, has: float = HAS
) -> Both:
    """Of documents (D, K) with `tokens` (D,); the best have much of both, and many tokens."""
    D = len(doc_topic)
    one, other = doc_topic[:, a].astype(np.float64), doc_topic[:, b].astype(np.float64)
    n, m = int((one >= has).sum()), int((other >= has).sum())
    found = np.flatnonzero((one >= has) & (other >= has) & (tokens > 0))
    least = np.minimum(one[found], other[found])
    # as neighbours.top_documents ranks one topic
    order = found[np.argsort(-least * np.sqrt(tokens[found] * least), kind="stable")][:many]
    return Both(order, one[order], other[order], len(found), n * m / max(D, 1))
