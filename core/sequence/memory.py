"""Memory capacity: how much of its past input a linear readout finds in a state.

Jaeger (2001), "Short Term Memory in Echo State Networks".

    u : (T,) input, independent and uniform     x : (T, D) states that heard it
    MC_k = r^2(u_(t-k), w_k^T x_t)              MC = sum_k MC_k, at most D

One readout a lag, by ridge regression on the first half of the states, told by r^2 on the second:
what a readout learned by heart does not count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.sequence import echo_state, reservoir
from core.sequence.reservoir import Reservoir

Floats = NDArray[np.float64]


class Capacity(NamedTuple):
    """The forgetting curve and its sum."""

    lags: Floats  # (K,) MC_k of k = 1, 2, ..., K; 0 to 1
    total: float


def signal(T: int, *, generator: torch.Generator) -> Floats:
    """u (T,), uniform within +-1."""
    return (2 * torch.rand(T, generator=generator, dtype=torch.float64) - 1).numpy()


def measured(
    x: NDArray[np.floating], u: Floats, *, lags: int, washout: int = 100, ridge: float = 1e-9
) -> Capacity:
    """Of states x (T, D) that heard u (T,); the first `washout` steps, and lags before them, do not count.

    `ridge` is relative to the mean square of the states. Raises SettingError for too short an input.
    """
    first = max(washout, lags)
    require(lags >= 1, "lags", wanted="at least 1", given=lags)
    require(washout >= 0, "washout", wanted="at least 0", given=washout)
    least = first + 2 * (x.shape[1] + 2)
    require(len(u) >= least, "input", wanted=f"at least {least} steps", given=len(u))
    require(len(x) == len(u), "states", wanted=f"{len(u)}", given=len(x))
    X = np.hstack([np.ones((len(u) - first, 1)), x[first:].astype(np.float64)])
    past = np.stack([u[first - k : len(u) - k] for k in range(1, lags + 1)], axis=1)
    half = len(X) // 2
    Z, Y = X[:half], past[:half]
    ZZ = Z.T @ Z
    w = echo_state.ridge(ZZ, Z.T @ Y, ridge * float(np.trace(ZZ)) / len(ZZ))
    return _capacity(X[half:] @ w, past[half:])


def of(
    net: Reservoir,
    *,
    generator: torch.Generator,
    lags: int | None = None,
    steps: int | None = None,
) -> Capacity:
    """Of a reservoir with one input. Without `lags` twice as many as units, at most 400."""
    lags = min(2 * net.units, 400) if lags is None else lags
    steps = max(2000, 6 * net.units) + lags if steps is None else steps
    u = signal(steps, generator=generator)
    return measured(reservoir.run(net, u[:, None]), u, lags=lags)


def _capacity(told: Floats, true: Floats) -> Capacity:
    a, b = told - told.mean(axis=0), true - true.mean(axis=0)
    power = (a * a).sum(axis=0) * (b * b).sum(axis=0)
    # r^2 = cov^2 / (var var)
    r2 = np.where(power > 0, (a * b).sum(axis=0) ** 2 / np.where(power > 0, power, 1), 0.0)
    # what no memory at all would reach by chance
    spare = 1 / len(told)
    lags = np.maximum(0.0, (r2 - spare) / (1 - spare))
    return Capacity(lags, float(lags.sum()))
