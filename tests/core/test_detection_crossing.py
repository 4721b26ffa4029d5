"""Counting against a plain segment test, by hand, and by law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detection import crossing
from core.detection.boxes import Detections
from core.detection.crossing import Line, Tally
from core.errors import SettingError

SIZE = (200, 100)
MIDDLE = Line((0.5, 0.0), (0.5, 1.0))  # straight down: to its right is x < 100


def at(*places: tuple[float, ...], classes: Any = None) -> Detections:
    c = np.array(places, float).reshape(-1, 2)
    half = np.array([6.0, 9.0])
    kinds = np.zeros(len(c), int) if classes is None else classes
    return Detections(np.hstack([c - half, c + half]), np.full(len(c), 0.5), kinds, ("cat", "dog"))


def walk(tally: Tally, places: Sequence[tuple[float, ...]], one: int = 1) -> list[int]:
    """The ways in which a thing going through `places` crossed."""
    news = [tally.count([one], at(place), SIZE) for place in places]
    return [way for n in news for _, _, way in n.crossed]


def test_there_and_back() -> None:
    tally = Tally(MIDDLE)
    assert walk(tally, [(80, 50), (90, 50), (110, 50), (120, 50)]) == [-1]
    assert tally.crossed == {"cat": (0, 1)}
    assert walk(tally, [(110, 50), (90, 40)]) == [1]
    assert tally.crossed == {"cat": (1, 1)}
    assert tally.seen == {"cat": 1}


def test_the_other_way_round_the_ways_change_places() -> None:
    tally = Tally(Line(MIDDLE.b, MIDDLE.a))
    assert walk(tally, [(80, 50), (120, 50)]) == [1]


def test_trembling_on_the_line_counts_once_a_passage() -> None:
    rng = np.random.default_rng(3)
    xs = np.concatenate([np.linspace(60, 100, 20), np.full(40, 100.0), np.linspace(100, 140, 20)])
    places = [(float(x), 50.0) for x in xs + rng.uniform(-1.9, 1.9, 80)]
    assert sum(p[0] < 100 < q[0] for p, q in zip(places, places[1:], strict=False)) > 5
    tally = Tally(MIDDLE)
    assert walk(tally, places) == [-1]
    assert walk(tally, places[::-1]) == [1]


def test_touching_and_turning_back_is_no_crossing() -> None:
    assert walk(Tally(MIDDLE), [(80, 50), (100, 50), (101, 50), (100, 50), (80, 50)]) == []


def test_passing_beside_the_ends_is_no_crossing() -> None:
    short = Line((0.5, 0.4), (0.5, 0.6))
    assert walk(Tally(short), [(80, 30), (120, 30)]) == []
    assert walk(Tally(short), [(80, 30), (120, 70)]) == [-1]
    # Around the end of it and back through it: one crossing, the way it went through.
    assert walk(Tally(short), [(80, 50), (80, 20), (120, 20), (120, 50), (80, 50)]) == [1]
    # The end belongs to the line.
    assert walk(Tally(short), [(80, 40), (120, 40)]) == [-1]


def test_sideways_within_the_band_the_real_way_decides() -> None:
    """Last clear above the end, creeping along beside the line, clear again beyond the end."""
    line = Line((0.5, 0.4), (0.5, 0.6))
    creep = [(90, 50), (99, 50), (99.5, 90), (100.5, 90), (101, 50), (110, 50)]
    assert walk(Tally(line), creep) == []
    # Through it, back through it, and around the end: twice is not once.
    twice = [(90, 50), (101, 50), (99, 50), (99, 90), (101, 90), (110, 50)]
    assert walk(Tally(line), twice) == []


def test_only_confirmed_ids_count() -> None:
    tally = Tally(MIDDLE)
    news = tally.count([0, 4, 9], at((80, 20), (80, 50), (80, 80), classes=[0, 0, 1]), SIZE)
    assert news.seen == ((4, "cat"), (9, "dog"))
    assert (
        tally.count([4, 0, 9], at((120, 20), (120, 50), (120, 80), classes=[0, 0, 1]), SIZE).seen
        == ()
    )
    assert tally.seen == {"cat": 1, "dog": 1}
    assert tally.crossed == {"cat": (0, 1), "dog": (0, 1)}
    assert set(tally.trails) == {4, 9}


def test_without_a_line_nothing_crosses() -> None:
    tally = Tally()
    assert walk(tally, [(10, 10), (190, 90)]) == []
    assert tally.crossed == {}
    assert tally.trails == {1: [(10, 10), (190, 90)]}


def test_trails_are_bounded_in_length_and_number() -> None:
    tally = Tally(MIDDLE)
    walk(tally, [(float(k), 50.0) for k in range(150)])
    assert tally.trails[1] == [(float(k), 50.0) for k in range(150 - crossing.TRAIL, 150)]
    for one in range(2, 2 + crossing.FOLLOWED):
        tally.count([one], at((10, 10)), SIZE)
    assert len(tally.trails) == crossing.FOLLOWED
    assert 1 not in tally.trails
    assert tally.seen == {"cat": crossing.FOLLOWED + 1}
    # An old thing that comes back is not counted anew.
    assert tally.count([1], at((10, 10)), SIZE).seen == ()


def meet(a: np.ndarray, b: np.ndarray, p: np.ndarray, q: np.ndarray) -> bool:
    """Whether a + t (b - a) = p + u (q - p) for some t, u in 0..1, by solving for t and u."""
    both = np.stack([b - a, p - q], 1)
    if abs(np.linalg.det(both)) < 1e-9:
        return False
    return bool(((t := np.linalg.solve(both, p - a)) >= 0).all() and (t <= 1).all())


@given(st.integers(0, 100_000))
@settings(max_examples=150, deadline=None)
def test_crossings_are_those_of_the_plain_segment_test(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = rng.random((2, 2))
    a, b = ends * SIZE
    if np.linalg.norm(b - a) < 20:
        return
    # Places clear of the line only, so that each step is judged by itself.
    way = rng.random((60, 2)) * SIZE
    away = (b - a) / np.linalg.norm(b - a)
    off = (way - a)[:, 1] * away[0] - (way - a)[:, 0] * away[1]
    way = way[np.abs(off) > crossing.BAND * min(SIZE) + 1e-6]
    off = off[np.abs(off) > crossing.BAND * min(SIZE) + 1e-6]
    expected = [
        int(np.sign(off[i + 1])) for i in range(len(way) - 1) if meet(a, b, way[i], way[i + 1])
    ]
    tally = Tally(Line(tuple(ends[0]), tuple(ends[1])))
    assert walk(tally, [tuple(p) for p in way.tolist()]) == expected
    right, left = tally.crossed.get("cat", (0, 0))
    assert (right, left) == (expected.count(1), expected.count(-1))


@pytest.mark.parametrize(
    "ends", [((0, 0), (0, 0)), ((-0.1, 0), (1, 1)), ((0, 0), (float("nan"), 1)), ((0, 0), (1, 1.2))]
)
def test_bad_lines_are_refused(ends: tuple[tuple[float, float], tuple[float, float]]) -> None:
    with pytest.raises(SettingError, match="line"):
        Line(*ends)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="zip"):
        Tally().count([1, 2], at((10, 10)), SIZE)
