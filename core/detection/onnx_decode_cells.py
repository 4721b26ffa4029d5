"""Detectors of one stage: a row of numbers for each cell of a grid, or for each of its anchors.

t    : (n, k) numbers, a row a cell      obj : objectness, 0..1     cls : (n, C) class scores, 0..1
g, s : (n, 2) column and row of each cell, (n, 1) its stride, see onnx_grid

How these functions are called is told in onnx_decode.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.detection.onnx_candidates import (
    Array,
    Raw,
    best,
    block,
    corners,
    grid,
    sigmoid,
    softmax,
    strongest,
    table,
)
from core.detection.onnx_layouts import Layout
from core.errors import require


def yolox(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Ge et al. 2021, "YOLOX", section 2.1, and the arithmetic of its published exports."""
    t, rows = _objects(parts[0], floor)
    g, s = grid(layout, len(parts[0]), rows)
    # xy = (t_xy + g) s     wh = exp(t_wh) s
    boxes = corners(np.hstack([(t[:, :2] + g) * s, np.exp(t[:, 2:4]) * s]))
    return best(boxes, t[:, 4:5] * block(t, 5, layout), floor)


def yolov5(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Redmon et al. 2016, "You only look once", section 2: score = obj cls. Boxes are pixels."""
    t, _ = _objects(parts[0], floor)
    return best(corners(t), t[:, 4:5] * block(t, 5, layout), floor)


def yolov8(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """One column a cell: x, y, w, h in pixels and class scores. There is no objectness."""
    t = table(parts[0].T, least=5)
    return best(corners(t), block(t, 4, layout), floor)


def nanodet(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """Li et al. 2020, "Generalized focal loss", section 3: each side is the mean of a
    distribution P over 0, 1, ... strides."""
    cls, t = _sides(parts, layout)
    c, p, rows = strongest(cls, floor)
    g, s = grid(layout, len(cls), rows)
    P = softmax(t[rows].reshape(len(rows), 4, -1))
    # d = s sum_i P(i) i     for left, top, right, bottom
    d = P @ np.arange(P.shape[2]) * s
    # NanoDet measures from the middle of a cell, NanoDet-Plus from its corner.
    middle = (g + 0.5 * (layout.family == "nanodet")) * s
    return Raw(np.hstack([middle - d[:, :2], middle + d[:, 2:]]), p, c)


def fastestdet(parts: Sequence[Array], layout: Layout, floor: float) -> Raw:
    """One map (1 + 4 + C, rows, columns), read as its author's own program does."""
    require(parts[0].ndim == 3, "layout", wanted="one map", given=f"{parts[0].ndim} sides")
    down, across = parts[0].shape[1:]
    t = parts[0].reshape(len(parts[0]), -1).T
    c, p, rows = strongest(block(t, 5, layout), 0.0)
    y, x = (side.ravel()[rows] for side in np.mgrid[:down, :across])
    t = t[rows]
    # score = obj^.6 cls^.4     xy = (tanh(t_xy) + g) / (columns, rows)     wh = sigmoid(t_wh)
    score = np.maximum(t[:, 0], 0.0) ** 0.6 * p**0.4
    middle = (np.tanh(t[:, 1:3]) + np.stack([x, y], axis=1)) / (across, down)
    boxes = corners(np.hstack([middle, sigmoid(t[:, 3:5])])) * np.tile(layout.size, 2)
    kept = score >= floor
    return Raw(boxes[kept], score[kept], c[kept])


def _objects(t: Array, floor: float) -> tuple[Array, Array]:
    """The rows whose objectness leaves hope for `floor`, as no class score is above 1."""
    rows = np.flatnonzero(table(t, least=6)[:, 4] >= floor)
    return t[rows], rows


def _sides(parts: Sequence[Array], layout: Layout) -> tuple[Array, Array]:
    """cls (n, C) and the distributions (n, 4 bins): side by side, or the maps one by one."""
    if len(parts) > 1:
        half = len(parts) // 2
        return np.concatenate(parts[:half]), np.concatenate(parts[half:])
    cls = block(table(parts[0]), 0, layout)
    t = parts[0][:, cls.shape[1] :]
    good = t.shape[1] >= 8 and t.shape[1] % 4 == 0
    wanted = "so many that 4 distributions are left"
    require(good, "classes", wanted=wanted, given=cls.shape[1])
    return cls, t
