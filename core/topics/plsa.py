"""Probabilistic latent semantic analysis. Hofmann (1999); EM.

    p(w | d) = sum over z of beta[z, w] theta[d, z]

    E   r[d, w, z] = theta[d, z] beta[z, w] / p(w | d)
    M   theta[d, z] ~ sum over w of n[d, w] r[d, w, z]
        beta[z, w]  ~ smoothing + sum over d of n[d, w] r[d, w, z]

    objective = sum n log p(w | d) + smoothing sum log beta     never falls

theta is a number of its own for each document: there is no story of where it comes from. An
iteration is `inner` rounds of theta, which are cheap while a document is at hand, then one of beta.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from core.topics import compiled, spread, start
from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.step import Step, step
from core.topics.topics import Floats, Topics, rows_to_one

VERSION = 1
LEAST = 1e-300


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics."""

    topics: int = 20
    iterations: int = 100
    inner: int = 2
    smoothing: float = 0.05  # added to each word's count in a topic
    tolerance: float = 1e-5  # ends where the objective rises by less, relative to itself; 0: never
    whole_every: int = 0

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("iterations", self.iterations, 1, 10_000, whole=True)
        between("inner", self.inner, 1, 1000, whole=True)
        between("smoothing", self.smoothing, 0, 1e3)
        between("tolerance", self.tolerance, 0, 1)
        between("whole every", self.whole_every, 0, 10_000, whole=True)


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """At most iterations + 1 Steps, the first of the start; objective is a token's.

    Raises SettingError where there is nothing to learn from.
    """
    ready(data)
    K, V, tokens = config.topics, len(data.vocabulary), data.tokens
    sizes = data.per_document()
    beta = start.topics(V, K, generator=generator)
    theta = np.repeat(sizes[:, None] / K, K, axis=1)  # times the tokens of the document
    filled = sizes > 0
    constant = float((sizes[filled] * np.log(sizes[filled])).sum())
    before, reached = None, -np.inf
    for iteration in range(config.iterations + 1):
        words, likelihood = e_step(data, np.ones(K), beta, theta, config.inner)
        last = reached
        reached = likelihood - constant
        if config.smoothing:
            reached += config.smoothing * float(np.log(np.maximum(beta, LEAST)).sum())
        flat = reached - last < config.tolerance * abs(reached)
        done = iteration == config.iterations or (iteration > 0 and flat and config.tolerance > 0)
        whole = done or (config.whole_every > 0 and iteration % config.whole_every == 0)
        topic_word = np.ascontiguousarray(beta.T)
        yield step(
            iteration, reached / tokens, topic_word, before, alpha=theta.sum(axis=0) / tokens,
            eta=config.smoothing, share=theta.sum(axis=0), documents=iteration * len(data),
            whole=(lambda: fitted("plsa", data, topic_word, theta, config.smoothing))  # noqa: B023
            if whole else None,
        )  # fmt: skip
        if done:
            return
        before = topic_word
        # beta[z, w] ~ smoothing + sum over d of n[d, w] r[d, w, z]
        beta = np.ascontiguousarray(rows_to_one((config.smoothing + words).T).T)


def e_step(
    data: Counts, h: Floats, beta: Floats, theta: Floats, inner: int
) -> tuple[Floats, float]:
    """Improve theta (D, K) in place for `beta` (V, K); expected tokens (V, K), sum n log norm."""
    n = data.counts.astype(np.float32, copy=False)

    def part(first: int, last: int) -> tuple[Floats, float]:
        words = np.zeros_like(beta)
        likelihood = compiled.em_documents(
            first, last, data.indptr, data.words, n, h, beta, theta, inner, -1.0, words
        )
        return words, likelihood

    (words, likelihood), *others = spread.over(spread.spans(data), part)
    for more, also in others:
        words += more
        likelihood += also
    return words, likelihood


def fitted(
    model: str, data: Counts, topic_word: Floats, theta: Floats, smoothing: float = 0.0
) -> Topics:
    """The model as Topics; its alpha is the mean of p(z | d) over all tokens."""
    return Topics(
        model=model,
        topic_word=topic_word.astype(np.float32),
        doc_topic=rows_to_one(theta).astype(np.float32),
        alpha=theta.sum(axis=0) / theta.sum(),
        eta=smoothing,
        vocabulary=data.vocabulary,
    )
