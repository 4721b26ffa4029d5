"""One step of one document's variational EM, before it is normalised: what its equation is written with."""

from __future__ import annotations

import numpy as np
from scipy.special import psi  # type: ignore[import-untyped]

from core.topics.one_document import Document
from core.topics.topics import Floats


def weights(document: Document, gamma: Floats) -> Floats:
    """beta[k, w_i] e^psi(gamma_k), (n, K), for gamma (K,): phi, but for its rows' sums."""
    return document.beta * np.exp(psi(gamma))
