"""Arrays as pictures: mosaics of tiles and maps in the diverging palette, all uint8 RGB."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.charts.theme import DIVERGING, ramp, rgb

Picture = NDArray[np.uint8]
_DIVERGING = ramp(DIVERGING)


def mosaic(
    tiles: Sequence[Picture] | Picture, *, columns: int, scale: int = 1, gap: int = 1
) -> Picture:
    """(k, h, w, 1|3) tiles as one picture, `columns` side by side, `gap` clear pixels between.

    Every pixel of a tile becomes `scale` by `scale` pixels. The result is (rows, columns, 4), RGBA.
    """
    tiles = np.stack(list(tiles))
    k, height, width = tiles.shape[:3]
    rows = -(-k // columns)
    tiles = np.broadcast_to(tiles, (k, height, width, 3))
    tiles = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    height, width = height * scale, width * scale
    sheet = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for index, tile in enumerate(tiles):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        sheet[top : top + height, left : left + width, :3] = tile
        sheet[top : top + height, left : left + width, 3] = 255
    return sheet


def sheet(tiles: Picture) -> bytes:
    """(k, h, w, 1|3) tiles as a PNG file, 20 side by side, large enough to look at."""
    return png(mosaic(tiles, columns=20, scale=6))


def matrix(values: ArrayLike, *, side: int = 384) -> Picture:
    """A square matrix in the diverging palette, about `side` pixels wide; zero is in the middle."""
    return enlarge(diverging(np.asarray(values)), side)


def diverging(values: NDArray[np.floating], *, limit: float | None = None) -> Picture:
    """(h, w) numbers in colour, zero in the middle, `limit` (default: the largest size) at the ends."""
    limit = float(np.abs(values).max()) if limit is None else limit
    scaled = np.clip(values / (2 * limit) + 0.5, 0, 1) if limit > 0 else np.full(values.shape, 0.5)
    return _DIVERGING[np.rint(scaled * 255).astype(np.uint8)]


def over(photo: Picture, values: NDArray[np.floating]) -> Picture:
    """A response map over its photograph; `values` is (h-s+1, w-s+1), centred on the photograph.

    The ends of the diverging palette, the more opaque the stronger the response.
    """
    grey = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    top = (photo.shape[0] - values.shape[0]) // 2
    left = (photo.shape[1] - values.shape[1]) // 2
    inside = grey[top : top + values.shape[0], left : left + values.shape[1]]
    # One bright spot must not hide all others, so the strongest 0.2 % share full colour.
    limit = float(np.quantile(np.abs(values), 0.998))
    weight = np.clip(np.abs(values) / limit if limit > 0 else np.zeros_like(values), 0, 1)
    paint = np.where(values[..., None] > 0, rgb(DIVERGING[-3]), rgb(DIVERGING[1]))
    mixed = inside * (1 - weight[..., None]) + paint * weight[..., None]
    inside[:] = np.rint(mixed).astype(np.uint8)
    return grey


def enlarge(picture: Picture, longest: int) -> Picture:
    """`picture` made larger by whole factors, every pixel a square, up to `longest` pixels a side."""
    factor = max(1, longest // max(picture.shape[:2]))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def jpeg(picture: Picture) -> bytes:
    """The picture, RGB, as a JPEG file: for the screen, where PNG would take ten times as long."""
    return _encoded(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


def png(picture: Picture) -> bytes:
    """The picture, RGB or RGBA, as a PNG file."""
    order = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
    return _encoded(".png", cv2.cvtColor(picture, order))


def _encoded(kind: str, pixels: Picture) -> bytes:
    done, data = cv2.imencode(kind, pixels)
    if not done:
        raise RuntimeError(f"OpenCV could not encode {kind}")
    return data.tobytes()
