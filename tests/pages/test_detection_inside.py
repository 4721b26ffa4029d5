"""A detector from the inside: what the page bundles for the browser."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.datasets import images
from core.detection import coco
from core.detection.boxes import Detections, nms
from pages._kit import detectors
from tests.bench.bench_detection import confident

SLUG = "object_detection"
MODE = {"mode": "From the inside"}
KINDS = {"u1": np.uint8, "f4": np.float32}


def bundle(at: AppTest) -> tuple[dict, dict[str, np.ndarray]]:
    """Header and arrays, as the browser gets them."""
    data = next(
        e.proto.bytes
        for e in at.get("bidi_component")
        if e.proto.component_name == "vitrine_inside"
    )
    length = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:length])
    arrays = {
        name: np.frombuffer(data, KINDS[kind], int(np.prod(shape)), length + offset).reshape(shape)
        for name, (kind, shape, offset) in header["arrays"].items()
    }
    return header, arrays


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def test_windows_of_the_default(visit) -> None:
    at = visit(SLUG, **MODE)
    assert good(at)
    header, arrays = bundle(at)
    assert header["size"] == [512, 512] and header["places"] > 100_000
    assert Image.open(io.BytesIO(arrays["photo"].tobytes())).size == (512, 512)
    assert header["found"] == len(arrays["found"]) == len(arrays["scores"]) > 20
    assert header["total"] == header["found"] + header["alone"] and header["voted"]
    [step] = header["steps"]
    assert step["label"] == "face" and step["taken"] == 0
    assert sorted([0, *step["falls"]]) == header["kept"]
    assert header["answers"] == 1 and len(arrays["answers"]) == 1
    assert sum(len(arrays[f"layer{i}"]) for i in range(len(header["layers"]))) <= 16_000
    for i, layer in enumerate(header["layers"]):
        assert len(arrays[f"layer{i}"]) == np.prod(layer["grid"]) * layer["per"]
    assert 500 < len(arrays["places"]) <= 2500


def test_steps_go_with_the_controls(visit) -> None:
    at = visit(SLUG, **MODE, detector="People (HOG)", score="0.2")
    many, _ = bundle(at)
    at.slider(key="score").set_value(0.6).run()
    few, _ = bundle(at)
    assert good(at) and len(few["steps"]) < len(many["steps"]) and few["threshold"] == 0.6
    at.slider(key="score").set_value(0.2)
    at.select_slider(key="overlap").set_value(1.0).run()
    all_stay, _ = bundle(at)
    assert good(at) and all_stay["limit"] == 1
    assert len(all_stay["steps"]) == len(all_stay["kept"]) > len(many["steps"])


def test_a_network_of_default_boxes(visit, monkeypatch) -> None:
    """Random weights: the steps that travel end in what nms leaves, labels and all."""
    name = coco.MODELS[0]
    model = confident(name, images.sample("coffee"))
    detector = coco.Coco(model, coco.ids(name), torch.device("cpu"), name)
    monkeypatch.setattr(detectors, "load", lambda spec: detector)
    monkeypatch.setattr(detectors, "ready", lambda spec: True)
    at = visit(SLUG, **MODE, detector="SSDlite 320", inside_photo="coffee", score="0.7")
    assert good(at)
    header, arrays = bundle(at)
    assert [layer["grid"] for layer in header["layers"]] == [[s, s] for s in (20, 10, 5, 3, 2, 1)]
    assert header["places"] == 3234 and header["noun"] == "boxes"
    assert (header["found"], header["voted"], header["windows"]) == (4000, False, False)
    assert header["total"] > 4000
    kept = np.array(header["kept"])
    rest = Detections(
        arrays["found"][kept].astype(float),
        arrays["scores"][kept].astype(float),
        arrays["classes"][kept].astype(int),
        detector.labels,
    )
    left = nms(rest, header["limit"])
    assert len(kept) > len(header["steps"]) > 5
    assert abs(len(left) - len(header["steps"])) <= 1  # float32 may tip one overlap at the limit
    names = [detector.labels[int(arrays["classes"][s["taken"]])] for s in header["steps"]]
    assert names == [s["label"] for s in header["steps"]]


class Closed:
    """A detector that cannot be looked into."""

    name, labels, limit = "closed", ("face",), 0.5

    def detect(self, frames):
        return [Detections(np.empty((0, 4)), [], [], self.labels) for _ in frames]

    def suppressing(self, limit):
        return self


def test_a_detector_that_keeps_its_candidates_to_itself(visit, monkeypatch) -> None:
    monkeypatch.setattr(detectors, "load", lambda spec: Closed())
    at = visit(SLUG, **MODE)
    assert good(at) and "keeps its candidates to itself" in at.info[0].value


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_a_bad_upload_is_one_message(visit, data) -> None:
    at = visit(SLUG, **MODE)
    at.file_uploader(key="inside_upload").set_value(("_x_.png", data, "image/png")).run()
    assert len(at.error) == 1 and r"\_x\_.png" in at.error[0].value and not at.exception


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 900), (30, 30)])
@pytest.mark.parametrize("detector", ["Faces", "People (HOG)", "Cat faces", "Eyes"])
def test_tiny_pictures(visit, png, detector, width, height) -> None:
    at = visit(SLUG, **MODE, detector=detector)
    at.file_uploader(key="inside_upload").set_value(("s.png", png(width, height), "image/png"))
    at.run()
    assert good(at) and bundle(at)[0]["size"] == [width, height]
