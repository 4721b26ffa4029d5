"""A picture of a video with what is known of it: boxes with ids, trails, the line to count at.

Trails are drawn under the boxes and the line over all, each in the colour of its label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detection, Detections
from core.detection.crossing import Line, Point
from core.detection.draw import WHITE, Colour, draw

INK = (20, 20, 20)


def scene(
    image: np.ndarray,
    found: Detections,
    ids: NDArray[np.int64],
    palette: Mapping[str, Colour],
    *,
    trails: Mapping[int, Sequence[Point]],
    line: Line | None,
) -> np.ndarray:
    """A copy of `image` (h, w, 3) uint8 RGB with all of it; `found` and `trails` in its pixels."""
    canvas = image.copy()
    named = [tagged(one, int(i)) for one, i in zip(found, ids, strict=True)]
    colours = {new.label: palette[old.label] for new, old in zip(named, found, strict=True)}
    thin = max(1, round(min(image.shape[:2]) / 320))
    for one, new in zip(ids, named, strict=True):
        way = np.rint(trails.get(int(one), [])).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [way], False, colours[new.label], thin, cv2.LINE_AA)
    canvas = draw(canvas, named, palette=colours)
    if line is not None:
        height, width = image.shape[:2]
        a, b = (tuple(round(v) for v in end) for end in line.within((width, height)))
        cv2.line(canvas, a, b, INK, thin + 4, cv2.LINE_AA)
        cv2.line(canvas, a, b, WHITE, thin + 1, cv2.LINE_AA)
    return canvas


def tagged(found: Detection, one: int) -> Detection:
    """`found` with its id, if it has one, behind its label."""
    if one == 0:
        return found
    return Detection(label=f"{found.label} {one}", score=found.score, box=found.box)
