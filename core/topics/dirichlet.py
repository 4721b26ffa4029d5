"""The four distributions of the course, and how data change what is believed.

    binomial     P(k) = C(n, k) p^k (1 - p)^(n - k)
    multinomial  P(x) = n! / prod x_k! prod p_k^x_k
    Beta         f(x) = x^(a - 1) (1 - x)^(b - 1) / B(a, b)
    Dirichlet    f(x) = prod x_k^(alpha_k - 1) / B(alpha),   B(alpha) = prod G(alpha_k) / G(sum alpha)

Beta is conjugate to the binomial, Dirichlet to the multinomial: counts are added to parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlog1py, xlogy  # type: ignore[import-untyped]

from core.errors import require
from core.topics.settings import between

Floats = NDArray[np.float64]


def binomial(n: int, p: float) -> Floats:
    """P(k) of k = 0 .. n successes, (n + 1,)."""
    between("n", n, 0, 100_000, whole=True)
    between("p", p, 0, 1)
    k = np.arange(n + 1)
    # C(n, k) p^k (1 - p)^(n - k)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.exp(ways + xlogy(k, p) + xlog1py(n - k, -p))


def multinomial(x: ArrayLike, p: ArrayLike) -> Floats:
    """P(x) of counts x (..., K), for p (K,) of sum 1."""
    counts, chances = np.asarray(x, np.float64), np.asarray(p, np.float64)
    even = bool(np.isclose(chances.sum(), 1)) and bool((chances >= 0).all())
    require(even, "p", wanted="chances of sum 1", given=chances.tolist())
    # n! / prod x_k! prod p_k^x_k
    ways = gammaln(counts.sum(axis=-1) + 1) - gammaln(counts + 1).sum(axis=-1)
    return np.exp(ways + xlogy(counts, chances).sum(axis=-1))


def beta(x: ArrayLike, a: float, b: float) -> Floats:
    """The density at x (...), 0 to 1; inf at an edge where it has no bound."""
    at = np.asarray(x, np.float64)
    return dirichlet(np.stack([at, 1 - at], axis=-1), np.array([a, b]))


def dirichlet(x: ArrayLike, alpha: ArrayLike) -> Floats:
    """The density at x (..., K) on the simplex, with respect to its first K - 1 coordinates."""
    at, a = np.asarray(x, np.float64), positive(alpha)
    # log f = sum (alpha_k - 1) log x_k - log B(alpha)
    log_B = gammaln(a).sum() - gammaln(a.sum())
    with np.errstate(invalid="ignore"):
        log_f = xlogy(a - 1, at).sum(axis=-1) - log_B
    # an edge that is at once 0 and without bound has no density
    with np.errstate(over="ignore"):
        return np.exp(np.nan_to_num(log_f, nan=-np.inf, posinf=np.inf, neginf=-np.inf))


def draw(alpha: ArrayLike, many: int, *, generator: torch.Generator) -> Floats:
    """`many` draws from a Dirichlet, (many, K)."""
    a = positive(alpha)
    between("draws", many, 0, 10**8, whole=True)
    log_x = log_gammas(np.broadcast_to(a, (many, len(a))), generator=generator)
    x = np.exp(log_x - log_x.max(axis=1, keepdims=True, initial=-np.inf))
    return x / x.sum(axis=1, keepdims=True)


def log_gammas(shape: NDArray[np.floating], *, generator: torch.Generator) -> Floats:
    """log of a draw from Gamma(shape, 1) for each number of `shape`.

    Logarithms, as most draws of a small shape are too small for a float.
    """
    # Marsaglia & Tsang (2000): x ~ Gamma(a) is y u^(1 / a) with y ~ Gamma(a + 1)
    raised = torch.from_numpy(np.array(shape, np.float64)) + 1
    y = torch._standard_gamma(raised, generator=generator).numpy()
    u = torch.rand(raised.shape, generator=generator, dtype=torch.float64).numpy()
    return np.log(y) + np.log(np.maximum(u, 2.0**-60)) / shape


@dataclass(frozen=True)
class Update:
    """What is believed before and after counts were seen."""

    before: Floats  # (K,) alpha
    counts: Floats  # (K,)

    @property
    def after(self) -> Floats:
        # p(theta | x) = Dirichlet(alpha + x)
        return self.before + self.counts

    @property
    def mean(self) -> Floats:
        """E theta after the counts: what the next one will be, (K,)."""
        return self.after / self.after.sum()

    @property
    def log_evidence(self) -> float:
        """log p of one sequence with these counts: theta integrated out."""

        # B(alpha + x) / B(alpha)
        def log_B(a: Floats) -> float:
            return float(gammaln(a).sum() - gammaln(a.sum()))

        return log_B(self.after) - log_B(self.before)


def update(alpha: ArrayLike, counts: ArrayLike) -> Update:
    """Dirichlet `alpha` (K,) and counts (K,) of a multinomial; K = 2: Beta and binomial."""
    a, x = positive(alpha), np.asarray(counts, np.float64)
    fits = x.shape == a.shape and bool((x >= 0).all())
    require(fits, "counts", wanted=f"{len(a)} numbers of at least 0", given=x.tolist())
    return Update(a, x)


def triangle(resolution: int) -> Floats:
    """Centres (n, 3) of the resolution^2 small triangles that a triangle of three chances is cut in."""
    between("resolution", resolution, 1, 1000, whole=True)
    i, j = np.meshgrid(np.arange(resolution), np.arange(resolution), indexing="ij")
    up = (i + j) < resolution
    down = (i + j) < resolution - 1
    low = np.stack([i[up] + 1 / 3, j[up] + 1 / 3], axis=1)
    high = np.stack([i[down] + 2 / 3, j[down] + 2 / 3], axis=1)
    two = np.concatenate([low, high]) / resolution
    return np.column_stack([two, 1 - two.sum(axis=1)])


def positive(alpha: ArrayLike) -> Floats:
    """`alpha` (K,) as floats. Raises SettingError where they are not all above 0 and finite."""
    a = np.asarray(alpha, np.float64)
    good = a.ndim == 1 and len(a) > 0 and bool((np.isfinite(a) & (a > 0)).all())
    require(good, "alpha", wanted="finite numbers above 0", given=a.tolist())
    return a
