"""The photographs to look at: one, several, or the visitor's own, each under its file's name."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets import images
from pages._kit import sources

MOST = 200  # pictures at once
ABOUT = "Carried by scikit-learn and scikit-image: no network is needed."
ABOUT_OWN = "JPEG, PNG, WebP, GIF, BMP or TIFF, several at once if you like."


@dataclass(frozen=True)
class Photo:
    """A file's name and contents."""

    name: str
    data: bytes


def chosen(*, default: str) -> list[Photo]:
    """Let the visitor choose one of those at hand, more of them, or own ones instead."""
    first, more, own = st.columns([1, 1, 1], gap="medium")
    samples = list(images.SAMPLES)
    with first:
        one = st.selectbox(
            "Photograph",
            samples,
            samples.index(default),
            key="photo",
            bind="query-params",
            help=ABOUT,
        )
    with more:
        others = st.multiselect(
            "And these", samples, key="stills_more", bind="query-params", placeholder="no others"
        )
    with own:
        files = st.file_uploader(
            "Or your own",
            sources.TYPES,
            key="upload",
            accept_multiple_files=True,
            help=ABOUT_OWN,
            max_upload_size=sources.MAX_MB,
        )
    if files:
        if len(files) > MOST:
            st.warning(f"The first {MOST} of {len(files)} are looked at.")
        return [Photo(file.name, file.getvalue()) for file in files[:MOST]]
    return [Photo(*images.contents(name)) for name in dict.fromkeys([one, *others])]


def single(*, default: str, prefix: str) -> Photo:
    """Let the visitor choose one, at hand or own; the controls' keys begin with `prefix`."""
    first, own = st.columns([1, 2], gap="medium")
    samples = list(images.SAMPLES)
    with first:
        one = st.selectbox(
            "Photograph",
            samples,
            samples.index(default),
            key=f"{prefix}photo",
            bind="query-params",
            help=ABOUT,
        )
    with own:
        file = st.file_uploader(
            "Or your own", sources.TYPES, key=f"{prefix}upload", max_upload_size=sources.MAX_MB
        )
    return Photo(*images.contents(one)) if file is None else Photo(file.name, file.getvalue())
