"""What is asked of a video and what comes of it: rows of boxes in time, with who is who.

row : one picture that the detector saw; n things
t   : seconds since the first picture     box : (x0, y0, x1, y1) pixels of the upright picture
Between two rows a thing goes straight from its place in the first to that in the second, if it
has an id in both, and else stays: box(t) = (1 - u) box_a + u box_b, u = (t - t_a) / (t_b - t_a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections
from core.detection.catalogue import Detector
from core.detection.crossing import Line, News
from core.detection.pipeline import Settings
from core.errors import require

MOST_EVERY = 30
MOST_THINGS = 100  # a row; the best are kept, so that a threshold of nothing fills no memory
PLAIN, DRAWN = "plain", "boxes"  # the two videos made: as it was, and with boxes


@dataclass(frozen=True, kw_only=True)
class Config:
    """How to look: at every how manieth picture, with what settings, whether to follow things from
    picture to picture, and at what `line` to count them. Raises SettingError out of range."""

    every: int = 2
    wanted: Settings = field(default_factory=Settings)
    tracking: bool = True
    line: Line | None = None

    def __post_init__(self) -> None:
        good = 1 <= self.every <= MOST_EVERY
        require(good, "every", wanted=f"1 to {MOST_EVERY}", given=self.every)


@dataclass(frozen=True, kw_only=True)
class Order:
    """All that the job needs. `name`: what the visitor calls the file at `source`; `folder`: where
    the videos go; `load`: makes the detector, where the job runs."""

    source: Path
    name: str
    folder: Path
    load: Callable[[], Detector]
    labels: tuple[str, ...]
    config: Config


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was found in picture number `index`, `seconds` after the first, the best first.

    boxes (n, 4) pixels   scores (n,)   classes (n,) numbers of labels   ids (n,), 0 without one
    """

    index: int
    seconds: float
    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    classes: NDArray[np.int64]
    ids: NDArray[np.int64]
    news: News

    def found(self, labels: tuple[str, ...]) -> Detections:
        """The same as a record of detections, in the same order."""
        return Detections(self.boxes, self.scores, self.classes, labels)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A row as the job tells it, with how far it is: `size` (w, h) of the pictures, how many damaged
    pieces it `skipped`, seconds `spent` by stage, and now and then a small JPEG to look at."""

    row: Row
    size: tuple[int, int]
    skipped: int
    spent: Mapping[str, float]
    preview: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that came of a video. `complete`: False where it was stopped; `cut`: True where the video
    goes on beyond the limits; `pictures`: read, looked at or not; `seconds`: when the last is shown;
    `spent`: seconds by stage (read, resize, model, follow, write)."""

    size: tuple[int, int]
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    pictures: int
    seconds: float
    skipped: int
    spent: Mapping[str, float]
    complete: bool = True
    cut: bool = False

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """{label: (different things, crossings to the right of the line's way, to the left)}, of
        the labels that were seen, the most frequent first."""
        found: dict[str, list[int]] = {}
        for row in self.rows:
            for _, label in row.news.seen:
                found.setdefault(label, [0, 0, 0])[0] += 1
            for _, label, way in row.news.crossed:
                found.setdefault(label, [0, 0, 0])[1 if way > 0 else 2] += 1
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
        return {label: (n, right, left) for label, (n, right, left) in ranked}


def gathered(steps: Iterable[Step], labels: tuple[str, ...]) -> Result | None:
    """What there is of a video whose job was stopped, from its steps; None before the first."""
    told = list(steps)
    if not told:
        return None
    last = told[-1]
    return Result(
        size=last.size,
        labels=labels,
        rows=tuple(step.row for step in told),
        pictures=last.row.index + 1,
        seconds=last.row.seconds,
        skipped=last.skipped,
        spent=last.spent,
        complete=False,
    )


def between(a: Row, b: Row | None, seconds: float) -> NDArray[np.float64]:
    """Where the things of `a` are at `seconds`, before `b` (None: nothing comes): (n, 4)."""
    boxes = a.boxes.copy()
    if b is None:
        return boxes
    u = (seconds - a.seconds) / (b.seconds - a.seconds)
    later = {int(one): i for i, one in enumerate(b.ids) if one}
    for i, one in enumerate(a.ids):
        if int(one) in later:
            boxes[i] += u * (b.boxes[later[int(one)]] - a.boxes[i])
    return boxes
