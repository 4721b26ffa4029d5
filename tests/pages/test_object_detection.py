"""Object detection as a visitor finds it: samples, uploads, thresholds, missing weights, bad input."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.datasets import images
from core.detection.catalogue import DETECTORS
from core.detection.onnx_grid import total
from tests.core import onnx_graphs as graphs

SLUG = "object_detection"
EMBEDDED = [spec for spec in DETECTORS.values() if spec.weights is None]


@pytest.fixture(autouse=True)
def no_weights_here(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("VITRINE_WEIGHTS", raising=False)


def scene(at: AppTest) -> dict:
    """Header of the picture with boxes, as the browser gets it."""
    data = next(
        e.proto.bytes for e in at.get("bidi_component") if e.proto.component_name == "vitrine_boxes"
    )
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def found(at: AppTest) -> list[str]:
    return [box["label"] for box in scene(at)["boxes"]]


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def test_the_default_finds_the_face(visit) -> None:
    at = visit(SLUG)
    assert good(at) and found(at) == ["face"]
    x0, y0, x1, y1 = scene(at)["boxes"][0]["box"]
    assert 170 < x0 < 190 and 60 < y0 < 80 and 255 < x1 < 285 and 155 < y1 < 170
    assert any("ms** from file to boxes" in m.value for m in at.markdown)
    assert any("**1** of 1 boxes shown" in m.value for m in at.markdown)


@pytest.mark.parametrize("spec", EMBEDDED, ids=lambda spec: spec.slug)
def test_every_embedded_detector_answers_without_a_network(visit, monkeypatch, spec) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", lambda *a, **k: pytest.fail("asked the network"))
    at = visit(SLUG, detector=spec.title, photo="astronaut", score="0")
    assert good(at)
    assert set(found(at)) <= set(spec.labels)


def test_the_cat_is_found(visit) -> None:
    at = visit(SLUG, detector="Cat faces", photo="cat")
    assert good(at) and found(at) == ["cat face"]


def test_threshold_and_classes_go_with_picture_table_and_files(visit, downloads) -> None:
    at = visit(SLUG, detector="Eyes")
    rows = list(csv.DictReader(io.StringIO(downloads["Boxes, CSV"].decode())))
    coco = json.loads(downloads["Boxes, COCO json"])
    assert len(found(at)) == len(rows) == len(coco["annotations"]) == 2
    assert (coco["images"][0]["width"], coco["images"][0]["height"]) == (512, 512)
    marked = np.asarray(Image.open(io.BytesIO(downloads["Picture, PNG"])))
    assert marked.shape == (512, 512, 3) and (marked != images.sample("astronaut")).any()
    at.slider(key="score").set_value(1.0).run()
    assert good(at) and found(at) == []
    assert "Nothing with a score" in scene(at)["empty"]
    assert len(list(csv.DictReader(io.StringIO(downloads["Boxes, CSV"].decode())))) == 0
    clean = np.asarray(Image.open(io.BytesIO(downloads["Picture, PNG"])))
    np.testing.assert_array_equal(clean, images.sample("astronaut"))
    at.slider(key="score").set_value(0.0)
    at.multiselect(key="only").set_value(["eye"]).run()
    assert good(at) and set(found(at)) == {"eye"}


def test_shrinking_gives_boxes_of_the_original(visit) -> None:
    at = visit(SLUG, side="320")
    small = scene(at)["boxes"][0]["box"]
    at.select_slider(key="side").set_value("as it is").run()
    np.testing.assert_allclose(small, scene(at)["boxes"][0]["box"], atol=12)


def test_a_link_restores_every_control(visit) -> None:
    query = {"photo": "coffee", "detector": "Faces in profile", "score": "0.25", "side": "480",
             "only": "face"}  # fmt: skip
    at = visit(SLUG, **query)
    assert good(at)
    assert at.selectbox(key="photo").value == "coffee"
    assert at.selectbox(key="detector").value == "Faces in profile"
    assert at.slider(key="score").value == 0.25
    assert at.select_slider(key="side").value == "480"


@pytest.mark.parametrize("key", ["photo", "detector", "score", "only", "side"])
@pytest.mark.parametrize("given", ["nan", "-1", "1e999", "", "<script>", "no such"])
def test_nonsense_in_a_link_is_the_default(visit, key, given) -> None:
    at = visit(SLUG, **{key: given})
    assert good(at) and len(scene(at)["size"]) == 2


def test_missing_weights_are_explained_and_the_others_stay(visit, monkeypatch) -> None:
    def refused(*args, **more):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(urllib.request, "urlopen", refused)
    at = visit(SLUG, detector="SSDlite 320")
    assert good(at)
    assert "needs its weights, 13 MB" in at.info[0].value
    at.button(key="fetch").click().run()
    assert len(at.error) == 1 and not at.exception
    assert "no route to host" in at.error[0].value and "VITRINE" in at.error[0].value
    at.selectbox(key="detector").set_value("Faces").run()
    assert good(at) and found(at) == ["face"]


@pytest.mark.parametrize("mode", ["Live camera", "Video", "From the inside"])
def test_no_mode_begins_without_the_weights(visit, mode: str) -> None:
    at = visit(SLUG, detector="SSDlite 320", mode=mode)
    assert good(at) and "needs its weights, 13 MB" in at.info[0].value
    assert not at.get("bidi_component")


def upload(at: AppTest, name: str, data: bytes) -> AppTest:
    at.file_uploader(key="upload").set_value((name, data, "image/png"))
    return at.run()


def test_an_upload_is_looked_at(visit) -> None:
    at = visit(SLUG, photo="coffee")
    assert found(at) == []
    file = io.BytesIO()
    Image.fromarray(images.sample("astronaut")).save(file, "JPEG")
    upload(at, "me & <b>you</b>.jpg", file.getvalue())
    assert good(at) and found(at) == ["face"]


@pytest.mark.parametrize("detector", ["Faces", "SSDlite 320"])
@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40), "half", "huge"],
    ids=["empty", "text", "header", "half", "huge"],
)
def test_a_bad_upload_is_one_message_and_the_controls_stay(visit, png, detector, data) -> None:
    if data == "half":
        data = png(100, 80)[:900]
    if data == "huge":  # 30,000 x 30,000 declared in a few bytes
        import struct
        import zlib

        head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + head
        data = (
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I", 13)
            + chunk
            + struct.pack(">I", zlib.crc32(chunk))
        )
    at = visit(SLUG, detector=detector)
    upload(at, "_odd_.png", data)
    assert len(at.error) == 1 and not at.exception
    assert r"\_odd\_.png: wanted" in at.error[0].value
    at.file_uploader(key="upload").clear().run()
    assert good(at)


@pytest.mark.parametrize("spec", EMBEDDED, ids=lambda spec: spec.slug)
@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 900), (40, 40)])
def test_pictures_smaller_than_any_window(visit, png, spec, width, height) -> None:
    at = visit(SLUG, detector=spec.title)
    upload(at, "small.png", png(width, height))
    assert good(at) and scene(at)["size"] == [width, height]


OWN = "My own ONNX file"
PLANTED = (30.0, 20.0, 60.0, 50.0)  # in the 96 x 64 pixels that the model sees


def planted(twice: float = 0.0) -> bytes:
    """A model that finds one thing, always in the same place: its third class; and with a score of
    `twice` a second one, whose IoU with the first is 2 / 3."""
    t = np.zeros((1, 7, total((96, 64), (8, 16, 32))), np.float32)
    x0, y0, x1, y1 = PLANTED
    t[0, :4, :2] = np.array([[(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0]]).T
    t[0, 0, 1] += (x1 - x0) / 5
    t[0, 6, :2] = 0.9, twice
    return graphs.answering({"output": t})


def test_an_own_detector_looks_at_the_photograph(visit) -> None:
    at = visit(SLUG, detector=OWN)
    assert good(at) and "Give an ONNX file" in at.info[0].value
    at.file_uploader(key="own_file").upload("mine.onnx", planted()).run()
    assert good(at) and found(at) == ["class 2"]
    names = at.file_uploader(key="own_names")
    names.upload("names.txt", b"cat\ndog\n<b>cow</b>\n").run()
    assert good(at) and found(at) == ["<b>cow</b>"]
    at.multiselect(key="only").set_value(["cat"]).run()
    assert good(at) and found(at) == []


def test_a_bad_model_is_one_message_and_a_good_one_goes_on(visit) -> None:
    at = visit(SLUG, detector=OWN)
    at.file_uploader(key="own_file").upload("_odd_.onnx", b"no model").run()
    assert len(at.error) == 1 and r"\_odd\_.onnx: wanted an ONNX model" in at.error[0].value
    at.file_uploader(key="own_file").clear().run()
    at.file_uploader(key="own_file").upload("mine.onnx", planted()).run()
    assert good(at) and found(at) == ["class 2"]


def test_the_overlap_reaches_the_detector(visit) -> None:
    at = visit(SLUG, detector=OWN)
    at.file_uploader(key="own_file").upload("mine.onnx", planted(twice=0.8)).run()
    assert good(at) and len(found(at)) == 1
    at.select_slider(key="overlap").set_value(0.7).run()
    assert good(at) and len(found(at)) == 2
    at.select_slider(key="overlap").set_value(0.6).run()
    assert good(at) and len(found(at)) == 1


def test_two_own_detectors_beside_each_other(visit) -> None:
    at = visit(SLUG, detector=OWN, against=OWN, stills_compare="true")
    at.file_uploader(key="own_file").upload("mine.onnx", planted()).run()
    at.file_uploader(key="own_against_file").upload("other.onnx", planted()).run()
    assert good(at)
    assert any("**1** found by both" in each.value for each in at.markdown)


@pytest.mark.parametrize("mode", ["Live camera", "Video", "From the inside"])
def test_an_own_detector_serves_every_mode(visit, mode: str) -> None:
    at = visit(SLUG, detector=OWN, mode=mode)
    at.file_uploader(key="own_file").upload("mine.onnx", planted()).run()
    assert good(at) and at.get("bidi_component")


def test_a_classroom_has_a_folder(visit, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("VITRINE_DETECTORS", str(tmp_path))
    (tmp_path / "ours.onnx").write_bytes(planted())
    (tmp_path / "ours.txt").write_text("cat\ndog\ncow\n")
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    at = visit(SLUG, detector="ours")
    assert good(at) and found(at) == ["cow"]
    at.selectbox(key="detector").set_value("broken (cannot be used)").run()
    assert not at.exception and "an ONNX model" in at.error[0].value
