"""What a model answers to a grey picture, and what that is taken for.

What such an answer is good for: scores lie in 0..1, and decoded boxes lie all over the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detection.onnx_layouts import Layout

Array = NDArray[Any]
Outputs = Mapping[str, Array]
THREE, FOUR = (8, 16, 32), (8, 16, 32, 64)  # the usual strides
QUERIES = 1000  # more boxes than any transformer or suppression gives


@dataclass(frozen=True)
class Guess:
    """A layout that fits, `why`, and how well: `weight` 3 for a good match, 1 for a bare chance."""

    layout: Layout
    why: str
    weight: int = 3


def only(outputs: Outputs) -> tuple[str, Array | None]:
    """The one output of shape (1, n, k), without its batch; maps beside it do not count."""
    flat = [(name, a[0]) for name, a in outputs.items() if a.ndim == 3 and a.shape[0] == 1]
    # Masks of four sides, or what YOLOv5 had before it decoded, of five.
    others = sum(a.ndim < 4 for a in outputs.values()) - len(flat)
    return flat[0] if len(flat) == 1 and not others else ("", None)


def shares(t: Array) -> bool:
    """Whether all of `t` lies in 0..1."""
    return bool(t.size and np.isfinite(t).all() and t.min() >= -1e-3 and t.max() <= 1 + 1e-3)


def spread(xy: Array, input_size: tuple[int, int]) -> bool:
    """Whether points lie all over the picture, as the middles of decoded boxes do."""
    if not np.isfinite(xy).all():
        return False
    w, h = input_size
    across, down = np.ptp(xy, axis=0)
    return bool(across > w / 2 and down > h / 2)
