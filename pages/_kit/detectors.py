"""Detectors for pages: loaded once a server, asked once a picture, their weights fetched on request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from core.charts import pictures
from core.detection import catalogue, coco, draw, pipeline
from pages._kit import frame


def chosen(*, default: str) -> catalogue.Spec:
    """Let the visitor choose a detector."""
    specs = list(catalogue.DETECTORS.values())
    return st.selectbox(
        "Detector",
        specs,
        index=list(catalogue.DETECTORS).index(default),
        key="detector",
        bind="query-params",
        format_func=lambda spec: spec.title,
        help="Haar cascades and HOG come with OpenCV and are always there. The networks, from "
        "SSDlite on, need their weights fetched once.",
    )


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


@dataclass(frozen=True)
class Looked:
    """What was found, and the picture as a file for the screen."""

    question: tuple[str, int | None, str]  # detector, size and picture it was asked about
    result: pipeline.Result
    screen: bytes


def look(spec: catalogue.Spec, data: bytes, name: str, longest: int | None) -> Looked:
    """What the detector finds; asked once for the same picture, size and detector."""
    return _looked((spec.slug, longest, hashlib.sha256(data).hexdigest()), data, name)


def annotate(looked: Looked, threshold: float, only: list[str]) -> pipeline.Annotated:
    """What is shown of it: from `threshold` on, and of `only` these labels, or of all for none."""
    return _annotated(looked.question, threshold, tuple(only), looked)


@st.cache_resource(max_entries=4, show_spinner="Loading the detector …")
def _loaded(slug: str) -> catalogue.Detector:
    return catalogue.find(slug).load()


@st.cache_resource(max_entries=8, scope="session", show_spinner="Looking …")
def _looked(question: tuple[str, int | None, str], _data: bytes, _name: str) -> Looked:
    slug, longest, _ = question
    result = pipeline.run(_data, _loaded(slug), longest=longest, name=_name)
    return Looked(question, result, pictures.jpeg(result.image))


@st.cache_resource(max_entries=8, scope="session", show_spinner=False)
def _annotated(
    question: tuple[str, int | None, str], threshold: float, only: tuple[str, ...], _looked: Looked
) -> pipeline.Annotated:
    palette = draw.colours(catalogue.find(question[0]).labels)
    return pipeline.annotate(
        _looked.result, threshold=threshold, labels=only or None, palette=palette
    )
