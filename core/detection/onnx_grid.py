"""The cells that a one-stage detector lays over its input, one map after the other.

s : stride, pixels between cells     g : (n, 2) column and row of each cell, along the rows
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Map = tuple[int, int, int]  # stride, rows, columns


def maps(size: tuple[int, int], strides: tuple[int, ...]) -> list[Map]:
    """Stride, rows and columns of each map over an input of `size` (w, h)."""
    w, h = size
    return [(s, -(-h // s), -(-w // s)) for s in strides]


def total(size: tuple[int, int], strides: tuple[int, ...]) -> int:
    """How many cells there are in all."""
    return sum(rows * columns for _, rows, columns in maps(size, strides))


@lru_cache(maxsize=64)
def cells(
    size: tuple[int, int], strides: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """g (n, 2) and s (n, 1) of all cells; read-only."""
    g, s = [np.empty((0, 2), np.float32)], [np.empty((0, 1), np.float32)]
    for stride, rows, columns in maps(size, strides):
        y, x = np.mgrid[:rows, :columns]
        g.append(np.stack([x, y], axis=-1).reshape(-1, 2).astype(np.float32))
        s.append(np.full((rows * columns, 1), stride, np.float32))
    both = np.concatenate(g), np.concatenate(s)
    for array in both:
        array.setflags(write=False)
    return both


@lru_cache(maxsize=64)
def squares(
    size: tuple[int, int], strides: tuple[int, ...]
) -> list[tuple[Map, NDArray[np.float32]]]:
    """Each map with the corners (n, 4) of its cells in pixels of the input."""
    found = []
    for one in maps(size, strides):
        g, s = cells(size, (one[0],))
        found.append((one, np.hstack([g * s, g * s + s])))
    return found
