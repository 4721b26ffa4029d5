"""One picture on its way through the pump, and what it is looked at with.

small : (h, w, 3) uint8 RGB, what the detector sees      size : (w, h) of the picture as it came
seconds : by stage, in the order of STAGES
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.datasets.images import shrink
from core.detection import stream_jpeg
from core.detection.boxes import Detections
from core.detection.catalogue import Detector
from core.detection.pipeline import Settings
from core.detection.stream_follow import Followed, Follower

STAGES = ("wait", "decode", "resize", "model", "follow")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a seat wants. `title`: the detector's, for people; `loading`: of one on its way."""

    detector: Detector
    title: str
    settings: Settings = field(default_factory=Settings)
    loading: str | None = None

    @cached_property
    def looking(self) -> Detector:
        """The detector, suppressing as wanted."""
        return self.settings.suppressing(self.detector)

    def matches(self, other: Wish) -> bool:
        """Whether both ask the detector for the same, so that it can look at their pictures at once."""
        same = self.settings.overlap == other.settings.overlap
        return same and self.detector is other.detector


class Picture:
    """Picture `number`, a JPEG of `data`; what happens to it is written down in here."""

    def __init__(self, number: int, data: bytes) -> None:
        self.number, self.data = number, data
        self.size = (0, 0)
        self.small = np.empty(0, np.uint8)
        self.title = ""  # of the detector that looked
        self.found: Detections | None = None
        self.followed: Followed | None = None
        self.error: Exception | None = None
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._last = time.perf_counter()

    def passed(self, stage: str) -> None:
        """The time since the last call was spent in `stage`."""
        now = time.perf_counter()
        self.seconds[stage] += now - self._last
        self._last = now

    def open(self, longest: int | None) -> None:
        """Decode it and shrink it to `longest` pixels; what is wrong with it becomes its error."""
        self.passed("wait")
        self.error = attempt(lambda: self._open(longest))

    def _open(self, longest: int | None) -> None:
        data, self.data = self.data, b""
        image = stream_jpeg.decode(data)
        self.size = (image.shape[1], image.shape[0])
        self.passed("decode")
        self.small = image if longest is None else shrink(image, longest)
        self.passed("resize")

    def choose(self, settings: Settings, follower: Follower | None) -> None:
        """Keep what `settings` show, in pixels of the picture as it came, and follow it."""
        self.error = attempt(lambda: self._choose(settings, follower))
        self.passed("follow")

    def _choose(self, settings: Settings, follower: Follower | None) -> None:
        if self.found is None:
            return
        across, down = (self.size[i] / self.small.shape[1 - i] for i in (0, 1))
        self.found = settings.shown(self.found).scaled(across, down)
        if follower:
            self.followed = follower.follow(self.found, self.size)


def look(wish: Wish, pictures: Sequence[Picture]) -> None:
    """Let the detector of `wish` look at `pictures`; its failure becomes the error of each."""
    found: list[Detections] = []
    error = attempt(lambda: found.extend(wish.looking.detect([p.small for p in pictures])))
    for i, picture in enumerate(pictures):
        picture.found, picture.error = (None, error) if error else (found[i], None)
        picture.title = wish.title
        picture.passed("model")


def attempt(act: Callable[[], None]) -> Exception | None:
    """Does it and gives back what it raised: told to whom it concerns, while the others go on."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - handed to the seat, whose page shows and logs it
        return error
    return None
