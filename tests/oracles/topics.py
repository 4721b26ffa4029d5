"""Topic models with a loop for every sum, in float64, on dense matrices: straight from the equations."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

Floats = NDArray[np.float64]


@dataclass
class Lda:
    """What one iteration of variational EM finds."""

    gamma: Floats  # (D, K)
    words: Floats  # (V, K)
    bound: float


def lda_iteration(
    X: Floats, lam: Floats, gamma: Floats, alpha: Floats, eta: float, inner: int
) -> Lda:
    """`inner` rounds of gamma for topics lam (V, K), then phi, the statistics and the bound."""
    D, V = X.shape
    K = len(alpha)
    gamma = gamma.copy()
    log_beta = digamma(lam) - digamma(lam.sum(axis=0))
    words = np.zeros((V, K))
    bound = 0.0
    for d in range(D):
        for _ in range(inner):
            phi = _phi(gamma[d], log_beta)
            gamma[d] = [
                alpha[k] + math.fsum(X[d, w] * phi[w, k] for w in range(V)) for k in range(K)
            ]
        phi = _phi(gamma[d], log_beta)
        log_theta = digamma(gamma[d]) - digamma(gamma[d].sum())
        for w in range(V):
            for k in range(K):
                words[w, k] += X[d, w] * phi[w, k]
                # E log p(z) + E log p(w | z) - E log q(z)
                bound += (
                    X[d, w]
                    * phi[w, k]
                    * (log_theta[k] + log_beta[w, k] - math.log(phi[w, k] + 1e-300))
                )
        bound += _log_dirichlet(alpha, log_theta) - _log_dirichlet(gamma[d], log_theta)
    for k in range(K):
        bound += _log_dirichlet(np.full(V, eta), log_beta[:, k])
        bound -= _log_dirichlet(lam[:, k], log_beta[:, k])
    return Lda(gamma, words, bound)


def _phi(gamma: Floats, log_beta: Floats) -> Floats:
    phi = np.exp(digamma(gamma) - digamma(gamma.sum()) + log_beta)
    return phi / phi.sum(axis=1, keepdims=True)


def _log_dirichlet(a: Floats, log_x: Floats) -> float:
    """E log of a Dirichlet's density, where E log x is given."""
    return float(gammaln(a.sum()) - gammaln(a).sum() + ((a - 1) * log_x).sum())


def em_iteration(
    X: Floats, theta: Floats, beta: Floats, inner: int
) -> tuple[Floats, Floats, float]:
    """PLSA: theta (D, K), expected tokens (V, K) and sum n log p; beta (V, K) columns of sum 1."""
    D, V = X.shape
    theta = theta.copy()
    words = np.zeros_like(beta)
    likelihood = 0.0
    for d in range(D):
        for _ in range(inner):
            new = np.zeros(theta.shape[1])
            for w in range(V):
                r = theta[d] * beta[w]
                new += X[d, w] * r / r.sum()
            theta[d] = new / new.sum()
        for w in range(V):
            r = theta[d] * beta[w]
            words[w] += X[d, w] * r / r.sum()
            likelihood += X[d, w] * math.log(r.sum())
    return theta, words, likelihood


def mixture(X: Floats, pi: Floats, beta: Floats) -> tuple[Floats, float]:
    """p(z | d) (D, K), and log p(all documents) summed over every choice of all topics at once."""
    D, K = len(X), len(pi)
    p = np.empty((D, K))
    for d, k in np.ndindex(D, K):
        p[d, k] = pi[k] * math.prod(beta[w, k] ** X[d, w] for w in range(X.shape[1]))
    total, each = 0.0, np.zeros((D, K))
    for z in itertools.product(range(K), repeat=D):
        chance = math.prod(p[d, z[d]] for d in range(D))
        total += chance
        for d in range(D):
            each[d, z[d]] += chance
    return each / total, math.log(total)


def collapsed(
    documents: list[list[int]], V: int, alpha: Floats, eta: float
) -> dict[tuple[int, ...], float]:
    """p(z | w) of every choice of topics for all tokens, theta and beta integrated out."""
    K, tokens = len(alpha), [(d, w) for d, words in enumerate(documents) for w in words]
    found = {}
    for z in itertools.product(range(K), repeat=len(tokens)):
        in_document = np.zeros((len(documents), K))
        in_word = np.zeros((K, V))
        for (d, w), k in zip(tokens, z, strict=True):
            in_document[d, k] += 1
            in_word[k, w] += 1
        log_p = 0.0
        for row in in_document:
            log_p += gammaln(row + alpha).sum() - gammaln((row + alpha).sum())
        for row in in_word:
            log_p += gammaln(row + eta).sum() - gammaln((row + eta).sum())
        found[z] = math.exp(log_p)
    total = math.fsum(found.values())
    return {z: p / total for z, p in found.items()}


def one_document(words: list[int], beta: Floats, alpha: Floats) -> tuple[Floats, float]:
    """E theta (K,) of a document given its words, and log p(w), over every choice of topics."""
    K = len(alpha)
    mean, total = np.zeros(K), 0.0
    constant = gammaln(alpha.sum()) - gammaln(alpha).sum()
    for z in itertools.product(range(K), repeat=len(words)):
        n = np.bincount(z, minlength=K)
        p = math.exp(constant + gammaln(n + alpha).sum() - gammaln((n + alpha).sum()))
        p *= math.prod(beta[w, k] for w, k in zip(words, z, strict=True))
        total += p
        mean += p * (n + alpha) / (n + alpha).sum()
    return mean / total, math.log(total)


def jensen_shannon(p: Floats, q: Floats) -> float:
    m = (p + q) / 2
    return math.fsum(
        (a * math.log(a / c) / 2 if a else 0) + (b * math.log(b / c) / 2 if b else 0)
        for a, b, c in zip(p, q, m, strict=True)
    )
