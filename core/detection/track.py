"""Who is who from picture to picture: an id for each thing found, kept while it moves.

Bewley et al. 2016, "Simple online and realtime tracking": a Kalman filter of constant velocity
carries each known box one picture on; found boxes are matched to carried ones of their label by
overlap, the best pair first. The filter and the matching are the library norfair's.

found : n boxes, (n, 4) pixels     ids : (n,) int64, from 1 on; 0 where it is too early to say
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import norfair
import numpy as np
from norfair.filter import OptimizedKalmanFilterFactory
from numpy.typing import NDArray

from core.detection.boxes import Detections
from core.errors import require

# A box carried along unseen may shrink to nothing; it then overlaps with none, which is right and
# no reason to fill the server's log.
logging.getLogger("norfair.distances").setLevel(logging.ERROR)


@dataclass(frozen=True, kw_only=True)
class Config:
    """How to follow. Raises SettingError out of range.

    `overlap`: iou that a carried box and a found one must exceed to be one thing; `hits`: how
    often a thing must be found before it gets an id; `patience`: for how many pictures it may
    then be missed, at least `hits`.
    """

    overlap: float = 0.2
    hits: int = 3
    patience: int = 15

    def __post_init__(self) -> None:
        require(0.0 <= self.overlap < 1.0, "overlap", wanted="0 to below 1", given=self.overlap)
        require(self.hits >= 1, "hits", wanted="at least 1", given=self.hits)
        wanted = f"{self.hits} to 1000"
        require(self.hits <= self.patience <= 1000, "patience", wanted=wanted, given=self.patience)


class Tracker:
    """Follows the things in one stream of pictures; several may run side by side, each counting
    its own ids. Not for several threads at once."""

    def __init__(self, config: Config | None = None) -> None:
        config = config or Config()
        # The library's filter trusts a thing to stand still; of a moving one it must learn the
        # speed from the second picture, or fast things tear loose before they have an id.
        kalman = OptimizedKalmanFilterFactory(R=4.0, Q=1.0, pos_variance=10.0, vel_variance=100.0)
        self._tracker = norfair.Tracker(
            distance_function="iou",
            distance_threshold=1.0 - config.overlap,
            hit_counter_max=config.patience,
            initialization_delay=config.hits - 1,
            past_detections_length=0,
            filter_factory=kalman,
        )
        self._pictures = 0

    def follow(self, found: Detections) -> NDArray[np.int64]:
        """The id of each thing in the next picture, in the order of `found`: (n,) int64."""
        self._pictures += 1
        marks = [(self._pictures, i) for i in range(len(found))]
        self._tracker.update(
            [
                norfair.Detection(box.reshape(2, 2), data=mark, label=name)
                for box, mark, name in zip(found.boxes, marks, found.names, strict=True)
            ]
        )
        ids = np.zeros(len(found), np.int64)
        for known in self._tracker.tracked_objects:
            picture, i = known.last_detection.data
            if picture == self._pictures and known.id is not None:
                ids[i] = known.id
        return ids
