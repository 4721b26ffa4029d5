"""Planted topics that can be seen: the bars of a small picture. Griffiths & Steyvers (2004).

A word is a pixel of a side x side picture; topic k is one row, or one column, each of its pixels as
likely as the other. A document is a picture of some bars laid over each other.
"""

from __future__ import annotations

import numpy as np
import torch

from core.topics.generate import Planted, documents, planted
from core.topics.settings import between
from core.topics.topics import Floats, Topics


def bars(side: int = 5, alpha: float = 0.2) -> Topics:
    """2 side topics over side^2 words, rows first."""
    between("side", side, 2, 100, whole=True)
    grid = np.zeros((2 * side, side, side))
    for k in range(side):
        grid[k, k, :] = 1 / side
        grid[side + k, :, k] = 1 / side
    words = tuple(f"({row}, {column})" for row in range(side) for column in range(side))
    return planted(grid.reshape(2 * side, -1), np.full(2 * side, alpha), words)


def pictures(
    side: int = 5, many: int = 1000, words: int = 100, alpha: float = 0.2, *,
    generator: torch.Generator,
) -> Planted:  # fmt: skip
    """`many` documents of exactly `words` words each."""
    return documents(bars(side, alpha), many, words, generator=generator, poisson=False)


def as_pictures(topic_word: Floats) -> Floats:
    """Topics (K, side^2) as pictures (K, side, side)."""
    side = round(topic_word.shape[1] ** 0.5)
    return np.asarray(topic_word).reshape(len(topic_word), side, side)
