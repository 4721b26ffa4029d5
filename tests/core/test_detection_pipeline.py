"""From file to boxes: pixels of the original, times of every stage, errors of every kind."""

from __future__ import annotations

import dataclasses
import pickle
import time
from collections.abc import Sequence

import numpy as np
import pytest

from core.charts import pictures
from core.datasets import images
from core.detection import draw, pipeline
from core.detection.boxes import Detections
from core.errors import SettingError, UploadError

IMAGE = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)


class Halves:
    """Finds the left half (weakly) and the right half of whatever it sees."""

    name, labels, limit = "halves", ("left", "right"), 0.5

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        [image] = frames
        self.seen = image
        time.sleep(0.02)
        height, width = image.shape[:2]
        halves = [(0, 0, width / 2, height), (width / 2, 0, width, height)]
        return [Detections(halves, [0.3, 0.9], [0, 1], self.labels)]

    def suppressing(self, limit: float) -> Halves:
        other = Halves()
        other.limit = limit
        return other


def test_boxes_are_in_pixels_of_the_original() -> None:
    for longest in (None, 160, 79, 40, 1000):
        detector = Halves()
        result = pipeline.run(pictures.png(IMAGE), detector, longest=longest)
        assert np.array_equal(result.image, IMAGE)
        assert max(detector.seen.shape) == min(longest or 160, 160)
        assert result.detections.names == ["right", "left"]
        assert result.detections.scores.tolist() == [0.9, 0.3]
        np.testing.assert_allclose(result.detections.boxes, [(80, 0, 160, 90), (0, 0, 80, 90)])


def test_arrays_are_taken_as_they_are() -> None:
    detector = Halves()
    result = pipeline.run(IMAGE, detector)
    assert result.image is IMAGE and detector.seen is IMAGE


def test_times_of_the_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = {"decode": 0.04, "shrink": 0.06, "draw": 0.05}

    def slowed(name: str) -> None:
        original = getattr(pipeline, name)

        def wrapper(*args: object, **options: object) -> object:
            time.sleep(slow[name])
            return original(*args, **options)

        monkeypatch.setattr(pipeline, name, wrapper)

    for name in slow:
        slowed(name)
    data, started = pictures.png(IMAGE), time.perf_counter()
    result = pipeline.run(data, Halves(), longest=50)
    # No moment is counted twice.
    assert sum(result.seconds.values()) <= time.perf_counter() - started
    assert list(result.seconds) == ["decode", "resize", "model"]
    shown = pipeline.annotate(result)
    assert list(shown.seconds) == ["decode", "resize", "model", "draw"]
    for stage, least in {"decode": 0.04, "resize": 0.06, "model": 0.02, "draw": 0.05}.items():
        assert least <= shown.seconds[stage] < least + 0.5
    assert "draw" not in result.seconds


def test_annotate_shows_what_is_asked_for() -> None:
    result = pipeline.run(IMAGE, Halves())
    palette = draw.colours(Halves.labels)
    shown = pipeline.annotate(result, threshold=0.5, palette=palette)
    assert shown.detections == result.detections.take(slice(1))
    assert np.array_equal(shown.image, draw.draw(IMAGE, shown.detections, palette=palette))
    left = pipeline.annotate(result, labels=["left"])
    assert left.detections == result.detections.take(slice(1, None))
    nothing = pipeline.annotate(result, threshold=0.95)
    assert len(nothing.detections) == 0 and np.array_equal(nothing.image, IMAGE)
    with pytest.raises(SettingError, match="threshold"):
        pipeline.annotate(result, threshold=2)


def test_results_are_frozen_and_travel() -> None:
    result = pipeline.run(IMAGE, Halves())
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.image = IMAGE  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(result)).detections == result.detections  # noqa: S301


def test_bad_uploads_bear_their_name() -> None:
    with pytest.raises(UploadError, match="^notes.png: wanted a JPEG"):
        pipeline.run(b"notes", Halves(), name="notes.png")
    with pytest.raises(UploadError, match="^picture: "):
        pipeline.run(b"", Halves())


@pytest.mark.parametrize(
    "wrong",
    [IMAGE[:, :, 0], IMAGE.astype(np.float32), IMAGE[:0], np.zeros((4, 4, 4), np.uint8)],
)
def test_bad_arrays(wrong: np.ndarray) -> None:
    with pytest.raises(SettingError, match="picture: wanted an array"):
        pipeline.run(wrong, Halves())


def test_longest_must_be_positive() -> None:
    with pytest.raises(SettingError, match="longest"):
        pipeline.run(IMAGE, Halves(), longest=0)
    assert images.shrink(IMAGE, 1).shape == (1, 1, 3)


def test_settings_show_what_is_wanted() -> None:
    found = pipeline.run(IMAGE, Halves()).detections
    assert pipeline.Settings(threshold=0.0).shown(found) == found
    assert pipeline.Settings(threshold=0.9).shown(found).names == ["right"]
    assert pipeline.Settings(threshold=0.0, labels=("left",)).shown(found).names == ["left"]
    detector = Halves()
    assert pipeline.Settings().suppressing(detector) is detector
    assert pipeline.Settings(overlap=0.2).suppressing(detector).limit == 0.2


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": 1.1}, {"threshold": float("nan")}, {"overlap": -0.1}, {"longest": 0}],
    ids=str,
)
def test_settings_refuse_nonsense(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingError, match="threshold|overlap|longer side"):
        pipeline.Settings(**wrong)
