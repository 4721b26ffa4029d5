"""Which words stand for a topic: likely in it, or likelier in it than elsewhere.

Sievert & Shirley (2014):   r(w, z | lambda) = lambda log p(w | z) + (1 - lambda) log (p(w | z) / p(w))
Chuang et al. (2012):       saliency(w) = p(w) sum over z of p(z | w) log (p(z | w) / p(z))
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy  # type: ignore[import-untyped]

from core.topics.settings import between

Floats = NDArray[np.float64]
LEAST = 1e-300


def relevance(topic_word: NDArray[np.floating], p_word: Floats, weight: float) -> Floats:
    """r(w, z | weight), (K, V); -inf where p(w | z) is 0. p_word (V,) of the corpus, of sum 1."""
    between("relevance", weight, 0, 1)
    p = np.asarray(topic_word, np.float64)
    log_p = np.log(np.maximum(p, LEAST))
    # lambda log p(w | z) + (1 - lambda) log (p(w | z) / p(w)) = log p(w | z) - (1 - lambda) log p(w)
    r = log_p - (1 - weight) * np.log(np.maximum(p_word, LEAST))
    return np.where(p > 0, r, -np.inf)


def relevant(
    topic_word: NDArray[np.floating], p_word: Floats, weight: float, many: int
) -> NDArray[np.int64]:
    """The `many` most relevant words of each topic, the best first, (K, many)."""
    r = relevance(topic_word, p_word, weight)
    many = min(many, r.shape[1])
    some = np.argpartition(-r, many - 1, axis=1)[:, :many]
    order = np.argsort(-np.take_along_axis(r, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)


def topic_given_word(topic_word: NDArray[np.floating], p_topic: Floats) -> Floats:
    """p(z | w), (V, K): where a word's uses lie."""
    joint = topic_word.T.astype(np.float64) * p_topic
    total = joint.sum(axis=1, keepdims=True)
    even = np.full_like(joint, 1 / joint.shape[1])
    return np.divide(joint, total, out=even, where=total > 0)


def saliency(topic_word: NDArray[np.floating], p_topic: Floats) -> Floats:
    """How much each word tells of topics, times how often it is met, (V,)."""
    of_word = topic_given_word(topic_word, p_topic)
    p_word = p_topic @ topic_word.astype(np.float64)
    # p(w) sum over z of p(z | w) log (p(z | w) / p(z))
    return p_word * (xlogy(of_word, of_word) - xlogy(of_word, p_topic)).sum(axis=1)
