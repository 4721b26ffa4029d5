"""A detector of the visitor's own: an ONNX file, and names for what it finds."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.detection import onnx_detector, onnx_file, onnx_labels
from core.detection.catalogue import Spec
from core.detection.onnx_detector import Model
from core.detection.onnx_layouts import Layout
from core.errors import VitrineError
from pages._kit import frame
from pages._kit.detection import own_layout

ABOUT = """Exports of YOLOX, YOLOv5, YOLOv8, YOLO11, NanoDet, SSD and RT-DETR work, and those of
torchvision and TensorFlow that suppress by themselves. One file, with all its weights in it."""
ABOUT_NAMES = "A text file, one name a line, in the order of the classes. Not needed for COCO's 80."


def chosen(prefix: str = "own") -> Spec | None:
    """Let the visitor give a model, and names for its classes. None until there is one that works.

    `prefix` begins the keys of its controls: two on a page need two.
    """
    file = st.file_uploader(
        "ONNX file",
        ["onnx"],
        key=f"{prefix}_file",
        max_upload_size=onnx_file.MAX_BYTES >> 20,
        help="It runs on this server and is written nowhere.",
    )
    if file is None:
        st.caption(ABOUT)
        return None
    model = _examined(file.file_id, file)
    if isinstance(model, VitrineError):
        frame.report(model)
        return None
    layout = own_layout.chosen(model, prefix)
    if layout is None:
        return None
    names = st.file_uploader(
        "Names of its classes",
        ["txt", "names"],
        key=f"{prefix}_names",
        help=ABOUT_NAMES,
        max_upload_size=1,
    )
    spec = _named(model, layout, names)
    st.caption(frame.plain(spec.blurb))
    return spec


def _named(model: Model, layout: Layout, names: UploadedFile | None) -> Spec:
    """The detector, its classes named by the file of names if that is any good."""
    if names is not None:
        try:
            given = onnx_labels.read(names.getvalue(), names.name)
            return onnx_detector.spec(model, layout, given)
        except VitrineError as error:
            frame.report(error)
    return onnx_detector.spec(model, layout)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Trying the model …")
def _examined(file_id: str, _file: UploadedFile) -> Model | VitrineError:
    # What was refused is kept too: trying it again takes as long.
    try:
        return onnx_detector.examine(_file.getvalue(), _file.name)
    except VitrineError as error:
        return error
