"""True boxes: COCO json against pycocotools' reading, VOC xml by hand, and files that lie."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from core.detection import export, truth_files
from core.detection.boxes import Detections
from core.detection.truth import Row, Truth, agreed, merged, paired, record
from core.errors import UploadError

VOC60 = Path(__file__).parents[2] / "../shared/data/photos/voc60/instances.json"


def coco(**changes: object) -> dict[str, object]:
    return {
        "images": [{"id": 7, "file_name": "a/Dog.JPG"}, {"id": 9, "file_name": "cat.png"}],
        "categories": [{"id": 3, "name": "cat"}, {"id": 18, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 18, "bbox": [1, 2, 30, 40], "area": 900},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [5, 5, 1.5, 2], "iscrowd": 1},
        ],
    } | changes


def read(data: object, name: str = "truth.json") -> list[Truth]:
    return truth_files.read([(name, json.dumps(data).encode())])


def xml(objects: str = "", name: str = "<filename>dog.jpg</filename>") -> bytes:
    return f"<annotation>{name}{objects}</annotation>".encode()


def thing(box: tuple[object, ...] = (1, 1, 10, 20), name: str = "dog", more: str = "") -> str:
    edges = ("xmin", "ymin", "xmax", "ymax")
    corners = "".join(f"<{e}>{v}</{e}>" for e, v in zip(edges, box, strict=True))
    return f"<object><name>{name}</name>{more}<bndbox>{corners}</bndbox></object>"


def test_coco() -> None:
    dog, cat = read(coco())
    assert (dog.name, cat.name, dog.labels) == ("a/Dog.JPG", "cat.png", ("cat", "dog"))
    assert dog.boxes.tolist() == [[1, 2, 31, 42], [5, 5, 6.5, 7]]
    assert (dog.classes.tolist(), dog.area.tolist()) == ([1, 0], [900, 3])
    assert (dog.crowd.tolist(), dog.counts.tolist()) == ([False, True], [True, False])
    assert len(cat) == 0
    with pytest.raises(ValueError, match="read-only"):
        dog.boxes[0] = 0


def test_voc_counts_pixels_from_one() -> None:
    more = "<difficult>1</difficult><truncated>1</truncated>"
    [one] = truth_files.read([("x.xml", xml(thing() + thing((5, 5, 5, 5), " tree ", more)))])
    assert one.name == "dog.jpg" and one.labels == ("dog", "tree")
    # Pixels 1 to 10 are ten pixels; pixel 5 alone is one.
    assert one.boxes.tolist() == [[0, 0, 10, 20], [4, 4, 5, 5]]
    assert one.area.tolist() == [200, 1] and one.difficult.tolist() == [False, True]


def test_voc_without_a_file_name_has_the_files() -> None:
    files = [("2007_000027.xml", xml(thing(), "")), ("b.xml", xml("", "<filename> </filename>"))]
    first, second = truth_files.read(files)
    assert (first.name, second.name, len(second)) == ("2007_000027.xml", "b.xml", 0)
    assert set(paired(["2007_000027.JPG", "c.png"], [first, second])) == {"2007_000027.JPG"}


def test_pictures_are_paired_by_stem() -> None:
    dog, cat = read(coco())
    assert paired(["dog.jpeg", "CAT.webp", "owl.png"], [dog, cat]) == {
        "dog.jpeg": dog,
        "CAT.webp": cat,
    }
    assert paired([r"C:\photos\dog.png"], [dog, cat])[r"C:\photos\dog.png"] is dog


def test_our_own_export_reads_back() -> None:
    found = Detections(
        np.array([[1.0, 2, 3, 4], [0, 0, 50, 60]]), np.array([0.9, 0.8]), [1, 0], ("cat", "dog")
    )
    data = export.coco_json("p.jpg", (100, 100), found, ids={"cat": 17, "dog": 18})
    [one] = truth_files.read([("p.json", data.encode())])
    assert one.name == "p.jpg" and one.boxes.tolist() == found.boxes.tolist()
    assert [one.labels[c] for c in one.classes] == found.names == ["dog", "cat"]


def test_voc60_as_pycocotools_reads_it() -> None:
    if not VOC60.is_file():
        pytest.skip("no photos/voc60 in ../shared/data")
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = COCO(VOC60)
    pictures = {entry["file_name"]: entry["id"] for entry in theirs.loadImgs(theirs.getImgIds())}
    for one in truth_files.read([("instances.json", VOC60.read_bytes())]):
        rows = theirs.loadAnns(theirs.getAnnIds(imgIds=[pictures[one.name]]))
        names = [theirs.cats[row["category_id"]]["name"] for row in rows]
        assert [one.labels[c] for c in one.classes] == names
        boxes = np.array([row["bbox"] for row in rows])
        np.testing.assert_allclose(one.boxes[:, 2:] - one.boxes[:, :2], boxes[:, 2:])
        np.testing.assert_allclose(one.area, [row["area"] for row in rows])


def test_labels_of_truth_and_detector_become_one_list() -> None:
    labels = merged(
        ("tv", "dining table", "person"), ("Person", "tvmonitor", "zebra", "DiningTable")
    )
    assert labels == ("tv", "dining table", "person", "zebra")
    truth = record("p", [Row(label="tvmonitor", box=(0, 0, 1, 1))], ("zebra", "tvmonitor"))
    found = Detections(np.array([[0.0, 0, 1, 1]]), np.array([0.5]), [1], ("person", "tv"))
    one, other = agreed(truth, found, labels)
    assert one.classes.tolist() == other.classes.tolist() == [0]
    assert one.labels == other.labels == labels


def deep() -> bytes:
    return b'{"images":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


BAD_JSON = [
    (b"", "not json"),
    (b"\xff\xfe{", "not json"),
    (b"[]", "a list"),
    (b'{"images": ' + b"9" * 5000 + b"}", "not json"),
    (deep(), "nested too deep"),
    (b"[" * 1_000_001, "brackets"),
    (b" " * (20 * 2**20 + 1), "20 MB"),
]


@pytest.mark.parametrize(("data", "said"), BAD_JSON, ids=range(len(BAD_JSON)))
def test_what_is_no_json(data: bytes, said: str) -> None:
    with pytest.raises(UploadError, match=f"bad.json: .*{said}"):
        truth_files.read([("bad.json", data)])


BOX = {"id": 1, "image_id": 7, "category_id": 18, "bbox": [1, 2, 3, 4]}
BAD_COCO = [
    ({"images": 3}, "a list of images"),
    ({"categories": None}, "a list of categories"),
    ({"annotations": [3]}, r"annotations\[0\] to be an object"),
    ({"annotations": [BOX, BOX | {"image_id": 1}]}, r"annotations\[1\] of one of the images"),
    ({"annotations": [BOX | {"category_id": 1}]}, r"annotations\[0\] of one of the categories"),
    ({"annotations": [BOX | {"category_id": [1]}]}, r"category_id to be a whole number"),
    ({"annotations": [BOX | {"image_id": True}]}, r"image_id to be a whole number"),
    ({"annotations": [BOX | {"bbox": [1, 2, 3]}]}, r"annotations\[0\].bbox to be four numbers"),
    ({"annotations": [BOX | {"bbox": [1, 2, float("nan"), 1]}]}, "bbox to be four numbers"),
    ({"annotations": [BOX | {"bbox": [1, 2, float("inf"), 1]}]}, "bbox to be four numbers"),
    ({"annotations": [BOX | {"bbox": [1, 2, 10**400, 1]}]}, "bbox to be four numbers"),
    ({"annotations": [BOX | {"bbox": [1, 2, "3", 1]}]}, "bbox to be four numbers"),
    ({"annotations": [BOX | {"bbox": [1, 2, 0, 4]}]}, "above 0"),
    ({"annotations": [BOX | {"bbox": [1, 2, 3, -4]}]}, "above 0"),
    ({"annotations": [BOX | {"area": "x"}]}, "area to be a number"),
    ({"annotations": [BOX | {"iscrowd": 2}]}, "iscrowd to be 0 or 1"),
    ({"images": [{"id": 7, "file_name": 5}]}, r"images\[0\].file_name to be a name"),
    ({"images": [{"id": 7, "file_name": "x" * 201}]}, "to be a name"),
    ({"images": [{"id": 7, "file_name": "a"}, {"id": 7, "file_name": "b"}]}, "different id"),
    ({"images": [{"id": 7, "file_name": "x/a"}, {"id": 9, "file_name": "y/a"}]}, "once"),
    ({"categories": [{"id": 18}]}, r"categories\[0\].name to be a name"),
    ({"categories": [{"id": i, "name": f"c{i}"} for i in range(2001)]}, "2,000 categories"),
]


@pytest.mark.parametrize(("changes", "said"), BAD_COCO, ids=[s for _, s in BAD_COCO])
def test_an_entry_that_is_wrong_is_named(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UploadError, match=said):
        read(coco(**changes))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>
<annotation><filename>&c;</filename></annotation>"""
OUTSIDE = b"""<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>"""
BAD_XML = [
    (b"<", "not xml"),
    (b"<a></b>", "not xml"),
    (b'<?xml version="1.0" encoding="no-such"?><annotation/>', "not xml"),
    (BOMB, "entities"),
    (OUTSIDE, "entities"),
    (b"<html/>", "'html'"),
    (b"<annotation>" + b" " * 2**21 + b"</annotation>", "2 MB"),
    (xml(thing((1, 2, "x", 4))), "xmax of object 1"),
    (xml(thing((1, 2, "nan", 4))), "xmax of object 1"),
    (xml(thing((1, 2, 1e300, 4))), "xmax of object 1"),
    (xml(thing() + "<object><name>a</name></object>"), "xmin of object 2"),
    (xml(thing((10, 1, 5, 5))), "xmin <= xmax"),
    (xml(thing(name="")), "the name of object 1"),
    (xml(thing(name="x" * 201)), "the name of object 1"),
    (xml(thing(more="<difficult>maybe</difficult>")), "difficult of object 1"),
    (xml(name=f"<filename>{'x' * 201}</filename>"), "filename"),
]


@pytest.mark.parametrize(("data", "said"), BAD_XML, ids=range(len(BAD_XML)))
def test_xml_that_is_wrong(data: bytes, said: str) -> None:
    with pytest.raises(UploadError, match=f"bad.xml: .*{said}"):
        truth_files.read([("bad.xml", data)])


def test_a_picture_described_twice() -> None:
    with pytest.raises(UploadError, match="b.xml: wanted each picture once, got dog.jpg again"):
        truth_files.read([("a.xml", xml()), ("b.xml", xml())])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
PARTS = st.sampled_from(["images", "annotations", "categories"])


@given(PARTS, st.lists(JSON, max_size=3) | JSON)
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused(part: str, value: object) -> None:
    with contextlib.suppress(UploadError):
        read(coco(**{part: value}))


@given(st.sampled_from(sorted(BOX)), JSON)
@settings(max_examples=150, deadline=None)
def test_any_entry_is_read_or_refused(key: str, value: object) -> None:
    with contextlib.suppress(UploadError):
        for one in read(coco(annotations=[BOX | {key: value}])):
            assert np.isfinite(one.boxes).all() and (one.area >= 0).all()
