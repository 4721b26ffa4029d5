"""An ONNX model that detects: run by onnxruntime, read by its layout.

picture -> onnx_picture -> onnx_session -> onnx_decode -> back into the picture -> boxes.nms
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detection import onnx_grid, onnx_picture
from core.detection.boxes import Detections, nms
from core.detection.inside import MOST as SHOWN
from core.detection.inside import Candidates, Layer
from core.detection.onnx_candidates import Raw
from core.detection.onnx_decode import decode
from core.detection.onnx_layouts import Layout
from core.detection.onnx_picture import Fitted
from core.detection.onnx_session import Session
from core.errors import require

FLOOR = 0.01  # what scores less is never shown
LIMIT = 0.45
CANDIDATES = 1_000  # the best that are compared with each other
MOST = 300  # found in a picture


class Onnx:
    """A detector for as long as `session` lives; `labels` name its classes 0, 1, ..."""

    def __init__(
        self, session: Session, layout: Layout, labels: Sequence[str], *, name: str = "onnx"
    ) -> None:
        self.name = name
        self.labels = tuple(labels)
        # Two boxes cannot overlap by more than all: 1 leaves what the model has suppressed itself.
        self.limit = 1.0 if layout.about.suppressed else LIMIT
        self.session, self.layout = session, layout

    def suppressing(self, limit: float) -> Onnx:
        """The same with another `limit`, 0..1. Raises SettingError for one outside."""
        require(0.0 <= limit <= 1.0, "limit", wanted="0 to 1", given=limit)
        other = copy.copy(self)
        other.limit = limit
        return other

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is found in each of `frames` (h, w, 3) uint8 RGB, the best first.

        Raises UnavailableError where the model fails, SettingError where its layout is wrong.
        """
        return [self._answer(*one) for one in self._run(frames)]

    def inside(self, image: np.ndarray) -> Candidates:
        """The candidates in `image` (h, w, 3) uint8 RGB, and the cells that it was divided into."""
        [one] = self._run([image])
        _, fitted, parts = one
        found = self._placed(decode(parts, self.layout), fitted, image)
        layers = tuple(
            Layer(f"stride {s}", (rows, columns), fitted.back(cells).astype(np.float32))
            for (s, rows, columns), cells in onnx_grid.squares(
                self.layout.size, self.layout.strides
            )
        )
        return Candidates(
            found.take(slice(SHOWN)),
            layers,
            self._answer(*one),
            self.limit,
            total=len(found),
            most=MOST,
        )

    def _answer(
        self, image: np.ndarray, fitted: Fitted, parts: Sequence[NDArray[Any]]
    ) -> Detections:
        best = self._placed(decode(parts, self.layout, FLOOR), fitted, image)
        return nms(best.take(slice(CANDIDATES)), self.limit).take(slice(MOST))

    def _run(
        self, frames: Sequence[np.ndarray]
    ) -> list[tuple[np.ndarray, Fitted, list[NDArray[Any]]]]:
        """Each picture, as it was fitted, and the parts of the answer."""
        fitted = [onnx_picture.fit(image, self.layout) for image in frames]
        together = self._together()
        answers = []
        for start in range(0, len(fitted), together):
            those = fitted[start : start + together]
            # A model that takes just so many at once is given the last one again.
            full = those + those[-1:] * ((self.session.file.batch or 1) - len(those))
            x = onnx_picture.batch(full, self.layout, self.session.file)
            answers += self._parts(self.session.run(x), len(those))
        return list(zip(frames, fitted, answers, strict=True))

    def _together(self) -> int:
        """How many pictures go through at once."""
        open_batch, fixed = 16, self.session.file.batch
        return (fixed or open_batch) if self.layout.about.each else 1

    def _parts(self, outputs: dict[str, NDArray[Any]], count: int) -> list[list[NDArray[Any]]]:
        missing = [name for name in self.layout.parts if name not in outputs]
        require(not missing, "outputs", wanted="those that the model has", given=missing)
        # Half the digits would move boxes by pixels.
        arrays = [outputs[name].astype(np.float32, copy=False) for name in self.layout.parts]
        if not self.layout.about.each:
            return [arrays]
        good = all(array.ndim >= 3 and len(array) >= count for array in arrays)
        shapes = ", ".join(str(array.shape) for array in arrays)
        require(good, "outputs", wanted=f"one answer for each of {count} pictures", given=shapes)
        return [[array[i] for array in arrays] for i in range(count)]

    def _placed(self, raw: Raw, fitted: Fitted, image: np.ndarray) -> Detections:
        size = (image.shape[1], image.shape[0])
        # A class that has no name is one of a layout that is wrong.
        named = (raw.classes >= 0) & (raw.classes < len(self.labels))
        boxes = fitted.back(raw.boxes[named].astype(np.float64))
        return Detections.within(boxes, raw.scores[named], raw.classes[named], self.labels, size)
