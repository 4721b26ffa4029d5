"""A trained net as it reads: what it expects at every character, and what that cost.

p : (T, K)  softmax(V b + bias), what comes after each character        K characters
loss : (T,)  -log2 p of the character that came, bits; the first is not asked for
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.sequence.trace import Stack, Traced

Floats = NDArray[np.floating]


class Reader(NamedTuple):
    """Weights for `trace`, and the readout."""

    stack: Stack
    V: NDArray[np.float32]  # (K, ways * H)
    bias: NDArray[np.float32]  # (K,)


def scores(reader: Reader, layers: Sequence[Sequence[Traced]]) -> NDArray[np.float64]:
    """o (T, K) of what was traced."""
    top = [way.hidden for way in layers[-1]]
    b = top[0] if len(top) == 1 else np.hstack(top)
    return (b @ reader.V.T + reader.bias).astype(np.float64)


def softmax(o: Floats) -> NDArray[np.float64]:
    """p, rows adding to 1."""
    # p_k = e^(o_k - m) / sum_j e^(o_j - m),  m = max_j o_j
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def expected(reader: Reader, layers: Sequence[Sequence[Traced]]) -> NDArray[np.float64]:
    """p (T, K)."""
    return softmax(scores(reader, layers))


def losses(p: Floats, codes: NDArray[np.integer]) -> NDArray[np.float64]:
    """Bits (T,) each character of `codes` (T,) cost; NaN for the first, which nothing foretold."""
    require(len(p) == len(codes), "text", wanted=f"{len(p)} characters", given=len(codes))
    found = np.full(len(codes), np.nan)
    told = p[np.arange(len(codes) - 1), codes[1:]] if len(codes) else p[:0, 0]
    found[1:] = -np.log2(np.maximum(told, np.finfo(np.float64).tiny))
    return found


def likeliest(p: Floats, *, most: int = 5) -> list[tuple[int, float]]:
    """The `most` likeliest characters of p (K,), with their probabilities."""
    order = np.argsort(-p, kind="stable")[:most]
    return [(int(code), float(p[code])) for code in order]
