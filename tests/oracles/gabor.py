"""How much a filter looks like a Gabor: the best of a grid, phase and height fitted exactly."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray


def scores(filters: NDArray[np.floating], size: int) -> NDArray[np.float64]:
    """R^2 (k,) of each row of `filters` (k, size * size) against its best Gabor; 1 is perfect."""
    unit = filters - filters.mean(axis=1, keepdims=True)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    even, odd = _pairs(size)
    # The pair is orthonormal: the squared length of the projection is R^2, whatever the phase.
    return ((unit @ even.T) ** 2 + (unit @ odd.T) ** 2).max(axis=1)


@cache
def _pairs(size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.mgrid[:size, :size].astype(float)
    places = np.arange(0, size - 0.5, 0.5)
    even, odd = [], []
    for angle, period, width, aspect in product(
        np.arange(8) * np.pi / 8, (2.5, 3.5, 5.0, 7.0), (0.8, 1.3, 2.0), (1.0, 1.8)
    ):
        for cy, cx in product(places, places):
            across = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
            along = (y - cy) * np.cos(angle) - (x - cx) * np.sin(angle)
            hull = np.exp(-0.5 * ((across / width) ** 2 + (along / (width * aspect)) ** 2))
            a = (hull * np.cos(2 * np.pi * across / period)).ravel()
            b = (hull * np.sin(2 * np.pi * across / period)).ravel()
            a, b = a - a.mean(), b - b.mean()
            a /= np.linalg.norm(a)
            b -= a * (a @ b)
            even.append(a)
            odd.append(b / np.linalg.norm(b))
    return np.array(even), np.array(odd)
