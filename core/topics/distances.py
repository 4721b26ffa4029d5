"""How far topics are from each other, and a map of them.

    JS(p, q) = (KL(p | m) + KL(q | m)) / 2,  m = (p + q) / 2    0 to log 2; its root is a metric

The map is classical scaling (principal coordinates): Torgerson (1952); Sievert & Shirley (2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy  # type: ignore[import-untyped]

Floats = NDArray[np.float64]


def jensen_shannon(p: NDArray[np.floating], q: NDArray[np.floating] | None = None) -> Floats:
    """JS in nats of each row of `p` (n, V) with each of `q` (m, V), or of `p`: (n, m)."""
    p = np.asarray(p, np.float64)
    q = p if q is None else np.asarray(q, np.float64)
    own, other = xlogy(p, p).sum(axis=1), xlogy(q, q).sum(axis=1)
    out = np.empty((len(p), len(q)))
    for i, row in enumerate(p):
        # JS = H((p + q) / 2) - (H(p) + H(q)) / 2
        m = (row + q) / 2
        out[i] = (own[i] + other) / 2 - xlogy(m, m).sum(axis=1)
    return np.clip(out, 0, np.log(2))


def plane(distances: Floats) -> Floats:
    """Places (n, 2) whose distances are near those given (n, n); the widest direction first.

    The side on which a direction's farthest place lies is positive, so that maps do not flip.
    """
    n = len(distances)
    places = np.zeros((n, 2))
    # B = -1/2 J D^2 J with J = I - 1/n: the products of places around their mean
    square = distances.astype(np.float64) ** 2
    B = -(square - square.mean(axis=0) - square.mean(axis=1, keepdims=True) + square.mean()) / 2
    values, vectors = np.linalg.eigh((B + B.T) / 2)
    for axis, k in enumerate(np.argsort(-values)[:2]):
        if values[k] > 1e-12:
            direction = vectors[:, k] * np.sqrt(values[k])
            far = direction[np.argmax(np.abs(direction) > np.abs(direction).max() * (1 - 1e-9))]
            places[:, axis] = direction * np.sign(far)
    return places


def topic_map(topic_word: NDArray[np.floating]) -> Floats:
    """Topics (K, V) on the plane, (K, 2), by the root of JS."""
    return plane(np.sqrt(jensen_shannon(topic_word)))
