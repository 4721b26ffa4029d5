"""torchvision's detectors from the inside: their anchors, and all candidates with their scores.

Nothing is computed here that the models do not compute themselves: they run with the threshold and
the suppression opened wide, and their anchor generator is listened to.

boxes : (n, 4) x0, y0, x1, y1 in pixels of the picture
"""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
import torch

from core import device
from core.detection.inside import Layer

ALL = 10**9  # boxes: no limit
NEVER = 2.0  # IoU: none reaches it, so nothing is suppressed


class Listening(torch.nn.Module):
    """An anchor generator that remembers what it made, for which maps of which picture."""

    def __init__(self, own: Any) -> None:
        super().__init__()
        self.own = own

    def forward(self, images: Any, maps: list[torch.Tensor]) -> list[torch.Tensor]:
        """The generator's own answer: a picture's anchors, (n, 4) pixels of what the model sees."""
        anchors = self.own(images, maps)
        self.anchors, self.size = anchors[0], images.image_sizes[0]
        self.grids = [(m.shape[-2], m.shape[-1]) for m in maps]
        return anchors


def head(model: torch.nn.Module) -> Any:
    """The part of the model that suppresses: of two stages the second."""
    return getattr(model, "roi_heads", model)


def twin(module: torch.nn.Module) -> Any:
    """Another module with the same parts."""
    other = copy(module)
    other._modules = dict(module._modules)
    return other


def opened(model: torch.nn.Module) -> tuple[torch.nn.Module, Listening]:
    """The same model, its weights shared, that answers with every candidate; and who listens."""
    other = twin(model)
    for stage in ("roi_heads", "rpn"):
        if stage in other._modules:
            setattr(other, stage, twin(getattr(other, stage)))
    last, first = head(other), getattr(other, "rpn", other)
    last.score_thresh, last.nms_thresh, last.detections_per_img = 0.0, NEVER, ALL
    first.anchor_generator = Listening(first.anchor_generator)
    return other, first.anchor_generator


def layers(heard: Listening, size: tuple[int, int]) -> tuple[Layer, ...]:
    """The anchors of each map, in a picture of `size` (w, h)."""
    height, width = heard.size
    scale = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    boxes = device.to_host(heard.anchors).astype(np.float32) * scale
    found, at = [], 0
    per = heard.own.num_anchors_per_location()
    for grid, each in zip(heard.grids, per, strict=True):
        rows, columns = grid
        count = rows * columns * each
        name = (
            f"{columns} × {rows} cells, {each} each" if each > 1 else f"{columns} × {rows} points"
        )
        found.append(Layer(name, grid, boxes[at : at + count]))
        at += count
    return tuple(found)
