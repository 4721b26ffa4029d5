"""Small video files for tests, of any container, coding and timing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

CODERS = {"mp4": "libx264", "mov": "libx264", "mkv": "libx264", "avi": "mpeg4", "webm": "libvpx"}
FORMS = {"mkv": "matroska"}
SIZE = 96, 64


def square(x: float, y: float = 32, size: tuple[int, int] = SIZE, side: int = 20) -> np.ndarray:
    """A white square with its centre at (x, y) on black."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = round(x - side / 2), round(y - side / 2)
    image[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = 255
    return image


def film(
    path: Path,
    times: Sequence[float],
    images: Sequence[np.ndarray] | None = None,
    *,
    coder: str | None = None,
    rotation: int = 0,
    rate: int = 25,
    file: Any = None,
) -> Path:
    """A file of the kind that `path` ends with, showing `images` (grey steps if None) at `times`."""
    ending = path.suffix[1:]
    images = (
        [np.full((64, 96, 3), 8 * (k % 32), np.uint8) for k in range(len(times))]
        if images is None
        else images
    )
    height, width = images[0].shape[:2] if len(images) else SIZE[::-1]
    with av.open(file or str(path), "w", format=FORMS.get(ending, ending)) as container:
        stream: Any = container.add_stream(coder or CODERS[ending], rate=rate)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if coder == "mjpeg" else "yuv420p"
        clock = Fraction(1, rate) if ending == "avi" else Fraction(1, 1000)
        stream.codec_context.time_base = clock
        if rotation:
            stream.set_display_rotation(rotation)
        for t, image in zip(times, images, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(t / clock), clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
