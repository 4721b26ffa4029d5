"""How right a detector is: its boxes against those that somebody drew, as AP, curve and colours."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import streamlit as st

from core.charts import precision
from core.detection import evaluate, truth_coco, truth_files, voc
from core.detection.boxes import Detections
from core.detection.catalogue import Spec
from core.detection.evaluate import Evaluation
from core.detection.pipeline import Settings
from core.detection.truth import Truth, agreed, merged, paired
from core.errors import VitrineError
from pages._kit import detectors, frame, show
from pages._kit.detection.photos import Photo
from pages._kit.stage.boxes import boxes

SHOWN = 12  # pictures at once on the screen
RIGHT, FALSE, MISSED, IDLE = "#009E73", "#D55E00", "#0072B2", "#6B6B6B"
INK = "#ffffff"
ABOUT = """Upload the true boxes of your photographs, as COCO json or VOC xml. They belong to the
photograph whose file has the same name."""
NO_TRUTH = """Nothing to check against yet. Upload true boxes as one COCO json or as VOC xml files, one
a photograph, named like the photographs above. Without any at hand: take the *Boxes, COCO json* of a
picture home, correct it in a text editor, and bring it back here."""


def check(spec: Spec, wanted: Settings, photos: list[Photo]) -> None:
    """Ask for the truth, then show AP, the curve of a class, and every box as right or false."""
    files = st.file_uploader(
        "True boxes, COCO json or VOC xml",
        ["json", "xml"],
        accept_multiple_files=True,
        key="truth",
        max_upload_size=truth_coco.MAX_BYTES >> 20,
    )
    if not files:
        st.info(NO_TRUTH, icon=":material/fact_check:")
        return
    contents = [(file.name, file.getvalue()) for file in files]
    digests = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in contents)
    truths = _read(digests, contents)
    matched = paired([photo.name for photo in photos], truths)
    if not matched:
        st.warning(
            f"None of the {len(truths)} pictures described has the name of a photograph above: "
            f"{frame.plain(', '.join(one.name for one in truths[:3]))} … and "
            f"{frame.plain(', '.join(photo.name for photo in photos[:3]))} …"
        )
        return
    named = {photo.name: photo for photo in photos if photo.name in matched}
    pairs = _pairs(spec, wanted, named, matched)
    if not pairs:
        return
    result = evaluate.evaluate([one for _, one, _ in pairs], [found for *_, found in pairs])
    st.markdown(
        f"**{len(pairs)}** of {len(photos)} photographs have a truth, with "
        f"**{sum(int(one.counts.sum()) for _, one, _ in pairs)}** boxes to be found"
    )
    _figures(result)
    _classes(result, wanted, pairs)
    _judged(spec, wanted, named, pairs)


Pair = tuple[str, Truth, Detections]


def _pairs(
    spec: Spec, wanted: Settings, photos: dict[str, Photo], truths: dict[str, Truth]
) -> list[Pair]:
    """Name, truth and finds of each picture, all with the same labels."""
    labels = merged(spec.labels, *(one.labels for one in truths.values()))
    found = []
    for name, photo in photos.items():
        try:
            seen = _seen(spec, wanted, photo)
        except VitrineError as error:
            frame.report(error)
            continue
        found.append((name, *agreed(truths[name], seen, labels)))
    return found


def _figures(result: Evaluation) -> None:
    values = {
        "AP": (result.ap(), "Mean over IoU .50, .55, … .95 and over the classes, as COCO has it"),
        "AP50": (result.ap(iou=0.5), "At an IoU of .50"),
        "AP75": (result.ap(iou=0.75), "At an IoU of .75"),
        "small": (result.ap(size="small"), "AP of true boxes below 32² square pixels"),
        "medium": (result.ap(size="medium"), "AP from 32² to 96² square pixels"),
        "large": (result.ap(size="large"), "AP above 96² square pixels"),
    }
    with st.container(horizontal=True):
        for name, (value, about) in values.items():
            st.metric(name, _figure(value), help=about, width=120)


def _classes(result: Evaluation, wanted: Settings, pairs: list[Pair]) -> None:
    """A row a class, and the curve of one."""
    there = [label for label in result.labels if result.true(label)]
    if not there:
        st.info("The truth of these photographs is that there is nothing to be found.")
        return
    table, curve = st.columns([2, 3], gap="large")
    rows = [
        {
            "class": label,
            "true boxes": result.true(label),
            "AP": result.ap(label=label),
            "AP50": result.ap(label=label, iou=0.5),
            "AP75": result.ap(label=label, iou=0.75),
        }
        for label in there
    ]
    two = st.column_config.NumberColumn(format="%.3f")
    with table:
        st.dataframe(
            rows,
            hide_index=True,
            column_config={"AP": two, "AP50": two, "AP75": two},
            key="stills_classes",
        )
    with curve:
        label = st.selectbox("Class", there, key="stills_class")
        iou = st.select_slider(
            "Right from an IoU of",
            [round(float(t), 2) for t in evaluate.IOUS],
            0.5,
            key="stills_iou",
            bind="query-params",
        )
        drawn = result.curve(label, iou)
        show.chart(
            precision.curve,
            drawn.recall,
            drawn.precision,
            drawn.scores,
            drawn.interpolated,
            threshold=wanted.threshold,
            now=drawn.at(wanted.threshold),
        )
        r, p = voc.curve(
            [one for _, one, _ in pairs],
            [found for *_, found in pairs],
            result.labels.index(label),
            least=iou,
        )
        st.caption(
            f"AP of {frame.plain(label)} at an IoU of {iou:.2f}: COCO, 101 points, "
            f"{_figure(drawn.ap)}; VOC 2007, 11 points, {_figure(voc.eleven_points(r, p))}; VOC "
            f"since 2010, area, {_figure(voc.area_under(r, p))}."
        )


def _judged(spec: Spec, wanted: Settings, photos: dict[str, Photo], pairs: list[Pair]) -> None:
    """The pictures, every box coloured by what it is."""
    st.markdown(
        ":green[**Right**], :orange[**false**], :blue[**missed**, dashed] and grey, what does not "
        "count, at an IoU of .5 and the threshold of the sidebar"
    )
    for i, (name, truth, found) in enumerate(pairs[:SHOWN]):
        looked = detectors.look(spec, photos[name].data, name, wanted)
        height, width = looked.result.image.shape[:2]
        boxes(
            looked.screen,
            (width, height),
            coloured(truth, wanted.shown(found)),
            key=f"boxes-{i}",
            name=name,
            empty="Nothing found, and nothing to be found.",
        )


def coloured(truth: Truth, found: Detections) -> list[dict[str, Any]]:
    """Finds and missed true boxes as the stage of boxes wants them."""
    match = evaluate.judge(truth, found)
    rows = []
    for one, m in zip(found, match.tolist(), strict=True):
        kind, colour = ("right", RIGHT) if m >= 0 else ("false", FALSE)
        if m >= 0 and not truth.counts[m]:
            kind, colour = "does not count", IDLE
        label = f"{one.label}, {kind}"
        rows.append(_row(label, one.score, list(one.box), colour))
    missed = [i for i in range(len(truth)) if truth.counts[i] and i not in set(match.tolist())]
    for i in missed:
        label = f"{truth.labels[truth.classes[i]]}, missed"
        rows.append(_row(label, None, truth.boxes[i].tolist(), MISSED))
    return rows


def _row(label: str, score: float | None, box: list[float], colour: str) -> dict[str, Any]:
    return {"label": label, "score": score, "box": box, "colour": colour, "ink": INK}


def _figure(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3f}"


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def _read(digests: tuple[tuple[str, str], ...], _files: list[tuple[str, bytes]]) -> list[Truth]:
    return truth_files.read(_files)


def _seen(spec: Spec, wanted: Settings, photo: Photo) -> Detections:
    """What is found, without the picture: many fit into memory."""
    digest = hashlib.sha256(photo.data).hexdigest()
    return _remembered((spec.slug, wanted.longest, wanted.overlap, digest), spec, wanted, photo)


@st.cache_resource(max_entries=512, scope="session", show_spinner="Looking …")
def _remembered(
    question: tuple[object, ...], _spec: Spec, _wanted: Settings, _photo: Photo
) -> Detections:
    return detectors.look(_spec, _photo.data, _photo.name, _wanted).result.detections
