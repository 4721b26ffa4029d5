"""Mixture of unigrams: every document is about one topic. Nigam et al. (2000); EM.

p(d) = sum over z of pi_z prod over w of beta[z, w]^n[d, w]

E   r[d, z] = p(z | d) ~ pi_z prod over w of beta[z, w]^n[d, w]
M   pi_z ~ sum over d of r[d, z]      beta[z, w] ~ smoothing + sum over d of r[d, z] n[d, w]

objective = log p(documents) + smoothing sum log beta     never falls
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import logsumexp  # type: ignore[import-untyped]

from core.topics import start
from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.step import Step, step
from core.topics.topics import Floats, Topics

VERSION = 1
LEAST = 1e-300


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics, one of which each document is about."""

    topics: int = 20
    iterations: int = 50
    smoothing: float = 0.5  # added to each count: words never met in a topic stay possible
    tolerance: float = 1e-6  # ends where the objective rises by less, relative to itself; 0: never
    whole_every: int = 0

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("iterations", self.iterations, 1, 10_000, whole=True)
        between("smoothing", self.smoothing, 0, 1e3)
        between("tolerance", self.tolerance, 0, 1)
        between("whole every", self.whole_every, 0, 10_000, whole=True)


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """At most iterations + 1 Steps, the first of the start; objective is a token's.

    Raises SettingError where there is nothing to learn from.
    """
    ready(data)
    K, V, tokens = config.topics, len(data.vocabulary), data.tokens
    pi = np.full(K, 1 / K)
    beta = start.topics(V, K, generator=generator)
    n, sizes = data.matrix().astype(np.float64), data.per_document()
    before, reached = None, -np.inf
    for iteration in range(config.iterations + 1):
        log_beta = np.log(np.maximum(beta, LEAST))
        r, log_p = responsibilities(data, np.log(np.maximum(pi, LEAST)), log_beta)
        last, reached = reached, float(log_p.sum() + config.smoothing * log_beta.sum())
        flat = reached - last < config.tolerance * abs(reached)
        done = iteration == config.iterations or (iteration > 0 and flat and config.tolerance > 0)
        whole = done or (config.whole_every > 0 and iteration % config.whole_every == 0)
        topic_word = np.ascontiguousarray(beta.T)
        yield step(
            iteration, reached / tokens, topic_word, before, alpha=pi, eta=config.smoothing,
            share=sizes @ r, documents=iteration * len(data),
            whole=(lambda: _topics(data, topic_word, r, pi, config)) if whole else None,  # noqa: B023
        )  # fmt: skip
        if done:
            return
        before = topic_word
        # pi_z ~ sum over d of r[d, z]
        pi = r.sum(axis=0) / len(data)
        # beta[z, w] ~ smoothing + sum over d of r[d, z] n[d, w]
        words = config.smoothing + n.T @ r
        total = words.sum(axis=0)
        beta = np.where(total > 0, words / np.where(total > 0, total, 1), 1 / V)


def responsibilities(data: Counts, log_pi: Floats, log_beta: Floats) -> tuple[Floats, Floats]:
    """p(z | d), (D, K), and log p(d), (D,), of topics `log_beta` (V, K)."""
    # log pi_z + sum over w of n[d, w] log beta[z, w]
    joint = log_pi + data.matrix() @ log_beta
    log_p = logsumexp(joint, axis=1)
    return np.exp(joint - log_p[:, None]), log_p


def _topics(data: Counts, topic_word: Floats, r: Floats, pi: Floats, config: Config) -> Topics:
    return Topics(
        model="mixture",
        topic_word=topic_word.astype(np.float32),
        doc_topic=r.astype(np.float32),
        alpha=pi.copy(),
        eta=config.smoothing,
        vocabulary=data.vocabulary,
    )
