"""Where OpenCV's sliding windows stand: every position, at every size, in pixels of the picture.

f      : how many times the window is enlarged, or rather the picture shrunk     s : pixels a step
window : (w, h) pixels at f = 1
back   : (2, 3) map M from the view that is searched to the picture, (x, y) = M @ (u, v, 1)
boxes  : (n, 4) x0, y0, x1, y1
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from core.detection.inside import Layer

HOG_SIZES = 64  # sizes that OpenCV tries at most
ALIKE = 0.2  # difference of two windows' edges, as a share of their size, up to which they agree


def together(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many windows each belongs to a group with, itself included: (n,).

    Windows that agree make a group, and so do those that agree with a third, as in OpenCV's own
    grouping (cv2.groupRectangles).
    """
    if not len(boxes):
        return np.empty(0, np.int64)
    sides = boxes[:, 2:] - boxes[:, :2]
    # |edge_i - edge_j| <= .2 (min(w_i, w_j) + min(h_i, h_j)) / 2, all four edges
    reach = ALIKE * np.minimum(sides[:, None], sides[None]).sum(2) / 2
    agree = (np.abs(boxes[:, None] - boxes[None]) <= reach[..., None]).all(2)
    group = connected_components(agree, directed=False)[1]
    return np.bincount(group)[group]


def cascade(
    view: tuple[int, int],
    back: NDArray[np.float64],
    window: tuple[int, int],
    *,
    factor: float,
    smallest: tuple[int, int],
    largest: tuple[int, int] | None,
    note: str = "",
) -> list[Layer]:
    """One Layer a size, as cv2.CascadeClassifier tries them on a view of `view` (w, h) pixels."""
    w, h = window
    width, height = view
    most = largest or view
    found: list[Layer] = []
    f = 1.0
    while True:
        size = round(w * f), round(h * f)
        if size[0] > min(width, most[0]) or size[1] > min(height, most[1]):
            return found
        if size[0] >= smallest[0] and size[1] >= smallest[1]:
            # Twice as coarse where the picture is shrunk by less than two.
            s = 1 if f >= 2 else 2
            us = np.arange(0, max(0, round(width / f) + 1 - w), s)
            vs = np.arange(0, max(0, round(height / f) + 1 - h), s)
            name = f"{size[0] * _grown(back):.0f} × {size[1] * _grown(back):.0f} pixels{note}"
            if len(us) and len(vs):
                found.append(_layer(name, np.rint(us * f), np.rint(vs * f), size, back))
        f *= factor


def hog(
    view: tuple[int, int],
    window: tuple[int, int],
    *,
    factor: float,
    stride: int,
    padding: int,
    trim: tuple[float, float, float, float],
) -> list[Layer]:
    """One Layer a size, as cv2.HOGDescriptor tries them; `trim`: shares of a window that are shown."""
    w, h = window
    width, height = view
    found: list[Layer] = []
    f = 1.0
    while len(found) < HOG_SIZES and round(width / f) >= w and round(height / f) >= h:
        us = np.arange(-padding, round(width / f) + padding - w + 1, stride)
        vs = np.arange(-padding, round(height / f) + padding - h + 1, stride)
        size = round(w * f), round(h * f)
        layer = _layer("", np.rint(us * f), np.rint(vs * f), size, np.eye(2, 3))
        # OpenCV cuts a window at the picture's edge first.
        whole = np.clip(layer.boxes, 0, np.array([*view, *view], np.float32))
        near, sides = whole[:, :2], whole[:, 2:] - whole[:, :2]
        first, last = np.array(trim, np.float32).reshape(2, 2)
        boxes = np.hstack([near + sides * first, near + sides * last])
        found.append(Layer(f"{size[0]} × {size[1]} pixels", layer.grid, boxes))
        f *= factor
    return found


def _layer(
    name: str,
    us: NDArray[np.float64],
    vs: NDArray[np.float64],
    size: tuple[int, int],
    back: NDArray[np.float64],
) -> Layer:
    """Windows at all (u, v) as upright boxes of the picture, each about the same middle."""
    v, u = np.meshgrid(vs + size[1] / 2, us + size[0] / 2, indexing="ij")
    middle = np.stack([u, v], -1).reshape(-1, 2) @ back[:, :2].T + back[:, 2]
    half = _grown(back) * np.array(size) / 2
    boxes = np.hstack([middle - half, middle + half]).astype(np.float32)
    return Layer(name, (len(vs), len(us)), boxes)


def _grown(back: NDArray[np.float64]) -> float:
    return math.hypot(back[0, 0], back[1, 0])
