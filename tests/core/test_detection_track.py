"""The tracker against planted ways: who is who must come out as it was put in."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detection.boxes import Detections
from core.detection.track import Config, Tracker
from core.errors import SettingError

LABELS = ("cat", "dog")


def found(boxes: Any, classes: Any = None, scores: Any = None) -> Detections:
    b = np.asarray(boxes, float).reshape(-1, 4)
    c = np.zeros(len(b), int) if classes is None else classes
    s = np.linspace(0.9, 0.8, len(b)) if scores is None else scores
    return Detections(b, s, c, LABELS)


def square(x: float, y: float, side: float = 60) -> list[float]:
    return [x - side / 2, y - side / 2, x + side / 2, y + side / 2]


def test_an_id_comes_at_the_third_sight_and_stays() -> None:
    tracker = Tracker()
    ids = [tracker.follow(found([square(50 + 4 * k, 100)])).tolist() for k in range(12)]
    assert ids == [[0], [0]] + [[1]] * 10


def test_hits_is_how_often_it_must_be_found() -> None:
    for hits in (1, 2, 5):
        tracker = Tracker(Config(hits=hits))
        ids = [tracker.follow(found([square(50, 100)])).item() for _ in range(hits)]
        assert ids == [0] * (hits - 1) + [1]


@pytest.mark.parametrize("speed", [5, 12])
def test_two_that_cross_each_other_keep_their_ids(speed: int) -> None:
    tracker = Tracker()
    rows = []
    for k in range(400 // speed):
        # One goes right, one left, six pixels apart in height: they cover each other midway.
        rows.append(
            tracker.follow(found([square(50 + speed * k, 100), square(450 - speed * k, 106)]))
        )
    ids = np.array(rows)
    assert (ids[:2] == 0).all()
    assert sorted(ids[2].tolist()) == [1, 2]
    assert (ids[2:] == ids[2]).all()


def test_a_gap_within_patience_keeps_the_id_and_a_longer_one_does_not() -> None:
    for gap, same in ((6, True), (7, False)):
        tracker = Tracker(Config(patience=6))
        for k in range(5):
            before = tracker.follow(found([square(50 + 3 * k, 100)])).item()
        for _ in range(gap):
            assert len(tracker.follow(found([]))) == 0
        after = [
            tracker.follow(found([square(50 + 3 * k, 100)])).item()
            for k in range(5 + gap, 10 + gap)
        ]
        assert before == 1
        assert after[-1] == (1 if same else 2)
        assert after[0] == (1 if same else 0)


def test_fast_things_are_caught_when_they_come_back() -> None:
    # 14 pixels a picture, missed for five: 84 pixels on, farther than its own width of 60.
    tracker = Tracker()
    for k in range(8):
        tracker.follow(found([square(50 + 14 * k, 100)]))
    for _ in range(5):
        tracker.follow(found([]))
    assert tracker.follow(found([square(50 + 14 * 13, 100)])).item() == 1


def test_the_speed_is_learned_from_the_second_sight() -> None:
    # 36 pixels a picture and 60 wide: iou 24 / 96 = .25 with where it was, far more with where
    # it should be; its shaking by 4 pixels would push it below .2 again and again.
    tracker = Tracker()
    places = [50 + 36 * k + (4 if k % 2 else -4) * (k > 1) for k in range(16)]
    ids = [tracker.follow(found([square(x, 100)])).item() for x in places]
    assert ids == [0, 0] + [1] * 14


def test_births_and_deaths() -> None:
    tracker = Tracker(Config(hits=2, patience=3))
    alive = {"a": range(20), "b": range(5, 12), "c": range(16, 20)}
    places = {"a": (60, 60), "b": (300, 60), "c": (300, 60)}
    ids: dict[str, set[int]] = {name: set() for name in alive}
    for k in range(20):
        here = [name for name, when in alive.items() if k in when]
        for name, one in zip(
            here, tracker.follow(found([square(*places[n]) for n in here])), strict=True
        ):
            ids[name].add(int(one))
    assert ids == {"a": {0, 1}, "b": {0, 2}, "c": {0, 3}}


def test_another_label_is_another_thing() -> None:
    tracker = Tracker(Config(hits=1))
    place = square(100, 100)
    assert tracker.follow(found([place], [0])).item() == 1
    assert tracker.follow(found([place], [1])).item() == 2
    assert tracker.follow(found([place, place], [1, 0])).tolist() == [2, 1]


def test_too_little_overlap_is_another_thing() -> None:
    # Squares of 60, 30 apart: iou 30 / 90 = 1/3.
    for limit, same in ((0.3, True), (0.36, False)):
        tracker = Tracker(Config(hits=1, overlap=limit))
        first = tracker.follow(found([square(100, 100)])).item()
        assert (tracker.follow(found([square(130, 100)])).item() == first) is same


def test_two_trackers_do_not_disturb_each_other() -> None:
    alone, one, two = Tracker(), Tracker(), Tracker()
    for k in range(6):
        right = found([square(50 + 5 * k, 100), square(300, 50)])
        expected = alone.follow(right)
        np.testing.assert_array_equal(one.follow(right), expected)
        two.follow(found([square(400, 50 + 5 * k)]))
    assert sorted(expected) == [1, 2]
    assert two.follow(found([square(400, 80)])).item() == 1


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_planted_ways_come_back(seed: int) -> None:
    """Things on lanes of their own, shaking, each missed now and then: one id each, always."""
    rng = np.random.default_rng(seed)
    lanes = np.arange(4) * 100 + 50.0
    speed = rng.uniform(-10, 10, 4)
    start = np.where(speed > 0, 60, 580)
    ids: list[set[int]] = [set() for _ in lanes]
    tracker, again = Tracker(), Tracker()
    for k in range(40):
        there = np.flatnonzero((rng.random(4) > 0.15) | (k < 3))
        order = rng.permutation(there)
        centres = np.stack([start + speed * k, lanes], 1)[order] + rng.normal(
            0, 1.5, (len(order), 2)
        )
        record = found([square(*c) for c in centres], None, np.full(len(order), 0.5))
        given_ids = tracker.follow(record)
        np.testing.assert_array_equal(given_ids, again.follow(record))
        for lane, one in zip(order, given_ids, strict=True):
            if k >= 3:
                ids[lane].add(int(one))
    assert sorted(map(sorted, ids)) == [[1], [2], [3], [4]]


def test_nothing_is_changed_and_nothing_comes_of_nothing() -> None:
    record = found([square(50, 50)])
    before = record.boxes.copy()
    Tracker().follow(record)
    np.testing.assert_array_equal(record.boxes, before)
    assert Tracker().follow(found([])).shape == (0,)


@pytest.mark.parametrize(
    "bad",
    [
        {"overlap": 1.0},
        {"overlap": -0.1},
        {"hits": 0},
        {"hits": 9, "patience": 8},
        {"patience": 1001},
    ],
)
def test_bad_settings_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(SettingError):
        Config(**bad)  # type: ignore[arg-type]


def test_the_library_keeps_quiet_and_leaves_opencv_headless() -> None:
    """Long unseen things shrink to nothing in the filter; the library would log each time."""
    code = (
        "import importlib.metadata as m, numpy as np\n"
        "from core.detection.boxes import Detections\n"
        "from core.detection.track import Tracker\n"
        "t = Tracker()\n"
        "for k in range(30):\n"
        "    n = k < 8\n"
        "    s = 60 - 7 * k\n"
        "    b = np.array([[10, 10, 10 + s, 10 + s], [300, 300, 340, 340]], float)[0 if n else 1:]\n"
        "    t.follow(Detections(b, [.5] * len(b), [0] * len(b), ('a',)))\n"
        "names = {d.metadata['Name'].lower() for d in m.distributions()}\n"
        "assert not names & {'opencv-python', 'opencv-contrib-python'}, names\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
