"""Documents near a document, and the documents a topic is most at home in.

H(p, q)  = sqrt(1 - sum over z of sqrt(p_z q_z))            Hellinger, 0 to 1
sqrt(JS) , see distances.py                                 0 to sqrt(log 2)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import SettingError, require
from core.topics.distances import jensen_shannon
from core.topics.topics import Floats

DISTANCES = ("hellinger", "jensen_shannon")
RANKS = ("tokens", "share")


@dataclass(frozen=True, eq=False)
class Ranked:
    """Documents, the best first, and the number that each is ranked by."""

    documents: NDArray[np.int64]
    values: Floats


def hellinger(theta: Floats, others: NDArray[np.floating]) -> Floats:
    """H of one mixture (K,) to each of `others` (D, K), (D,)."""
    # 1 - sum of sqrt(p q) = sum of (sqrt(p) - sqrt(q))^2 / 2, which is exactly 0 for the same
    apart = np.sqrt(np.maximum(others, 0).astype(np.float64)) - np.sqrt(np.maximum(theta, 0))
    return np.sqrt(np.clip((apart**2).sum(axis=1) / 2, 0, 1))


def nearest(
    doc_topic: NDArray[np.floating], theta: NDArray[np.floating], many: int = 10, *,
    distance: str = "hellinger",
) -> Ranked:  # fmt: skip
    """Documents (D, K) nearest to a mixture (K,), a new text's for one."""
    K = doc_topic.shape[1]
    require(len(theta) == K, "mixture", wanted=f"{K} topics", given=len(theta))
    p = np.asarray(theta, np.float64)
    if distance == "hellinger":
        away = hellinger(p, doc_topic)
    elif distance == "jensen_shannon":
        away = np.sqrt(jensen_shannon(p[None], doc_topic)[0])
    else:
        raise SettingError("distance", wanted=" or ".join(DISTANCES), given=distance)
    order = np.argsort(away, kind="stable")[: max(many, 0)]
    return Ranked(order, away[order])


def similar(
    doc_topic: NDArray[np.floating], d: int, many: int = 10, *, distance: str = "hellinger"
) -> Ranked:
    """The same of document `d`, itself left out."""
    D = len(doc_topic)
    require(0 <= d < D, "document", wanted=f"0 to {D - 1}", given=d)
    found = nearest(doc_topic, doc_topic[d], many + 1, distance=distance)
    # Among many that are the same as it, it may not be in the list.
    others = found.documents != d
    return Ranked(found.documents[others][:many], found.values[others][:many])


def top_documents(
    doc_topic: NDArray[np.floating], z: int, tokens: Floats, many: int = 10, *, by: str = "tokens"
) -> Ranked:
    """Documents with most of topic `z`: of its tokens, or by their own share of it.

    By share alone, texts of three words come first; by tokens alone, the longest texts do. So
    "tokens" ranks by p(z | d) sqrt(N_d p(z | d)); values are p(z | d) all the same. Documents
    without tokens are left out.
    """
    K = doc_topic.shape[1]
    require(0 <= z < K, "topic", wanted=f"0 to {K - 1}", given=z)
    require(by in RANKS, "order", wanted=" or ".join(RANKS), given=by)
    share = doc_topic[:, z].astype(np.float64)
    rank = share * np.sqrt(tokens * share) if by == "tokens" else share
    order = np.argsort(-np.where(tokens > 0, rank, -1), kind="stable")
    order = order[tokens[order] > 0][:many]
    return Ranked(order, share[order])
