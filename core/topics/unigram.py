"""One distribution for all words of all documents.

w ~ p(w)     p(w) ~ smoothing + n(w)
"""

from __future__ import annotations

import numpy as np

from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.topics import Topics


def fit(data: Counts, smoothing: float = 0.05) -> Topics:
    """The likeliest unigram, as a model of one topic. Raises SettingError where there are no words."""
    between("smoothing", smoothing, 0, 1e3)
    ready(data)
    # p(w) ~ smoothing + n(w)
    p = smoothing + data.per_word()
    return Topics(
        model="unigram",
        topic_word=(p / p.sum())[None].astype(np.float32),
        doc_topic=np.ones((len(data), 1), np.float32),
        alpha=np.ones(1),
        eta=smoothing,
        vocabulary=data.vocabulary,
    )
