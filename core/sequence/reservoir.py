"""The reservoir of an echo state network: drawn once, sparse, never trained.

Jaeger (2001); the leaky units of Jaeger et al. (2007). The course: SD, the share of connections
there are, stays within 1-5 %.

    u : (T, I) input      x : (T, N) states
    x_t = (1 - leak) x_(t-1) + leak tanh(W_in u_t + W x_(t-1) + b)

W is kept by its rows, the numbers that are not 0 one after another: `start` (N + 1,) says where each
row begins, `source` which unit each number listens to. Its largest eigenvalue has the size `radius`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.linalg import ArpackNoConvergence, eigs  # type: ignore[import-untyped]

from core.errors import require

Floats = NDArray[np.float64]
DENSE = 300  # units up to which all eigenvalues are found
MOST = 3000  # units


@dataclass(frozen=True, kw_only=True)
class Reservoir:
    """W in rows, W_in, b: see above."""

    start: NDArray[np.int64]  # (N + 1,)
    source: NDArray[np.int64]  # (connections,)
    weight: Floats  # (connections,)
    W_in: Floats  # (N, I)
    b: Floats  # (N,)
    leak: float

    @property
    def units(self) -> int:
        return len(self.b)

    def matrix(self) -> csr_array:
        """W as a sparse matrix, for drawing and for its eigenvalues."""
        return csr_array((self.weight, self.source, self.start), shape=(self.units,) * 2)


def drawn(
    inputs: int,
    *,
    units: int,
    density: float,
    radius: float,
    leak: float,
    scale: float,
    bias: float,
    generator: torch.Generator,
) -> Reservoir:
    """A fresh one: every unit listens to density * units others, at least 1, with weights of +-1
    uniform, scaled to `radius`; W_in is uniform within +-scale, b within +-bias.

    Raises SettingError for settings that are out of range.
    """
    for name, value, least, most in (
        ("inputs", inputs, 1, 100_000),
        ("units", units, 1, MOST),
        ("density", density, 0, 1),
        ("spectral radius", radius, 0, 100),
        ("leak", leak, 1e-6, 1),
        ("input scale", scale, 0, 1e3),
        ("bias scale", bias, 0, 1e3),
    ):
        require(least <= value <= most, name, wanted=f"{least:g} to {most:g}", given=value)
    fan = max(1, round(density * units))
    source = torch.stack(
        [torch.randperm(units, generator=generator)[:fan].sort().values for _ in range(units)]
    )
    weight = 2 * torch.rand(units * fan, generator=generator, dtype=torch.float64) - 1
    W_in = (2 * torch.rand(units, inputs, generator=generator, dtype=torch.float64) - 1) * scale
    b = (2 * torch.rand(units, generator=generator, dtype=torch.float64) - 1) * bias
    start = np.arange(units + 1, dtype=np.int64) * fan
    flat = source.flatten().numpy()
    largest = spectral_radius(csr_array((weight.numpy(), flat, start), shape=(units, units)))
    # without a loop among its units W has no eigenvalue but 0, and no size to scale
    grown = radius / largest if largest > 1e-9 else 0.0
    return Reservoir(
        start=start,
        source=flat,
        weight=weight.numpy() * grown,
        W_in=W_in.numpy(),
        b=b.numpy(),
        leak=float(leak),
    )


def spectral_radius(W: csr_array) -> float:
    """The size of the largest eigenvalue of W (N, N)."""
    N = W.shape[0]
    if N > DENSE:
        try:
            # several at once: many eigenvalues of a random matrix are nearly as large
            found = eigs(W, k=6, ncv=80, tol=1e-8, v0=np.ones(N), return_eigenvectors=False)
            return float(np.abs(found).max())
        except ArpackNoConvergence:
            pass
    return float(np.abs(np.linalg.eigvals(W.toarray())).max())


def run(reservoir: Reservoir, u: Floats, *, before: Floats | None = None) -> Floats:
    """States x (T, N) over the input u (T, I), from `before` (N,) or zeros."""
    wide = u.ndim == 2 and u.shape[1] == reservoir.W_in.shape[1]
    require(wide, "input", wanted=f"{reservoir.W_in.shape[1]} numbers a step", given=u.shape)
    x = np.asarray(u, np.float64) @ reservoir.W_in.T  # W_in u of all steps at once
    x += reservoir.b
    begin = np.zeros(reservoir.units) if before is None else np.array(before, np.float64)
    _run(x, reservoir.start, reservoir.source, reservoir.weight, begin, reservoir.leak)
    return x


def apart(reservoir: Reservoir, u: Floats, one: Floats, other: Floats) -> Floats:
    """Distances (T,) of the states begun at `one` and at `other` (N,), while both hear u (T, I).

    They shrink to nothing where the reservoir has the echo state property.
    """
    gap = run(reservoir, u, before=one) - run(reservoir, u, before=other)
    return np.linalg.norm(gap, axis=1)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def _run(
    x: Floats,
    start: NDArray[np.int64],
    source: NDArray[np.int64],
    weight: Floats,
    before: Floats,
    leak: float,
) -> None:
    """Turn x (T, N), given as W_in u + b, into the states."""
    T, N = x.shape
    for t in range(T):
        new = x[t]
        for i in range(N):
            total = new[i]
            for k in range(start[i], start[i + 1]):
                total += weight[k] * before[source[k]]
            new[i] = total
        for i in range(N):
            new[i] = (1 - leak) * before[i] + leak * np.tanh(new[i])
        before = new


def warm() -> None:
    """Compile, or load what was compiled before."""
    run(
        Reservoir(
            start=np.arange(2), source=np.zeros(1, np.int64), weight=np.zeros(1),
            W_in=np.zeros((1, 1)), b=np.zeros(1), leak=1.0,
        ),
        np.zeros((1, 1)),
    )  # fmt: skip
