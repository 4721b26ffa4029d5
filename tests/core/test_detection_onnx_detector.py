"""Own detectors from file to boxes: planted boxes come back, real models find what is there."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.images import decode, sample
from core.detection import onnx_detector, onnx_labels, onnx_layouts, onnx_network, onnx_picture
from core.detection.boxes import iou, nms
from core.detection.onnx_grid import total
from core.detection.onnx_network import Onnx
from core.errors import SettingError, UnavailableError, UploadError
from core.jobs import messages
from tests.bench import bench_onnx
from tests.core import onnx_graphs as graphs

DATA = Path(__file__).parents[2] / "../shared/data"
RESIZES = list(onnx_layouts.RESIZES)
SCALINGS = list(onnx_layouts.SCALINGS)


def grey(width: int, height: int) -> np.ndarray:
    return np.full((height, width, 3), 90, np.uint8)


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def opened(data: bytes, names: list[str] | None = None, **changes: Any) -> Onnx:
    model = onnx_detector.examine(data, "my.onnx")
    layout = replace(model.guesses[0].layout, **changes)
    found = onnx_detector.spec(model, layout, names).load()
    assert isinstance(found, Onnx)
    return found


def yolov8(boxes: np.ndarray, p: list[float], c: list[int], size: tuple[int, int]) -> np.ndarray:
    """The output (1, 4 + 3, n) that means `boxes` (k, 4), corners in pixels of the input."""
    t = np.zeros((7, total(size, (8, 16, 32))), np.float32)
    for i, (x0, y0, x1, y1) in enumerate(np.asarray(boxes, float)):
        t[:4, i] = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
        t[4 + c[i], i] = p[i]
    return t[None]


@given(st.integers(2, 400), st.integers(2, 400), st.sampled_from(RESIZES))
@settings(max_examples=60, deadline=None)
def test_boxes_find_back_into_the_picture(width: int, height: int, resize: str) -> None:
    layout = onnx_layouts.of("yolov8", size=(96, 64), classes=3, parts=("o",), resize=resize)
    image = np.zeros((height, width, 3), np.uint8)
    fitted = onnx_picture.fit(image, layout)
    assert fitted.pixels.shape == (64, 96, 3)
    # Where the picture lies in the input there is black, around it the filling.
    filling = onnx_layouts.RESIZES[resize]
    whole = fitted.back(np.array([[0.0, 0, 96, 64]]))[0]
    if filling is None:
        np.testing.assert_allclose(whole, [0, 0, width, height], atol=1e-9)
    elif filling:
        rows, columns = np.nonzero((fitted.pixels == 0).all(axis=2))
        inner = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], float)
        per_pixel = 1 / fitted.scale.repeat(2).reshape(2, 2).T.ravel()
        off = np.abs(fitted.back(inner)[0] - [0, 0, width, height])
        assert (off <= per_pixel + 1e-6).all()
    if resize.startswith("corner"):
        assert (fitted.shift == 0).all()
    elif resize.startswith("centre"):
        assert np.abs(whole[:2] + whole[2:] - [width, height]).max() <= 2 / fitted.scale.min()


@pytest.mark.parametrize("resize", RESIZES)
def test_planted_boxes_come_back(resize: str) -> None:
    image = grey(192, 64)  # twice as wide as the input, and as high
    truth = np.array([[10.0, 4, 60, 40], [100, 20, 190, 60]])
    layout = onnx_layouts.of("yolov8", size=(96, 64), classes=3, parts=("output",), resize=resize)
    fitted = onnx_picture.fit(image, layout)
    scale = [0.5, 1, 0.5, 1] if resize == "stretch" else [0.5] * 4
    down = 16 if resize.startswith("centre") else 0
    planted = truth * scale + [0, down, 0, down]
    np.testing.assert_allclose(fitted.back(planted), truth, atol=1e-9)
    data = graphs.answering({"output": yolov8(planted, [0.9, 0.6], [2, 0], (96, 64))})
    [found] = opened(data, ["a", "b", "c"], resize=resize).detect([image])
    np.testing.assert_allclose(found.boxes, truth, atol=1e-4)
    assert found.names == ["c", "a"] and found.scores.tolist() == pytest.approx([0.9, 0.6])


def test_suppression_and_floor() -> None:
    boxes = np.array([[8.0, 8, 48, 48], [8, 8, 48, 40], [8, 8, 48, 48], [60, 8, 90, 40]])
    t = yolov8(boxes, [0.9, 0.8, 0.7, 0.0099], [0, 0, 1, 0], (96, 64))
    detector = opened(graphs.answering({"output": t}), ["a", "b", "c"])
    assert detector.limit == 0.45
    assert detector.detect([grey(96, 64)])[0].names == ["a", "b"]
    loose = detector.suppressing(0.85)
    assert loose.detect([grey(96, 64)])[0].names == ["a", "a", "b"]
    assert loose.session is detector.session and detector.limit == 0.45
    with pytest.raises(SettingError, match="limit"):
        detector.suppressing(1.5)
    rows = np.array([[8, 8, 48, 48, 0.9, 0], [8, 8, 48, 48, 0.8, 0]], np.float32)
    ready = opened(graphs.answering({"output": rows[None]}))
    assert ready.limit == 1.0 and len(ready.detect([grey(96, 64)])[0]) == 2
    assert len(ready.suppressing(0.5).detect([grey(96, 64)])[0]) == 1


def test_the_inside_holds_every_candidate_and_cell() -> None:
    boxes = np.array([[8.0, 8, 48, 48], [8, 8, 48, 40], [60, 8, 90, 40]])
    t = yolov8(boxes, [0.9, 0.8, 0.002], [0, 0, 1], (96, 64))
    detector = opened(graphs.answering({"output": t}), resize="stretch")
    image = grey(192, 128)
    inside = detector.inside(image)
    assert inside.limit == 0.45 and inside.total == 3
    np.testing.assert_allclose(inside.found.boxes, boxes * 2, atol=1e-4)
    assert [(one.grid, one.per) for one in inside.layers] == [
        ((8, 12), 1),
        ((4, 6), 1),
        ((2, 3), 1),
    ]
    np.testing.assert_allclose(inside.layers[0].boxes[13], [16, 16, 32, 32])
    np.testing.assert_allclose(inside.layers[2].boxes[-1], [128, 64, 192, 128])
    [answer] = detector.detect([image])
    assert inside.answer == answer == inside.left(onnx_network.FLOOR)


@pytest.mark.parametrize("last", [False, True], ids=["colours first", "colours last"])
@pytest.mark.parametrize("kind", ["float32", "float16", "uint8"])
@pytest.mark.parametrize("colour", onnx_layouts.COLOURS)
@pytest.mark.parametrize("scaling", SCALINGS)
def test_what_goes_in(last: bool, kind: str, colour: str, scaling: str) -> None:
    t = yolov8(np.empty((0, 4)), [], [], (96, 64))
    detector = opened(graphs.answering({"output": t}, kind=kind, last=last))
    layout = replace(detector.layout, colour=colour, scaling=scaling, resize="stretch")
    images = [noise(96, 64), noise(96, 64, 1)]
    fitted = [onnx_picture.fit(image, layout) for image in images]
    x = onnx_picture.batch(fitted, layout, detector.session.file)
    assert x.dtype == kind and x.flags.c_contiguous
    assert x.shape == ((2, 64, 96, 3) if last else (2, 3, 64, 96))
    mean, deviation = onnx_layouts.SCALINGS[scaling]
    order = (0, 1, 2) if colour == "RGB" else (2, 1, 0)
    for i, y, column, c in [(0, 0, 0, 0), (1, 63, 95, 2), (0, 30, 7, 1), (1, 5, 90, 0)]:
        pixel = float(images[i][y, column, order[c]])
        if kind != "uint8":
            pixel = (pixel - mean[order[c]]) / deviation[order[c]]
        given = x[i, y, column, c] if last else x[i, c, y, column]
        assert float(given) == pytest.approx(
            pixel, rel=2e-3 if kind == "float16" else 1e-5, abs=1e-3
        )


@pytest.mark.parametrize("batch", ["b", 1, 4], ids=["any batch", "one", "four"])
def test_many_pictures(batch: Any) -> None:
    """The score tells which picture each answer belongs to."""
    data = graphs.echo((96, 64), batch=batch)
    if batch == 4:  # the model's own rows are for one picture and are spread over the batch
        assert opened(data).session.file.batch == 4
    detector = opened(data, ["a", "b"], scaling="0 to 1", resize="stretch")
    images = [np.full((64, 96, 3), 10 * i + 5, np.uint8) for i in range(19)]
    found = detector.detect(images)
    assert [round(f.scores[0] * 255) for f in found] == [10 * i + 5 for i in range(19)]
    assert all(f.names == ["b"] for f in found)
    np.testing.assert_allclose(found[7].boxes, [[24, 16, 48, 32]])
    assert detector.detect([]) == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 900), (2000, 2), (96, 64)])
def test_pictures_of_any_shape(width: int, height: int) -> None:
    boxes = np.array([[0.0, 0, 96, 64], [-50, -50, 400, 300]])
    for resize in RESIZES:
        t = yolov8(boxes, [0.9, 0.8], [0, 1], (96, 64))
        detector = opened(graphs.answering({"output": t}), resize=resize)
        [found] = detector.detect([noise(width, height)])
        assert (found.boxes >= 0).all() and (found.boxes[:, 2:] <= [width, height]).all()
        assert len(found) == 2


def test_several_threads_at_once() -> None:
    detector = opened(graphs.echo((96, 64)), ["a", "b"], scaling="0 to 1", resize="stretch")
    wrong: list[int] = []

    def look(level: int) -> None:
        for _ in range(20):
            [found] = detector.detect([np.full((64, 96, 3), level, np.uint8)])
            if round(found.scores[0] * 255) != level:
                wrong.append(level)

    threads = [threading.Thread(target=look, args=(50 * i + 20,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_size_of_ones_own_choice() -> None:
    t = yolov8(np.array([[8.0, 8, 48, 48]]), [0.9], [0], (96, 64))
    data = graphs.answering({"output": t}, size=(None, None), about={"imgsz": "[64, 96]"})
    detector = opened(data)
    assert detector.layout.size == (96, 64)
    assert len(detector.detect([grey(50, 50)])[0]) == 1
    fixed = opened(graphs.answering({"output": t}), size=(128, 128))
    with pytest.raises(UnavailableError, match="my.onnx fails: "):
        fixed.detect([grey(50, 50)])


def test_half_precision_and_wrong_layouts() -> None:
    t = yolov8(np.array([[8.0, 8, 48, 48]]), [0.9], [0], (96, 64))
    half = yolov8(np.array([[70.3, 8.2, 91.7, 48.9]]), [0.9], [0], (96, 64)).astype(np.float16)
    [found] = opened(graphs.answering({"output": half})).detect([grey(96, 64)])
    x, y, w, h = half[0, :4, 0].astype(float)  # rounded once, by the model, and not again
    box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    np.testing.assert_allclose(found.boxes, [box], atol=1e-4)
    detector = opened(graphs.answering({"output": t}))
    wrong = onnx_layouts.of("yolox", size=(96, 64), classes=80, parts=("output",))
    with pytest.raises(SettingError, match="classes: wanted|layout: wanted"):
        Onnx(detector.session, wrong, ["a"] * 80).detect([grey(9, 9)])
    missing = replace(detector.layout, parts=("nowhere",))
    with pytest.raises(SettingError, match="outputs: wanted"):
        Onnx(detector.session, missing, ["a"] * 3).detect([grey(9, 9)])


# Names


def model(classes: int, **about: str) -> onnx_detector.Model:
    t = np.zeros((1, 4 + classes, 126), np.float32)
    return onnx_detector.examine(graphs.answering({"output": t}, about=about), "my.onnx")


def labels(of: onnx_detector.Model, given: list[str] | None = None) -> tuple[str, ...]:
    return onnx_labels.choose(of.guesses[0].layout, of.file, given)


def test_where_names_come_from() -> None:
    own = "{0: 'a', 1: 'b', 2: 'c'}"
    assert labels(model(3, names=own)) == ("a", "b", "c")
    assert labels(model(3, names=own), ["x", "y", "z"]) == ("x", "y", "z")
    assert labels(model(80))[:2] == ("person", "bicycle") and len(labels(model(80))) == 80
    assert labels(model(20)) == onnx_labels.VOC and len(onnx_labels.VOC) == 20
    assert labels(model(3)) == ("class 0", "class 1", "class 2")


@pytest.mark.parametrize("count", [2, 4, 80])
def test_a_wrong_number_of_names(count: int) -> None:
    with pytest.raises(SettingError, match=f"class names: wanted 3, as many .*, got {count}"):
        onnx_detector.spec(model(3), model(3).guesses[0].layout, ["x"] * count)


def test_a_file_of_names() -> None:
    assert onnx_labels.read("\ufeffKätzchen\r\n dog \n\ncow\n\n".encode(), "n.txt") == (
        "Kätzchen",
        "dog",
        "",
        "cow",
    )
    assert labels(model(3), ["dog", "", "dog"]) == ("dog", "class 1", "dog (2)")
    assert labels(model(3), ["x", "x", "x"]) == ("x", "x (1)", "x (2)")
    assert onnx_labels.unlike(["a\x00\nb" * 50])[0] == ("ab" * 50)[:80]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00a", b"a\x00b", b"x" * (2**20 + 1)])
def test_what_is_no_file_of_names(data: bytes) -> None:
    with pytest.raises(UploadError, match=r"n\.txt: wanted a text file with one class name a line"):
        onnx_labels.read(data, "n.txt")


def test_an_offer_tells_models_apart() -> None:
    one = model(3)
    layout = one.guesses[0].layout
    first = onnx_detector.spec(one, layout)
    assert first.slug == onnx_detector.spec(model(3), layout).slug
    others = [
        onnx_detector.spec(one, replace(layout, colour="BGR")),
        onnx_detector.spec(one, layout, ["x", "y", "z"]),
        onnx_detector.spec(model(3, names="['a', 'b', 'c']"), layout),
    ]
    assert len({first.slug, *(other.slug for other in others)}) == 4
    assert first.title == "my" and first.ids == {"class 0": 1, "class 1": 2, "class 2": 3}
    assert onnx_detector.spec(model(80), replace(layout, classes=80)).ids["toothbrush"] == 90
    assert first.blurb == "YOLOv8 / YOLO11, 96 x 64, 3 classes."


def test_a_detector_travels_to_a_job() -> None:
    boxes = np.array([[8.0, 8, 48, 48]])
    file = graphs.answering({"output": yolov8(boxes, [0.9], [1], (96, 64))})
    offer = onnx_detector.spec(
        model_ := onnx_detector.examine(file, "my.onnx"), model_.guesses[0].layout
    )
    there = messages.unpack(messages.pack(offer.load))()
    assert there.session is not model_.session
    assert there.detect([grey(96, 64)]) == offer.load().detect([grey(96, 64)])
    assert there.detect([grey(96, 64)])[0].names == ["class 1"]


# A folder for a classroom


def test_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(onnx_detector.ENVIRONMENT, raising=False)
    assert onnx_detector.folder() == []
    monkeypatch.setenv(onnx_detector.ENVIRONMENT, str(tmp_path / "nowhere"))
    assert onnx_detector.folder() == []


def test_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(onnx_detector.ENVIRONMENT, str(tmp_path))
    t = yolov8(np.array([[8.0, 8, 48, 48]]), [0.9], [1], (96, 64))
    (tmp_path / "good.onnx").write_bytes(graphs.answering({"output": t}))
    (tmp_path / "good.txt").write_text("cat\ndog\ncow\n", "utf-8")
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    (tmp_path / "misnamed.onnx").write_bytes(graphs.answering({"output": t}))
    (tmp_path / "misnamed.names").write_text("cat\n", "utf-8")
    (tmp_path / "folder.onnx").mkdir()
    (tmp_path / "readme.md").write_text("no model", "utf-8")
    offers = {spec.title: spec for spec in onnx_detector.folder()}
    bad = " (cannot be used)"
    assert list(offers) == ["broken" + bad, "folder" + bad, "good", "misnamed" + bad]
    assert "wanted an ONNX model" in offers["broken" + bad].blurb
    assert "wanted 3" in offers["misnamed" + bad].blurb
    for title in offers:
        if title != "good":
            with pytest.raises(UnavailableError):
                offers[title].load()
    assert offers["good"].labels == ("cat", "dog", "cow")
    assert offers["good"].load().detect([grey(96, 64)])[0].names == ["dog"]
    # Read once, and again only when it changes.
    monkeypatch.setattr(onnx_detector, "examine", lambda *_, **__: pytest.fail("read again"))
    assert [spec.title for spec in onnx_detector.folder()] == list(offers)
    monkeypatch.undo()
    monkeypatch.setenv(onnx_detector.ENVIRONMENT, str(tmp_path))
    (tmp_path / "broken.onnx").write_bytes(graphs.answering({"output": t}))
    assert "broken" in [spec.title for spec in onnx_detector.folder()]


# Real models


@cache
def real(name: str) -> Onnx:
    path = DATA / "detectors" / name
    if not path.exists():
        pytest.skip(f"no {name} in ../shared/data/detectors")
    return opened(path.read_bytes())


def photo(name: str) -> np.ndarray:
    path = DATA / "photos/classic" / name
    if not path.exists():
        pytest.skip(f"no {name} in ../shared/data/photos/classic")
    return decode(path.read_bytes(), name)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("dog.jpg", {"dog": 0.86, "bicycle": 0.80, "car": 0.80}),
        ("person.jpg", {"person": 0.88, "dog": 0.87, "horse": 0.87}),
    ],
)
def test_yolox_nano(name: str, wanted: dict[str, float]) -> None:
    [found] = real("yolox_nano.onnx").detect([photo(name)])
    sure = {one.label: one.score for one in found if one.score > 0.5}
    assert sure == {label: pytest.approx(score, abs=0.0101) for label, score in wanted.items()}


def test_fastestdet() -> None:
    detector = real("fastestdet_coco.onnx")
    assert detector.layout.family == "fastestdet" and detector.layout.strides == (16,)
    [found] = detector.detect([photo("dog.jpg")])
    assert {one.label for one in found if one.score > 0.7} == {"dog", "bicycle", "car"}
    [truth] = real("yolox_nano.onnx").detect([photo("dog.jpg")])
    assert iou(found.boxes[:1], truth.boxes[:1])[0, 0] > 0.8


def test_ultra_light_finds_the_astronauts_face() -> None:
    detector = real("face_RFB-320.onnx")
    assert detector.layout.family == "default-boxes" and detector.labels == ("class 0",)
    [found] = detector.detect([sample("astronaut")])
    sure = [one for one in found if one.score > 0.7]
    assert len(sure) == 1
    assert iou(np.array([sure[0].box]), np.array([[178.0, 62, 272, 172]]))[0, 0] > 0.6


@pytest.mark.parametrize("name", ["yolox_nano.onnx", "fastestdet_coco.onnx", "face_RFB-320.onnx"])
def test_onnxruntime_agrees_with_opencv(name: str) -> None:
    detector = real(name)
    fitted = onnx_picture.fit(photo("dog.jpg"), detector.layout)
    x = onnx_picture.batch([fitted], detector.layout, detector.session.file)
    ours = detector.session.run(x)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(detector.session.file.data, np.uint8))
    net.setInput(x)
    theirs = net.forward(list(ours))
    for mine, other in zip(ours.values(), theirs, strict=True):
        np.testing.assert_allclose(mine, other.reshape(mine.shape), atol=1.5e-4, rtol=0)


def test_yolox_nano_on_60_voc_photographs() -> None:
    """The figures of a plain reference run: AP .537, AP50 .798."""
    if not (DATA / "photos/voc60/instances.json").exists():
        pytest.skip("no photos/voc60 in ../shared/data")
    quality = bench_onnx.quality(real("yolox_nano.onnx"), bench_onnx.photographs())
    assert quality["AP50"] >= 0.79 and quality["AP"] >= 0.53
    assert quality["AP50"] == pytest.approx(0.798, abs=0.002)


def test_what_is_shown_is_what_onnxruntime_says() -> None:
    """To the box: the pictures of the figures above, read with the exporter's own arithmetic."""
    detector = real("yolox_nano.onnx")
    if not (DATA / "photos/voc60/instances.json").exists():
        pytest.skip("no photos/voc60 in ../shared/data")
    entries = json.loads((DATA / "photos/voc60/instances.json").read_text("utf-8"))["images"][:6]
    for one in entries:
        path = next((DATA / "photos/voc60").rglob(one["file_name"]))
        image = decode(path.read_bytes(), path.name)
        ratio = min(416 / image.shape[0], 416 / image.shape[1])
        small = cv2.resize(image, (int(image.shape[1] * ratio), int(image.shape[0] * ratio)))
        canvas = np.full((416, 416, 3), 114, np.uint8)
        canvas[: small.shape[0], : small.shape[1]] = small[..., ::-1]
        x = canvas.transpose(2, 0, 1)[None].astype(np.float32)
        t = detector.session.run(np.ascontiguousarray(x))["output"][0].astype(np.float64)
        steps = [(s, x, y) for s in (8, 16, 32) for y in range(416 // s) for x in range(416 // s)]
        s, gx, gy = np.array(steps, float).T
        middle = np.stack([(t[:, 0] + gx) * s, (t[:, 1] + gy) * s], axis=1)
        half = np.exp(t[:, 2:4]) * s[:, None] / 2
        boxes = np.hstack([middle - half, middle + half]) / ratio
        p = t[:, 4] * t[:, 5:].max(axis=1)
        good = p >= 0.01
        wanted = onnx_network.Detections.within(
            boxes[good],
            p[good],
            t[good, 5:].argmax(axis=1),
            detector.labels,
            (image.shape[1], image.shape[0]),
        )
        wanted = nms(wanted, 0.45)
        [found] = detector.detect([image])
        assert found.names == wanted.names
        np.testing.assert_allclose(found.boxes, wanted.boxes, atol=1e-2)
        np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-5)
