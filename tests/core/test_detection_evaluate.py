"""Average precision against pycocotools, against a slow VOC reference, by hand and by law."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core.detection import evaluate, truth_files, voc
from core.detection.boxes import Detections, nms
from core.detection.truth import Row, Truth, agreed, merged, record
from core.errors import SettingError

VOC60 = Path(__file__).parents[2] / "../shared/data/photos/voc60"
LABELS = ("cat", "dog", "owl")


def truth(*rows: Row, labels: tuple[str, ...] = LABELS, name: str = "p.jpg") -> Truth:
    return record(name, rows, labels)


def found(*rows: tuple[str, float, tuple[float, ...]], labels=LABELS) -> Detections:
    boxes = np.array([row[2] for row in rows], float).reshape(-1, 4)
    classes = np.array([labels.index(row[0]) for row in rows], np.int64)
    return Detections(boxes, np.array([row[1] for row in rows]), classes, labels)


def theirs(truths: list[Truth], founds: list[Detections]) -> np.ndarray:
    """precision of pycocotools as (K, A, T, R), nan where it says -1."""
    labels = truths[0].labels
    annotations, results = [], []
    for i, (one, seen) in enumerate(zip(truths, founds, strict=True), start=1):
        for box, c, crowd, area in zip(one.boxes, one.classes, one.crowd, one.area, strict=True):
            x0, y0, x1, y1 = box.tolist()
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": i,
                    "category_id": int(c) + 1,
                    "bbox": [x0, y0, x1 - x0, y1 - y0],
                    "iscrowd": int(crowd),
                    "area": float(area),
                }
            )
        for box, c, score in zip(seen.boxes, seen.classes, seen.scores, strict=True):
            x0, y0, x1, y1 = box.tolist()
            bbox = [x0, y0, x1 - x0, y1 - y0]
            results.append(
                {"image_id": i, "category_id": int(c) + 1, "bbox": bbox, "score": float(score)}
            )
    data = {
        "info": {},
        "images": [{"id": i + 1} for i in range(len(truths))],
        "categories": [{"id": k + 1, "name": name} for k, name in enumerate(labels)],
        "annotations": annotations,
    }
    with contextlib.redirect_stdout(io.StringIO()):
        ours = COCO()
        ours.dataset = data
        ours.createIndex()
        if results:
            answers = ours.loadRes(results)
        else:
            answers = COCO()
            answers.dataset = data | {"annotations": []}
            answers.createIndex()
        run = COCOeval(ours, answers, "bbox")
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][..., -1]  # (T, R, K, A), 100 detections
    return np.where(precision < 0, np.nan, precision).transpose(2, 3, 0, 1)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[Truth], list[Detections]]:
    """Pictures whose detections are true boxes moved a little, with crowds, ties and strangers."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    side = draw(st.sampled_from([40, 130, 400]))
    pictures, most = draw(st.integers(1, 4)), draw(st.sampled_from([0, 2, 8]))
    coarse = draw(st.booleans())  # few different scores: many ties

    def boxes(n: int) -> np.ndarray:
        near = rng.integers(0, side, (n, 2))
        return np.hstack([near, near + rng.integers(1, side, (n, 2))]).astype(float)

    truths, founds = [], []
    for _ in range(pictures):
        g = boxes(rng.integers(0, most + 1))
        kinds = rng.integers(0, 3, len(g))
        size = (g[:, 2:] - g[:, :2]).prod(1)
        area = np.where(rng.random(len(g)) < 0.5, size, np.round(size * rng.random(len(g)), 1))
        crowd = rng.random(len(g)) < draw(st.sampled_from([0.0, 0.4]))
        truths.append(Truth("p", g, kinds, LABELS, crowd, np.zeros(len(g), bool), area))
        again = rng.integers(0, len(g), rng.integers(0, 3 * most + 1)) if len(g) else []
        moved = g[again] + rng.integers(-side // 12, side // 12 + 1, (len(again), 4))
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        d = np.vstack([moved, boxes(rng.integers(0, most + 1))])
        c = np.concatenate([kinds[again], rng.integers(0, 3, len(d) - len(again))]).astype(int)
        scores = rng.integers(0, 5, len(d)) / 4 if coarse else rng.random(len(d))
        founds.append(Detections(d, scores, c, LABELS))
    return truths, founds


@given(scenes())
@settings(max_examples=150, deadline=None)
def test_every_precision_is_pycocotools(scene: tuple[list[Truth], list[Detections]]) -> None:
    np.testing.assert_allclose(evaluate.evaluate(*scene).precision, theirs(*scene), atol=1e-9)


def test_the_hundred_best_of_a_picture_count() -> None:
    rows = [("cat", 0.9 - i / 1000, (i, 0, i + 5, 5)) for i in range(130)]
    there = [truth(Row(label="cat", box=(i, 0, i + 5, 5))) for i in (99, 100)]
    seen = [found(*rows), found(*rows)]
    result = evaluate.evaluate(there, seen)
    np.testing.assert_allclose(result.precision, theirs(there, seen), atol=1e-9)
    assert result.curve("cat", 0.95).recall.max() == 0.5  # the 101st found it in vain


def test_by_hand() -> None:
    there = [
        truth(Row(label="cat", box=(0, 0, 10, 10)), Row(label="cat", box=(50, 50, 60, 60))),
    ]
    seen = [
        found(
            ("cat", 0.9, (0, 0, 10, 10)),
            ("cat", 0.8, (20, 20, 30, 30)),
            ("cat", 0.7, (50, 50, 60, 62)),
            ("dog", 0.6, (0, 0, 9, 9)),
        )
    ]
    result = evaluate.evaluate(there, seen)
    # Precision 1 up to recall 1/2 (51 of 101 points), 2/3 beyond, where the third box counts: its
    # IoU is 10/12, so at .50 to .80.
    assert result.ap(iou=0.5) == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert result.ap(iou=0.85) == pytest.approx(51 / 101)
    assert result.ap() == pytest.approx((7 * (51 + 50 * 2 / 3) + 3 * 51) / 1010)
    assert result.ap(label="cat") == result.ap(size="small") == result.ap()
    assert np.isnan(result.ap(label="dog")) and np.isnan(result.ap(size="large"))
    assert (result.true("cat"), result.true("dog")) == (2, 0)
    curve = result.curve("cat")
    assert curve.scores.tolist() == [0.9, 0.8, 0.7]
    np.testing.assert_allclose(curve.recall, [0.5, 0.5, 1])
    np.testing.assert_allclose(curve.precision, [1, 0.5, 2 / 3])
    assert curve.at(0.75) == pytest.approx((0.5, 0.5)) and curve.at(0.8) == curve.at(0.75)
    assert curve.at(0.95) is None and curve.at(0.0) == pytest.approx((1, 2 / 3))
    assert evaluate.judge(there[0], seen[0]).tolist() == [0, -1, 1, -1]
    assert evaluate.judge(there[0], seen[0], 0.9).tolist() == [0, -1, -1, -1]


def test_of_two_boxes_that_fit_alike_the_last_is_taken() -> None:
    """As pycocotools has it: then nothing is left for the second detection."""
    there = [truth(Row(label="cat", box=(0, 0, 10, 10)), Row(label="cat", box=(4, 0, 14, 10)))]
    seen = [found(("cat", 0.9, (2, 0, 12, 10)), ("cat", 0.8, (5, 0, 15, 10)))]
    assert evaluate.judge(there[0], seen[0]).tolist() == [1, -1]
    np.testing.assert_allclose(evaluate.evaluate(there, seen).precision, theirs(there, seen))


def test_equal_scores_are_one_point_of_the_curve() -> None:
    there = [truth(Row(label="cat", box=(0, 0, 10, 10)))]
    seen = [found(("cat", 0.9, (50, 0, 60, 10)), ("cat", 0.9, (0, 0, 10, 10)))]
    curve = evaluate.evaluate(there, seen).curve("cat")
    assert (curve.scores.tolist(), curve.recall.tolist()) == ([0.9], [1])
    assert curve.at(0.9) == pytest.approx((1, 0.5))


def test_a_crowd_is_measured_by_the_detection_alone_and_found_again_and_again() -> None:
    there = [truth(Row(label="cat", box=(0, 0, 100, 100), crowd=True))]
    seen = [found(("cat", 0.9, (0, 0, 10, 10)), ("cat", 0.8, (20, 20, 30, 30)))]
    assert evaluate.judge(there[0], seen[0]).tolist() == [0, 0]
    assert np.isnan(evaluate.evaluate(there, seen).ap())


def test_difficult_boxes_do_not_count() -> None:
    hard = Row(label="cat", box=(0, 0, 10, 10), difficult=True)
    there = [truth(hard, Row(label="cat", box=(50, 0, 60, 10)))]
    seen = [
        found(
            ("cat", 0.9, (0, 0, 10, 10)),
            ("cat", 0.8, (0, 0, 10, 10)),
            ("cat", 0.5, (50, 0, 60, 10)),
        )
    ]
    assert evaluate.evaluate(there, seen).ap() == pytest.approx(1)
    r, p = voc.curve(there, seen, 0)
    assert (r.tolist(), p.tolist()) == ([1], [1])
    assert voc.eleven_points(r, p) == voc.area_under(r, p) == 1


@given(scenes(), st.floats(0.05, 0.95))
@settings(max_examples=40, deadline=None)
def test_a_threshold_drops_and_moves_nothing_else(scene, threshold: float) -> None:
    """What the page shows of a threshold is what the curve says there."""
    truths, founds = scene
    whole = evaluate.evaluate(truths, founds)
    kept = [seen.take(seen.scores >= threshold) for seen in founds]
    for label in LABELS:
        if whole.true(label):
            rest = evaluate.evaluate(truths, kept).curve(label)
            now = (rest.recall[-1], rest.precision[-1]) if len(rest.scores) else None
            assert whole.curve(label).at(threshold) == pytest.approx(now)


def slow_voc(truths: list[Truth], founds: list[Detections], c: int) -> tuple[float, float]:
    """AP by eleven points and by area, box by box over all pictures at once."""
    free = {(i, j) for i, one in enumerate(truths) for j in np.flatnonzero(one.classes == c)}
    true = sum(not truths[i].crowd[j] for i, j in free)
    if not true:
        return float("nan"), float("nan")
    rows = [
        (-s, i, k)
        for i, seen in enumerate(founds)
        for k, s in enumerate(seen.scores)
        if seen.classes[k] == c
    ]
    tp = fp = 0
    points = []
    for _, i, k in sorted(rows, key=lambda row: row[0]):
        best, mine = -1.0, None
        for j in np.flatnonzero(truths[i].classes == c):
            (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = founds[i].boxes[k], truths[i].boxes[j]
            common = max(0, min(ax1, bx1) - max(ax0, bx0)) * max(0, min(ay1, by1) - max(ay0, by0))
            both = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - common
            if common / both > best:
                best, mine = common / both, (i, j)
        if best >= 0.5 and truths[i].crowd[mine[1]]:
            continue
        if best >= 0.5 and mine in free:
            free.remove(mine)
            tp += 1
        else:
            fp += 1
        points.append((tp / true, tp / (tp + fp)))
    grid = [max([p for r, p in points if r >= at / 10 - 1e-12], default=0) for at in range(11)]
    under, last = 0.0, 0.0
    for i, (r, _) in enumerate(points):
        under += (r - last) * max(p for _, p in points[i:])
        last = r
    return sum(grid) / 11, under


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_voc_by_a_slow_reference(scene: tuple[list[Truth], list[Detections]]) -> None:
    for c in range(3):
        r, p = voc.curve(*scene, c)
        expected = slow_voc(*scene, c)
        true = sum(one.counts[one.classes == c].sum() for one in scene[0])
        ours = (voc.eleven_points(r, p), voc.area_under(r, p)) if true else (np.nan, np.nan)
        np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_pictures_and_labels_must_agree() -> None:
    with pytest.raises(SettingError, match="pictures"):
        evaluate.evaluate([truth()], [])
    with pytest.raises(SettingError, match="labels"):
        evaluate.evaluate([truth()], [found(labels=("cat",))])
    with pytest.raises(SettingError, match="class: wanted one of cat, dog, owl"):
        evaluate.evaluate([truth()], [found()]).curve("rat")
    with pytest.raises(SettingError, match="iou"):
        evaluate.evaluate([truth()], [found()]).ap(iou=0.51)


def test_nothing_at_all() -> None:
    assert np.isnan(evaluate.evaluate([], []).ap())
    assert np.isnan(evaluate.evaluate([truth()], [found()]).ap())
    there = [truth(Row(label="cat", box=(0, 0, 1, 1)))]
    assert evaluate.evaluate(there, [found()]).ap() == 0
    assert len(evaluate.evaluate(there, [found()]).curve("cat").scores) == 0


def yolox(images: list[np.ndarray], model: Path, labels: tuple[str, ...]) -> list[Detections]:
    """YOLOX-nano, plainly: scores from .01, overlap .45."""
    import cv2
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    cells = [(s, np.stack(np.meshgrid(*[np.arange(416 // s)] * 2), -1)) for s in (8, 16, 32)]
    grid = np.concatenate([g.reshape(-1, 2) for _, g in cells])
    stride = np.concatenate([np.full((g.size // 2, 1), s) for s, g in cells])
    answers = []
    for image in images:
        height, width = image.shape[:2]
        scale = min(416 / height, 416 / width)
        board = np.full((416, 416, 3), 114, np.uint8)
        small = cv2.resize(image, (int(width * scale), int(height * scale)))
        board[: small.shape[0], : small.shape[1]] = small[..., ::-1]
        x = board.transpose(2, 0, 1)[None].astype(np.float32)
        out = session.run(None, {"images": x})[0][0].astype(float)
        middle, half = (out[:, :2] + grid) * stride, np.exp(out[:, 2:4]) * stride / 2
        boxes = np.hstack([middle - half, middle + half]) / scale
        rows, classes = np.nonzero(out[:, 4:5] * out[:, 5:] >= 0.01)
        scores = out[rows, 4] * out[rows, 5 + classes]
        seen = Detections.within(boxes[rows], scores, classes, labels, (width, height))
        answers.append(nms(seen, 0.45))
    return answers


def test_voc60_is_pycocotools_and_the_known_figures() -> None:
    """60 real photographs, a real detector: AP .537 and AP50 .798 by a reference run."""
    file, model = VOC60 / "instances.json", VOC60 / "../../detectors/yolox_nano.onnx"
    if not (file.is_file() and model.is_file()):
        pytest.skip("no photos/voc60 or detectors/yolox_nano.onnx in ../shared/data")
    truths = truth_files.read([(file.name, file.read_bytes())])
    assert len(truths) == 60
    assert sum(map(len, truths)) == len(json.loads(file.read_text())["annotations"])
    names = tuple((model.parent / "coco.names").read_text().split("\n")[:80])
    images = [np.asarray(Image.open(VOC60 / "images" / one.name).convert("RGB")) for one in truths]
    labels = merged(names, truths[0].labels)
    assert len(labels) == 80  # each of VOC's twenty is one of COCO's
    pairs = [
        agreed(one, seen, labels)
        for one, seen in zip(truths, yolox(images, model, names), strict=True)
    ]
    there, seen = [one for one, _ in pairs], [one for _, one in pairs]
    result = evaluate.evaluate(there, seen)
    np.testing.assert_allclose(result.precision, theirs(there, seen), atol=1e-9)
    assert result.ap() == pytest.approx(0.537, abs=0.01)
    assert result.ap(iou=0.5) == pytest.approx(0.798, abs=0.01)
