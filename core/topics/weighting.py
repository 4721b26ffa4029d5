"""Words weighted by how few documents have them: tf-idf. Salton & Buckley (1988).

idf(w) = log((1 + D) / (1 + D(w))) + 1     x[d, w] = n[d, w] idf(w) / |n[d] idf|
"""

from __future__ import annotations

import numpy as np

from core.topics.counts import Counts


def tf_idf(data: Counts) -> Counts:
    """The weighted matrix, rows of length 1."""
    idf = np.log((1 + len(data)) / (1 + data.documents_per_word())) + 1
    x = data.counts * idf[data.words]
    rows = data.rows()
    length = np.sqrt(np.bincount(rows, x * x, minlength=len(data)))
    return Counts(data.indptr, data.words, (x / length[rows]).astype(np.float32), data.vocabulary)
