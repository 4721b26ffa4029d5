"""Latent Dirichlet allocation by variational EM. Blei, Ng & Jordan (2003); smoothed, section 5.4.

    theta_d ~ Dirichlet(alpha)   beta_k ~ Dirichlet(eta)   z ~ theta_d   w ~ beta_z
    q(theta_d) = Dirichlet(gamma_d)   q(beta_k) = Dirichlet(lambda_k)   q(z = k) = phi_k

    phi[d, w, k] ~ e^(E log theta[d, k]) e^(E log beta[k, w])
    E   gamma[d, k]  = alpha_k + sum over w of n[d, w] phi[d, w, k]
    M   lambda[k, w] = eta + sum over d of n[d, w] phi[d, w, k];  alpha, eta by Newton's method

    bound = E log p(w, z, theta, beta) - E log q(z, theta, beta) <= log p(w | alpha, eta)

Each line raises the bound or leaves it. gamma goes on from where the last iteration left it, so few
rounds of the E-step an iteration do; starting it anew would need many to make up for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import gammaln, psi  # type: ignore[import-untyped]

from core.topics import compiled, prior, spread, start
from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.step import Step, step
from core.topics.topics import Topics, rows_to_one

Floats = NDArray[np.float64]
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics and their priors; alpha 0: see prior.first_alpha."""

    topics: int = 20
    iterations: int = 100
    inner: int = 2  # rounds of the E-step for each document, an iteration
    alpha: float = 0.0
    eta: float = 0.05
    learn_alpha: bool = True
    learn_eta: bool = True
    wait: int = 20  # iterations before alpha is learned: topics still alike would make it huge
    tolerance: float = 1e-6  # ends where the bound rises by less, relative to itself; 0: never
    whole_every: int = 0  # the whole model in every so many steps; 0: in the last alone

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("iterations", self.iterations, 1, 10_000, whole=True)
        between("inner", self.inner, 1, 1000, whole=True)
        between("wait", self.wait, 0, 10_000, whole=True)
        between("whole every", self.whole_every, 0, 10_000, whole=True)
        if self.alpha != 0:
            between("alpha", self.alpha, prior.LEAST, prior.MOST)
        between("eta", self.eta, prior.LEAST, prior.MOST)
        between("tolerance", self.tolerance, 0, 1)

    @property
    def first_alpha(self) -> Floats:
        """(K,), before anything is learned."""
        return prior.first_alpha(self.alpha, self.topics)


@dataclass(frozen=True)
class Statistics:
    """What one E-step finds; those of parts of a corpus add up."""

    word_topic: Floats  # (V, K) expected tokens
    log_theta: Floats  # (K,) sum over documents of E log theta
    share: Floats  # (K,) expected tokens
    likelihood: float  # sum n log norm: the words' part of the bound
    priors: float  # sum over documents of E log p(theta) - E log q(theta)
    documents: int

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(
            self.word_topic + other.word_topic,
            self.log_theta + other.log_theta,
            self.share + other.share,
            self.likelihood + other.likelihood,
            self.priors + other.priors,
            self.documents + other.documents,
        )


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """At most iterations + 1 Steps, the first of the start; objective is the bound a token.

    Raises SettingError where there is nothing to learn from.
    """

    def here(iteration: int, alpha: Floats, beta: Floats, gamma: Floats) -> Statistics:
        return e_step(data, alpha, beta, gamma, config.inner)

    yield from passes(data, config, here, generator=generator)


def passes(
    data: Counts, config: Config, find: Callable[[int, Floats, Floats, Floats], Statistics], *,
    generator: torch.Generator,
) -> Iterator[Step]:  # fmt: skip
    """`learn` with the E-step wherever `find(iteration, alpha, beta, gamma)` does it; it changes gamma."""
    ready(data)
    K, V, tokens = config.topics, len(data.vocabulary), data.tokens
    alpha, eta = config.first_alpha, config.eta
    lam = eta + start.topics(V, K, generator=generator) * tokens / K  # (V, K)
    gamma = alpha + np.repeat(data.per_document()[:, None] / K, K, axis=1)
    before, bound = None, -np.inf
    for iteration in range(config.iterations + 1):
        beta = expected_topics(lam)
        found = find(iteration, alpha, beta, gamma)
        log_beta = float(np.log(beta).sum())
        last, bound = bound, found.likelihood + found.priors + topic_bound(lam, eta, beta)
        flat = bound - last < config.tolerance * abs(bound)
        done = iteration == config.iterations or (iteration > 0 and flat and config.tolerance > 0)
        whole = done or (config.whole_every > 0 and iteration % config.whole_every == 0)
        topic_word = rows_to_one(lam.T)
        yield step(
            iteration, bound / tokens, topic_word, before, alpha=alpha, eta=eta,
            share=found.share, documents=iteration * len(data),
            whole=(lambda: fitted(data, topic_word, gamma, alpha, eta)) if whole else None,  # noqa: B023
        )  # fmt: skip
        if done:
            return
        before = topic_word
        if config.learn_alpha and iteration >= config.wait:
            alpha = prior.asymmetric(alpha, found.log_theta, len(data))
        if config.learn_eta:
            eta = prior.symmetric(eta, log_beta, K, V)
        # lambda[k, w] = eta + sum over d of n[d, w] phi[d, w, k]
        lam = eta + found.word_topic


def expected_topics(lam: Floats) -> Floats:
    """e^(E log beta), (V, K), of lambda (V, K)."""
    beta = np.empty_like(lam)
    compiled.exp_digammas(lam, beta)
    beta *= np.exp(-psi(lam.sum(axis=0)))
    return beta


def e_step(
    data: Counts, alpha: Floats, beta: Floats, gamma: Floats, inner: int, tolerance: float = 0.0
) -> Statistics:
    """Improve gamma (D, K) in place for topics `beta` = e^(E log beta) (V, K); what was found."""
    n = data.counts.astype(np.float32, copy=False)

    def part(first: int, last: int) -> Statistics:
        K = len(alpha)
        word_topic, log_theta, share = np.zeros_like(beta), np.zeros(K), np.zeros(K)
        likelihood, priors = compiled.lda_documents(
            first, last, data.indptr, data.words, n, alpha, beta, gamma, inner, tolerance,
            word_topic, log_theta, share,
        )  # fmt: skip
        return Statistics(word_topic, log_theta, share, likelihood, priors, last - first)

    first, *others = spread.over(spread.spans(data), part)
    for other in others:
        first = first + other
    return first


def topic_bound(lam: Floats, eta: float, beta: Floats) -> float:
    """E log p(beta | eta) - E log q(beta), summed over topics."""
    V, K = lam.shape
    total = lam.sum(axis=0)
    expected = np.log(beta)
    # log G(V eta) - V log G(eta) - log G(sum lambda) + sum log G(lambda) + (eta - lambda) E log beta
    constant = K * (gammaln(V * eta) - V * gammaln(eta)) - gammaln(total).sum()
    return float(constant + gammaln(lam).sum() + ((eta - lam) * expected).sum())


def fitted(
    data: Counts, topic_word: Floats, gamma: Floats, alpha: Floats, eta: float, model: str = "lda"
) -> Topics:
    """The model as Topics: means of beta and theta."""
    return Topics(
        model=model,
        topic_word=topic_word.astype(np.float32),
        doc_topic=rows_to_one(gamma).astype(np.float32),
        alpha=alpha.copy(),
        eta=eta,
        vocabulary=data.vocabulary,
    )
