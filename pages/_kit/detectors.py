"""Detectors for pages: loaded once a server, asked once a picture, their weights fetched on request."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.detection import catalogue, coco, pipeline
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


def look(spec: catalogue.Spec, data: bytes, name: str, longest: int | None) -> pipeline.Result:
    """What the detector finds; asked once for the same picture, size and detector."""
    return _looked(spec.slug, longest, hashlib.sha256(data).hexdigest(), data, name)


@st.cache_resource(max_entries=4, show_spinner="Loading the detector …")
def _loaded(slug: str) -> catalogue.Detector:
    return catalogue.find(slug).load()


@st.cache_resource(max_entries=8, scope="session", show_spinner="Looking …")
def _looked(
    slug: str, longest: int | None, digest: str, _data: bytes, _name: str
) -> pipeline.Result:
    return pipeline.run(_data, _loaded(slug), longest=longest, name=_name)
