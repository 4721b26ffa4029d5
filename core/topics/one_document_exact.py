"""The posterior of one document exactly, by every way to share its tokens out among the topics.

    p(w, z | alpha, beta) = p(z | alpha) prod beta[z_i, w_i]
    p(z_i = k | z_1 .. z_i-1) = (n_k + alpha_k) / (i - 1 + sum alpha)

p(z | alpha) depends on the counts n_k alone, so that all z of the same counts are added up: of N
tokens and K topics there are C(N + K - 1, N) of those, where there are K^N of z.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from core.errors import require
from core.topics.one_document import Document
from core.topics.topics import Floats

MOST = 25_000  # counts


@dataclass(frozen=True)
class Exact:
    theta: Floats  # (K,) E theta given the words
    log_p: float  # log p(w | alpha, beta), what every bound stays below


def possible(tokens: int, K: int) -> bool:
    """Whether so many tokens can be shared out."""
    return comb(tokens + K - 1, tokens) <= MOST


def exact(document: Document) -> Exact:
    """Raises SettingError where there are too many ways, or counts that are not whole."""
    alpha, n = document.alpha, document.n.astype(np.int64)
    K, N = len(alpha), int(n.sum())
    require(bool((n == document.n).all()), "counts", wanted="whole numbers", given="weights")
    require(possible(N, K), "tokens", wanted=f"fewer of them for {K} topics", given=N)
    beta = np.repeat(document.beta, n, axis=0)
    # counts go by a sum of their own: two of the same sum are the same but once in 2^64
    signs = np.random.default_rng(0).integers(1, 2**62, K)
    counts, log_p = np.zeros((1, K), np.int64), 0.0
    p: Floats = np.ones(1)
    for i in range(N):
        # p(z_i = k | z_1 .. z_i-1) beta[k, w_i]
        step = p[:, None] * (counts + alpha) / (i + alpha.sum()) * beta[i]
        after = (counts[:, None, :] + np.eye(K, dtype=np.int64)).reshape(-1, K)
        _, first, which = np.unique(after @ signs, return_index=True, return_inverse=True)
        counts, p = after[first], np.bincount(which.ravel(), step.ravel()).astype(np.float64)
        log_p += float(np.log(p.sum()))
        p = p / p.sum()
    # E theta_k = E (n_k + alpha_k) / (N + sum alpha)
    return Exact((p @ counts + alpha) / (N + alpha.sum()), log_p)
