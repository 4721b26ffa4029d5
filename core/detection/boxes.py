"""What a detector says: labelled boxes, and how they are compared, thinned and chosen.

box : (x0, y0, x1, y1) in pixels of the original picture, x to the right, y down;
      x1 and y1 are the far edges, so that a box is x1 - x0 wide
a   : (n, 4) boxes     b : (m, 4) boxes     iou : (n, m) in 0..1
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import require

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Detection:
    """One thing found: its label, score in 0..1 and box. Raises SettingError on nonsense."""

    label: str
    score: float
    box: Box

    def __post_init__(self) -> None:
        x0, y0, x1, y1 = self.box
        require(0.0 <= self.score <= 1.0, "score", wanted="0 to 1", given=self.score)
        require(
            all(map(math.isfinite, self.box)) and x0 < x1 and y0 < y1,
            "box",
            wanted="finite x0 < x1 and y0 < y1",
            given=self.box,
        )


def place(
    label: str, score: float, box: Sequence[float], *, size: tuple[int, int]
) -> Detection | None:
    """A detection whose `box` is clipped to a picture of `size` (w, h).

    None where nothing of the box lies in the picture.
    """
    width, height = size
    x0, x1 = (min(max(float(x), 0.0), float(width)) for x in (box[0], box[2]))
    y0, y1 = (min(max(float(y), 0.0), float(height)) for y in (box[1], box[3]))
    if not (x0 < x1 and y0 < y1):
        return None
    return Detection(label=label, score=score, box=(x0, y0, x1, y1))


def overlap(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Area common to each of `a` (n, 4) and each of `b` (m, 4), in square pixels: (n, m)."""
    near = np.maximum(a[:, None, :2], b[None, :, :2])
    far = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.clip(far - near, 0.0, None).prod(axis=2)


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of each of `a` (n, 4) with each of `b` (m, 4): (n, m) in 0..1."""
    common = overlap(a, b)
    # iou = |A and B| / (|A| + |B| - |A and B|)
    return common / (area(a)[:, None] + area(b)[None, :] - common)


def area(a: np.ndarray) -> np.ndarray:
    """Area of each of `a` (n, 4), in square pixels: (n,)."""
    return (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])


def nms(detections: Iterable[Detection], limit: float, *, nested: bool = False) -> list[Detection]:
    """Non-maximum suppression: the best first, less those that overlap a better one of their label.

    Overlap beyond `limit` is measured by iou; with `nested` by the share of the smaller box, so
    that a box within a better one goes too.
    """
    require(0.0 <= limit <= 1.0, "limit", wanted="0 to 1", given=limit)
    kept: list[Detection] = []
    for candidate in sorted(detections, key=lambda found: -found.score):
        rivals = [better.box for better in kept if better.label == candidate.label]
        a, b = np.array([candidate.box]), np.array(rivals).reshape(-1, 4)
        shared = overlap(a, b) / np.minimum(area(a)[:, None], area(b)) if nested else iou(a, b)
        if not (shared > limit).any():
            kept.append(candidate)
    return kept


def keep(
    detections: Iterable[Detection],
    *,
    threshold: float = 0.0,
    labels: Collection[str] | None = None,
) -> list[Detection]:
    """Those of at least `threshold`, of one of `labels` (None: of any), the best first."""
    require(0.0 <= threshold <= 1.0, "threshold", wanted="0 to 1", given=threshold)
    wanted = (
        found
        for found in detections
        if found.score >= threshold and (labels is None or found.label in labels)
    )
    return sorted(wanted, key=lambda found: -found.score)
