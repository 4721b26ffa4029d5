"""Which topics a new document has, by a model that stays as it is.

LDA       gamma_k = alpha_k + sum n phi_k,  phi ~ e^psi(gamma_k) p(w | k)   theta = its mean
PLSA, NMF theta_k ~ theta_k sum n p(w | k) / p(w)                           its EM alone
mixture   theta_k = p(z = k | d) ~ p(z = k) prod p(w | k)^n
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.topics import compiled
from core.topics.counts import Counts
from core.topics.mixture import responsibilities as of_documents
from core.topics.topics import DIRICHLET, Floats, Topics, rows_to_one

ROUNDS, TOLERANCE = 200, 1e-4
LEAST = 1e-12  # p(w | z) is taken for at least this much, so that no document is impossible


def fold_in(topics: Topics, documents: Counts) -> Floats:
    """theta (D, K) of new documents over the same vocabulary; rows of sum 1.

    Raises SettingError where the vocabulary is another.
    """
    V = topics.topic_word.shape[1]
    require(
        len(documents.vocabulary) == V, "vocabulary", wanted=f"the {V} words of the model",
        given=f"{len(documents.vocabulary)} words",
    )  # fmt: skip
    beta = np.ascontiguousarray(topics.topic_word.T, np.float64) + LEAST
    n = documents.counts.astype(np.float32, copy=False)
    arrays = (0, len(documents), documents.indptr, documents.words, n)
    sizes = documents.per_document()
    if topics.model == "mixture":
        return of_documents(documents, np.log(np.maximum(topics.alpha, 1e-300)), np.log(beta))[0]
    if topics.model in DIRICHLET:
        gamma = topics.alpha + sizes[:, None] / topics.K
        nothing = np.zeros_like(beta), np.zeros(topics.K), np.zeros(topics.K)
        compiled.lda_documents(*arrays, topics.alpha, beta, gamma, ROUNDS, TOLERANCE, *nothing)
        return gamma / gamma.sum(axis=1, keepdims=True)
    # From the mean mixture: what is 0 at the start would stay so.
    theta = sizes[:, None] * (topics.alpha + 1e-6)
    h = beta.sum(axis=0)
    compiled.em_documents(*arrays, h, beta, theta, ROUNDS, TOLERANCE, np.zeros_like(beta))
    return rows_to_one(theta * h)


def encode(tokens: Iterable[str], vocabulary: tuple[str, ...]) -> Counts:
    """One document of `tokens`; those that are not in the vocabulary are passed over."""
    where = {word: w for w, word in enumerate(vocabulary)}
    met = Counter(where[token] for token in tokens if token in where)
    words = np.array(sorted(met), np.int32)
    counts = np.array([met[int(w)] for w in words], np.float32)
    return Counts(np.array([0, len(words)]), words, counts, vocabulary)


def responsibilities(topics: Topics, theta: Floats, words: NDArray[np.integer]) -> Floats:
    """p(z | w, d), (n, K), of `words` (n,) in a document with mixture `theta` (K,)."""
    # p(z | w, d) = p(w | z) theta_z / sum over z of p(w | z) theta_z
    return rows_to_one((topics.topic_word[:, words].T.astype(np.float64) + LEAST) * theta)
