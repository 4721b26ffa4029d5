"""Detectors whose boxes need no grid: default boxes, queries, and what was suppressed already.

t : (n, k) numbers, a row a box     cls : (n, C) class scores or their logits

How these functions are called is told in onnx_decode.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.detection.onnx_candidates import (
    Array,
    Raw,
    active,
    best,
    block,
    corners,
    ready,
    rows_of,
    softmax,
    table,
)
from core.detection.onnx_layouts import Layout
from core.errors import require


def rows(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Rows of x0, y0, x1, y1, score, class."""
    t = table(parts[0], least=6)
    return ready(t[:, :4], t[:, 4], t[:, 5], layout, floor)


def detection_output(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Rows of picture, class, score, x0, y0, x1, y1; a picture of -1 ends them."""
    t = rows_of(parts[0], 7)
    end = np.flatnonzero(t[:, 0] < 0)
    t = t[: end[0]] if len(end) else t
    return ready(t[:, 3:], t[:, 2], t[:, 1], layout, floor)


def triple(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Boxes, scores and labels, each in an output of its own."""
    boxes, scores, labels = rows_of(parts[0], 4), parts[1].ravel(), parts[2].ravel()
    given = f"{len(boxes)}, {len(scores)} and {len(labels)}"
    same = len(boxes) == len(scores) == len(labels)
    require(same, "outputs", wanted="as many boxes as scores and labels", given=given)
    if layout.family == "tensorflow":
        boxes = boxes[:, [1, 0, 3, 2]]  # they come as y0, x0, y1, x1
    return ready(boxes, scores, labels, layout, floor)


def queries(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Carion et al. 2020, "End-to-end object detection with transformers", section 3."""
    t, cls = _same(parts)
    boxes = corners(t)
    if layout.scores == "softmax":
        return best(boxes, softmax(cls)[:, :-1], floor)  # the last class is "no object"
    return best(boxes, active(cls, layout), floor)


def query_rows(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """The same, box and class scores in one row."""
    t = table(parts[0], least=5)
    return best(corners(t), active(block(t, 4, layout), layout), floor)


def default_boxes(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Liu et al. 2016, "SSD", section 2.2: class 0 is the background. Boxes are corners."""
    boxes, t = _same(parts)
    cls = softmax(t) if layout.scores == "softmax" else active(t, layout)
    return best(boxes, cls[:, 1:], floor)


def _same(parts: Sequence[Array]) -> tuple[Array, Array]:
    """(n, 4) boxes and (n, C) scores."""
    boxes, cls = table(parts[0], exact=4), table(parts[1])
    require(len(boxes) == len(cls), "outputs", wanted=f"{len(boxes)} scores", given=len(cls))
    return boxes, cls
