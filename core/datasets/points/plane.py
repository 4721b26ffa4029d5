"""What points may be, and what part of the plane they need.

x : (n, 2) coordinates          y : (n,) classes, from 0          held : (n,) kept for testing
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import SettingError, require
from core.nets.network import Points

MOST = 100_000  # points
CLASSES = 10
REACH = 1e6  # largest coordinate, of either sign

MARGIN = 0.08  # of the side that the points take, on each side of them
LEAST_SIDE = 2.0
EMPTY_EXTENT = (-5.0, 5.0, -5.0, 5.0)


def made(x: ArrayLike, y: ArrayLike, held: ArrayLike | None = None) -> Points:
    """Points of coordinates `x` (n, 2), classes `y` (n,) and `held` (n,), by default none.

    Copies what it is given. Raises SettingError where there are more than MOST, where a coordinate
    is not a number within +-REACH, a class not a whole number from 0 to CLASSES - 1, or where the
    lengths do not agree.
    """
    xs, ys = _numbers(x, "coordinates"), _numbers(y, "classes")
    if not xs.size:
        xs = xs.reshape(0, 2)
    n = len(xs) if xs.ndim else 0
    pairs = xs.ndim == 2 and xs.shape[1] == 2
    require(pairs, "coordinates", wanted="two a point", given=f"an array of {xs.shape}")
    require(n <= MOST, "points", wanted=f"at most {MOST:,}", given=f"{n:,}")
    inside = np.abs(xs) <= REACH  # false for NaN
    given = "" if inside.all() else str(xs[~inside][0])
    require(not given, "coordinates", wanted=f"numbers within +-{REACH:,.0f}", given=given)
    require(ys.shape == (n,), "classes", wanted=f"{n}, one a point", given=f"{ys.shape}")
    fine = (ys >= 0) & (ys < CLASSES) & (ys == np.floor(ys))
    given = "" if fine.all() else f"{ys[~fine][0]:g}"
    require(not given, "class", wanted=f"a whole number from 0 to {CLASSES - 1}", given=given)
    kept = np.zeros(n, bool) if held is None else np.array(held, bool)
    require(kept.shape == (n,), "held", wanted=f"{n}, one a point", given=f"{kept.shape}")
    return Points(xs, ys.astype(np.int64), kept)


def extent(points: Points) -> tuple[float, float, float, float]:
    """(x0, x1, y0, y1): the square around all points, with a margin of MARGIN on every side.

    Its side is at least LEAST_SIDE; without points it is EMPTY_EXTENT.
    """
    if not len(points.x):
        return EMPTY_EXTENT
    low, high = points.x.min(axis=0), points.x.max(axis=0)
    half = max(float((high - low).max()) * (0.5 + MARGIN), LEAST_SIDE / 2)
    (cx, cy) = ((low + high) / 2).tolist()
    return cx - half, cx + half, cy - half, cy + half


def _numbers(values: ArrayLike, setting: str) -> NDArray[np.float64]:
    try:
        return np.array(values, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingError(setting, wanted="numbers", given="something else") from error
