"""Boxes against torchvision and laws; exports against their readers."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import batched_nms, box_iou

from core.detection import boxes, export
from core.detection.boxes import Detection, Detections, iou, keep, nms, place
from core.errors import SettingError


@st.composite
def found(draw: st.DrawFn) -> list[Detection]:
    count = draw(st.integers(0, 14))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    near = rng.uniform(0, 60, (count, 2))
    corners = np.hstack([near, near + rng.uniform(5, 50, (count, 2))])
    # Distinct scores: which of two equals comes first is not for a test to say.
    scores = (rng.permutation(count) + 1) / (count + 1)
    labels = rng.choice(["cat", "dog"], count)
    return [
        Detection(label=str(label), score=float(score), box=tuple(map(float, box)))
        for label, score, box in zip(labels, scores, corners, strict=True)
    ]


def record(detections: list[Detection]) -> Detections:
    labels = dict.fromkeys(["dog", "cat", *(d.label for d in detections)])
    return Detections.gather(detections, tuple(labels))


def array(detections: list[Detection]) -> torch.Tensor:
    return torch.tensor([d.box for d in detections], dtype=torch.float64).reshape(-1, 4)


@given(found(), found())
@settings(max_examples=60, deadline=None)
def test_iou_is_torchvisions(a: list[Detection], b: list[Detection]) -> None:
    ours = iou(array(a).numpy(), array(b).numpy())
    np.testing.assert_allclose(ours, box_iou(array(a), array(b)).numpy(), atol=1e-12)


def test_iou_by_hand() -> None:
    # 2 x 2 and 2 x 2 sharing one square of 1: 1 / (4 + 4 - 1).
    a, b = np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 1, 3, 3], [2, 0, 4, 2], [0, 0, 2, 2]])
    assert iou(a, b).tolist() == [[1 / 7, 0, 1]]
    assert boxes.overlap(a, b).tolist() == [[1, 0, 4]]


@given(found(), st.sampled_from([0.0, 0.2, 0.45, 0.7, 1.0]))
@settings(max_examples=80, deadline=None)
def test_nms_is_torchvisions(detections: list[Detection], limit: float) -> None:
    scores = torch.tensor([d.score for d in detections], dtype=torch.float64)
    kinds = torch.tensor([d.label == "cat" for d in detections], dtype=torch.int64)
    expected = batched_nms(array(detections), scores, kinds, limit).tolist()
    assert list(nms(record(detections), limit)) == [detections[i] for i in expected]


def test_nested_nms_drops_what_lies_within() -> None:
    outer = Detection(label="face", score=0.9, box=(0, 0, 100, 100))
    inner = Detection(label="face", score=0.8, box=(10, 10, 40, 40))
    other = Detection(label="eye", score=0.7, box=(10, 10, 40, 40))
    three = record([inner, other, outer])
    assert list(nms(three, 0.5)) == [outer, inner, other]
    assert list(nms(three, 0.5, nested=True)) == [outer, other]


@pytest.mark.parametrize("limit", [-0.1, 1.1])
def test_nms_wants_a_share(limit: float) -> None:
    with pytest.raises(SettingError, match="limit"):
        nms(record([]), limit)


@given(found(), st.floats(0, 1), st.sampled_from([None, [], ["cat"], ["cat", "dog"]]))
@settings(max_examples=60, deadline=None)
def test_keep(detections: list[Detection], threshold: float, labels: list[str] | None) -> None:
    kept = list(keep(record(detections), threshold=threshold, labels=labels))
    wanted = {"cat", "dog"} if labels is None else set(labels)
    assert set(kept) == {d for d in detections if d.score >= threshold and d.label in wanted}
    assert [d.score for d in kept] == sorted((d.score for d in kept), reverse=True)


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan")])
def test_keep_wants_a_threshold_within(threshold: float) -> None:
    with pytest.raises(SettingError, match="threshold"):
        keep(record([]), threshold=threshold)


def test_the_threshold_itself_is_kept() -> None:
    one = Detection(label="a", score=0.5, box=(0, 0, 1, 1))
    assert list(keep(record([one]), threshold=0.5)) == [one]


@pytest.mark.parametrize(
    ("score", "box"),
    [
        (-0.1, (0, 0, 1, 1)),
        (1.1, (0, 0, 1, 1)),
        (float("nan"), (0, 0, 1, 1)),
        (0.5, (1, 0, 1, 1)),
        (0.5, (0, 2, 1, 1)),
        (0.5, (0, 0, float("inf"), 1)),
        (0.5, (float("nan"), 0, 1, 1)),
    ],
)
def test_a_detection_refuses_nonsense(score: float, box: boxes.Box) -> None:
    with pytest.raises(SettingError, match="score|box"):
        Detection(label="a", score=score, box=box)


def test_place_clips() -> None:
    placed = place("a", 0.5, (-5, 3, 40, 90), size=(30, 20))
    assert placed == Detection(label="a", score=0.5, box=(0, 3, 30, 20))
    assert place("a", 0.5, (30, 0, 40, 10), size=(30, 20)) is None
    assert place("a", 0.5, (0, -9, 40, 0), size=(30, 20)) is None


def test_a_record_is_sorted_and_cannot_be_changed() -> None:
    boxes, scores = np.array([[0, 0, 1, 1], [0, 0, 2, 2], [0, 0, 3, 3.0]]), [0.2, 0.9, 0.9]
    found = Detections(boxes, scores, [1, 0, 1], ("a", "b"))
    assert found.names == ["a", "b", "b"] and found.scores.tolist() == [0.9, 0.9, 0.2]
    assert found.boxes[:, 2].tolist() == [2, 3, 1], "equals stay in the order given"
    boxes[:] = 7
    assert found.boxes[:, 2].tolist() == [2, 3, 1]
    for array in (found.boxes, found.scores, found.classes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(SettingError, match="equal lengths, got 3, 2, 3"):
        Detections(boxes, [0.5, 0.5], [0, 0, 0], ("a",))


@given(found())
@settings(max_examples=30, deadline=None)
def test_a_record_gathers_and_gives_back(detections: list[Detection]) -> None:
    ranked = sorted(detections, key=lambda d: -d.score)
    gathered = record(detections)
    assert list(gathered) == ranked and len(gathered) == len(ranked)
    assert gathered == record(ranked)
    assert list(gathered.take(slice(2))) == ranked[:2]
    for one, grown in zip(gathered, gathered.scaled(2, 3), strict=True):
        x0, y0, x1, y1 = one.box
        assert grown.box == pytest.approx((2 * x0, 3 * y0, 2 * x1, 3 * y1))


def test_a_record_of_what_lies_within_a_picture() -> None:
    given = [
        [-5, 3, 40, 90],
        [30, 0, 40, 9],
        [1, 1, 1, 5],
        [0, 0, np.nan, 3],
        [0, 0, 4, np.inf],
        [1, 2, 3, 4],
    ]
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, np.nan]
    found = Detections.within(given, scores, [0] * 6, ("a",), (30, 20))
    assert found.boxes.tolist() == [[0, 3, 30, 20]]
    assert list(found) == [place("a", 0.9, (-5, 3, 40, 90), size=(30, 20))]
    assert Detections.within([[0, 0, 1, 1]], [1.5], [0], ("a",), (9, 9)).scores.tolist() == [1.0]
    assert len(Detections.within([], [], [], ("a",), (9, 9))) == 0


LABELS = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx", "  =1", "＝1", "－1"]


@pytest.mark.parametrize("label", LABELS)
def test_csv_holds_no_formulas(label: str) -> None:
    text = export.to_csv([Detection(label=label, score=0.5, box=(0, 0, 1, 1))])
    assert list(csv.reader(io.StringIO(text, newline="")))[1][0] == "'" + label


def test_csv() -> None:
    two = [
        Detection(label="dog", score=0.87654, box=(1.234, 2, 3, 4.5)),
        Detection(label='a, "b"\nü', score=1.0, box=(0, 0, 1, 1)),
    ]
    rows = list(csv.reader(io.StringIO(export.to_csv(two), newline="")))
    assert rows[0] == ["label", "score", "x0", "y0", "x1", "y1"]
    assert rows[1] == ["dog", "0.8765", "1.23", "2", "3", "4.5"]
    assert rows[2][0] == 'a, "b"\nü'
    assert list(csv.reader(io.StringIO(export.to_csv([])))) == [rows[0]]


@given(found())
@settings(max_examples=30, deadline=None)
def test_coco_reads_back(detections: list[Detection]) -> None:
    data = json.loads(export.coco_json("p.jpg", (200, 100), detections, ids={"dog": 18}))
    # The way pycocotools' createIndex and loadRes go through the file.
    pictures = {entry["id"]: entry for entry in data["images"]}
    names = {entry["id"]: entry["name"] for entry in data["categories"]}
    assert pictures == {1: {"id": 1, "file_name": "p.jpg", "width": 200, "height": 100}}
    assert names[18] == "dog" and len(names) == len(data["categories"])
    assert len({entry["id"] for entry in data["annotations"]}) == len(detections)
    for entry, one in zip(data["annotations"], detections, strict=True):
        assert entry["image_id"] in pictures and entry["iscrowd"] == 0
        assert names[entry["category_id"]] == one.label
        x, y, w, h = entry["bbox"]
        np.testing.assert_allclose((x, y, x + w, y + h), one.box, atol=0.011)
        assert entry["area"] == pytest.approx(w * h, abs=2)
        assert entry["score"] == pytest.approx(one.score, abs=1e-4)


def test_coco_numbers_labels_after_those_given() -> None:
    some = [Detection(label=x, score=0.5, box=(0, 0, 1, 1)) for x in ("b", "a", "b")]
    numbered = export.to_coco("p", (9, 9), some, ids={"z": 7})
    assert numbered["categories"] == [
        {"id": 7, "name": "z"},
        {"id": 8, "name": "a"},
        {"id": 9, "name": "b"},
    ]
    assert [entry["category_id"] for entry in numbered["annotations"]] == [9, 8, 9]
