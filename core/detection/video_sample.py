"""A short film made here and now, so that one can try without a video of one's own.

The sky of a bundled photograph drifts by; before it two copies of the astronaut's head and
shoulders cross, the nearer one covering the other for a moment, and rise and sink a little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from core.datasets import images
from core.detection.video_write import Writer

SIZE = 640, 480
RATE = 25
SECONDS = 6
FACE = 60, 20, 230, 230  # left, top, width and height in the astronaut's picture
HEIGHTS = 230, 190  # pixels of the two that cross, the nearer one last
HIGH = 0.7, 0.34  # how far down the picture each goes, of its height
SPAN = 0.86  # how far each goes, of the width


def write(path: Path) -> None:
    """The film as a file of `video_write.coding()`."""
    with Writer(path, SIZE) as writer:
        for k, image in enumerate(pictures()):
            writer.add(image, k / RATE)


def pictures() -> Iterator[np.ndarray]:
    """Its SECONDS * RATE pictures, (480, 640, 3) uint8 RGB, each a fresh array."""
    width, height = SIZE
    ground = cv2.resize(images.sample("china"), (width + 160, height + 40))
    left, top, w, h = FACE
    head = images.sample("astronaut")[top : top + h, left : left + w]
    heads = [
        cv2.resize(head, (tall * w // h, tall), interpolation=cv2.INTER_AREA) for tall in HEIGHTS
    ]
    heads[0] = heads[0][:, ::-1]
    total = SECONDS * RATE
    for k in range(total):
        share = k / (total - 1)
        x = round(share * 160)
        image = ground[20 : 20 + height, x : x + width].copy()
        for i, one in enumerate(heads):
            along = share if i else 1 - share
            cx = width * ((1 - SPAN) / 2 + SPAN * along)
            cy = height * (HIGH[i] + 0.06 * math.sin(2 * math.pi * share + i))
            _paste(image, one, round(cx), round(cy))
        yield image


def _paste(image: np.ndarray, one: np.ndarray, x: int, y: int) -> None:
    """Lays the oval in `one` with its centre at (x, y), what reaches beyond the edge cut off."""
    tall, wide = one.shape[:2]
    left, top = x - wide // 2, y - tall // 2
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(image.shape[1], left + wide), min(image.shape[0], top + tall)
    there = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    cover = _oval(tall, wide)[there]
    place = image[y0:y1, x0:x1]
    place[:] = np.rint(place + (one[there].astype(np.float32) - place) * cover)


@cache
def _oval(tall: int, wide: int) -> np.ndarray:
    """How much of each pixel an oval with a soft edge covers, 0..1: (h, w, 1) float32."""
    y, x = np.mgrid[-1 : 1 : tall * 1j, -1 : 1 : wide * 1j]
    return np.clip((1.0 - np.hypot(x, y)) * 12, 0, 1).astype(np.float32)[:, :, None]
