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
from core.detection.boxes import Detection, keep, place
from core.detection.catalogue import Detector
from core.detection.draw import Colour, draw
from core.errors import require


@dataclass(frozen=True)
class Result:
    """What `run` found. `image`: (h, w, 3) uint8 RGB, full size; `detections`: in its pixels, the
    best first; `seconds`: by stage (decode, resize, model)."""

    image: np.ndarray
    detections: tuple[Detection, ...]
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Annotated:
    """What `annotate` drew. `detections`: those on the picture; `seconds`: by stage, draw too."""

    image: np.ndarray
    detections: tuple[Detection, ...]
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
    found = detector.detect(small)
    ended = time.perf_counter()
    seconds = {
        "decode": decoded - started,
        "resize": resized - decoded,
        "model": ended - resized,
    }
    if small is not image:
        found = _enlarged(found, small.shape, image.shape)
    return Result(image, tuple(found), seconds)


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
    return Annotated(image, tuple(shown), seconds)


def _checked(image: np.ndarray) -> np.ndarray:
    good = image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3 and image.size > 0
    given = f"{image.shape} {image.dtype}"
    require(good, "picture", wanted="an array (h, w, 3) of uint8", given=given)
    return image


def _enlarged(
    found: list[Detection], small: tuple[int, ...], large: tuple[int, ...]
) -> list[Detection]:
    # Each side was rounded to whole pixels by itself, so each has its own scale.
    across, down = large[1] / small[1], large[0] / small[0]
    size, grown = (large[1], large[0]), []
    for one in found:
        x0, y0, x1, y1 = one.box
        box = (x0 * across, y0 * down, x1 * across, y1 * down)
        grown.append(place(one.label, one.score, box, size=size))
    return [one for one in grown if one is not None]
