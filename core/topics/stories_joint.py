"""How likely all that a story has drawn is: one factor a draw, in logarithms.

unigram   p(w)            = prod p(w_n)
mixture   p(z, w)         = p(z) prod p(w_n | z)
PLSA      p(d, z, w)      = p(d) prod p(z_n | d) p(w_n | z_n)
LDA       p(theta, z, w)  = p(theta | alpha) prod p(z_n | theta) p(w_n | z_n, beta)

The factor of theta is a density and may be above 1.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

from core.topics.dirichlet import positive
from core.topics.generate import Draw
from core.topics.topics import Floats, Topics

LEAST = 1e-300  # a share that a draw has rounded to 0


def log_factors(draws: Iterable[Draw], topics: Topics) -> Floats:
    """log of the factor of each draw, (n,), in nats."""
    return np.array([_log_factor(draw, topics) for draw in draws], np.float64)


def log_density(x: Floats, alpha: Floats) -> float:
    """log of the Dirichlet's density at x (K,), with respect to its first K - 1 coordinates."""
    a = positive(alpha)
    # log f = sum (alpha_k - 1) log x_k - log B(alpha)
    log_B = gammaln(a).sum() - gammaln(a.sum())
    return float((a - 1) @ np.log(np.maximum(x, LEAST)) - log_B)


def _log_factor(draw: Draw, topics: Topics) -> float:
    if draw.what == "theta":
        return log_density(draw.chances, topics.alpha)
    if draw.what == "document":
        # p(d) = 1 / M
        return -float(np.log(len(topics.doc_topic)))
    p = draw.chances
    return float(np.log(max(p[draw.value] / p.sum(), LEAST)))
