"""Every layout: recognised from its shapes, and read as a slow oracle reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from core.detection import onnx_detector, onnx_file, onnx_guess, onnx_layouts
from core.detection.onnx_decode import DECODERS, decode
from core.detection.onnx_grid import total
from core.errors import SettingError, UploadError
from tests.core import onnx_graphs as graphs
from tests.oracles import onnx_decode as oracle

W, H, C = 96, 64, 3
THREE, FOUR = (8, 16, 32), (8, 16, 32, 64)
N3, N4 = total((W, H), THREE), total((W, H), FOUR)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def f32(array: Any) -> np.ndarray:
    return np.asarray(array, np.float32)


def scores(n: int, c: int = C) -> np.ndarray:
    return f32(rng(1).uniform(0.02, 1, (n, c)))


def middles(n: int) -> np.ndarray:
    """(n, 4) x, y, w, h in pixels, all over the picture."""
    return f32(rng(2).uniform([0, 0, 4, 4], [W, H, 60, 60], (n, 4)))


def offsets(n: int) -> np.ndarray:
    return f32(rng(3).normal(0, 1, (n, 4)))


def sides(n: int) -> np.ndarray:
    return f32(rng(4).normal(0, 3, (n, 32)))


@dataclass(frozen=True)
class Case:
    """Outputs of a model, and what is to be found in them."""

    family: str
    outputs: dict[str, np.ndarray]
    rows: list[oracle.Row]
    classes: int | None
    more: dict[str, Any]


def case(
    family: str, outputs: dict[str, Any], rows: Any, classes: int | None = C, **more: Any
) -> Case:
    return Case(family, {k: np.asarray(a) for k, a in outputs.items()}, list(rows), classes, more)


def ready(n: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners in pixels, scores and class numbers from 0."""
    m = middles(n)
    corners = np.hstack([m[:, :2] - m[:, 2:] / 2, m[:, :2] + m[:, 2:] / 2])
    return f32(corners), f32(rng(5).uniform(0.1, 1, n)), rng(6).integers(0, C, n)


def together(boxes: np.ndarray, p: np.ndarray, c: np.ndarray) -> list[oracle.Row]:
    return [(*map(float, b), float(s), int(k)) for b, s, k in zip(boxes, p, c, strict=True)]


