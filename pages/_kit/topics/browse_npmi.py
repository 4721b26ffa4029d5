"""Coherence of each topic: do its best words stand together in documents?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.topics import coherence
from pages._kit.topics.view import View, once

WORDS = 10
ABOUT = (
    f"Coherence of its {WORDS} likeliest words: how much oftener two of them stand in the same document "
    "than by chance. 1: never one without the other. 0: as by chance. −1: never together."
)


def of(view: View) -> NDArray[np.float64]:
    """NPMI of every row, (K,)."""
    return once(view, _npmi)


def _npmi(view: View) -> NDArray[np.float64]:
    p = view.topics.topic_word
    many = min(WORDS, p.shape[1])
    best = np.argsort(-p, axis=1, kind="stable")[:, :many]
    together = coherence.in_documents(view.prepared.corpus.counts, best.ravel())
    return np.array([coherence.npmi(together, words.tolist()) for words in best])
