"""Draws of the two distributions of counts: binomial and multinomial."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from core.errors import require
from core.topics.settings import between
from core.topics.topics import Floats

Integers = NDArray[np.int64]


def multinomial(n: int, p: ArrayLike, many: int, *, generator: torch.Generator) -> Integers:
    """Counts (many, K) of `n` outcomes each, for chances p (K,) of sum 1; K = 2: the binomial."""
    between("n", n, 0, 100_000, whole=True)
    between("draws", many, 0, 10**7, whole=True)
    chances = np.asarray(p, np.float64)
    even = bool(np.isclose(chances.sum(), 1)) and bool((chances >= 0).all())
    require(even, "p", wanted="chances of sum 1", given=chances.tolist())
    u = torch.rand((many, n), generator=generator, dtype=torch.float64).numpy()
    edges = np.cumsum(chances)[:-1]
    # an outcome for each place, then how often each came
    below = (u[:, :, None] < edges).sum(axis=1) if len(edges) else np.zeros((many, 0), np.int64)
    upto = np.column_stack([below, np.full(many, n)])
    return np.diff(upto, axis=1, prepend=0).astype(np.int64)


def triples(n: int) -> Integers:
    """All counts (m, 3) with sum `n`."""
    between("n", n, 0, 500, whole=True)
    i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    met = i + j <= n
    return np.column_stack([i[met], j[met], n - i[met] - j[met]]).astype(np.int64)


def times(drawn: Integers, among: Integers) -> Integers:
    """How often each row of `among` (m, 3), all of one sum, is in `drawn` (s, 3)."""
    place = {tuple(row): k for k, row in enumerate(among.tolist())}
    return np.bincount([place[tuple(row)] for row in drawn.tolist()], minlength=len(among))


def alike(theta: Floats) -> Floats:
    """How many topics of like share would be as uncertain as each mixture (D, K): exp of its entropy."""
    p = np.asarray(theta, np.float64)
    # H = - sum p log p
    return np.exp(-np.where(p > 0, p * np.log(np.maximum(p, 1e-300)), 0.0).sum(axis=1))
