"""Detectors for pages: chosen in the sidebar, loaded once a server, their weights fetched on request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from core.charts import pictures
from core.detection import catalogue, coco, draw, onnx_detector, pipeline
from core.detection.pipeline import Settings
from pages._kit import choose, frame
from pages._kit.detection import own

OWN = "My own ONNX file"
OVERLAPS = (None, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SIZES = {"320": 320, "480": 480, "640": 640, "960": 960, "1280": 1280, "as it is": None}
ABOUT_DETECTOR = """Haar cascades and HOG come with OpenCV and are always there. The networks, from SSDlite
on, need their weights fetched once. A file of your own runs on this server for as long as you are
here, and is written nowhere."""
ABOUT_OVERLAP = """Of two boxes of one label that overlap by more than this, the weaker goes (IoU;
for Haar and HOG the share of the smaller box). *off* is the detector's own limit."""
ABOUT_SIDE = """Larger pictures are shrunk to this before the detector looks. Small things need more
pixels, and more pixels need more time."""


def chosen(
    *, default: str, key: str = "detector", label: str = "Detector"
) -> catalogue.Spec | None:
    """Let the visitor choose a detector. None until a file of their own is there."""
    known = {spec.title: spec for spec in catalogue.DETECTORS.values()}
    known |= {spec.title: spec for spec in onnx_detector.folder()}
    first = list(catalogue.DETECTORS).index(default)
    title = st.selectbox(
        label, [*known, OWN], first, key=key, bind="query-params", help=ABOUT_DETECTOR
    )
    spec = (
        own.chosen("own" if key == "detector" else f"own_{key}") if title == OWN else known[title]
    )
    if spec is not None and title != OWN:
        st.caption(frame.plain(spec.blurb))
    return spec


def settings(spec: catalogue.Spec) -> Settings:
    """Let the visitor choose what to see of what the detector finds."""
    threshold = st.slider("Least score", 0.0, 1.0, 0.5, 0.01, key="score", bind="query-params")
    overlap = choose.slide("Overlap", OVERLAPS, None, key="overlap", help=ABOUT_OVERLAP)
    only = st.multiselect(
        "Only these things", spec.labels, key="only", bind="query-params", placeholder="all"
    )
    side = st.select_slider(
        "Longer side, pixels",
        list(SIZES),
        "960",
        key="side",
        bind="query-params",
        help=ABOUT_SIDE,
    )
    return Settings(threshold=threshold, overlap=overlap, labels=tuple(only), longest=SIZES[side])


def ready(spec: catalogue.Spec) -> bool:
    """Whether the detector can be used now; where its weights are missing, offer to fetch them."""
    if spec.weights is None:
        return True
    path, megabytes = coco.status(spec.weights)
    if path is not None:
        return True
    st.info(
        f"**{spec.title}** needs its weights, {megabytes:.0f} MB, once. Faces, eyes, cats, plates and "
        "people need nothing: choose one of those to go on without a network.",
        icon=":material/download:",
    )
    if not st.button(f"Fetch {megabytes:.0f} MB", key="fetch", icon=":material/download:"):
        return False
    with frame.guard():
        bar = st.progress(0.0, text="Fetching …")
        for share in coco.fetch(spec.weights):
            bar.progress(share, text=f"Fetching, {share * megabytes:.0f} of {megabytes:.0f} MB")
        st.rerun()
    return False


def load(spec: catalogue.Spec) -> catalogue.Detector:
    """The detector of `spec`; made once a server, a visitor's own one once a visit."""
    return (_own if spec.slug.startswith("own-") else _loaded)(spec.slug, spec)


@dataclass(frozen=True)
class Looked:
    """What was found, and the picture as a file for the screen."""

    question: tuple[object, ...]  # detector, size, overlap and picture it was asked about
    result: pipeline.Result
    screen: bytes


def look(spec: catalogue.Spec, data: bytes, name: str, wanted: Settings) -> Looked:
    """What the detector finds; asked once for the same picture, size, overlap and detector."""
    picture = hashlib.sha256(data).hexdigest()
    question = (spec.slug, wanted.longest, wanted.overlap, picture)
    return _looked(question, spec, wanted, data, name)


def annotate(spec: catalogue.Spec, looked: Looked, wanted: Settings) -> pipeline.Annotated:
    """What is shown of it, drawn on the picture."""
    return _annotated(looked.question, wanted, spec, looked)


@st.cache_resource(max_entries=8, show_spinner="Loading the detector …")
def _loaded(slug: str, _spec: catalogue.Spec) -> catalogue.Detector:
    return _spec.load()


@st.cache_resource(max_entries=4, scope="session", show_spinner="Loading the detector …")
def _own(slug: str, _spec: catalogue.Spec) -> catalogue.Detector:
    return _spec.load()


@st.cache_resource(max_entries=16, scope="session", show_spinner="Looking …")
def _looked(
    question: tuple[object, ...],
    _spec: catalogue.Spec,
    _wanted: Settings,
    _data: bytes,
    _name: str,
) -> Looked:
    detector = _wanted.suppressing(load(_spec))
    result = pipeline.run(_data, detector, longest=_wanted.longest, name=_name)
    return Looked(question, result, pictures.jpeg(result.image))


@st.cache_resource(max_entries=16, scope="session", show_spinner=False)
def _annotated(
    question: tuple[object, ...], wanted: Settings, _spec: catalogue.Spec, _looked: Looked
) -> pipeline.Annotated:
    return pipeline.annotate(
        _looked.result,
        threshold=wanted.threshold,
        labels=wanted.labels or None,
        palette=draw.colours(_spec.labels),
    )
