"""From a file to boxes on a picture, with the time that each stage took.

decode -> resize -> model      run, once a picture
draw                           annotate, again for every threshold
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from core.datasets.images import decode, shrink
from core.detection.boxes import Detections, keep
from core.detection.catalogue import Detector
from core.detection.draw import Colour, draw
from core.errors import require


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a visitor wants to see. `threshold`: least score; `overlap`: IoU of two boxes of one
    label beyond which the weaker goes (None: the detector's own); `labels`: those shown, all if
    empty; `longest`: pixels to which the longer side is shrunk before (None: as it is)."""

    threshold: float = 0.5
    overlap: float | None = None
    labels: tuple[str, ...] = ()
    longest: int | None = None

    def __post_init__(self) -> None:
        for name, share in (("threshold", self.threshold), ("overlap", self.overlap)):
            require(share is None or 0.0 <= share <= 1.0, name, wanted="0 to 1", given=share)
        known = self.longest is None or self.longest >= 1
        require(known, "longer side", wanted="at least 1 pixel", given=self.longest)

    def suppressing(self, detector: Detector) -> Detector:
        """`detector`, suppressing as wanted."""
        return detector if self.overlap is None else detector.suppressing(self.overlap)

    def shown(self, found: Detections) -> Detections:
        """Those of `found` that are to be seen."""
        return keep(found, threshold=self.threshold, labels=self.labels or None)


@dataclass(frozen=True)
class Result:
    """What `run` found. `image`: (h, w, 3) uint8 RGB, full size; `detections`: in its pixels, the
    best first; `seconds`: by stage (decode, resize, model)."""

    image: np.ndarray
    detections: Detections
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Annotated:
    """What `annotate` drew. `detections`: those on the picture; `seconds`: by stage, draw too."""

    image: np.ndarray
    detections: Detections
    seconds: Mapping[str, float]


def run(
    data: bytes | np.ndarray,
    detector: Detector,
    *,
    longest: int | None = None,
    name: str = "picture",
) -> Result:
    """Looks for things in `data`: a file's contents, or a picture (h, w, 3) uint8 RGB.

    The detector sees the picture with its longer side shrunk to `longest` pixels (None: as it is);
    boxes are in pixels of the original. `name` is what the visitor calls the file.
    Raises UploadError for a bad file, SettingError for a bad array or `longest`.
    """
    started = time.perf_counter()
    image = decode(data, name) if isinstance(data, bytes) else _checked(data)
    decoded = time.perf_counter()
    small = image if longest is None else shrink(image, longest)
    resized = time.perf_counter()
    [found] = detector.detect([small])
    ended = time.perf_counter()
    seconds = {
        "decode": decoded - started,
        "resize": resized - decoded,
        "model": ended - resized,
    }
    if small is not image:
        # Each side was rounded to whole pixels by itself, so each has its own scale.
        found = found.scaled(image.shape[1] / small.shape[1], image.shape[0] / small.shape[0])
    return Result(image, found, seconds)


def annotate(
    result: Result,
    *,
    threshold: float = 0.0,
    labels: Collection[str] | None = None,
    palette: Mapping[str, Colour] | None = None,
) -> Annotated:
    """The detections of at least `threshold` and of `labels` (None: any), drawn on the picture.

    Raises SettingError for a threshold outside 0..1.
    """
    shown = keep(result.detections, threshold=threshold, labels=labels)
    started = time.perf_counter()
    image = draw(result.image, shown, palette=palette)
    seconds = {**result.seconds, "draw": time.perf_counter() - started}
    return Annotated(image, shown, seconds)


def _checked(image: np.ndarray) -> np.ndarray:
    good = image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3 and image.size > 0
    given = f"{image.shape} {image.dtype}"
    require(good, "picture", wanted="an array (h, w, 3) of uint8", given=given)
    return image
