"""LDA from minibatches, each seen once and forgotten. Hoffman, Blei & Bach (2010).

    E   gamma, phi of the documents of minibatch t, topics fixed
    M   lambda~ = eta + D / S sum over them of n phi     D documents in all, S of them at hand
        lambda <- (1 - rho_t) lambda + rho_t lambda~     rho_t = (tau + t)^-kappa

Memory is one minibatch and lambda, however many documents go by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from core.errors import require
from core.topics import lda, prior, start
from core.topics.counts import Counts
from core.topics.settings import between
from core.topics.step import Step, step
from core.topics.topics import Floats, Topics, rows_to_one

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics; alpha 0: see prior.first_alpha; `documents` 0: as many as have been read."""

    topics: int = 20
    documents: int = 0  # D, in all
    passes: int = 1  # over the minibatches; more than 1 only where they can be read again
    tau: float = 1.0  # slows the first minibatches
    kappa: float = 0.7  # how fast old minibatches are forgotten, more than 0.5 to settle
    alpha: float = 0.0
    eta: float = 0.05
    learn_eta: bool = True
    inner: int = 10  # rounds of the E-step at most
    every: int = 1  # a Step every so many minibatches
    whole_every: int = 0  # the whole model in every so many Steps; 0: in the last alone

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("documents", self.documents, 0, 10**12, whole=True)
        between("passes", self.passes, 1, 1000, whole=True)
        between("tau", self.tau, 0, 1e6)
        between("kappa", self.kappa, 0.5, 1)
        if self.alpha != 0:
            between("alpha", self.alpha, prior.LEAST, prior.MOST)
        between("eta", self.eta, prior.LEAST, prior.MOST)
        between("inner", self.inner, 1, 1000, whole=True)
        between("every", self.every, 1, 10**9, whole=True)
        between("whole every", self.whole_every, 0, 10**9, whole=True)

    @property
    def first_alpha(self) -> Floats:
        return prior.first_alpha(self.alpha, self.topics)


def learn(data: Iterable[Counts], config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """A Step every so many minibatches of `data`, and one at the end; objective is the minibatch's
    part of the bound a token, topics as they were before it. doc_topic stays empty.

    Raises SettingError where no minibatch has words, or vocabularies differ.
    """
    alpha, eta = config.first_alpha, config.eta
    lam, vocabulary = np.zeros((0, config.topics)), None
    read, steps, pending, before = 0, 0, None, None
    t = 0
    for _ in range(config.passes):
        for batch in data:
            if not len(batch.words):
                continue
            if vocabulary is None:
                vocabulary = batch.vocabulary
                V = len(vocabulary)
                lam = V * start.topics(V, config.topics, generator=generator)
            same = batch.vocabulary is vocabulary or batch.vocabulary == vocabulary
            require(same, "minibatches", wanted="one vocabulary for all", given="several")
            read += len(batch)
            beta = lda.expected_topics(lam)
            gamma = alpha + batch.per_document()[:, None] / config.topics
            found = lda.e_step(batch, alpha, beta, gamma, config.inner, 1e-3)
            # lambda~ = eta + D / S sum n phi
            scale = (config.documents or read) / len(batch)
            # rho_t = (tau + t)^-kappa
            rho = (config.tau + t) ** -config.kappa if config.tau + t > 0 else 1.0
            rho = min(rho, 1.0)
            # lambda <- (1 - rho) lambda + rho lambda~
            lam = (1 - rho) * lam + rho * (eta + scale * found.word_topic)
            t += 1
            if config.learn_eta:
                better = prior.symmetric(eta, float(np.log(beta).sum()), config.topics, len(beta))
                eta += rho * (better - eta)
            bound = (found.likelihood + found.priors) / batch.tokens
            pending = (bound, found.share)
            if t % config.every == 0:
                steps += 1
                whole = config.whole_every > 0 and steps % config.whole_every == 0
                shown, before = _step(t, pending, lam, before, config, eta, read, vocabulary, whole)
                yield shown
    require(pending is not None, "words", wanted="at least one in all documents", given="none")
    assert pending is not None and vocabulary is not None
    yield _step(t, pending, lam, before, config, eta, read, vocabulary, True)[0]


def _step(
    t: int, found: tuple[float, Floats], lam: Floats, before: Floats | None, config: Config,
    eta: float, read: int, vocabulary: tuple[str, ...], whole: bool,
) -> tuple[Step, Floats]:  # fmt: skip
    topic_word = rows_to_one(lam.T)
    bound, share = found

    def topics() -> Topics:
        return Topics(
            model="online_lda",
            topic_word=topic_word.astype(np.float32),
            doc_topic=np.zeros((0, config.topics), np.float32),
            alpha=config.first_alpha,
            eta=eta,
            vocabulary=vocabulary,
        )

    made = step(
        t, bound, topic_word, before, alpha=config.first_alpha, eta=eta, share=share,
        documents=read, whole=topics if whole else None,
    )  # fmt: skip
    return made, topic_word
