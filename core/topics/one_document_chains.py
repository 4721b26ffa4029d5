"""Gibbs sampling of one document's topics from several seeds, sweep by sweep; and what a sample weighs.

    p(z_i = k | the others) ~ beta[k, w_i] (n_k + alpha_k)

    log p(theta, z, w | alpha, beta)
        = log p(theta | alpha) + sum log p(z_n | theta) + sum log p(w_n | z_n, beta)

Each chain draws as one_document.samples does, number for number, in a small part of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from scipy.special import gammaln  # type: ignore[import-untyped]

from core.errors import require
from core.topics.one_document import Document
from core.topics.settings import between
from core.topics.topics import Floats

VERSION = 1
Arrays = tuple[NDArray[np.int64], Floats, Floats, Floats]  # the fields of a Document


@dataclass(frozen=True, kw_only=True)
class Config:
    sweeps: int = 200
    chains: int = 3  # each from a seed of its own

    def __post_init__(self) -> None:
        between("sweeps", self.sweeps, 1, 100_000, whole=True)
        between("chains", self.chains, 1, 100, whole=True)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """After so many sweeps of C chains."""

    sweep: int
    z: NDArray[np.int16]  # (N,) of the first chain: the topic of each token, a word's together
    theta: Floats  # (C, K) E theta given z
    mean: Floats  # (C, K) of theta over all sweeps so far


def learn(data: Arrays, config: Config, *, generator: torch.Generator) -> Iterator[Sweep]:
    """`config.sweeps` + 1 Sweeps, the first of random starts. Counts are to be whole."""
    document = Document(*data)
    alpha, n = document.alpha, document.n.astype(np.int64)
    require(bool((n == document.n).all()), "counts", wanted="whole numbers", given="weights")
    K, rows = len(alpha), np.repeat(np.arange(len(n)), n)
    chains = [
        torch.Generator().manual_seed(seed)
        for seed in torch.randint(2**62, (config.chains,), generator=generator).tolist()
    ]
    z = [torch.randint(K, (len(rows),), generator=one).numpy() for one in chains]
    in_topic = np.array([np.bincount(one, minlength=K) for one in z])
    total = np.zeros(in_topic.shape)
    for sweep in range(config.sweeps + 1):
        if sweep:
            for c, one in enumerate(chains):
                u = torch.rand(len(rows), generator=one, dtype=torch.float64).numpy()
                _sweep(rows, z[c], in_topic[c], document.beta, alpha, u)
        theta = (in_topic + alpha) / (len(rows) + alpha.sum())
        total += theta if sweep else 0
        mean = total / sweep if sweep else theta.copy()
        yield Sweep(sweep=sweep, z=z[0].astype(np.int16), theta=theta, mean=mean)


@njit(cache=True, nogil=True, error_model="numpy")
def _sweep(
    rows: NDArray[np.int64], z: NDArray[np.int64], in_topic: NDArray[np.int64], beta: Floats,
    alpha: Floats, u: Floats,
) -> None:  # fmt: skip
    """Draw z (N,) anew by u (N,) in [0, 1); beta (n, K) in its rows (N,). in_topic (K,) is kept up."""
    K = len(alpha)
    edges = np.empty(K)
    for i in range(len(z)):
        in_topic[z[i]] -= 1
        total = 0.0
        for k in range(K):
            # p(z_i = k | the others) ~ beta[k, w_i] (n_k + alpha_k)
            total += beta[rows[i], k] * (in_topic[k] + alpha[k])
            edges[k] = total
        k = 0
        while k < K - 1 and edges[k] <= u[i] * total:
            k += 1
        z[i] = k
        in_topic[k] += 1


def warm() -> None:
    """Compile, or load what was compiled before."""
    one = np.zeros(1, np.int64)
    _sweep(one, one.copy(), one + 1, np.ones((1, 1)), np.ones(1), np.zeros(1))


def joint(document: Document, theta: Floats, z: NDArray[np.integer]) -> Floats:
    """The three terms, (3,), for theta (K,) and z (N,) as in Sweep; the first is of a density."""
    alpha = document.alpha
    log_theta = np.log(theta)
    # log p(theta | alpha) = log G(sum alpha) - sum log G(alpha_k) + sum (alpha_k - 1) log theta_k
    prior = gammaln(alpha.sum()) - gammaln(alpha).sum() + ((alpha - 1) * log_theta).sum()
    word = np.repeat(np.arange(len(document.n)), document.n.astype(np.int64))
    return np.array([prior, log_theta[z].sum(), np.log(document.beta[word, z]).sum()])
