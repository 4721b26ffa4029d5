"""The ways to look at things with a detector, by the name that stands in the link."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from core.detection.catalogue import Spec
from core.detection.pipeline import Settings
from pages._kit import detectors
from pages._kit.detection import camera, inside, stills, video


def _when_ready(show: Callable[[Spec, Settings], None], spec: Spec, wanted: Settings) -> None:
    if detectors.ready(spec):
        show(spec, wanted)


MODES: dict[str, Callable[[Spec, Settings], None]] = {
    "Photographs": stills.show,
    "Live camera": partial(_when_ready, camera.show),
    "Video": partial(_when_ready, video.show),
    "From the inside": partial(_when_ready, inside.show),
}
