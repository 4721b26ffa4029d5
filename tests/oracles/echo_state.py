"""An echo state network with the equations and nothing else: numpy, dense, step by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def states(W: Array, W_in: Array, b: Array, leak: float, u: Array, before: Array) -> Array:
    x, found = before, []
    for row in u:
        x = (1 - leak) * x + leak * np.tanh(W_in @ row + W @ x + b)
        found.append(x)
    return np.array(found)


def ridge(Z: Array, Y: Array, strength: float) -> Array:
    """By least squares of Z with the square root of the ridge below it."""
    padded = np.vstack([Z, np.sqrt(strength) * np.eye(Z.shape[1])])
    zeros = np.zeros((Z.shape[1], Y.shape[1]))
    return np.linalg.lstsq(padded, np.vstack([Y, zeros]), rcond=None)[0]


def capacity(x: Array, u: Array, lags: int, washout: int) -> float:
    """Sum of r^2 over lags, each with a readout of its own, on the half it was not fitted to."""
    first = max(lags, washout)
    total = 0.0
    for k in range(1, lags + 1):
        Z = np.column_stack([np.ones(len(u) - first), x[first:]])
        y = u[first - k : len(u) - k]
        half = len(Z) // 2
        w = np.linalg.lstsq(Z[:half], y[:half], rcond=None)[0]
        total += np.corrcoef(Z[half:] @ w, y[half:])[0, 1] ** 2
    return total
