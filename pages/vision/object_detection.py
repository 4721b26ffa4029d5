"""Object detection on a photograph."""

from functools import partial

import streamlit as st

from core.charts import pictures, timing
from core.detection import draw, export
from pages._kit import detectors, frame, prose, show, sources, take
from pages._kit.stage.boxes import boxes

SLUG = "object_detection"
SIZES = {"320": 320, "480": 480, "640": 640, "960": 960, "1280": 1280, "as it is": None}

TAKE = {"png": "Picture, PNG", "csv": "Boxes, CSV", "json": "Boxes, COCO json"}


def results(spec: detectors.catalogue.Spec, looked: detectors.Looked, name: str) -> None:
    """The picture with its boxes, the times, and everything to take home."""
    result, shown = looked.result, detectors.annotate(looked, threshold, only)
    height, width = result.image.shape[:2]
    boxes(
        looked.screen,
        (width, height),
        draw.described(shown.detections, draw.colours(spec.labels)),
        key="boxes",
        name=name,
        empty=f"Nothing with a score of at least {threshold:.2f}. Lower the threshold, or try "
        "another detector.",
    )
    times, files = st.columns([3, 2], gap="large")
    with times:
        st.markdown(f"**{1000 * sum(shown.seconds.values()):.0f} ms** from file to boxes")
        show.chart(timing.stages, shown.seconds)
    stem = name.rpartition(".")[0] or name
    with files:
        st.markdown(f"**{len(shown.detections)}** of {len(result.detections)} boxes shown")
        take.home(
            {
                f"{stem}-boxes.png": partial(pictures.png, shown.image),
                f"{stem}.csv": partial(export.to_csv, shown.detections),
                f"{stem}.json": partial(
                    export.coco_json, name, (width, height), shown.detections, ids=spec.ids
                ),
            },
            labels=TAKE,
        )


with frame.exhibit(SLUG):
    with st.sidebar:
        name, data = sources.photograph(default="astronaut")
        spec = detectors.chosen(default="face")
        st.caption(spec.blurb)
        threshold = st.slider("Least score", 0.0, 1.0, 0.5, 0.01, key="score", bind="query-params")
        only = st.multiselect(
            "Only these things", spec.labels, key="only", bind="query-params", placeholder="all"
        )
        size = st.select_slider(
            "Longer side, pixels",
            list(SIZES),
            "960",
            key="side",
            bind="query-params",
            help="Larger pictures are shrunk to this before the detector looks. Small things need "
            "more pixels, and more pixels need more time.",
        )
        frame.device_readout()
    if detectors.ready(spec):
        results(spec, detectors.look(spec, data, name, SIZES[size]), name)
    else:
        st.image(sources.pixels(name, data), width="stretch", alt=name)
prose.show(SLUG)
