"""From the inside: where a detector looks, what it finds there, and what suppression leaves."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from core.charts import pictures
from core.detection import embedded
from core.detection.catalogue import Spec
from core.detection.pipeline import Settings
from pages._kit import detectors, sources
from pages._kit.detection import inside_scene, photos
from pages._kit.detection.photos import Photo
from pages._kit.stage.inside import inside

CLOSED = """This detector keeps its candidates to itself: it suppresses overlaps inside its file, or
its outputs are not read box by box. Choose one of the others to look inside."""


def show(spec: Spec, wanted: Settings) -> None:
    """One photograph, and what the detector thinks on its way to the answer."""
    photo = photos.single(default="astronaut", prefix="inside_")
    detector: Any = wanted.suppressing(detectors.load(spec))
    if not hasattr(detector, "inside"):
        st.info(CLOSED, icon=":material/lock:")
        return
    noun = "positions of a window" if isinstance(detector, _WINDOWS) else "boxes"
    screen, size, seen = _opened(_question(spec, wanted, photo), detector, wanted, photo)
    inside(inside_scene.scene(screen, size, seen, wanted, noun), key="inside_view")


_WINDOWS = (embedded.Haar, embedded.People)


def _question(spec: Spec, wanted: Settings, photo: Photo) -> tuple[object, ...]:
    return (spec.slug, wanted.longest, wanted.overlap, hashlib.sha256(photo.data).hexdigest())


@st.cache_resource(max_entries=4, scope="session", show_spinner="Looking inside …")
def _opened(
    question: tuple[object, ...], _detector: Any, _wanted: Settings, _photo: Photo
) -> tuple[bytes, tuple[int, int], Any]:
    image = sources.pixels(_photo.name, _photo.data)
    seen = inside_scene.candidates(_detector, image, _wanted)
    return pictures.jpeg(image), (image.shape[1], image.shape[0]), seen
