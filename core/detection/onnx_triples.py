"""Models that suppress by themselves and give boxes, scores and labels in outputs of their own.

torchvision: (n, 4), (n,), (n,), pixels      TensorFlow: (1, n, 4) as y0, x0, y1, x1 in shares
the model zoo's SSD: (1, n, 4) in shares     RT-DETR, D-FINE: (1, n, 4) in pixels of the size given
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detection import onnx_layouts
from core.detection.onnx_file import File
from core.detection.onnx_layouts import Layout
from core.detection.onnx_session import size

TENSORFLOW = ("detection_boxes", "detection_scores", "detection_classes")


def find(file: File, outputs: Mapping[str, NDArray[Any]]) -> tuple[Layout, str, int] | None:
    """The layout of such a model, why, and how well it fits (3 of 3); None for any other."""
    if all(name in outputs for name in TENSORFLOW):
        layout = onnx_layouts.of(
            "tensorflow",
            size=size(file),
            classes=None,
            parts=TENSORFLOW,
            units="shares",
            numbers="COCO 1 to 90" if file.names is None else "from 1",
        )
        return layout, "outputs are called detection_boxes, detection_scores, ...", 3
    parts = _parts(outputs)
    if parts is None:
        return None
    boxes = outputs[parts[0]]
    why = "boxes, scores and labels come in three outputs"
    more: dict[str, Any] = {"size": size(file), "classes": None, "parts": parts}
    if file.sizes is not None:
        more |= {"scaling": "0 to 1", "numbers": "from 0"}
        return onnx_layouts.of("ssd", **more), why + ", and it asks for the picture's size", 3
    if boxes.ndim == 2:
        numbers = "COCO 1 to 90" if file.names is None else "from 0"
        return onnx_layouts.of("torchvision", numbers=numbers, **more), why + ", without a batch", 3
    pixels = boxes.size and np.abs(boxes).max() > 8
    more |= {"units": "pixels" if pixels else "shares", "numbers": "from 1"}
    return onnx_layouts.of("ssd", **more), why, 3


def _parts(outputs: Mapping[str, NDArray[Any]]) -> tuple[str, str, str] | None:
    """Names of boxes, scores and labels, told by shape, then by name, then by the kind of number."""
    boxes = [k for k, a in outputs.items() if a.ndim in (2, 3) and a.shape[-1] == 4]
    if len(boxes) != 1:
        return None
    rows = outputs[boxes[0]].shape[:-1]
    rest = [k for k, a in outputs.items() if a.shape == rows and k != boxes[0]]
    if len(rest) != 2:
        return None
    rest.sort(key=lambda k: (_says(k, "score", "conf"), not _says(k, "label", "class", "cls")))
    scores = rest[-1]
    whole = [k for k in rest if np.issubdtype(outputs[k].dtype, np.integer)]
    if len(whole) == 1:
        scores = next(k for k in rest if k != whole[0])
    labels = next(k for k in rest if k != scores)
    return boxes[0], scores, labels


def _says(name: str, *words: str) -> bool:
    return any(word in name.lower() for word in words)
