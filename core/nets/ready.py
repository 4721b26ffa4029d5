"""What engines ask of the same points again and again, made once: checks, types, a sample.

A turn of training may be one update long, and the points a hundred thousand: looking through all of
them before each update took longer than the update. Only points whose arrays are read-only are
remembered; others may have been changed since.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.nets.network import Config, Points
from core.nets.state import check

SAMPLE = 10_000  # points by which a moment on a curve is measured; of fewer, all
KEPT = 8  # sets of points that are remembered


class Ready(NamedTuple):
    """Points as engines take them: read-only, rows one after another."""

    points: Points  # as they were given: while they are kept, so are their ids
    x: NDArray[np.float64]  # (n, 2)
    y: NDArray[np.int64]  # (n,)
    train: NDArray[np.int64]  # which are learned from
    most: int  # the largest class
    sample: Points  # (at most SAMPLE,) evenly drawn, always the same ones


_kept: dict[tuple[int, ...], Ready] = {}


def still(points: Points) -> Points:
    """The same points, read-only: what is made of them is made once."""
    x, y, held = points
    return Points(_fixed(x, x.dtype), _fixed(y, y.dtype), _fixed(held, held.dtype))


def ready(points: Points, config: Config) -> Ready:
    """Raises SettingError where `points` cannot be learned from with this Config."""
    key = tuple(map(id, points))
    found = _kept.get(key)
    if found is not None and found.most < config.classes:
        return found
    check(points, config)
    made = prepared(points)
    if not any(array.flags.writeable for array in points):
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = made
    return made


def prepared(points: Points) -> Ready:
    """Without a look at the classes, or whether there is anything to learn from."""
    found = _kept.get(tuple(map(id, points)))
    if found is not None:
        return found
    n = len(points.x)
    some = points
    if n > SAMPLE:
        at = _drawn(n)
        some = Points(points.x[at], points.y[at], points.held[at])
    x, y = _fixed(points.x, np.float64), _fixed(points.y, np.int64)
    train = np.flatnonzero(~points.held)
    return Ready(points, x, y, train, int(y.max(initial=-1)), still(some))


@lru_cache(maxsize=KEPT)
def _drawn(n: int) -> NDArray[np.int64]:
    """SAMPLE of n places in order. Drawn, not every so-manieth: classes may take turns."""
    return np.sort(np.random.default_rng(n).choice(n, SAMPLE, replace=False))


def _fixed(array: NDArray[Any], kind: Any) -> NDArray[Any]:
    """A read-only view of `array`, rows one after another: one type whatever comes in."""
    view: NDArray[Any] = np.ascontiguousarray(array, dtype=kind).view()
    view.flags.writeable = False
    return view