def cases() -> dict[str, Case]:
    shares = f32(1) / f32([W, H, W, H])
    x = np.hstack([offsets(N3), scores(N3, 1), scores(N3)])
    xd = np.hstack([middles(N3), scores(N3, 1), scores(N3)])
    v5 = np.hstack([middles(3 * N3), scores(3 * N3, 1), scores(3 * N3)])
    v6 = np.hstack([middles(N3), np.ones((N3, 1), np.float32), scores(N3)])
    v8 = np.hstack([middles(N3), scores(N3)]).T
    seg = np.vstack([v8, rng(7).normal(0, 1, (32, N3))]).astype(np.float32)
    nano, plus = np.hstack([scores(N3), sides(N3)]), np.hstack([scores(N4), sides(N4)])
    maps, start = {}, 0
    for s in THREE:
        n = total((W, H), (s,))
        maps[f"cls_pred_stride_{s}"] = nano[None, start : start + n, :C]
        maps[f"dis_pred_stride_{s}"] = nano[None, start : start + n, C:]
        start += n
    fast = f32(rng(8).uniform(0, 1, (5 + C, H // 16, W // 16)))
    fast[1:5] = rng(9).normal(0, 1, fast[1:5].shape)
    boxes, p, c = ready()
    logits = f32(rng(10).normal(0, 2, (30, C)))
    hundred = f32(rng(11).normal(0, 2, (100, C + 1)))
    many = f32(rng(12).dirichlet(np.ones(C + 1), 1200))
    m30, m100 = middles(30) * shares, middles(100) * shares
    defaults = f32(np.sort(rng(13).uniform(0, 1, (1200, 2, 2)), axis=1).reshape(-1, 4))
    coco = np.array([1, 18, 90, 3, 2, 12, 44])  # 12 is none of COCO's
    coco_classes = [0, 16, 79, 2, 1, -1, 39]
    known = [i for i, k in enumerate(coco_classes) if k >= 0]
    of_coco = [(*map(float, boxes[i]), float(p[i]), coco_classes[i]) for i in known]
    end = np.full((1, 7), -1.0)
    detection = np.hstack([np.zeros((7, 1)), c[:, None] + 1, p[:, None], boxes * shares])
    return {
        "yolox": case("yolox", {"output": x[None]}, oracle.yolox(x, W, H, THREE, C)),
        "yolox, decoded": case("yolox-decoded", {"o": xd[None]}, oracle.yolov5(xd, C)),
        "yolov5": case("yolov5", {"output0": v5[None]}, oracle.yolov5(v5, C)),
        "yolov5, with maps": case(
            "yolov5",
            {"output": v5[None]} | {f"m{s}": np.zeros((1, 3, 8, 8, 8), np.float32) for s in THREE},
            oracle.yolov5(v5, C),
        ),
        "yolov6": case("yolov5", {"outputs": v6[None]}, oracle.yolov5(v6, C)),
        "yolov8": case("yolov8", {"output0": v8[None]}, oracle.yolov8(v8, C)),
        "yolov8, masks": case(
            "yolov8",
            {"output0": seg[None], "output1": np.zeros((1, 32, 16, 24), np.float32)},
            oracle.yolov8(v8, C),
            about={"names": "{0: 'a', 1: 'b', 2: 'c'}", "task": "segment"},
        ),
        "nanodet": case("nanodet", {"o": nano[None]}, oracle.nanodet(nano, W, H, THREE, C, 0.5)),
        "nanodet, maps": case("nanodet", maps, oracle.nanodet(nano, W, H, THREE, C, 0.5)),
        "nanodet-plus": case(
            "nanodet-plus", {"o": plus[None]}, oracle.nanodet(plus, W, H, FOUR, C, 0.0)
        ),
        "fastestdet": case("fastestdet", {"758": fast[None]}, oracle.fastestdet(fast, W, H)),
        "rows": case(
            "rows",
            {"output0": f32(np.hstack([boxes, p[:, None], c[:, None]]))[None]},
            together(boxes, p, c),
            None,
        ),
        "detection output": case(
            "detection-output",
            {"detection_out": f32(np.vstack([detection, end, detection]))[None, None]},
            together(boxes, p, c),
            None,
        ),
        "ssd": case(
            "ssd",
            {"bboxes": (boxes * shares)[None], "labels": c[None] + 1, "scores": p[None]},
            together(boxes, p, c),
            None,
        ),
        "ssd, unnamed": case(
            "ssd",
            {"a": p[None], "b": (boxes * shares)[None], "c": c[None] + 1},
            together(boxes, p, c),
            None,
        ),
        "tensorflow": case(
            "tensorflow",
            {
                "detection_boxes": (boxes * shares)[:, [1, 0, 3, 2]][None],
                "detection_classes": f32(coco)[None],
                "detection_scores": p[None],
                "num_detections": f32([7]),
                "raw_detection_boxes": np.zeros((1, 50, 4), np.float32),
            },
            of_coco,
            None,
            kind="uint8",
            last=True,
        ),
        "torchvision": case(
            "torchvision", {"boxes": boxes, "labels": coco, "scores": p}, of_coco, None, flat=True
        ),
        "rt-detr, with sizes": case(
            "ssd",
            {"labels": c[None], "boxes": boxes[None], "scores": p[None]},
            together(boxes, p, c),
            None,
            sizes=True,
        ),
        "rt-detr": case(
            "rt-detr",
            {"logits": logits[None], "pred_boxes": m30[None]},
            oracle.queries(m30, logits, W, H, "sigmoid"),
        ),
        "rt-detr, rows": case(
            "rt-detr-rows",
            {"output0": np.hstack([m30, scores(30)])[None]},
            oracle.queries(m30, scores(30), W, H, "as they are"),
        ),
        "detr": case(
            "detr",
            {"logits": hundred[None], "pred_boxes": m100[None]},
            oracle.queries(m100, hundred, W, H, "softmax"),
        ),
        "default boxes": case(
            "default-boxes",
            {"scores": many[None], "boxes": defaults[None]},
            oracle.default_boxes(defaults, many, W, H),
        ),
    }


CASES = cases()


def file(one: Case) -> tuple[bytes, onnx_file.File]:
    data = graphs.answering(one.outputs, size=(W, H), **one.more)
    return data, onnx_file.read(data, "my.onnx")


def parts(one: Case, layout: onnx_layouts.Layout) -> list[np.ndarray]:
    arrays = [one.outputs[name] for name in layout.parts]
    return [array[0] for array in arrays] if layout.about.each else arrays


@pytest.mark.parametrize("declare", [True, False], ids=["shapes told", "shapes open"])
@pytest.mark.parametrize("name", CASES)
def test_recognised(name: str, declare: bool) -> None:
    one = CASES[name]
    data = graphs.answering(one.outputs, size=(W, H), declare=declare, **one.more)
    model = onnx_detector.examine(data, "my.onnx")
    first = model.guesses[0]
    assert first.layout.family == one.family
    assert first.layout.classes == one.classes and first.layout.size == (W, H)
    assert not onnx_guess.ambiguous(model.guesses)
    assert len({g.layout.family for g in model.guesses}) == len(model.guesses)


@pytest.mark.parametrize("name", CASES)
def test_read_as_the_oracle_reads(name: str) -> None:
    one = CASES[name]
    layout = onnx_guess.guess(file(one)[1], one.outputs)[0].layout
    found = decode(parts(one, layout), layout)
    assert len(one.rows) >= 5
    boxes, p, c = (np.array([row[i] for row in one.rows]) for i in (slice(4), 4, 5))
    np.testing.assert_array_equal(found.classes, c)
    np.testing.assert_allclose(found.scores, p, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.boxes, boxes, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_the_floor_only_leaves_out(name: str) -> None:
    one = CASES[name]
    layout = onnx_guess.guess(file(one)[1], one.outputs)[0].layout
    whole = decode(parts(one, layout), layout)
    floor = float(np.median(whole.scores))
    high = whole.scores >= floor
    found = decode(parts(one, layout), layout, floor)
    assert 0 < high.sum() < len(high)
    np.testing.assert_allclose(found.boxes, whole.boxes[high], rtol=1e-5)
    np.testing.assert_array_equal(found.scores, whole.scores[high])
    np.testing.assert_array_equal(found.classes, whole.classes[high])


def test_every_family_has_its_case() -> None:
    assert {one.family for one in CASES.values()} == set(onnx_layouts.FAMILIES) == set(DECODERS)


def test_one_cell_by_hand() -> None:
    # Cell (3, 2) of stride 16 over 96 x 64: row 8 * 12 + 2 * 6 + 3. Middle (3.5, 2.25) * 16, 32 x 16.
    t = np.zeros((N3, 5 + C), np.float32)
    t[111] = [0.5, 0.25, np.log(2), 0, 0.5, 0.1, 0.8, 0.2]
    layout = onnx_layouts.of("yolox", size=(W, H), classes=C, parts=("o",))
    found = decode([t], layout, 0.01)
    np.testing.assert_allclose(found.boxes, [[40, 28, 72, 44]], rtol=1e-6)
    assert found.scores.tolist() == pytest.approx([0.4]) and found.classes.tolist() == [1]


def test_a_distribution_by_hand() -> None:
    # All of P at 2, 1, 3, 7 strides of 8, from the middle of cell (1, 1): (12, 12).
    t = np.full((N3, C + 32), -50, np.float32)
    t[:, :C] = 0
    t[13, [0, C + 2, C + 8 + 1, C + 16 + 3, C + 24 + 7]] = [0.9, 50, 50, 50, 50]
    layout = onnx_layouts.of("nanodet", size=(W, H), classes=C, parts=("o",))
    found = decode([t], layout, 0.5)
    np.testing.assert_allclose(found.boxes, [[-4, 4, 36, 68]], atol=1e-5)


@pytest.mark.parametrize("columns", [112, 85, 37 + 5, 33])
def test_yolox_and_nanodet_are_told_apart_by_their_scores(columns: int) -> None:
    """Rows of 112 may be 107 classes or 80 and four distributions: only scores lie in 0..1."""
    yolox = np.hstack([offsets(N3), scores(N3, columns - 4)])
    nano = np.hstack([scores(N3, columns - 32), sides(N3)])
    for family, array in (("yolox", yolox), ("nanodet", nano)):
        one = case(family, {"o": array[None]}, [])
        guesses = onnx_guess.guess(file(one)[1], one.outputs)
        assert guesses[0].layout.family == family and len(guesses) >= 3
        assert not onnx_guess.ambiguous(guesses)


def test_what_fits_two_layouts_is_said_to() -> None:
    half = f32(rng().uniform(0.1, 0.9, (1, N3, 40)))
    one = case("", {"o": half}, [])
    assert onnx_guess.ambiguous(onnx_guess.guess(file(one)[1], one.outputs))
    # ... but not where the classes are named.
    named = case("", {"o": half}, [], about={"names": str([f"c{i}" for i in range(8)])})
    guesses = onnx_guess.guess(file(named)[1], named.outputs)
    assert guesses[0].layout.family == "nanodet" and not onnx_guess.ambiguous(guesses)


def test_what_takes_bytes_is_given_bytes() -> None:
    one = replace(CASES["yolov8"], more={"kind": "uint8", "last": True})
    assert onnx_guess.guess(file(one)[1], one.outputs)[0].layout.scaling == "0 to 255"


def test_names_outweigh_what_scores_look_like() -> None:
    """By its scores of 35 classes it is YOLOX, but it names 8, as many as NanoDet would have."""
    t = np.hstack([offsets(N3), scores(N3, 36)])[None]
    plain = case("", {"o": t}, [])
    assert onnx_guess.guess(file(plain)[1], plain.outputs)[0].layout.family == "yolox"
    named = replace(plain, more={"about": {"names": str([f"c{i}" for i in range(8)])}})
    assert onnx_guess.guess(file(named)[1], named.outputs)[0].layout.family == "nanodet"


def test_names_decide_how_many_classes_there_are() -> None:
    v8 = CASES["yolov8, masks"]
    layout = onnx_guess.guess(file(v8)[1], v8.outputs)[0].layout
    assert layout.classes == 3
    untold = replace(v8, more={})
    assert onnx_guess.guess(file(untold)[1], v8.outputs)[0].layout.classes == 3 + 32


@pytest.mark.parametrize("family", onnx_layouts.FAMILIES)
@pytest.mark.parametrize("shape", [(1, 2), (5, 6), (30, 85), (84, 30), (N3, 5), (N3, 85)])
def test_a_layout_that_is_wrong_is_a_message_or_boxes(family: str, shape: tuple[int, int]) -> None:
    """Whatever is chosen by hand for whatever comes out: no crash, no warning."""
    count = {"fastestdet": 1, "rt-detr": 2, "detr": 2, "default-boxes": 2}.get(family, 1)
    count = 3 if family in ("ssd", "tensorflow", "torchvision") else count
    layout = onnx_layouts.of(family, size=(W, H), classes=80, parts=("a", "b", "c")[:count])
    t = f32(rng().normal(0, 200, shape))
    t[0, 0] = np.nan
    try:
        found = decode([t] * count, layout, 0.01)
    except SettingError:
        return
    assert found.boxes.shape == (len(found.scores), 4) == (len(found.classes), 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "yolo"},
        {"size": (8, 64)},
        {"size": (96, 9999)},
        {"classes": 0},
        {"colour": "CMYK"},
        {"scaling": "0 to 2"},
        {"resize": "crop"},
        {"units": "inches"},
        {"numbers": "from 2"},
        {"scores": "tanh"},
        {"strides": (0,)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_layout_checks_itself(wrong: dict[str, Any]) -> None:
    good = onnx_layouts.of("yolox", size=(W, H), classes=3, parts=("o",))
    with pytest.raises(SettingError, match="wanted"):
        replace(good, **wrong)


@pytest.mark.parametrize(
    "outputs",
    [
        {"p": np.zeros((1, 10))},
        {"p": np.zeros((1, 3, 64, 96))},
        {"p": np.zeros(())},
        {"boxes": np.zeros((1, 5, 4)), "p": np.zeros((1, 7, 3))},
        {"boxes": np.zeros((5, 4)), "p": np.zeros(5)},
        {"a": np.zeros((1, 5, 4)), "b": np.zeros((1, 5, 4)), "c": np.zeros((1, 5, 4))},
        {"p": np.zeros((0, 5))},
        {"p": np.zeros((1, 0, 85))},
    ],
    ids=str,
)
def test_what_is_no_detector(outputs: dict[str, np.ndarray]) -> None:
    one = case("", {k: f32(a) for k, a in outputs.items()}, [])
    with pytest.raises(UploadError, match="wanted boxes and scores, .* got "):
        onnx_guess.guess(file(one)[1], one.outputs)
