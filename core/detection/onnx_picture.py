"""A picture as a model wants it, and the way back from there for boxes.

x : (b, 3, h, w) or (b, h, w, 3) what goes in     (x, y) of the picture = ((x, y) - shift) / scale
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.detection.onnx_file import File
from core.detection.onnx_layouts import RESIZES, SCALINGS, Layout


@dataclass(frozen=True)
class Fitted:
    """`pixels`: (h, w, 3) uint8 RGB of the input's size; `scale`, `shift`: (2,) across and down."""

    pixels: NDArray[np.uint8]
    scale: NDArray[np.float64]
    shift: NDArray[np.float64]

    def back(self, boxes: NDArray[Any]) -> NDArray[Any]:
        """`boxes` (n, 4) of the input in pixels of the picture."""
        return (boxes - np.tile(self.shift, 2)) / np.tile(self.scale, 2)


def fit(image: NDArray[np.uint8], layout: Layout) -> Fitted:
    """`image` (h, w, 3) in the size and the way that `layout` wants."""
    (w, h), fill = layout.size, RESIZES[layout.resize]
    height, width = image.shape[:2]
    corner = layout.resize.startswith("corner")
    zoom = min(w / width, h / height)
    # YOLOX cuts parts of a pixel off, the others round: half a pixel shows in the average precision.
    whole = _down if corner else round
    inner = (w, h) if fill is None else (max(1, whole(width * zoom)), max(1, whole(height * zoom)))
    small = cv2.resize(image, inner, interpolation=cv2.INTER_LINEAR)
    scale = np.full(2, zoom) if corner else np.array([inner[0] / width, inner[1] / height])
    if inner == (w, h):
        return Fitted(small, scale, np.zeros(2))
    across, down = w - inner[0], h - inner[1]
    left, top = (0, 0) if corner else (across // 2, down // 2)
    edges = (top, down - top, left, across - left)
    rest = cv2.copyMakeBorder(small, *edges, cv2.BORDER_CONSTANT, value=(fill, fill, fill))
    return Fitted(rest, scale, np.array([left, top], np.float64))


def batch(pictures: Sequence[Fitted], layout: Layout, file: File) -> NDArray[Any]:
    """x of pictures that fit: colours in order, values scaled, in the model's own numbers."""
    pixels = np.stack([one.pixels for one in pictures])
    if layout.colour == "BGR":
        pixels = pixels[..., ::-1]
    if not file.last:
        pixels = pixels.transpose(0, 3, 1, 2)
    if file.image.kind == "uint8":
        x: NDArray[Any] = np.ascontiguousarray(pixels)
    else:
        x = np.ascontiguousarray(pixels, np.float32)  # one pass, which the scaling then works on
        _scale(x, layout, file.last)
        x = x.astype(file.image.kind, copy=False)
    return x if len(file.image.shape or ()) == 4 else x[0]


def _scale(x: NDArray[np.float32], layout: Layout, last: bool) -> None:
    """x = (x - mean) / deviation, in place."""
    mean, deviation = (
        np.array(side if layout.colour == "RGB" else side[::-1], np.float32)
        for side in SCALINGS[layout.scaling]
    )
    if not last:
        mean, deviation = mean[:, None, None], deviation[:, None, None]
    if mean.any():
        x -= mean
    if (deviation != 1).any():
        x *= 1 / deviation


def _down(x: float) -> int:
    return int(x + 1e-6)  # 416 / 500 * 500 is a little less than 416
