"""What two detectors say of one picture: where they agree, and what only one of them sees.

a : (n, 4), b : (m, 4) boxes     iou : (n, m)
Pairs are chosen so that their IoU adds up to the most (Kuhn 1955, "The Hungarian method").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from core.detection.boxes import Detections, iou
from core.errors import require


@dataclass(frozen=True)
class Agreement:
    """`pairs`: (index left, index right, IoU), the left's best first; the others by their index."""

    pairs: tuple[tuple[int, int, float], ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


def agreement(a: Detections, b: Detections, least: float = 0.5) -> Agreement:
    """Pairs of boxes that overlap by an IoU of at least `least`, whatever they are called."""
    require(0.0 < least <= 1.0, "least IoU", wanted="above 0, up to 1", given=least)
    overlaps = iou(a.boxes, b.boxes)
    worth = np.where(overlaps >= least, overlaps, 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    pairs = tuple(
        (int(i), int(j), float(worth[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if worth[i, j] > 0
    )
    left, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    return Agreement(
        pairs,
        tuple(i for i in range(len(a)) if i not in left),
        tuple(j for j in range(len(b)) if j not in right),
    )
