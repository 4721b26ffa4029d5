"""Latent Dirichlet allocation by collapsed Gibbs sampling. Griffiths & Steyvers (2004).

theta and beta are integrated out; what is left to draw is the topic of each token, given the others:

    p(z_i = k | z, w) ~ (n[d, k] + alpha_k) (n[k, w_i] + eta) / (n[k] + V eta)      without token i

    beta[k, w] = (n[k, w] + eta) / (n[k] + V eta)     theta[d, k] = (n[d, k] + alpha_k) / (n_d + alpha)

beta and theta are means over the sweeps after `burn`. As means over sweeps are of topics that keep
their numbers, they say what one long run found, not what other runs would find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import digamma, gammaln  # type: ignore[import-untyped]

from core.topics import compiled, prior
from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.step import Step, step
from core.topics.topics import Floats, Topics

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics and their priors; alpha 0: see prior.first_alpha."""

    topics: int = 20
    sweeps: int = 200
    burn: int = 100  # sweeps before means are taken
    alpha: float = 0.0
    eta: float = 0.05
    learn_alpha: bool = True  # every tenth sweep until `burn`
    whole_every: int = 0

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("sweeps", self.sweeps, 1, 100_000, whole=True)
        between("burn", self.burn, 0, 100_000, whole=True)
        between("whole every", self.whole_every, 0, 100_000, whole=True)
        if self.alpha != 0:
            between("alpha", self.alpha, prior.LEAST, prior.MOST)
        between("eta", self.eta, prior.LEAST, prior.MOST)


@dataclass(frozen=True)
class State:
    """The topic of every token, and tokens counted by it. `sweep` changes it."""

    indptr: NDArray[np.int64]  # (D + 1,) where each document's tokens begin
    words: NDArray[np.int32]  # (N,)
    z: NDArray[np.int32]  # (N,)
    in_document: NDArray[np.int32]  # (D, K)
    in_word: NDArray[np.int32]  # (V, K)
    in_topic: NDArray[np.int64]  # (K,)
    chance: NDArray[np.uint64]  # (1,) of the generator of random numbers

    def sweep(self, alpha: Floats, eta: float) -> None:
        """Draw every token's topic anew."""
        compiled.sweep(
            self.words, self.indptr, self.z, self.in_document, self.in_word, self.in_topic,
            alpha, eta, self.chance,
        )  # fmt: skip


def begun(data: Counts, K: int, *, generator: torch.Generator) -> State:
    """Every token in a random topic. Raises SettingError where counts are not whole."""
    words, rows = data.token_words()
    z = torch.randint(K, (len(words),), generator=generator).numpy().astype(np.int32)
    chance = torch.randint(1, 2**62, (1,), generator=generator).numpy().astype(np.uint64)
    in_document = np.zeros((len(data), K), np.int32)
    in_word = np.zeros((len(data.vocabulary), K), np.int32)
    np.add.at(in_document, (rows, z), 1)
    np.add.at(in_word, (words, z), 1)
    sizes = np.bincount(rows, minlength=len(data))
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    in_topic = in_word.sum(axis=0, dtype=np.int64)
    return State(indptr, words.astype(np.int32), z, in_document, in_word, in_topic, chance)


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """sweeps + 1 Steps, the first of the start; objective is log p(w, z | alpha, eta) a token.

    Raises SettingError where there is nothing to learn from, or counts are not whole.
    """
    ready(data)
    K = config.topics
    alpha, eta = prior.first_alpha(config.alpha, K), config.eta
    state = begun(data, K, generator=generator)
    beta_sum, theta_sum, taken = np.zeros(state.in_word.shape[::-1]), np.zeros((len(data), K)), 0
    before = None
    for done in range(config.sweeps + 1):
        beta, theta = means(state, alpha, eta)
        if done > config.burn:
            beta_sum, theta_sum, taken = beta_sum + beta, theta_sum + theta, taken + 1
        whole = done == config.sweeps or (config.whole_every > 0 and done % config.whole_every == 0)
        topic_word = beta_sum / taken if taken else beta
        doc_topic = theta_sum / taken if taken else theta
        yield step(
            done, log_joint(state, alpha, eta) / len(state.z), topic_word, before, alpha=alpha,
            eta=eta, share=state.in_topic.astype(np.float64), documents=done * len(data),
            whole=(lambda: _topics(data, topic_word, doc_topic, alpha, eta))  # noqa: B023
            if whole else None,
        )  # fmt: skip
        if done == config.sweeps:
            return
        before = topic_word
        state.sweep(alpha, eta)
        if config.learn_alpha and done < config.burn and done % 10 == 9:
            alpha = learned_alpha(state.in_document, alpha)


def means(state: State, alpha: Floats, eta: float) -> tuple[Floats, Floats]:
    """beta (K, V) and theta (D, K) expected where the topics of tokens are as they are."""
    V = len(state.in_word)
    beta = (state.in_word.T + eta) / (state.in_topic[:, None] + V * eta)
    theta = state.in_document + alpha
    return beta, theta / theta.sum(axis=1, keepdims=True)


def log_joint(state: State, alpha: Floats, eta: float) -> float:
    """log p(w, z | alpha, eta), theta and beta integrated out."""
    V, K = state.in_word.shape
    words = K * (gammaln(V * eta) - V * gammaln(eta))
    words += gammaln(state.in_word + eta).sum() - gammaln(state.in_topic + V * eta).sum()
    D, sizes = len(state.in_document), np.diff(state.indptr)
    mixtures = D * (gammaln(alpha.sum()) - gammaln(alpha).sum())
    mixtures += gammaln(state.in_document + alpha).sum() - gammaln(sizes + alpha.sum()).sum()
    return float(words + mixtures)


def learned_alpha(in_document: NDArray[np.int32], alpha: Floats, rounds: int = 5) -> Floats:
    """alpha (K,) a little likelier given the topics of all tokens. Minka (2000), fixed point."""
    sizes, D = in_document.sum(axis=1), len(in_document)
    a = alpha
    for _ in range(rounds):
        # alpha_k <- alpha_k sum (psi(n[d, k] + alpha_k) - psi(alpha_k)) /
        #                    sum (psi(n_d + alpha) - psi(alpha))
        up = digamma(in_document + a).sum(axis=0) - D * digamma(a)
        down = digamma(sizes + a.sum()).sum() - D * digamma(a.sum())
        a = np.clip(a * up / down, prior.LEAST, prior.MOST) if down > 0 else a
    return a


def _topics(data: Counts, beta: Floats, theta: Floats, alpha: Floats, eta: float) -> Topics:
    return Topics(
        model="gibbs",
        topic_word=beta.astype(np.float32),
        doc_topic=theta.astype(np.float32),
        alpha=alpha.copy(),
        eta=eta,
        vocabulary=data.vocabulary,
    )
