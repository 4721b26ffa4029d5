"""Detectors from the inside: suppression step by step, candidates that lead to the answer, places."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.models import get_model

from core.datasets.images import sample, shrink
from core.detection import catalogue, coco, embedded, inside, inside_coco, windows
from core.detection.boxes import Detections, iou, nms
from core.errors import SettingError
from tests.bench.bench_detection import confident

CPU = torch.device("cpu")


def scattered(seed: int, count: int) -> Detections:
    rng = np.random.default_rng(seed)
    near = rng.integers(0, 40, (count, 2))
    boxes = np.hstack([near, near + rng.integers(5, 40, (count, 2))])
    return Detections(boxes, rng.integers(0, 6, count) / 5, rng.integers(0, 2, count), ("a", "b"))


@given(
    st.integers(0, 10_000), st.integers(0, 30), st.sampled_from([0.0, 0.3, 0.5, 1.0]), st.booleans()
)
@settings(max_examples=100, deadline=None)
def test_steps_end_where_nms_does(seed: int, count: int, limit: float, nested: bool) -> None:
    found = scattered(seed, count)
    steps = list(inside.steps(found, limit, nested=nested))
    taken = np.array([step.taken for step in steps], np.int64)
    assert found.take(taken) == nms(found, limit, nested=nested)
    # Each candidate is taken or falls, once, to a better one of its label that it overlaps.
    assert sorted([*taken, *(i for step in steps for i in step.falls)]) == list(range(count))
    for step in steps:
        assert (step.falls > step.taken).all() and (step.overlaps > limit).all()
        assert (found.classes[step.falls] == found.classes[step.taken]).all()
        if not nested:
            common = iou(found.boxes[[step.taken]], found.boxes[step.falls])[0]
            np.testing.assert_array_equal(step.overlaps, common)


def test_steps_by_hand() -> None:
    boxes = [[0, 0, 10, 10], [0, 0, 10, 8], [0, 0, 10, 4], [50, 0, 60, 10]]
    found = Detections(boxes, [0.9, 0.8, 0.7, 0.95], [0, 0, 0, 0], ("a",))
    first, second, third = inside.steps(found, 0.5)
    assert (first.taken, first.falls.tolist()) == (0, [])  # the one far away, the best
    assert (second.taken, second.falls.tolist(), second.overlaps.tolist()) == (1, [2], [0.8])
    assert (third.taken, third.falls.tolist()) == (3, [])  # IoU .4 with the first of its place
    # By the share of the smaller box it lies within.
    assert [s.taken for s in inside.steps(found, 0.5, nested=True)] == [0, 1]


def test_steps_are_lazy_and_want_a_share() -> None:
    steps = inside.steps(scattered(0, 30), 0.5)
    next(steps)
    steps.close()
    with pytest.raises(SettingError, match="limit"):
        next(inside.steps(scattered(0, 3), 1.5))


def test_a_layer_thinned_is_a_layer() -> None:
    grid = np.stack(np.meshgrid(np.arange(50), np.arange(30)), -1).reshape(-1, 1, 2)
    boxes = np.concatenate([grid, grid + 1], 2).repeat(3, 1).reshape(-1, 4).astype(np.float32)
    layer = inside.Layer("x", (30, 50), boxes)
    assert (layer.per, layer.count) == (3, 4500)
    thin = layer.thinned(600)
    assert (thin.per, thin.count) == (3, 4500) and 300 <= len(thin.boxes) <= 600
    assert len(thin.boxes) == thin.grid[0] * thin.grid[1] * 3
    cells = thin.boxes.reshape(*thin.grid, 3, 4)
    assert (np.diff(cells[:, 0, 0, 1]) == 3).all() and (np.diff(cells[0, :, 0, 0]) == 3).all()
    assert layer.thinned(4500).boxes is not None and len(layer.thinned(4500).boxes) == 4500
    assert len(layer.thinned(1).boxes) == 3  # a cell at least


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Sums of several threads come in any order, and random weights are near ties."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", coco.MODELS)
def test_candidates_lead_to_the_answer(name: str) -> None:
    """With random weights: the same boxes as detect(), after threshold and suppression."""
    image = shrink(sample("astronaut"), 160)
    model = confident(name, image)
    # Quieter, for which of two certain boxes with the same score comes first is nobody's to say.
    with torch.no_grad():
        for key, value in model.named_parameters():
            if ("classification_head" in key or "cls_score" in key) and value.shape[0] % 91 == 0:
                value.mul_(0.3 if name == coco.MODELS[0] else 0.15)
    if "ssd" not in name:  # smaller than they like, to be quick
        model.transform.min_size, model.transform.max_size = (128,), 192
    # Numbers of COCO without a name would compete for the last places of detect() alone.
    inside_coco.head(model).detections_per_img = 10**6
    detector = coco.Coco(model, coco.ids(name), CPU, name)
    before = detector.detect([image])[0]
    seen = detector.inside(image)
    again = detector.detect([image])[0]  # opened for nobody else
    for one in (again, seen.answer):
        np.testing.assert_array_equal(one.boxes, before.boxes)
    assert len(seen.found) == min(seen.total, inside.MOST)
    assert seen.limit == detector.limit and not seen.nested
    floor = max(coco.FLOOR, float(np.nextafter(seen.found.scores[-1], 1)))
    ours, theirs = seen.left(floor), before.take(before.scores >= floor)
    assert len(ours) == len(theirs) > 50
    np.testing.assert_allclose(ours.scores, theirs.scores, atol=1e-6)
    # Of two with the same score either may come first, and the other fall to it.
    scores = seen.above(floor).scores
    sure = (np.abs(theirs.scores[:, None] - scores[None]) < 1e-6).sum(1) == 1
    near = np.abs(theirs.boxes[:, None] - ours.boxes[None]).max(2) < 1e-3
    near &= theirs.classes[:, None] == ours.classes[None]
    assert near[sure].any(1).all() and sure.mean() > 0.6
    inside_coco.head(model).detections_per_img = 3
    assert len(detector.inside(image).left(0.0)) == 3


def test_default_boxes_are_ssds() -> None:
    """Liu et al. 2016, figure 2 and section 3.1: 8732 boxes in six maps; scales .15 to 1.05 here."""
    image = sample("coffee")
    model = get_model("ssd300_vgg16", weights=None, weights_backbone=None, num_classes=91)
    detector = coco.Coco(model, coco.ids("ssd300_vgg16"), CPU)
    layers = detector.inside(image).layers
    assert [layer.grid[0] for layer in layers] == [38, 19, 10, 5, 3, 1]
    assert [layer.per for layer in layers] == [4, 6, 6, 6, 4, 4]
    assert sum(layer.count for layer in layers) == 8732
    height, width = image.shape[:2]
    cells = layers[3].boxes.reshape(5, 5, 6, 4)
    middle = (cells[..., :2] + cells[..., 2:]) / 2
    # The middle of each cell, (i + .5) / f, in pixels of the picture.
    steps = np.array([64 / 300 * width, 64 / 300 * height])
    np.testing.assert_allclose(middle[2, 3, 0], steps * (3.5, 2.5), rtol=1e-5)
    across, down = (cells[2, 3, :, 2:] - cells[2, 3, :, :2]).T / np.array([[width], [height]])
    ratios = across / down
    np.testing.assert_allclose(sorted(ratios), [1 / 3, 1 / 2, 1, 1, 2, 3], rtol=1e-4)
    np.testing.assert_allclose(across * down, [0.51**2, 0.51 * 0.69, *[0.51**2] * 4], rtol=1e-4)


EMBEDDED = [spec for spec in catalogue.DETECTORS.values() if spec.weights is None]


@pytest.mark.parametrize("spec", EMBEDDED, ids=lambda spec: spec.slug)
def test_each_window_that_passes_is_one_of_the_places(spec: catalogue.Spec) -> None:
    image = sample("cat") if "cat" in spec.slug else shrink(sample("astronaut"), 400)
    detector = spec.load()
    seen = detector.inside(image)
    assert seen.answer == detector.detect([image])[0]
    assert seen.total == len(seen.found) + len(seen.alone) >= len(seen.answer) and seen.nested
    places = np.concatenate([layer.boxes for layer in seen.layers])
    assert len(places) > 1000
    assert all(layer.per == 1 and layer.count == len(layer.boxes) for layer in seen.layers)
    # Places may reach beyond the picture (tilted views, a rim); what is found is clipped.
    size = np.tile([image.shape[1], image.shape[0]], 2)
    clipped = np.clip(places, 0, size)
    for box in (*seen.found.boxes, *seen.alone.boxes):
        assert np.abs(clipped - box).max(axis=1).min() < 0.51


def test_what_the_windows_leave_is_near_the_answer() -> None:
    seen = catalogue.find("face").load().inside(sample("astronaut"))
    assert len(seen.found) > 20 and len(seen.alone) > 5
    left = seen.left(0.5)
    assert len(left) == len(seen.answer) == 1
    assert iou(left.boxes, seen.answer.boxes)[0, 0] > 0.7


@given(st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_groups_are_opencvs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    middle = rng.integers(0, 200, (6, 2)).repeat(rng.integers(1, 6, 6), 0)
    rows = np.hstack([middle, np.full_like(middle, 30)]) + rng.integers(-3, 4, (len(middle), 4))
    ours = windows.together(np.hstack([rows[:, :2], rows[:, :2] + rows[:, 2:]]).astype(float))
    for least in (1, 2, 4):
        groups, sizes = cv2.groupRectangles([*rows.tolist()], least, 0.2)
        # OpenCV drops small groups inside large ones, too; those within are the only difference.
        sizes = np.ravel(sizes)
        assert all((ours == size).sum() >= size for size in sizes)
        assert len(sizes) <= sum(1 / n for n in ours if n > least) + 1e-9


@pytest.mark.parametrize("size", [(1, 1), (40, 40), (3, 200)])
@pytest.mark.parametrize("spec", EMBEDDED, ids=lambda spec: spec.slug)
def test_pictures_smaller_than_a_window(spec: catalogue.Spec, size: tuple[int, int]) -> None:
    seen = spec.load().inside(np.full((*size, 3), 90, np.uint8))
    assert len(seen.found) >= len(seen.answer)


def test_another_limit_suppresses_otherwise() -> None:
    image = sample("astronaut")
    detector = embedded.People()
    few, many = detector.suppressing(0.0).inside(image), detector.suppressing(1.0).inside(image)
    assert len(few.left(0.0)) < len(many.left(0.0)) and (few.limit, many.limit) == (0, 1)
