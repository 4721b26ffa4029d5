"""Pictures into a video file that browsers play: H.264 in mp4, or VP9 in WebM where that is missing.

Each picture keeps the time it is given. The index goes to the front of the file (`faststart`), so
that a browser can jump about in it while it loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

from core.errors import UnavailableError, require

CLOCK = 90_000  # ticks a second
LONGEST = 1280  # pixels; larger pictures are shrunk to it


@dataclass(frozen=True)
class Coding:
    """One way to write: FFmpeg's coder and its options, the file's ending and type."""

    coder: str
    options: tuple[tuple[str, str], ...]
    ending: str
    mime: str


CODINGS = (
    Coding("libx264", (("preset", "veryfast"), ("crf", "23")), "mp4", "video/mp4"),
    Coding(
        "libvpx-vp9",
        (("deadline", "realtime"), ("cpu-used", "8"), ("crf", "33"), ("b", "0")),
        "webm",
        "video/webm",
    ),
    Coding(
        "libvpx", (("deadline", "realtime"), ("cpu-used", "8"), ("b", "2M")), "webm", "video/webm"
    ),
)


def coding() -> Coding:
    """The best way of CODINGS to write on this machine. Raises UnavailableError without any."""
    for one in CODINGS:
        if one.coder in av.codecs_available:
            return one
    names = ", ".join(one.coder for one in CODINGS)
    raise UnavailableError(f"No video can be written here: FFmpeg has none of {names}.")


def fitting(size: tuple[int, int], longest: int = LONGEST) -> tuple[int, int]:
    """The size (w, h) that pictures of `size` are written in: at most `longest`, sides even, as
    the halved colours of 4:2:0 need."""
    scale = min(1.0, longest / max(size))
    width, height = (max(2, round(side * scale / 2) * 2) for side in size)
    return width, height


class Writer:
    """Writes the file at `path`, a context manager; within it the file is not yet whole."""

    def __init__(self, path: Path, size: tuple[int, int], way: Coding | None = None) -> None:
        way = way or coding()
        options = {"movflags": "faststart"} if way.ending == "mp4" else {}
        self._container = av.open(str(path), "w", format=way.ending, options=options)
        stream = self._container.add_stream(way.coder, options=dict(way.options))
        self._stream = cast(VideoStream, stream)
        self._stream.width, self._stream.height = self.size = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, CLOCK)
        # A key picture every few dozen, so that jumping about is quick.
        self._stream.codec_context.gop_size = 48
        self._last = -1

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._container:
            if self._last >= 0:
                self._container.mux(self._stream.encode(None))

    def add(self, image: np.ndarray, seconds: float) -> None:
        """Append `image` (h, w, 3) uint8 RGB, of the writer's size, shown from `seconds` on."""
        width, height = self.size
        wanted = f"a picture of {width} x {height}"
        given = f"{image.shape} {image.dtype}"
        good = image.shape == (height, width, 3) and image.dtype == np.uint8
        require(good, "picture", wanted=wanted, given=given)
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        self._last = max(self._last + 1, round(seconds * CLOCK))
        frame.pts, frame.time_base = self._last, Fraction(1, CLOCK)
        self._container.mux(self._stream.encode(frame))
