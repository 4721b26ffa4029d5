"""Where no camera can be streamed: one still picture, by Streamlit's own camera or as a file."""

from __future__ import annotations

import streamlit as st

from core.detection import draw
from core.detection.catalogue import Spec
from core.detection.pipeline import Settings
from pages._kit import detectors, frame, sources
from pages._kit.stage.boxes import boxes


def ask(spec: Spec, wanted: Settings) -> None:
    """Ask for a picture, and show what is found in it."""
    taken, chosen = st.columns(2, gap="large")
    with taken:
        shot = st.camera_input("Take a picture", key="camera_shot")
    with chosen:
        file = st.file_uploader(
            "Or choose one; a phone opens its camera here",
            type=["jpg", "jpeg", "png", "webp"],
            key="camera_file",
            max_upload_size=sources.MAX_MB,
            help="This way needs no permission for the camera, and works without https too.",
        )
    picture = file or shot
    if picture is None:
        return
    with frame.guard():
        looked = detectors.look(spec, picture.getvalue(), picture.name, wanted)
        shown = detectors.annotate(spec, looked, wanted)
        height, width = looked.result.image.shape[:2]
        boxes(
            looked.screen,
            (width, height),
            draw.described(list(shown.detections), draw.colours(spec.labels)),
            key="camera_boxes",
            name=picture.name,
            empty=f"Nothing with a score of at least {wanted.threshold:.2f}.",
        )
