"""What one camera's seat remembers from picture to picture: ids, trails, counts, a line.

found : the things in one picture     ids : (n,) int64, 0 where the tracker is not sure yet
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections
from core.detection.crossing import Line, Point, Tally
from core.detection.track import Tracker

TRAIL = 32  # places of a trail that are told


@dataclass(frozen=True, eq=False)
class Followed:
    """One picture's share. `ids`: of each thing; `trails`: where those were lately, in pixels, the
    oldest first; `seen`: things so far by label; `crossed`: (one way, other way) by label."""

    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    trails: dict[int, list[Point]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    crossed: dict[str, tuple[int, int]] = field(default_factory=dict)


class Follower:
    """Follows the things of one camera; begins again when the labels or the picture's size change.

    One thread calls `follow`; `line`, None at first, may be set by any.
    """

    def __init__(self, line: Line | None = None) -> None:
        self.line = line
        self._kind: object = None

    def follow(self, found: Detections, size: tuple[int, int]) -> Followed:
        """Take in the next picture, of `size` (w, h)."""
        if self._kind != (found.labels, size):
            self._kind = (found.labels, size)
            self._tracker, self._tally = Tracker(), Tally(self.line)
        if self._tally.line != self.line:  # crossings of the line that is gone mean nothing now
            self._tally.line = self.line
            self._tally.crossed.clear()
        ids = self._tracker.follow(found)
        self._tally.count(ids, found, size)
        trails = self._tally.trails
        return Followed(
            ids,
            {one: trails[one][-TRAIL:] for one in ids[ids > 0].tolist()},
            dict(self._tally.seen),
            dict(self._tally.crossed),
        )
