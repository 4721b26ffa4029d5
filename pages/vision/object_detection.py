"""Object detection: on photographs, on a live camera, on video, and from the inside."""

import streamlit as st

from pages._kit import detectors, frame, prose
from pages._kit.detection.modes import MODES

SLUG = "object_detection"

with frame.exhibit(SLUG):
    mode = st.segmented_control(
        "Where to look",
        list(MODES),
        default="Photographs",
        key="mode",
        bind="query-params",
        label_visibility="collapsed",
        required=True,
    )
    with st.sidebar:
        spec = detectors.chosen(default="face")
        wanted = detectors.settings(spec) if spec else None
        frame.device_readout()
    if spec and wanted:
        MODES[mode](spec, wanted)
    else:
        st.info("Give an ONNX file of a detector, on the left.", icon=":material/upload_file:")
prose.show(SLUG)
