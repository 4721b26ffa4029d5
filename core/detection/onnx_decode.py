"""From a model's numbers to candidates: one function a family, in the letters of its paper.

Every decoder takes the outputs that `layout.parts` names, for one picture, and `floor`: what
scores less is left out before it costs anything. They raise SettingError where an output does not
fit the layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.detection import onnx_decode_boxes, onnx_decode_cells
from core.detection.onnx_candidates import Array, Raw
from core.detection.onnx_layouts import Layout


def decode(parts: Sequence[Array], layout: Layout, floor: float = 0.0) -> Raw:
    """The candidates of one picture that score at least `floor`; boxes in pixels of the input."""
    # A model that is spoken to in the wrong way may answer anything; what is not finite is dropped
    # when it is placed in the picture.
    with np.errstate(over="ignore", invalid="ignore"):
        found = DECODERS[layout.family](parts, layout, floor)
    if layout.units == "shares":
        return Raw(found.boxes * np.tile(layout.size, 2), found.scores, found.classes)
    return found


DECODERS: Mapping[str, Callable[[Sequence[Array], Layout, float], Raw]] = {
    "yolox": onnx_decode_cells.yolox,
    "yolox-decoded": onnx_decode_cells.yolov5,
    "yolov5": onnx_decode_cells.yolov5,
    "yolov8": onnx_decode_cells.yolov8,
    "nanodet": onnx_decode_cells.nanodet,
    "nanodet-plus": onnx_decode_cells.nanodet,
    "fastestdet": onnx_decode_cells.fastestdet,
    "rows": onnx_decode_boxes.rows,
    "detection-output": onnx_decode_boxes.detection_output,
    "ssd": onnx_decode_boxes.triple,
    "tensorflow": onnx_decode_boxes.triple,
    "torchvision": onnx_decode_boxes.triple,
    "rt-detr": onnx_decode_boxes.queries,
    "rt-detr-rows": onnx_decode_boxes.query_rows,
    "detr": onnx_decode_boxes.queries,
    "default-boxes": onnx_decode_boxes.default_boxes,
}
