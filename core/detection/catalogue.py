"""All the detectors a visitor can choose from, and what each must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from core.detection import coco, embedded
from core.detection.boxes import Detections
from core.errors import SettingError


class Detector(Protocol):
    """Finds things in pictures; may be called from several threads at once."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can find: the names of its classes 0, 1, ..."""

    @property
    def limit(self) -> float:
        """How far two boxes of one label may overlap, 0..1, until the weaker one goes."""

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is found in each of `frames` (h, w, 3) uint8 RGB, in its own pixels."""

    def suppressing(self, limit: float) -> Detector:
        """The same detector, weights and all, with another `limit`."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A detector on offer. `ids`: its labels with their COCO numbers (or 1, 2, ...);
    `weights`: the name in core.detection.coco of what must be on disk first, None if nothing;
    `load`: makes it, slowly, so keep what it gives."""

    slug: str
    title: str
    blurb: str
    ids: Mapping[str, int]
    load: Callable[[], Detector]
    weights: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can find."""
        return tuple(self.ids)


def find(slug: str) -> Spec:
    """The detector called `slug`. Raises SettingError, naming all, where there is none."""
    if slug not in DETECTORS:
        raise SettingError("detector", wanted=f"one of {', '.join(DETECTORS)}", given=slug)
    return DETECTORS[slug]


def _haar(slug: str, title: str, search: embedded.Search, blurb: str) -> Spec:
    load = partial(embedded.Haar, search)
    return Spec(slug=slug, title=title, blurb=blurb, ids={search.label: 1}, load=load)


def _coco(slug: str, title: str, name: str, blurb: str) -> Spec:
    load = partial(coco.load, name)
    return Spec(slug=slug, title=title, blurb=blurb, ids=coco.ids(name), load=load, weights=name)


_ALL = (
    _haar("face", "Faces", embedded.FACE, "Faces that look at you, upright."),
    _haar("profile", "Faces in profile", embedded.PROFILE, "Faces that look left or right."),
    _haar("eyes", "Eyes", embedded.EYE, "Eyes, sought in faces first."),
    _haar("smile", "Smiles", embedded.SMILE, "Mouths, smiling by preference, sought in faces."),
    _haar("upper-body", "Upper bodies", embedded.UPPER_BODY, "Head and shoulders; easily misled."),
    _haar("full-body", "Full bodies", embedded.FULL_BODY, "People on foot; easily misled."),
    _haar("cat-face", "Cat faces", embedded.CAT_FACE, "Faces of cats, a little askew or not."),
    _haar("plate", "Number plates", embedded.PLATE, "Number plates, trained on Russian ones."),
    Spec(
        slug="people",
        title="People (HOG)",
        blurb="Upright people, whole, by histograms of oriented gradients.",
        ids={"person": 1},
        load=embedded.People,
    ),
    _coco(
        "ssdlite", "SSDlite 320", "ssdlite320_mobilenet_v3_large", "The quickest: AP 21.3 on COCO."
    ),
    _coco(
        "fasterrcnn-320",
        "Faster R-CNN 320",
        "fasterrcnn_mobilenet_v3_large_320_fpn",
        "Two stages on a small network: AP 22.8.",
    ),
    _coco(
        "fasterrcnn",
        "Faster R-CNN ResNet-50",
        "fasterrcnn_resnet50_fpn_v2",
        "Two stages, the most accurate here: AP 46.7.",
    ),
    _coco(
        "retinanet",
        "RetinaNet ResNet-50",
        "retinanet_resnet50_fpn_v2",
        "One stage with a focal loss: AP 41.5.",
    ),
    _coco("fcos", "FCOS ResNet-50", "fcos_resnet50_fpn", "No anchor boxes at all: AP 39.2."),
    _coco("ssd300", "SSD 300 VGG-16", "ssd300_vgg16", "The classic single shot: AP 25.1."),
)
DETECTORS: dict[str, Spec] = {spec.slug: spec for spec in _ALL}
