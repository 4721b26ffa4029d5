"""Non-negative matrix factorisation: the document-word matrix as a product of two thin ones.

    X ~ W H     X : (D, V)  W : (D, K)  H : (K, V), kept as its transpose; all >= 0

"kullback-leibler": Lee & Seung (2001), each line of which lowers the divergence or leaves it
    W[d, k] <- W[d, k] sum over w of H[k, w] X[d, w] / (W H)[d, w] / sum over w of H[k, w]
    H[k, w] <- H[k, w] sum over d of W[d, k] X[d, w] / (W H)[d, w] / sum over d of W[d, k]
    D(X | W H) = sum X log (X / W H) - X + W H              on counts this is PLSA

"frobenius": coordinate descent, Cichocki & Phan (2009); the words are weighted by tf-idf
    W_k <- max(0, W_k - (W H H^T - X H^T)_k / H_k.H_k)     H likewise
    |X - W H|^2 / 2
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from core.errors import require
from core.topics import compiled, start
from core.topics.counts import Counts
from core.topics.plsa import e_step, fitted
from core.topics.settings import between, ready
from core.topics.step import Step, step
from core.topics.topics import Floats, rows_to_one
from core.topics.weighting import tf_idf

VERSION = 1
LOSSES = ("kullback-leibler", "frobenius")
WEIGHTS = ("counts", "tf-idf")


@dataclass(frozen=True, kw_only=True)
class Config:
    """K topics, one of LOSSES, one of WEIGHTS."""

    topics: int = 20
    loss: str = "kullback-leibler"
    weights: str = "counts"
    iterations: int = 100
    inner: int = 2  # rounds of W an iteration
    tolerance: float = 1e-5  # ends where the loss falls by less, relative to itself; 0: never
    whole_every: int = 0

    def __post_init__(self) -> None:
        between("topics", self.topics, 1, 1000, whole=True)
        between("iterations", self.iterations, 1, 10_000, whole=True)
        between("inner", self.inner, 1, 1000, whole=True)
        between("tolerance", self.tolerance, 0, 1)
        between("whole every", self.whole_every, 0, 10_000, whole=True)
        require(self.loss in LOSSES, "loss", wanted=" or ".join(LOSSES), given=self.loss)
        require(self.weights in WEIGHTS, "weights", wanted=" or ".join(WEIGHTS), given=self.weights)


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """At most iterations + 1 Steps, the first of the start; objective: the loss a token, or, for
    the Frobenius norm, as a share of |X|^2 / 2.

    Raises SettingError where there is nothing to learn from.
    """
    ready(data)
    X = tf_idf(data) if config.weights == "tf-idf" else data
    K, V = config.topics, len(data.vocabulary)
    H = start.topics(V, K, generator=generator)
    W = np.repeat(X.per_document()[:, None] / K, K, axis=1)
    kullback = config.loss == "kullback-leibler"
    rounds = _kullback(X, W, H, config.inner) if kullback else _frobenius(X, W, H, config.inner)
    before, reached = None, np.inf
    for iteration, (W, H, loss) in enumerate(rounds):
        last, reached = reached, loss
        flat = last - reached < config.tolerance * abs(reached)
        done = iteration == config.iterations or (iteration > 0 and flat and config.tolerance > 0)
        whole = done or (config.whole_every > 0 and iteration % config.whole_every == 0)
        topic_word = rows_to_one(H.T)
        theta = W * H.sum(axis=0)  # tokens of each topic in each document
        yield step(
            iteration, loss, topic_word, before, alpha=theta.sum(axis=0) / max(theta.sum(), 1e-300),
            eta=0.0, share=theta.sum(axis=0), documents=iteration * len(data),
            whole=(lambda: fitted("nmf", data, topic_word, theta)) if whole else None,  # noqa: B023
        )  # fmt: skip
        if done:
            return
        before = topic_word


def _kullback(
    X: Counts, W: Floats, H: Floats, inner: int
) -> Iterator[tuple[Floats, Floats, float]]:
    """W, H and D(X | W H) a token, again and again."""
    n = X.counts.astype(np.float64)
    entropy = float((n * np.log(n)).sum())
    while True:
        words, likelihood = e_step(X, H.sum(axis=0), H, W, inner)
        # sum X log (X / W H): after a round of W, the sums of X and of W H are the same
        yield W, H, (entropy - likelihood) / X.tokens
        # H[k, w] <- H[k, w] sum over d of W X / (W H) / sum over d of W[d, k]
        total = W.sum(axis=0)
        H = np.divide(words, total, out=np.zeros_like(words), where=total > 0)


def _frobenius(
    X: Counts, W: Floats, H: Floats, inner: int
) -> Iterator[tuple[Floats, Floats, float]]:
    """W, H and |X - W H|^2 / |X|^2, again and again."""
    x = X.matrix().astype(np.float64)
    turned = x.T.tocsr()
    square = float((x.data**2).sum())
    HH, XH = H.T @ H, x @ H
    W *= (W * XH).sum() / max(((W.T @ W) * HH).sum(), 1e-300)  # the best scale of the start
    while True:
        for _ in range(inner):
            compiled.descend(W, XH, HH, 0.0)
        WW = W.T @ W
        # |X - W H|^2 = |X|^2 - 2 W.(X H^T) + (W^T W).(H H^T)
        yield W, H, max(square - 2 * (W * XH).sum() + (WW * HH).sum(), 0.0) / square
        XW = turned @ W
        H = H.copy()
        for _ in range(inner):
            compiled.descend(H, XW, WW, 0.0)
        HH, XH = H.T @ H, x @ H
