"""Inside variational EM: one document, its topics fixed, round by round. Blei et al. (2003), 5.2.

    phi[i, k]  ~ beta[k, w_i] e^psi(gamma_k)                     q(z_i = k) of the i-th word
    gamma_k    = alpha_k + sum over i of n_i phi[i, k]           q(theta) = Dirichlet(gamma)

    bound = E log p(theta | alpha) + E log p(z | theta) + E log p(w | z) - E log q(theta) - E log q(z)
          <= log p(w | alpha, beta)                              each round raises it

The same posterior by Gibbs sampling, which draws z_i anew given all other z, and is exact in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import entr, gammaln, psi, xlogy  # type: ignore[import-untyped]

from core.errors import require
from core.topics.dirichlet import positive
from core.topics.topics import Floats, Topics, rows_to_one

LEAST = 1e-12  # p(w | z) is taken for at least this much
TERMS = ("theta", "z", "w", "q_theta", "q_z")


@dataclass(frozen=True)
class Document:
    """A document's words and what is fixed about its model."""

    words: NDArray[np.int64]  # (n,) each once
    n: Floats  # (n,) how often, above 0
    alpha: Floats  # (K,)
    beta: Floats  # (n, K) p(w | z) of these words

    def __post_init__(self) -> None:
        require(len(self.words) > 0, "document", wanted="at least one known word", given="none")
        positive(self.alpha)


def of(topics: Topics, words: NDArray[np.integer], n: NDArray[np.floating]) -> Document:
    """`words` and their counts under the topics of a model, whichever it is."""
    beta = topics.topic_word[:, words].T.astype(np.float64) + LEAST
    return Document(np.asarray(words, np.int64), np.asarray(n, np.float64), topics.alpha, beta)


@dataclass(frozen=True, kw_only=True)
class Round:
    """After so many rounds; 0: gamma even, phi not yet found from it."""

    round: int
    gamma: Floats  # (K,)
    phi: Floats  # (n, K) rows of sum 1
    terms: Floats  # (5,) of the bound, by TERMS; their sum
    bound: float
    change: float  # mean |gamma - gamma before|

    @property
    def theta(self) -> Floats:
        """E theta, (K,)."""
        return self.gamma / self.gamma.sum()


def rounds(document: Document, most: int = 100, tolerance: float = 1e-6) -> Iterator[Round]:
    """At most `most` + 1 Rounds, until gamma changes by less than `tolerance` on average."""
    alpha, beta, n = document.alpha, document.beta, document.n
    K = len(alpha)
    phi = np.full(beta.shape, 1 / K)
    gamma = alpha + n.sum() / K
    change = np.inf
    for done in range(most + 1):
        terms = bound_terms(document, gamma, phi)
        yield Round(
            round=done, gamma=gamma.copy(), phi=phi.copy(), terms=terms,
            bound=float(terms.sum()), change=change,
        )  # fmt: skip
        if change < tolerance:
            return
        # phi[i, k] ~ beta[k, w_i] e^psi(gamma_k)
        phi = rows_to_one(beta * np.exp(psi(gamma) - psi(gamma.max())))
        # gamma_k = alpha_k + sum over i of n_i phi[i, k]
        new = alpha + n @ phi
        change, gamma = float(np.abs(new - gamma).mean()), new


def bound_terms(document: Document, gamma: Floats, phi: Floats) -> Floats:
    """The five terms, (5,), by TERMS."""
    alpha, beta, n = document.alpha, document.beta, document.n
    log_theta = psi(gamma) - psi(gamma.sum())
    return np.array(
        [
            # E log p(theta | alpha)
            gammaln(alpha.sum()) - gammaln(alpha).sum() + ((alpha - 1) * log_theta).sum(),
            # E log p(z | theta)
            (n @ phi) @ log_theta,
            # E log p(w | z)
            n @ xlogy(phi, beta).sum(axis=1),
            # - E log q(theta)
            gammaln(gamma).sum() - gammaln(gamma.sum()) - ((gamma - 1) * log_theta).sum(),
            # - E log q(z)
            n @ entr(phi).sum(axis=1),
        ]
    )


@dataclass(frozen=True, kw_only=True)
class Sample:
    """After so many sweeps over all tokens of the document."""

    sweep: int
    z: NDArray[np.int64]  # (N,) the topic of each token; tokens of a word stand together
    in_topic: NDArray[np.int64]  # (K,) tokens of each topic
    theta: Floats  # (K,) E theta given z
    mean: Floats  # (K,) of theta over all sweeps so far


def samples(document: Document, sweeps: int, *, generator: torch.Generator) -> Iterator[Sample]:
    """`sweeps` + 1 Samples, the first of a random start. Counts are to be whole."""
    alpha, n = document.alpha, document.n.astype(np.int64)
    require(bool((n == document.n).all()), "counts", wanted="whole numbers", given="weights")
    K, beta = len(alpha), np.repeat(document.beta, n, axis=0)
    z = torch.randint(K, (len(beta),), generator=generator).numpy().astype(np.int64)
    in_topic = np.bincount(z, minlength=K)
    total = np.zeros(K)
    for sweep in range(sweeps + 1):
        if sweep:
            u = torch.rand(len(z), generator=generator, dtype=torch.float64).numpy()
            for i in range(len(z)):
                in_topic[z[i]] -= 1
                # p(z_i = k | the others) ~ beta[k, w_i] (n_k + alpha_k)
                edges = np.cumsum(beta[i] * (in_topic + alpha))
                z[i] = min(int(np.searchsorted(edges, u[i] * edges[-1], side="right")), K - 1)
                in_topic[z[i]] += 1
        theta = (in_topic + alpha) / (len(z) + alpha.sum())
        if sweep:
            total += theta
        yield Sample(
            sweep=sweep, z=z.copy(), in_topic=in_topic.copy(), theta=theta,
            mean=total / sweep if sweep else theta.copy(),
        )  # fmt: skip
