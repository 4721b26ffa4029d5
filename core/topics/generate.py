"""Documents made up by each model's own story, draw by draw, or many at a time.

unigram   w ~ p(w)                                           for each word
mixture   z ~ p(z) for the document; w ~ p(w | z)            for each word
PLSA      z ~ p(z | d), d a document that there is; w ~ p(w | z)
LDA       theta ~ Dirichlet(alpha) for the document; z ~ theta, w ~ p(w | z)      for each word
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.topics.counts import Counts, from_tokens
from core.topics.dirichlet import draw
from core.topics.settings import between
from core.topics.topics import DIRICHLET, Floats, Topics

STORIES = ("unigram", "mixture", "plsa", "lda")


@dataclass(frozen=True)
class Draw:
    """One thing drawn: `what` is "document" (PLSA), "theta", "z" or "w"."""

    what: str
    n: int  # which word of the document, -1 for draws of the whole document
    value: int  # topic, word or document drawn; -1 for theta
    chances: Floats  # what it was drawn from: p of each outcome; of theta: theta itself


def story(topics: Topics, words: int, *, kind: str, generator: torch.Generator) -> Iterator[Draw]:
    """The draws of one document of `words` words, one after another, by the story of `kind`.

    Raises SettingError where a model cannot tell that story: PLSA needs documents.
    """
    require(kind in STORIES, "story", wanted=" or ".join(STORIES), given=kind)
    between("words", words, 0, 10**6, whole=True)
    beta = topics.topic_word.astype(np.float64)
    prior = topics.alpha / topics.alpha.sum()
    theta, z = prior, -1
    if kind == "mixture":
        z = _one(prior, generator)
        yield Draw("z", -1, z, prior.copy())
    if kind == "plsa":
        D = len(topics.doc_topic)
        require(D > 0, "story", wanted="a model that has its documents", given="one without")
        d = int(torch.randint(D, (1,), generator=generator))
        theta = topics.doc_topic[d].astype(np.float64)
        yield Draw("document", -1, d, theta.copy())
    if kind == "lda":
        theta = draw(topics.alpha, 1, generator=generator)[0]
        yield Draw("theta", -1, -1, theta.copy())
    for n in range(words):
        if kind in ("plsa", "lda"):
            z = _one(theta, generator)
            yield Draw("z", n, z, theta.copy())
        # p(w), of all topics, where no topic was drawn
        p = prior @ beta if z < 0 else beta[z]
        yield Draw("w", n, _one(p, generator), p.copy())


@dataclass(frozen=True)
class Planted:
    """Documents, and what they were made of."""

    documents: Counts
    theta: Floats  # (D, K)
    topics: Topics


def documents(
    topics: Topics, many: int, words: float, *, generator: torch.Generator, poisson: bool = True
) -> Planted:
    """`many` documents of `words` words, on average if `poisson`, by the story of the model."""
    between("documents", many, 0, 10**9, whole=True)
    between("words", words, 0, 10**6)
    K = topics.K
    mean = torch.full((many,), float(words), dtype=torch.float64)
    sizes = (torch.poisson(mean, generator=generator) if poisson else mean).numpy().astype(np.int64)
    if topics.model in DIRICHLET:
        theta = draw(topics.alpha, many, generator=generator)
    elif topics.model == "mixture":
        theta = np.eye(K)[_many(np.tile(topics.alpha / topics.alpha.sum(), (many, 1)), generator)]
    elif len(topics.doc_topic):
        picked = torch.randint(len(topics.doc_topic), (many,), generator=generator).numpy()
        theta = topics.doc_topic[picked].astype(np.float64)
    else:
        theta = np.tile(topics.alpha / topics.alpha.sum(), (many, 1))
    rows = np.repeat(np.arange(many), sizes)
    z = _many(theta, generator, rows)
    w = np.empty(len(z), np.int64)
    u = torch.rand(len(z), generator=generator, dtype=torch.float64).numpy()
    for k in range(K):
        edges = np.cumsum(topics.topic_word[k].astype(np.float64))
        mine = z == k
        at = np.searchsorted(edges, u[mine] * edges[-1], side="right")
        w[mine] = np.minimum(at, len(edges) - 1)
    return Planted(from_tokens(w, rows, many, topics.vocabulary), theta, topics)


def random_topics(
    K: int, V: int, *, alpha: float, eta: float, generator: torch.Generator
) -> Topics:
    """A model that never saw a document: topics drawn from Dirichlet(eta)."""
    return planted(draw(np.full(V, eta), K, generator=generator), np.full(K, alpha))


def planted(
    topic_word: NDArray[np.floating], alpha: Floats, vocabulary: tuple[str, ...] | None = None
) -> Topics:
    """An LDA of given topics (K, V), rows of sum 1."""
    K, V = topic_word.shape
    return Topics(
        model="lda",
        topic_word=np.asarray(topic_word, np.float32),
        doc_topic=np.zeros((0, K), np.float32),
        alpha=np.asarray(alpha, np.float64),
        vocabulary=vocabulary or tuple(f"w{w}" for w in range(V)),
    )


def _one(p: Floats, generator: torch.Generator) -> int:
    edges = np.cumsum(p)
    u = float(torch.rand(1, generator=generator, dtype=torch.float64)) * edges[-1]
    return min(int(np.searchsorted(edges, u, side="right")), len(p) - 1)


def _many(
    p: Floats, generator: torch.Generator, rows: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """An outcome for each row of `p` (n, K), or for each of `rows` of it."""
    edges = np.cumsum(p, axis=1)
    rows = np.arange(len(p)) if rows is None else rows
    u = torch.rand(len(rows), generator=generator, dtype=torch.float64).numpy()
    z = np.zeros(len(rows), np.int64)
    for k in range(p.shape[1] - 1):
        z += u * edges[rows, -1] >= edges[rows, k]
    return z
