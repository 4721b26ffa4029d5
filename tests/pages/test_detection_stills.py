"""Photographs, several at once, two detectors, and the truth: as a visitor finds them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.datasets import images
from core.detection.catalogue import DETECTORS

SLUG = "object_detection"


@pytest.fixture(autouse=True)
def no_weights_here(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("VITRINE_WEIGHTS", raising=False)


def scenes(at: AppTest) -> list[dict]:
    """Headers of the pictures with boxes, as the browser gets them."""
    data = [
        e.proto.bytes for e in at.get("bidi_component") if e.proto.component_name == "vitrine_boxes"
    ]
    return [json.loads(d[4 : 4 + int.from_bytes(d[:4], "little")]) for d in data]


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def photo(name: str = "astronaut") -> bytes:
    file = io.BytesIO()
    Image.fromarray(images.sample(name)).save(file, "PNG")
    return file.getvalue()


def said(at: AppTest, part: str) -> bool:
    return any(part in m.value for m in at.markdown)


def test_several_at_once(visit, downloads) -> None:
    at = visit(SLUG, stills_more=["cat", "coffee"])
    assert good(at)
    assert [s["name"] for s in scenes(at)] == ["astronaut.png", "chelsea.png", "coffee.png"]
    assert said(at, r"**astronaut.png**: 1 thing,") and said(at, "**coffee.png**: 0 things,")
    archive = zipfile.ZipFile(io.BytesIO(downloads["All, ZIP"]))
    assert len(archive.namelist()) == 9
    rows = list(csv.DictReader(io.StringIO(archive.read("01-astronaut.csv").decode())))
    assert [row["label"] for row in rows] == ["face"]
    assert json.loads(archive.read("03-coffee.json"))["annotations"] == []
    assert Image.open(io.BytesIO(archive.read("02-chelsea-boxes.png"))).size == (451, 300)


def test_several_uploads_the_bad_one_is_named_and_the_others_stay(visit, downloads) -> None:
    at = visit(SLUG)
    at.file_uploader(key="upload").set_value(
        [
            ("../../a.png", photo(), "image/png"),
            ("_bad_.png", b"no", "image/png"),
            ("a.png", photo("cat"), "image/png"),
        ]
    ).run()
    assert len(at.error) == 1 and r"\_bad\_.png" in at.error[0].value
    assert [s["name"] for s in scenes(at)] == ["../../a.png", "a.png"]
    names = zipfile.ZipFile(io.BytesIO(downloads["All, ZIP"])).namelist()
    assert sorted(names)[:3] == ["01-a-boxes.png", "01-a.csv", "01-a.json"]
    assert not [name for name in names if ".." in name or "/" in name]


def test_two_detectors_on_one_picture(visit) -> None:
    at = visit(SLUG, stills_compare="true", against="Eyes", score="0.2")
    assert good(at)
    left, right = scenes(at)
    assert [b["label"] for b in left["boxes"]] == ["face"]
    assert {b["label"] for b in right["boxes"]} == {"eye"}
    count = len(right["boxes"])
    assert said(
        at, f"**0** found by both (IoU of at least .5), **1** only on the left, **{count}**"
    )
    assert len(at.dataframe[0].value) == 1 + count
    at.selectbox(key="against").set_value("Faces").run()
    assert good(at) and said(at, "**1** found by both")
    assert at.dataframe[0].value["IoU"].tolist() == [1]


def test_a_second_detector_without_weights_says_so(visit) -> None:
    at = visit(SLUG, stills_compare="true", against="SSDlite 320")
    assert good(at) and any("needs its weights" in one.value for one in at.info)


def coco(name: str, *boxes: list[float], label: str = "face") -> bytes:
    return json.dumps(
        {
            "images": [{"id": 1, "file_name": name}],
            "categories": [{"id": 1, "name": label}],
            "annotations": [{"image_id": 1, "category_id": 1, "bbox": box} for box in boxes],
        }
    ).encode()


def check(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader(key="truth").set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    return at.run()


def metrics(at: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in at.metric}


def test_the_truth_gives_ap_curve_and_colours(visit) -> None:
    at = visit(SLUG, stills_check="true")
    assert good(at) and "Nothing to check against yet" in at.info[0].value
    face = scenes_of_face()
    check(at, ("t.json", coco("ASTRONAUT.jpg", face, [400, 10, 50, 60])))
    assert good(at)
    # One of two true boxes is found: precision 1 up to recall .5, 51 of 101 points.
    assert metrics(at)["AP"] == metrics(at)["AP50"] == metrics(at)["AP75"] == f"{51 / 101:.3f}"
    assert metrics(at)["small"] == "none"
    assert said(at, "**1** of 1 photographs have a truth, with **2** boxes to be found")
    labels = [(b["label"], b["score"] is None) for b in scenes(at)[0]["boxes"]]
    assert labels == [("face, right", False), ("face, missed", True)]
    assert at.dataframe[0].value.iloc[0].to_dict()["true boxes"] == 2
    assert any("VOC 2007, 11 points, 0.545" in one.value for one in at.caption)
    at.slider(key="score").set_value(1.0).run()
    assert good(at) and metrics(at)["AP"] == f"{51 / 101:.3f}"  # AP looks at every score
    assert [b["label"] for b in scenes(at)[0]["boxes"]] == ["face, missed", "face, missed"]


def scenes_of_face() -> list[float]:
    [found] = DETECTORS["face"].load().detect([images.sample("astronaut")])
    x0, y0, x1, y1 = found.boxes[0]
    return [x0, y0, x1 - x0, y1 - y0]


def test_voc_xml_and_a_find_that_is_false(visit) -> None:
    at = visit(SLUG, stills_check="true")
    xml = """<annotation><filename>astronaut.png</filename><object><name>Face</name><bndbox>
        <xmin>300</xmin><ymin>300</ymin><xmax>360</xmax><ymax>380</ymax></bndbox></object>
        </annotation>"""
    check(at, ("astronaut.xml", xml.encode()))
    assert good(at) and metrics(at)["AP"] == "0.000"
    assert [b["label"] for b in scenes(at)[0]["boxes"]] == ["face, false", "face, missed"]


@pytest.mark.parametrize("data", [b"", b"{", b"<a/>", b'{"images": 1}', b"[" * 10_000])
def test_a_bad_truth_is_one_message_and_the_controls_stay(visit, data) -> None:
    at = visit(SLUG, stills_check="true")
    check(at, ("_t_.json", data))
    assert len(at.error) == 1 and not at.exception and r"\_t\_.json: wanted" in at.error[0].value
    check(at, ("t.json", coco("astronaut.png")))
    assert good(at)


def test_a_truth_of_other_pictures(visit) -> None:
    at = visit(SLUG, stills_check="true")
    check(at, ("t.json", coco("<b>_x_.png", [1, 1, 2, 2])))
    assert good(at) and "None of the 1 pictures" in at.warning[0].value
    assert r"\<b\>\_x\_.png" in at.warning[0].value


def test_nothing_to_be_found(visit) -> None:
    at = visit(SLUG, stills_check="true")
    check(at, ("t.json", coco("astronaut.png")))
    assert good(at) and metrics(at)["AP"] == "none"
    assert [b["label"] for b in scenes(at)[0]["boxes"]] == ["face, false"]


@pytest.mark.parametrize("key", ["stills_more", "stills_compare", "stills_check", "stills_iou"])
@pytest.mark.parametrize("given", ["nan", "", "<script>", "1e999"])
def test_nonsense_in_a_link_is_the_default(visit, key, given) -> None:
    at = visit(SLUG, **{key: given})
    assert good(at) and np.array(scenes(at)[0]["size"]).shape == (2,)
