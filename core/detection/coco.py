"""torchvision's detectors of the 80 everyday things of COCO (Lin et al. 2014).

x      : (3, h, w) float32, 0..1, RGB: what torchvision's own preset makes of a picture
boxes  : (n, 4) x0, y0, x1, y1 in pixels of the picture given     scores : (n,) 0..1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchvision.models import get_model, get_model_weights

from core import device
from core.detection import inside_coco, weights
from core.detection.boxes import Detections
from core.detection.inside import MOST, Candidates
from core.errors import SettingError, UnavailableError

MODELS = (
    "ssdlite320_mobilenet_v3_large",
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "fasterrcnn_resnet50_fpn_v2",
    "retinanet_resnet50_fpn_v2",
    "fcos_resnet50_fpn",
    "ssd300_vgg16",
)
FLOOR = 0.05  # what scores less is never shown


class Coco:
    """A detector of COCO's things: `model` in torchvision's conventions, moved to `where`."""

    def __init__(
        self, model: torch.nn.Module, ids: dict[str, int], where: torch.device, name: str = "coco"
    ) -> None:
        self.name = name
        self.labels = tuple(ids)
        # COCO numbers to 90 but names 80: an untrained model can answer with the other ten.
        self._class = np.full(256, -1, np.int64)
        self._class[list(ids.values())] = np.arange(len(ids))
        self._device = where
        self.model = model.eval().to(where)

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is found in each of `frames` (h, w, 3) uint8 RGB, the best first."""
        x = [self.tensor(image) for image in frames]
        with torch.inference_mode():
            answers = self.model(x) if x else []
        return [self._found(out, image) for out, image in zip(answers, frames, strict=True)]

    @property
    def limit(self) -> float:
        """IoU of two boxes of one label beyond which the weaker one goes."""
        return float(inside_coco.head(self.model).nms_thresh)

    def suppressing(self, limit: float) -> Coco:
        """The same, with another limit: its modules are shared, but for the one that suppresses."""
        other = copy(self)
        other.model = inside_coco.twin(self.model)
        if "roi_heads" in self.model._modules:
            other.model.roi_heads = inside_coco.twin(inside_coco.head(self.model))
        inside_coco.head(other.model).nms_thresh = limit
        return other

    def inside(self, image: np.ndarray) -> Candidates:
        """What it makes of `image` (h, w, 3) uint8 RGB before threshold and suppression."""
        model, heard = inside_coco.opened(self.model)
        with torch.inference_mode():
            [out] = model([self.tensor(image)])
        found, head = self._found(out, image, floor=0.0), inside_coco.head(self.model)
        return Candidates(
            found.take(slice(MOST)),
            inside_coco.layers(heard, (image.shape[1], image.shape[0])),
            self.detect([image])[0],
            self.limit,
            total=len(found),
            floor=max(FLOOR, float(head.score_thresh)),
            most=int(head.detections_per_img),
        )

    def tensor(self, image: np.ndarray) -> torch.Tensor:
        """x of an image (h, w, 3) uint8 RGB."""
        pixels = torch.from_numpy(np.ascontiguousarray(image)).to(self._device)
        return pixels.permute(2, 0, 1).contiguous().to(torch.float32) / 255

    def _found(
        self, out: dict[str, torch.Tensor], image: np.ndarray, floor: float = FLOOR
    ) -> Detections:
        scores, labels, boxes = (device.to_host(out[key]) for key in ("scores", "labels", "boxes"))
        classes = self._class[labels]
        good = (classes >= 0) & (scores >= floor)
        size = (image.shape[1], image.shape[0])
        return Detections.within(boxes[good], scores[good], classes[good], self.labels, size)


def load(name: str, *, where: torch.device | None = None) -> Coco:
    """The detector `name`, one of MODELS, on `where` or on the device that core.device chooses.

    Raises SettingError for another name, UnavailableError where its weights are not on this
    machine or are damaged.
    """
    origin = source(name)
    state = weights.load(origin)
    numbers = ids(name)
    # With `weights` given, torchvision would go to the network by itself.
    classes = len(_meta(name)["categories"])
    model = get_model(name, weights=None, weights_backbone=None, num_classes=classes)
    try:
        model.load_state_dict(state)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise UnavailableError(f"{origin.file} holds weights of another model.") from error
    return Coco(model, numbers, where or device.choose(), name)


def ids(name: str) -> dict[str, int]:
    """The labels of detector `name`, each with its COCO category number."""
    names = enumerate(_meta(name)["categories"])
    return {label: number for number, label in names if label not in ("__background__", "N/A")}


def source(name: str) -> weights.Source:
    """Where the weights of detector `name` come from."""
    entry = _entry(name)
    return weights.Source(entry.url, entry.meta["_file_size"])


def status(name: str) -> tuple[Path | None, float]:
    """The file with the weights of `name`, or None where it must be fetched; and its megabytes."""
    origin = source(name)
    return weights.find(origin), origin.megabytes


def fetch(name: str) -> Iterator[float]:
    """Downloads the weights of `name`, yielding the share done; errors as of weights.fetch."""
    yield from weights.fetch(source(name))


def _meta(name: str) -> dict[str, Any]:
    return _entry(name).meta


@cache
def _entry(name: str) -> Any:
    if name not in MODELS:
        raise SettingError("model", wanted=f"one of {', '.join(MODELS)}", given=name)
    return get_model_weights(name).DEFAULT
