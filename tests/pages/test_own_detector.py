"""Bring your own detector: what a visitor sees of a model that is recognised, odd, or hostile."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.detection import onnx_detector, onnx_session
from core.detection.onnx_grid import total
from tests.core import onnx_graphs as graphs

W, H = 96, 64
N = total((W, H), (8, 16, 32))
NAMES = b"cat\ndog\ncow\n"


def script() -> None:
    import numpy as np
    import streamlit as st

    from pages._kit import frame
    from pages._kit.detection import own

    with frame.guard():
        spec = own.chosen()
        if spec is not None:
            found = spec.load().detect([np.full((64, 96, 3), 90, np.uint8)])[0]
            st.write(f"found {found.names} {spec.slug}")
            st.write(f"boxes {np.round(found.boxes).tolist()}")


@pytest.fixture
def at() -> AppTest:
    return AppTest.from_function(script, default_timeout=60).run()


def yolov8(classes: int = 3, rows: int = N) -> np.ndarray:
    t = np.zeros((1, 4 + classes, rows), np.float32)
    t[0, :5, 0] = 40, 30, 20, 10, 0.9
    t[0, 5, 1:3] = 0.8
    t[0, :4, 1:3] = [[50, 70], [30, 30], [10, 10], [10, 10]]
    return t


def give(at: AppTest, data: bytes, key: str = "own_file", name: str = "my_model.onnx") -> AppTest:
    at.file_uploader(key=key).set_value((name, data, "application/octet-stream"))
    return at.run()


def texts(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.markdown, *at.caption])


def control(at: AppTest, kind: str, ending: str):
    """The control by hand whose key ends so."""
    (found,) = (e for e in getattr(at, kind) if e.key.endswith(ending))
    return found


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def test_before_anything_is_given(at: AppTest) -> None:
    assert good(at) and "Exports of YOLOX" in texts(at) and "found" not in texts(at)
    assert not at.expander


def test_a_model_that_is_recognised_works_at_once(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    assert good(at) and not at.warning
    assert "Looks like **YOLOv8 / YOLO11**: boxes in pixels" in texts(at)
    assert rf"{N} columns, one for each cell, of 4 \+ 3 numbers" in texts(at)
    assert r"output0: 1 x 7 x 126" in texts(at)
    assert "YOLOv8 / YOLO11, 96 x 64, 3 classes" in texts(at)
    assert "found ['class 0', 'class 1', 'class 1']" in texts(at)


def test_names_of_the_classes(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    give(at, NAMES, "own_names", "names.txt")
    assert good(at) and "found ['cat', 'dog', 'dog']" in texts(at)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"cat\ndog\n", "class names: wanted 3, as many as the model has classes, got 2"),
        (b"\xff\xfe\x00", "wanted a text file with one class name a line"),
        (b"", "wanted a text file with one class name a line"),
    ],
    ids=["count", "bytes", "empty"],
)
def test_bad_names_are_one_message_and_the_model_stays(at: AppTest, data: bytes, why: str) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    give(at, data, "own_names", "n_n.txt")
    assert len(at.error) == 1 and not at.exception and why in at.error[0].value
    assert "found ['class 0', 'class 1', 'class 1']" in texts(at)


def test_names_may_hold_anything(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}), name="<b>x</b>_*.onnx")
    give(at, b"<script>alert(1)</script>\n**b**\n$c$\n", "own_names", "names.txt")
    assert good(at) and "<script>" in texts(at)  # as this script writes it; the page draws it


def test_everything_can_be_set_by_hand(at: AppTest) -> None:
    rows = np.zeros((1, N, 8), np.float32)
    rows[0, 0] = 0.5, 0.5, 0, 0, 0.9, 0.9, 0, 0
    rows[0, 1, 5:] = 0.5
    give(at, graphs.answering({"output": rows}))
    assert "**YOLOX**" in texts(at) and "boxes [[0.0, 0.0, 8.0, 8.0]]" in texts(at)
    before = texts(at).split("found ")[1]
    control(at, "selectbox", "_family").set_value("yolox-decoded").run()
    assert good(at) and "YOLOX, decoded, 96 x 64" in texts(at)
    control(at, "selectbox", "_family").set_value("yolox").run()
    for ending, value in {
        "_colour": "RGB",
        "_scaling": "0 to 1",
        "_resize": "stretch",
        "_units": "shares",
    }.items():
        control(at, "selectbox", ending).set_value(value).run()
        assert good(at) and texts(at).split("found ")[1] != before
        before = texts(at).split("found ")[1]
    control(at, "number_input", "_classes").set_value(2).run()
    assert good(at) and "2 classes" in texts(at)


def test_how_classes_and_scores_count_is_asked_where_it_matters(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    keys = [e.key for e in at.selectbox]
    assert not [key for key in keys if key.endswith(("_numbers", "_scores"))]
    rows = np.zeros((1, 5, 6), np.float32)
    rows[0, 0] = 8, 8, 48, 48, 0.9, 1
    give(at, graphs.answering({"output0": rows}))
    assert "found ['person']" not in texts(at) and "found ['bicycle']" in texts(at)
    control(at, "selectbox", "_numbers").set_value("from 1").run()
    assert good(at) and "found ['person']" in texts(at)
    logits, boxes = np.zeros((1, 9, 4), np.float32), np.full((1, 9, 4), 0.5, np.float32)
    logits[0, 0, 0] = 3
    give(at, graphs.answering({"logits": logits - 2, "pred_boxes": boxes}))
    before = texts(at).split("found ")[1]
    control(at, "selectbox", "_scores").set_value("softmax").run()
    assert good(at) and texts(at).split("found ")[1] != before


def test_what_cannot_be_is_one_message(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    control(at, "number_input", "_classes").set_value(50).run()
    assert len(at.error) == 1 and not at.exception
    assert "classes: wanted at most 3" in at.error[0].value
    control(at, "number_input", "_classes").set_value(3).run()
    assert good(at)
    strides = control(at, "multiselect", "_strides")
    strides.set_value([8, 16, 32, 64]).run()
    assert good(at)  # YOLOv8's boxes need no grid


def test_the_size_is_free_where_the_model_takes_any(at: AppTest) -> None:
    give(at, graphs.answering({"output0": yolov8()}))
    assert control(at, "number_input", "_width").disabled
    give(at, graphs.answering({"output0": yolov8()}, size=(None, None)))
    width = control(at, "number_input", "_width")
    assert not width.disabled and width.value == 640
    width.set_value(96).run()
    control(at, "number_input", "_height").set_value(64).run()
    assert good(at) and "96 x 64" in texts(at)


def test_what_fits_two_layouts_is_said_to(at: AppTest) -> None:
    half = np.random.default_rng(0).uniform(0.1, 0.9, (1, N, 40)).astype(np.float32)
    give(at, graphs.answering({"o": half}))
    assert not at.exception and len(at.warning) == 1
    assert "fits as well" in at.warning[0].value


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "wanted an ONNX model"),
        (b"<script>", "wanted an ONNX model"),
        (graphs.answering({"p": np.zeros((1, 10), np.float32)}), "what a classifier gives"),
    ],
    ids=["empty", "text", "classifier"],
)
def test_a_bad_file_is_one_message_and_tried_once(
    at: AppTest, monkeypatch: pytest.MonkeyPatch, data: bytes, why: str
) -> None:
    tried = []
    real = onnx_detector.examine
    monkeypatch.setattr(
        onnx_detector, "examine", lambda *a, **k: (tried.append(1), real(*a, **k))[1]
    )
    give(at, data, name="_odd_.onnx")
    at.run()
    assert len(at.error) == 1 and not at.exception and len(tried) == 1
    assert r"\_odd\_.onnx: wanted" in at.error[0].value and why in at.error[0].value
    give(at, graphs.answering({"output0": yolov8()}))
    assert good(at) and "found" in texts(at)


def test_a_model_is_started_once_a_visit(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = onnx_session.start
    monkeypatch.setattr(onnx_session, "start", lambda f: (started.append(1), real(f))[1])
    give(at, graphs.answering({"output0": yolov8()}))
    at.run()
    control(at, "selectbox", "_colour").set_value("BGR").run()
    assert good(at) and len(started) == 1
