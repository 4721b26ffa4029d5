"""Photographs: one or many, two detectors beside each other, and how right they are."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import Any

import streamlit as st

from core.charts import pictures, timing
from core.detection import draw, export
from core.detection.agree import agreement
from core.detection.boxes import Detection
from core.detection.catalogue import Spec
from core.detection.pipeline import Annotated, Settings
from core.errors import VitrineError
from pages._kit import detectors, frame, sources, take
from pages._kit import show as shown_once
from pages._kit.detection import photos, stills_truth
from pages._kit.detection.photos import Photo
from pages._kit.stage.boxes import boxes

SHOWN = 12  # pictures at once on the screen
TAKE = {"png": "Picture, PNG", "csv": "Boxes, CSV", "json": "Boxes, COCO json", "zip": "All, ZIP"}


def show(spec: Spec, wanted: Settings) -> None:
    """The photographs with what is found in them."""
    given = photos.chosen(default="astronaut")
    if not detectors.ready(spec):
        first = given[0]
        st.image(sources.pixels(first.name, first.data), width="stretch", alt=first.name)
        return
    left, right = st.columns(2)
    compare = left.toggle(
        "Compare with another detector",
        key="stills_compare",
        bind="query-params",
        disabled=bool(st.session_state.get("stills_check")),
    )
    check = right.toggle(
        "Check against the truth", key="stills_check", bind="query-params", help=stills_truth.ABOUT
    )
    if check:
        stills_truth.check(spec, wanted, given)
    elif compare:
        _compare(spec, wanted, given[0])
    elif len(given) == 1:
        _single(spec, wanted, given[0])
    else:
        _several(spec, wanted, given)


def picture(
    looked: detectors.Looked, found: list[dict[str, Any]], wanted: Settings, *, key: str, name: str
) -> None:
    """A photograph with boxes and their table."""
    height, width = looked.result.image.shape[:2]
    empty = (
        f"Nothing with a score of at least {wanted.threshold:.2f}. Lower the threshold, or try "
        "another detector."
    )
    boxes(looked.screen, (width, height), found, key=key, name=name, empty=empty)


def _single(spec: Spec, wanted: Settings, photo: Photo) -> None:
    looked = detectors.look(spec, photo.data, photo.name, wanted)
    shown = detectors.annotate(spec, looked, wanted)
    picture(looked, _coloured(spec, shown), wanted, key="boxes", name=photo.name)
    times, files = st.columns([3, 2], gap="large")
    with times:
        st.markdown(f"**{1000 * sum(shown.seconds.values()):.0f} ms** from file to boxes")
        shown_once.chart(timing.stages, shown.seconds)
    with files:
        st.markdown(f"**{len(shown.detections)}** of {len(looked.result.detections)} boxes shown")
        take.home(_files(spec, photo, shown), labels=TAKE)


def _several(spec: Spec, wanted: Settings, given: list[Photo]) -> None:
    done: list[tuple[Photo, Annotated]] = []
    for i, photo in enumerate(given[:SHOWN]):
        try:
            looked = detectors.look(spec, photo.data, photo.name, wanted)
        except VitrineError as error:
            frame.report(error)
            continue
        shown = detectors.annotate(spec, looked, wanted)
        count = _counted(len(shown.detections), "thing", "things")
        ms = 1000 * sum(shown.seconds.values())
        st.markdown(f"**{frame.plain(photo.name)}**: {count}, {ms:.0f} ms")
        picture(looked, _coloured(spec, shown), wanted, key=f"boxes-{i}", name=photo.name)
        done.append((photo, shown))
    if len(given) > SHOWN:
        st.info(f"The first {SHOWN} of {len(given)} photographs are shown.")
    take.home({"boxes.zip": partial(_zipped, spec, done)}, labels=TAKE)


def _compare(spec: Spec, wanted: Settings, photo: Photo) -> None:
    other = detectors.chosen(default="profile", key="against", label="Against")
    if other is None or not detectors.ready(other):
        return
    # Labels are the first detector's: the second shows all it knows.
    also = Settings(threshold=wanted.threshold, overlap=wanted.overlap, longest=wanted.longest)
    answers: list[Annotated] = []
    for one, asked, side, column in zip(
        (spec, other), (wanted, also), ("left", "right"), st.columns(2, gap="large"), strict=True
    ):
        looked = detectors.look(one, photo.data, photo.name, asked)
        shown = detectors.annotate(one, looked, asked)
        with column:
            ms = 1000 * shown.seconds["model"]
            count = _counted(len(shown.detections), "box", "boxes")
            st.markdown(f"**{frame.plain(one.title)}**: {count}, {ms:.0f} ms")
            picture(looked, _coloured(one, shown), asked, key=f"boxes-{side}", name=photo.name)
        answers.append(shown)
    _agreement(spec, other, *answers)


def _agreement(spec: Spec, other: Spec, left: Annotated, right: Annotated) -> None:
    a, b = left.detections, right.detections
    both = agreement(a, b)
    left_title, right_title = spec.title, other.title
    if left_title == right_title:  # two columns of one name would be one
        right_title += "\u00a0"
    on_left, on_right = [_named(one) for one in a], [_named(one) for one in b]
    rows = [
        {left_title: on_left[i], right_title: on_right[j], "IoU": common}
        for i, j, common in both.pairs
    ]
    rows += [{left_title: on_left[i], right_title: "", "IoU": None} for i in both.left]
    rows += [{left_title: "", right_title: on_right[j], "IoU": None} for j in both.right]
    st.markdown(
        f"**{len(both.pairs)}** found by both (IoU of at least .5), **{len(both.left)}** only on the "
        f"left, **{len(both.right)}** only on the right"
    )
    if rows:
        columns = {"IoU": st.column_config.NumberColumn(format="%.2f")}
        st.dataframe(rows, hide_index=True, column_config=columns, key="stills_agreement")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _named(found: Detection) -> str:
    return f"{found.label} {found.score:.2f}"


def _coloured(spec: Spec, shown: Annotated) -> list[dict[str, Any]]:
    return draw.described(shown.detections, draw.colours(spec.labels))


def _files(spec: Spec, photo: Photo, shown: Annotated) -> dict[str, Any]:
    height, width = shown.image.shape[:2]
    stem = photo.name.rpartition(".")[0] or photo.name
    json = partial(export.coco_json, photo.name, (width, height), shown.detections, ids=spec.ids)
    return {
        f"{stem}-boxes.png": partial(pictures.png, shown.image),
        f"{stem}.csv": partial(export.to_csv, shown.detections),
        f"{stem}.json": json,
    }


def _zipped(spec: Spec, done: list[tuple[Photo, Annotated]]) -> bytes:
    """All files of all pictures; of pictures with one name the later are numbered."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, (photo, shown) in enumerate(done, start=1):
            for name, make in _files(spec, photo, shown).items():
                # A name of the visitor's must not lead out of the folder it is unpacked into.
                safe = name.replace("\\", "/").rpartition("/")[2]
                archive.writestr(f"{i:02d}-{safe}", make())
    return file.getvalue()
