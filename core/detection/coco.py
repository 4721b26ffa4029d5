"""torchvision's detectors of the 80 everyday things of COCO (Lin et al. 2014).

x      : (3, h, w) float32, 0..1, RGB: what torchvision's own preset makes of a picture
boxes  : (n, 4) x0, y0, x1, y1 in pixels of the picture given     scores : (n,) 0..1
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchvision.models import get_model, get_model_weights

from core import device
from core.detection import weights
from core.detection.boxes import Detection, place
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

    def __init__(self, model: torch.nn.Module, ids: dict[str, int], where: torch.device) -> None:
        self.labels = tuple(ids)
        self._names = {number: label for label, number in ids.items()}
        self._device = where
        self._model = model.eval().to(where)

    def detect(self, image: np.ndarray) -> list[Detection]:
        """What is found in `image` (h, w, 3) uint8 RGB, the best first."""
        pixels = torch.from_numpy(np.ascontiguousarray(image)).to(self._device)
        with torch.inference_mode():
            x = pixels.permute(2, 0, 1).contiguous().to(torch.float32) / 255
            out = self._model([x])[0]
        scores, labels, boxes = (device.to_host(out[key]) for key in ("scores", "labels", "boxes"))
        size, found = (image.shape[1], image.shape[0]), []
        for i in np.argsort(-scores, kind="stable"):
            if scores[i] < FLOOR:
                break
            # COCO numbers to 90 but names 80: an untrained model can answer with the other ten.
            label = self._names.get(int(labels[i]))
            if label is not None:
                found.append(place(label, float(scores[i]), boxes[i].tolist(), size=size))
        return [detection for detection in found if detection is not None]


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
    return Coco(model, numbers, where or device.choose())


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
