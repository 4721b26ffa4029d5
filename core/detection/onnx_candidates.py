"""What decoders share: from boxes and class scores to candidates, one class for each box.

t   : (n, k) rows of an output     cls : (n, C) class scores
box : x, y, w, h of the middle in an output; corners x0, y0, x1, y1 from here on
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detection import coco, onnx_grid
from core.detection.onnx_layouts import Layout
from core.errors import require

Array = NDArray[Any]


@dataclass(frozen=True)
class Raw:
    """Candidates. `boxes`: (n, 4) corners in pixels of the input picture, not clipped;
    `scores`: (n,); `classes`: (n,) int64."""

    boxes: Array
    scores: Array
    classes: Array


def table(array: Array, *, least: int = 1, exact: int | None = None) -> Array:
    """`array`, if it is (n, k) with k at `least`, or `exact`. Raises SettingError if not."""
    good = array.ndim == 2 and array.shape[1] >= least and exact in (None, array.shape[-1])
    wanted = f"rows of {exact} numbers" if exact else f"rows of at least {least} numbers"
    given = " x ".join(map(str, array.shape))
    require(good, "layout", wanted=wanted, given=f"an output of {given}")
    return array


def rows_of(array: Array, k: int) -> Array:
    """`array` of any shape as (n, k). Raises SettingError where its numbers do not come so."""
    flat = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
    return table(flat, exact=k)


def corners(t: Array) -> Array:
    """(n, 4) x0, y0, x1, y1 of the x, y, w, h in the first four columns."""
    half = t[:, 2:4] / 2
    return np.hstack([t[:, :2] - half, t[:, :2] + half])


def block(t: Array, first: int, layout: Layout) -> Array:
    """The class scores, which begin in column `first`. More columns may follow: masks, points."""
    count = layout.classes or t.shape[1] - first
    good = count >= 1 and first + count <= t.shape[1]
    wanted = f"at most {t.shape[1] - first}, as the model gives {t.shape[1]} numbers for a box"
    require(good, "classes", wanted=wanted, given=count)
    return t[:, first : first + count]


def strongest(cls: Array, floor: float) -> tuple[Array, Array, Array]:
    """Class and score of the best class of each row, and the rows: those of at least `floor`."""
    c = cls.argmax(axis=1)
    p = cls[np.arange(len(cls)), c]
    rows = np.flatnonzero(p >= floor)
    return c[rows], p[rows], rows


def best(boxes: Array, cls: Array, floor: float) -> Raw:
    """Each box with its best class."""
    c, p, rows = strongest(cls, floor)
    return Raw(boxes[rows], p, c)


def grid(layout: Layout, count: int, rows: Array) -> tuple[Array, Array]:
    """g and s of `rows` of an output of `count` rows, one a cell."""
    g, s = onnx_grid.cells(layout.size, layout.strides)
    strides = ", ".join(map(str, layout.strides)) or "none"
    require(
        len(g) == count,
        "layout",
        wanted=f"{count} cells, as many as the model gives boxes",
        given=f"{len(g)} (input {layout.size[0]} x {layout.size[1]}, strides {strides})",
    )
    return g[rows], s[rows]


def ready(boxes: Array, scores: Array, labels: Array, layout: Layout, floor: float) -> Raw:
    """Boxes that come with one score and one class number each."""
    c = _COUNT[layout.numbers](labels.astype(np.int64))
    kept = (scores >= floor) & (c >= 0) & (c < (layout.classes or 10_000))
    return Raw(boxes[kept], scores[kept], c[kept])


def softmax(t: Array) -> Array:
    """exp(t_i) / sum exp(t_j) along the last side."""
    e = np.exp(t - t.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sigmoid(t: Array) -> Array:
    """1 / (1 + exp(-t)), without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * t))


def active(cls: Array, layout: Layout) -> Array:
    """`cls` as scores of 0 to 1."""
    return sigmoid(cls) if layout.scores == "sigmoid" else cls


def _from_coco(c: Array) -> Array:
    """COCO numbers its 80 classes from 1 to 90, with gaps."""
    table = np.full(256, -1, np.int64)
    table[list(coco.ids(coco.MODELS[0]).values())] = np.arange(80)
    return np.where((c >= 0) & (c < len(table)), table[np.clip(c, 0, len(table) - 1)], -1)


_COUNT = {"from 0": lambda c: c, "from 1": lambda c: c - 1, "COCO 1 to 90": _from_coco}
