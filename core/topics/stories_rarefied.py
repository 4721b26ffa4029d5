"""How many different words there are among m words of a document, whatever its length.

    E different = sum over w of 1 - C(n - n_w, m) / C(n, m)      n_w: times of w among n words

Hurlbert (1971), "rarefaction": a long document has more words, but not therefore a richer author.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

from core.topics.counts import Counts
from core.topics.settings import between
from core.topics.topics import Floats


def rarefied(counts: Counts, m: int) -> Floats:
    """The expected number for each document (D,); nan where it has fewer than `m` words."""
    between("words", m, 1, 10**6, whole=True)
    n = counts.per_document()
    rows = counts.rows()
    left = n[rows] - counts.counts
    enough = n >= m
    ok = enough[rows] & (left >= m)
    # log C(n - n_w, m) - log C(n, m); C is 0 where fewer than m are left
    none = np.zeros(len(rows))
    a, b = left[ok], n[rows][ok]
    none[ok] = np.exp(gammaln(a + 1) - gammaln(a - m + 1) - gammaln(b + 1) + gammaln(b - m + 1))
    out = np.bincount(rows, 1 - none, minlength=len(counts))
    return np.where(enough, out, np.nan)
