"""Spherical K-means with the course's equations and nothing else: numpy, float64, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]


def trace(x: Array, k: int, sweeps: int, generator: torch.Generator) -> Iterator[dict[str, Any]]:
    """Every field of every Step for patches `x` (n, d); only the draws come from torch."""
    n, d = x.shape
    D = torch.randn(k, d, generator=generator).numpy().astype(np.float64)
    D = np.stack([row / np.sqrt((row**2).sum()) for row in D])
    yield {
        "sweep": 0,
        "D": D,
        "distortion": np.mean([(row**2).sum() for row in x]),
        "projection": 0.0,
        "counts": np.zeros(k, int),
        "idle": 0,
        "moved": 0.0,
    }
    for sweep in range(1, sweeps + 1):
        S = code(x, D)
        before, D = D, damped(x, D, S)
        counts = [sum(best(x[i], before) == j for i in range(n)) for j in range(k)]
        idle = [j for j in range(k) if counts[j] == 0]
        if idle:
            picks = torch.randperm(n, generator=generator).numpy()
            for j, i in zip(idle, picks[: len(idle)], strict=True):
                length = np.sqrt((x[i] ** 2).sum())
                if length > 0:
                    D[j] = x[i] / length
        yield {
            "sweep": sweep,
            "D": D,
            "distortion": np.mean([((before.T @ S[i] - x[i]) ** 2).sum() for i in range(n)]),
            "projection": np.mean([(S[i] ** 2).sum() for i in range(n)]),
            "counts": np.array(counts),
            "idle": len(idle),
            "moved": np.mean([np.sqrt(((D[j] - before[j]) ** 2).sum()) for j in range(k)]),
        }


def best(patch: Array, D: Array) -> int:
    """arg max_l |D_l^T x|, the first of equals."""
    products = [abs(D[j] @ patch) for j in range(len(D))]
    return products.index(max(products))


def code(x: Array, D: Array) -> Array:
    """S (n, k), written out with its zeros."""
    S = np.zeros((len(x), len(D)))
    for i, patch in enumerate(x):
        j = best(patch, D)
        S[i, j] = D[j] @ patch
    return S


def damped(x: Array, D: Array, S: Array) -> Array:
    """normalise(X S^T + D), rows."""
    new = np.zeros_like(D)
    for j in range(len(D)):
        new[j] = sum(S[i, j] * x[i] for i in range(len(x))) + D[j]
        new[j] /= np.sqrt((new[j] ** 2).sum())
    return new
