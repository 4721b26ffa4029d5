"""Columns brought to one scale, and points to about [-5, 5], where a small net learns well.

z = (x - mean) / sd      every column by itself; sd := 1 where a column never varies
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALF = 5.0  # of the side that points are made to fill
FAR, NARROW = 8.0, 0.5  # the largest coordinate and the least span that are left as they are
NOTHING = 1e-250  # smaller numbers count as 0: their inverse would be none


class Fitted(NamedTuple):
    """Coordinates that fill [-HALF, HALF] on one axis at least: (x - shift) * scale."""

    x: Array  # (n, 2)
    shift: tuple[float, float]
    scale: tuple[float, float]


def standardised(x: Array) -> tuple[Array, Array, Array]:
    """z (n, d), mean (d,) and sd (d,) of finite numbers `x` (n, d), however large."""
    x = np.where(np.abs(x) < NOTHING, 0, x)
    # Squares of large numbers would overflow: first to within [-1, 1].
    most = np.abs(x).max(axis=0)
    most[most == 0] = 1
    x = x / most
    mean, sd = x.mean(axis=0), x.std(axis=0)
    sd[sd == 0] = 1
    return (x - mean) / sd, mean * most, sd * most


def fitted(x: Array) -> Fitted:
    """Points `x` (n, 2), n > 0, finite, standardised and then enlarged by one factor for both axes."""
    z, mean, sd = standardised(x)
    factor = HALF / (np.abs(z).max() or 1.0)
    scale = factor / sd
    return Fitted(z * factor, (float(mean[0]), float(mean[1])), (float(scale[0]), float(scale[1])))


def fits(x: Array) -> bool:
    """Whether points `x` (n, 2), n > 0, are neither far away nor crowded together on an axis."""
    if np.abs(x).max() > FAR:
        return False
    span = x.max(axis=0) - x.min(axis=0)
    return bool(((span == 0) | (span >= NARROW)).all())
