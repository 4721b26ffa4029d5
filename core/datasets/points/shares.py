"""Shares of the points, drawn at random: some held for testing, some labelled wrongly.

A larger share takes in more points of the same order, so that moving a slider moves few points.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from core.errors import require
from core.nets.network import Points


def split(points: Points, share: float, *, generator: torch.Generator) -> Points:
    """`points` with that `share` (0 to 1) of them held for testing, as evenly from each class.

    Held are floor(share n + 1/2) points, but every class keeps one to learn from. Who was held
    before does not matter. Draws from a CPU generator. Raises SettingError for other shares.
    """
    _check(share, "share of test points")
    n = len(points.x)
    _, y, size = np.unique(points.y, return_inverse=True, return_counts=True)
    # The whole part of share * size from each class, the rest where the remainder is largest.
    quota = np.floor(share * size).astype(int)
    rest = math.floor(share * n + 0.5) - int(quota.sum())
    largest = np.argsort(quota - share * size, kind="stable")
    quota[largest[:rest]] += 1
    quota = np.minimum(quota, size - 1)
    order = torch.randperm(n, generator=generator).numpy()
    held = np.zeros(n, bool)
    for k, many in enumerate(quota):
        held[order[y[order] == k][:many]] = True
    return Points(points.x, points.y, held)


def label_noise(points: Points, share: float, *, generator: torch.Generator) -> Points:
    """`points` where that `share` (0 to 1) of the training points belong to another class.

    Which of the other classes there are is drawn, each as likely; of one class nothing changes.
    Draws from a CPU generator. Raises SettingError for other shares.
    """
    _check(share, "share of wrong labels")
    kinds, y = np.unique(points.y, return_inverse=True)
    train = np.flatnonzero(~points.held)
    order = torch.randperm(len(train), generator=generator).numpy()
    on = torch.randint(1, max(len(kinds), 2), (len(train),), generator=generator).numpy()
    if len(kinds) < 2:
        return points
    wrong = train[order[: math.floor(share * len(train) + 0.5)]]
    changed = points.y.copy()
    # y := (y + 1 + U{0 .. K - 2}) mod K, never y itself
    changed[wrong] = kinds[(y[wrong] + on[: len(wrong)]) % len(kinds)]
    return Points(points.x, changed, points.held)


def _check(share: float, setting: str) -> None:
    number = isinstance(share, int | float) and not isinstance(share, bool)
    require(number and 0 <= share <= 1, setting, wanted="0 to 1", given=share)
