"""What a detector says: labelled boxes, and how they are compared, thinned and chosen.

box : (x0, y0, x1, y1) in pixels of the original picture, x to the right, y down;
      x1 and y1 are the far edges, so that a box is x1 - x0 wide
a   : (n, 4) boxes     b : (m, 4) boxes     iou : (n, m) in 0..1
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torchvision.ops import nms as suppress

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


@dataclass(frozen=True, eq=False)
class Detections:
    """All that a detector found in one picture, the best first; equals stay in the order given.

    boxes : (n, 4) float64, pixels   scores : (n,) float64, 0..1   classes : (n,) int64
    labels : the names that `classes` number, all that the detector knows
    The arrays are the record's own and read-only. Raises SettingError where lengths differ.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    classes: NDArray[np.int64]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        b = np.asarray(self.boxes, np.float64).reshape(-1, 4)
        s = np.asarray(self.scores, np.float64).reshape(-1)
        c = np.asarray(self.classes, np.int64).reshape(-1)
        given = f"{len(b)}, {len(s)}, {len(c)}"
        require(len(b) == len(s) == len(c), "detections", wanted="equal lengths", given=given)
        order = np.argsort(-s, kind="stable")
        for name, array in (("boxes", b[order]), ("scores", s[order]), ("classes", c[order])):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def gather(cls, rows: Iterable[Detection], labels: Sequence[str]) -> Detections:
        """The record of single finds, whose labels are among `labels`."""
        found, number = list(rows), {label: i for i, label in enumerate(labels)}
        boxes = np.array([one.box for one in found], np.float64)
        scores = np.array([one.score for one in found], np.float64)
        classes = np.array([number[one.label] for one in found], np.int64)
        return cls(boxes, scores, classes, tuple(labels))

    @classmethod
    def within(
        cls,
        boxes: ArrayLike,
        scores: ArrayLike,
        classes: ArrayLike,
        labels: Sequence[str],
        size: tuple[int, int],
    ) -> Detections:
        """The record of boxes clipped to a picture of `size` (w, h); what lies outside is dropped,
        and so is what is not finite."""
        s = np.asarray(scores, np.float64).reshape(-1)
        b = np.asarray(boxes, np.float64).reshape(-1, 4)
        good = np.isfinite(b).all(axis=1) & np.isfinite(s)
        b = np.clip(np.where(good[:, None], b, 0.0), 0.0, np.tile(np.array(size, np.float64), 2))
        good &= (b[:, 0] < b[:, 2]) & (b[:, 1] < b[:, 3])
        c = np.asarray(classes, np.int64).reshape(-1)
        return cls(b[good], np.clip(s[good], 0.0, 1.0), c[good], tuple(labels))

    def __len__(self) -> int:
        return len(self.scores)

    def __iter__(self) -> Iterator[Detection]:
        rows = zip(self.names, self.scores.tolist(), self.boxes.tolist(), strict=True)
        return (Detection(label=name, score=s, box=tuple(box)) for name, s, box in rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Detections) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def names(self) -> list[str]:
        """The label of each."""
        return [self.labels[c] for c in self.classes]

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Detections:
        """Those of a mask, of indices, or of a slice."""
        return Detections(self.boxes[which], self.scores[which], self.classes[which], self.labels)

    def scaled(self, across: float, down: float) -> Detections:
        """The same in a picture so many times as wide and high."""
        grown = self.boxes * (across, down, across, down)
        return Detections(grown, self.scores, self.classes, self.labels)


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


def nms(found: Detections, limit: float, *, nested: bool = False) -> Detections:
    """Non-maximum suppression: the best first, less those that overlap a better one of their label.

    Overlap beyond `limit` is measured by iou; with `nested` by the share of the smaller box, so
    that a box within a better one goes too. Raises SettingError for a limit outside 0..1.
    """
    require(0.0 <= limit <= 1.0, "limit", wanted="0 to 1", given=limit)
    choose = _nested if nested else _plain
    kept = [np.empty(0, np.int64)]
    for c in np.unique(found.classes):
        those = np.flatnonzero(found.classes == c)
        kept.append(those[choose(found.boxes[those], found.scores[those], limit)])
    return found.take(np.sort(np.concatenate(kept)))


def _plain(a: np.ndarray, s: np.ndarray, limit: float) -> np.ndarray:
    return suppress(torch.tensor(a), torch.tensor(s), limit).numpy()


def _nested(a: np.ndarray, s: np.ndarray, limit: float) -> np.ndarray:
    kept: list[int] = []
    for i in range(len(a)):  # they come the best first
        smaller = np.minimum(area(a[i : i + 1])[:, None], area(a[kept]))
        if not (overlap(a[i : i + 1], a[kept]) / smaller > limit).any():
            kept.append(i)
    return np.array(kept, np.int64)


def keep(
    found: Detections, *, threshold: float = 0.0, labels: Collection[str] | None = None
) -> Detections:
    """Those of at least `threshold`, of one of `labels` (None: of any), the best first."""
    require(0.0 <= threshold <= 1.0, "threshold", wanted="0 to 1", given=threshold)
    wanted = np.array([labels is None or name in labels for name in found.labels], bool)
    return found.take((found.scores >= threshold) & wanted[found.classes])
