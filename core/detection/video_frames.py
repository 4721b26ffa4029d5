"""The pictures of a video file one after the other, each with the time at which it is shown.

t : seconds since the first picture, by the presentation times of the file; right whatever the
    rate does. A picture without a time, or with one that does not come after the last, is put
    one frame of the told rate after it.

Headers lie, so pictures and seconds are counted here again. What is damaged is left out and
counted; a file of which nothing can be read is refused.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.detection.video_file import MAX_FRAMES, MAX_SECONDS, opened
from core.errors import UploadError

USUAL_RATE = 25.0  # frames a second, where a file tells none
SLOWEST, FASTEST = 0.01, 1000.0
STEP = 1e-3  # seconds: two pictures are never closer


@dataclass(frozen=True)
class Frame:
    """One picture: its number from 0, its time in seconds, and (h, w, 3) uint8 RGB, upright."""

    index: int
    seconds: float
    image: np.ndarray


class Reader:
    """Reads the file at `path`, which the visitor calls `name`, once, from its start.

    `skipped`: damaged pieces left out so far; `share`: of the file's bytes read so far, 0..1;
    `cut`: whether more was there than the limits allow.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.skipped, self.share, self.cut = 0, 0.0, False
        self._path, self._name = path, name

    def frames(self) -> Generator[Frame, None, None]:
        """The pictures, all of the size of the first. Raises UploadError as
        `video_file.probe` does, and where not one picture can be read."""
        with opened(self._path, self._name) as (container, stream):
            stream.thread_type = "AUTO"
            rate = float(stream.average_rate or 0)
            gap = 1 / rate if SLOWEST <= rate <= FASTEST else 1 / USUAL_RATE
            start, last, index = None, -gap, 0
            size = (0, 0)
            for frame in self._decoded(container, stream):
                size = size if index else (frame.width, frame.height)
                if start is None:
                    start = frame.time
                told = None if frame.time is None or start is None else frame.time - start
                seconds = told if told is not None and told >= last + STEP else last + gap
                if index == 0:
                    seconds = 0.0
                if index >= MAX_FRAMES or seconds > MAX_SECONDS:
                    self.cut = True
                    break
                yield Frame(index, seconds, upright(frame, size))
                index, last = index + 1, seconds
        if index == 0:
            given = "none that can be read"
            raise UploadError(self._name, wanted="a video of at least one picture", given=given)
        self.share = 1.0

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        total = max(1, self._path.stat().st_size)
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:  # the file breaks off, or goes on with nonsense
                self.skipped += 1
                return
            if packet is None:
                return
            if packet.pos is not None and packet.pos >= 0:
                self.share = min(1.0, max(self.share, packet.pos / total))
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.skipped += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.skipped += 1
                else:
                    yield frame


def first(path: Path, name: str) -> np.ndarray:
    """The first picture, (h, w, 3) uint8 RGB. Raises UploadError where there is none."""
    pictures = Reader(path, name).frames()
    image = next(pictures).image
    pictures.close()
    return image


def upright(frame: VideoFrame, size: tuple[int, int]) -> np.ndarray:
    """The picture as it is to be shown, (h, w, 3) uint8 RGB: brought to `size` (w, h), then turned
    as the file asks, by quarters."""
    image = frame.to_ndarray(format="rgb24", width=size[0], height=size[1])
    quarters = round(frame.rotation / 90) % 4  # against the clock
    return np.ascontiguousarray(np.rot90(image, quarters)) if quarters else image
