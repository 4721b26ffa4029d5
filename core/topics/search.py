"""Documents found by words, the best first: BM25. Robertson & Zaragoza (2009).

score(d) = sum over words w of the query of idf(w) n[d, w] (k + 1) / (n[d, w] + k_d)
k_d      = k (1 - b + b N_d / mean N)         longer documents have more words by chance
idf(w)   = log (1 + (D - D(w) + 1/2) / (D(w) + 1/2))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.topics.counts import Counts, Integers
from core.topics.topics import Floats

K, B = 1.2, 0.75


@dataclass(frozen=True, eq=False)
class Found:
    """Documents with at least one of the words."""

    documents: Integers  # the best first
    scores: Floats
    known: tuple[str, ...]  # words that were looked for
    unknown: tuple[str, ...]  # and those that are not in the vocabulary


def search(data: Counts, words: Iterable[str], many: int | None = None) -> Found:
    """The `many` best documents, or all, for words of the vocabulary, as the corpus spells them."""
    where = {word: w for w, word in enumerate(data.vocabulary)}
    asked = tuple(dict.fromkeys(words))
    known = tuple(word for word in asked if word in where)
    wanted = np.zeros(len(data.vocabulary), bool)
    wanted[[where[word] for word in known]] = True
    hits = np.flatnonzero(wanted[data.words])
    w, n = data.words[hits], data.counts[hits].astype(np.float64)
    rows = np.searchsorted(data.indptr, hits, side="right") - 1
    sizes = data.per_document()
    # idf(w) = log (1 + (D - D(w) + 1/2) / (D(w) + 1/2))
    holding = np.bincount(w, minlength=len(data.vocabulary))
    idf = np.log1p((len(data) - holding + 0.5) / (holding + 0.5))
    # k_d = k (1 - b + b N_d / mean N)
    k = K * (1 - B + B * sizes[rows] / max(float(sizes.mean()) if len(sizes) else 1.0, 1e-300))
    parts = idf[w] * n * (K + 1) / (n + k)
    scores = np.bincount(rows, parts, minlength=len(data)).astype(np.float64)
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > 0][:many]
    missing = tuple(word for word in asked if word not in where)
    return Found(order.astype(np.int64), scores[order], known, missing)
