"""Points and states that the tests of core/nets share."""

from __future__ import annotations

import numpy as np

from core.nets.network import Config, Points
from core.nets.state import State, begin
from core.rng import stream


def cloud(n: int = 23, classes: int = 2, held: float = 0.0, seed: int = 0) -> Points:
    """Random points; every class is there."""
    random = np.random.default_rng(seed)
    y = random.permutation(np.arange(n) % classes)
    return Points(random.normal(size=(n, 2)), y, random.random(n) < held)


def started(points: Points, config: Config, seed: int = 0) -> State:
    return begin(points, config, generator=stream(seed, "test"))


def close(a: np.ndarray, b: np.ndarray, limit: float = 1e-11) -> bool:
    return bool(np.abs(a - b).max() <= limit * max(1.0, np.abs(b).max()))
