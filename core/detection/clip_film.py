"""The two videos that come of one: as it was, and with boxes, trails and the line.

A picture waits, at the size in which it is written, until the next row is known: only then can
the boxes between the two be placed. So no more pictures are held than lie between two rows,
however long the video.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from core.detection.boxes import Detections
from core.detection.clip import DRAWN, PLAIN, Order, Row, between
from core.detection.clip_draw import scene
from core.detection.crossing import Point
from core.detection.draw import colours
from core.detection.video_frames import Frame
from core.detection.video_write import Writer, coding, fitting

Trails = Mapping[int, list[Point]]


def path(folder: Path, kind: str) -> Path:
    """Where the video of that kind, PLAIN or DRAWN, lies."""
    return folder / f"{kind}.{coding().ending}"


class Film:
    """Writes both videos into the order's folder; a context manager. `size` (w, h) of the pictures."""

    def __init__(self, order: Order, size: tuple[int, int]) -> None:
        self._order, self._palette = order, colours(order.labels)
        small = fitting(size)
        self._scale = small[0] / size[0], small[1] / size[1]
        self._plain = Writer(path(order.folder, PLAIN), small)
        self._drawn = Writer(path(order.folder, DRAWN), small)
        self._waiting: list[tuple[float, np.ndarray]] = []
        self._last: tuple[Row, Trails] | None = None
        self._files = ExitStack()
        self._files.enter_context(self._plain)
        self._files.enter_context(self._drawn)

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files:
            self._write(None)

    def wait(self, frame: Frame) -> None:
        """Keep a picture until the row after it is known."""
        small = cv2.resize(frame.image, self._plain.size, interpolation=cv2.INTER_AREA)
        self._waiting.append((frame.seconds, small))

    def turn(self, row: Row, trails: Trails) -> None:
        """Write what waits, now that `row` is known; `trails` as they are at `row`."""
        self._write(row)
        self._last = row, trails

    def drawn(self, frame: Frame) -> np.ndarray:
        """The picture of the last row with its boxes, in the size in which it is written."""
        small = cv2.resize(frame.image, self._plain.size, interpolation=cv2.INTER_AREA)
        return self._scene(small, None, frame.seconds)

    def _write(self, coming: Row | None) -> None:
        for seconds, small in self._waiting:
            self._plain.add(small, seconds)
            self._drawn.add(self._scene(small, coming, seconds), seconds)
        self._waiting.clear()

    def _scene(self, small: np.ndarray, coming: Row | None, seconds: float) -> np.ndarray:
        if self._last is None:
            return small
        last, trails = self._last
        boxes = between(last, coming, seconds)
        found = Detections(boxes, last.scores, last.classes, self._order.labels)
        across, down = self._scale
        ways = {
            int(one): [(x * across, y * down) for x, y in trails.get(int(one), [])]
            for one in last.ids
            if one
        }
        line = self._order.config.line
        shown = found.scaled(across, down)
        return scene(small, shown, last.ids, self._palette, trails=ways, line=line)
