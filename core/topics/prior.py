"""Dirichlet priors learned from what they should explain: Newton's method, never downhill.

Blei, Ng & Jordan (2003), appendix A.4.2; Minka, "Estimating a Dirichlet distribution" (2000).

    f(alpha) = D (log G(sum alpha) - sum log G(alpha_k)) + sum over k of (alpha_k - 1) S_k
    S_k = sum over documents of E log theta_k
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

LEAST, MOST = 0.005, 1e3  # below, e^psi(alpha) leaves float64


def first_alpha(alpha: float, K: int) -> Floats:
    """`alpha` for each of K topics, (K,); 0 stands for 5 / K, at most 0.5.

    Larger than what is learned in the end: while topics are still alike, documents have many.
    """
    return np.full(K, alpha or min(max(5 / K, LEAST), 0.5))


def asymmetric(alpha: Floats, S: Floats, D: float, rounds: int = 20) -> Floats:
    """The alpha (K,) that maximises f, from `alpha` on."""
    if len(alpha) == 1:
        return alpha.copy()  # one topic has all of every document, whatever alpha is
    a = alpha.copy()
    for _ in range(rounds):
        gradient = D * (digamma(a.sum()) - digamma(a)) + S
        # The Hessian is diag(q) + z: its inverse costs K.
        q, z = -D * polygamma(1, a), D * polygamma(1, a.sum())
        b = (gradient / q).sum() / (1 / z + (1 / q).sum())
        move = (gradient - b) / q
        new = _uphill(a, move, lambda x: value(x, S, D))
        done = float(np.abs(new - a).max()) < 1e-6
        a = new
        if done:
            break
    return a


def value(alpha: Floats, S: Floats, D: float) -> float:
    """f(alpha)."""
    return float(D * (gammaln(alpha.sum()) - gammaln(alpha).sum()) + ((alpha - 1) * S).sum())


def symmetric(eta: float, S: float, K: float, V: int, rounds: int = 20) -> float:
    """The one number for all V words of K Dirichlets; S is the sum of all E log beta."""
    if V == 1:
        return eta
    e = np.array([eta])
    for _ in range(rounds):
        gradient = K * V * (digamma(V * e) - digamma(e)) + S
        curve = K * V * (V * polygamma(1, V * e) - polygamma(1, e))
        new = _uphill(e, gradient / curve, lambda x: shared(float(x[0]), S, K, V))
        done = float(np.abs(new - e).max()) < 1e-7
        e = new
        if done:
            break
    return float(e[0])


def shared(eta: float, S: float, K: float, V: int) -> float:
    """f of a Dirichlet whose V parameters are all `eta`."""
    return float(K * (gammaln(V * eta) - V * gammaln(eta)) + (eta - 1) * S)


def _uphill(x: Floats, move: Floats, f: object) -> Floats:
    """x - move, or so much less of it that f does not fall; x itself where nothing helps."""
    assert callable(f)
    before, part = f(x), 1.0
    for _ in range(30):
        new = np.clip(x - part * move, np.maximum(x / 10, LEAST), np.minimum(x * 10, MOST))
        if f(new) >= before:
            return new
        part /= 2
    return x
