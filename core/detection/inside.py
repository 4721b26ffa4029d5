"""What a detector thinks before it answers: where it looks, all that it finds there, what stays.

A Layer is one map of places: default boxes (Liu et al. 2016, "SSD", section 2.1), anchors (Ren et
al. 2015, section 3.1.1), points (Tian et al. 2019, "FCOS") or positions of a sliding window, all
in pixels of the picture. What is found there meets a threshold of the score, then non-maximum
suppression: the best candidate is taken, those of its label that overlap it too much fall, and so
on with the best that is left.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections, area, iou, keep, nms, overlap
from core.errors import require

MOST = 4000  # candidates that are kept of a picture, the best


@dataclass(frozen=True, eq=False)
class Layer:
    """The boxes of one map. `grid`: its (rows, columns) of cells; `boxes`: (rows * columns * per, 4)
    pixels, cell by cell along the rows, `per` boxes in each cell; `count`: boxes of the whole map,
    where this is a thinned one."""

    name: str
    grid: tuple[int, int]
    boxes: NDArray[np.float32]
    count: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", self.count or len(self.boxes))

    @property
    def per(self) -> int:
        """Boxes in each cell."""
        return len(self.boxes) // max(1, self.grid[0] * self.grid[1])

    def thinned(self, most: int) -> Layer:
        """Every second, third, ... row and column, so that at most about `most` boxes remain."""
        rows, columns = self.grid
        every = max(1, math.ceil(math.sqrt(len(self.boxes) / most)))
        # From the middle of the first stretch on, so that what remains lies evenly in the picture.
        first = (every - 1) // 2
        cells = self.boxes.reshape(rows, columns, -1, 4)
        cells = cells[min(first, rows - 1) :: every, min(first, columns - 1) :: every]
        return Layer(self.name, cells.shape[:2], cells.reshape(-1, 4), self.count)


@dataclass(frozen=True, eq=False)
class Candidates:
    """One picture, from the inside. `found`: the best candidates before threshold and suppression,
    `total` of which there were; `alone`: windows that passed but too few neighbours with them, so
    they are dropped first; `layers`: where it looked; `answer`: what it finds in the end; `limit`,
    `nested`: how candidates are suppressed (boxes.nms); `floor`: what scores less it never gives;
    `most`: boxes it gives at most."""

    found: Detections
    layers: tuple[Layer, ...]
    answer: Detections
    limit: float
    nested: bool = False
    total: int = 0
    floor: float = 0.0
    most: int | None = None
    alone: Detections | None = None

    def above(self, threshold: float, labels: Collection[str] | None = None) -> Detections:
        """The candidates of at least `threshold`, of one of `labels` (None: of any)."""
        return keep(self.found, threshold=max(threshold, self.floor), labels=labels)

    def left(self, threshold: float, labels: Collection[str] | None = None) -> Detections:
        """What threshold and suppression leave."""
        rest = nms(self.above(threshold, labels), self.limit, nested=self.nested)
        return rest.take(slice(self.most))


class Open(Protocol):
    """A detector that can be looked into."""

    def inside(self, image: np.ndarray) -> Candidates:
        """What it makes of `image` (h, w, 3) uint8 RGB, in its pixels."""


@dataclass(frozen=True, eq=False)
class Step:
    """One step of suppression: candidate `taken`; `falls` (k,) those that it removes, the best
    first; `overlaps` (k,) by how much each overlaps it."""

    taken: int
    falls: NDArray[np.int64]
    overlaps: NDArray[np.float64]


def steps(found: Detections, limit: float, *, nested: bool = False) -> Iterator[Step]:
    """Non-maximum suppression of `found`, step by step; what is taken is what boxes.nms keeps.

    Raises SettingError for a limit outside 0..1.
    """
    require(0.0 <= limit <= 1.0, "limit", wanted="0 to 1", given=limit)
    left = np.ones(len(found), bool)
    for taken in range(len(found)):  # they come the best first
        if not left[taken]:
            continue
        left[taken] = False
        rivals = np.flatnonzero(left & (found.classes == found.classes[taken]))
        one, others = found.boxes[taken : taken + 1], found.boxes[rivals]
        if nested:
            common = overlap(one, others)[0] / np.minimum(area(one), area(others))
        else:
            common = iou(one, others)[0]
        gone = common > limit
        left[rivals[gone]] = False
        yield Step(taken, rivals[gone], common[gone])
