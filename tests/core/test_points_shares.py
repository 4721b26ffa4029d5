"""Held and wrongly labelled points: how many, of which class, and which at random."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.points import circle, label_noise, made, split
from core.errors import SettingError
from core.nets.network import Points
from core.rng import stream

LABELS = st.lists(st.integers(0, 9), max_size=60)
SHARES = st.floats(0, 1) | st.sampled_from([0.0, 0.1, 0.25, 0.29, 0.5, 1.0])


def of(labels: list[int]) -> Points:
    return made(np.column_stack([np.arange(len(labels)), np.zeros(len(labels))]), labels)


@settings(deadline=None)
@given(LABELS, SHARES, st.integers(0, 99))
def test_split_is_stratified(labels: list[int], share: float, seed: int) -> None:
    points = of(labels)
    done = split(points, share, generator=stream(seed))
    assert done.x is points.x and done.y is points.y and not points.held.any()
    total = 0
    for k in set(labels):
        n, held = labels.count(k), int(done.held[points.y == k].sum())
        exact = share * n
        assert held <= n - 1
        assert math.floor(exact - 1e-9) <= held + (held == n - 1)
        assert held <= math.ceil(exact + 1e-9)
        total += held
    assert total == done.held.sum() <= math.floor(share * len(labels) + 0.5)
    if all(labels.count(k) * (1 - share) >= 1 for k in labels):
        assert total == math.floor(share * len(labels) + 0.5)


def test_split_by_hand() -> None:
    points = of([0] * 10 + [1] * 7 + [2])
    for share, counts in ((0, (0, 0, 0)), (0.3, (3, 2, 0)), (0.5, (5, 4, 0)), (1, (9, 6, 0))):
        done = split(points, share, generator=stream(0))
        assert tuple(int(done.held[points.y == k].sum()) for k in range(3)) == counts
    again = split(split(points, 1, generator=stream(0)), 0, generator=stream(0))
    assert not again.held.any()
    # 29 of each hundred, though 0.29 * 100 is less than 29 in floating point
    assert split(of([0] * 100 + [1] * 100), 0.29, generator=stream(0)).held.sum() == 58


def test_the_largest_remainder_gets_the_rest() -> None:
    # A fifth of 6, 7, 9, 8 is 1.2, 1.4, 1.8, 1.6: six in all, two more than the whole parts.
    points = of([0] * 6 + [1] * 7 + [2] * 9 + [3] * 8)
    done = split(points, 0.2, generator=stream(0))
    assert [int(done.held[points.y == k].sum()) for k in range(4)] == [1, 1, 2, 2]


def test_each_point_is_held_as_often() -> None:
    points = of([0] * 10 + [1] * 10)
    often = sum(split(points, 0.3, generator=stream(s)).held.astype(int) for s in range(1000))
    assert np.abs(often - 300).max() < 5 * math.sqrt(1000 * 0.3 * 0.7)
    assert often.sum() == 6000


def test_a_larger_share_holds_the_same_points_and_more() -> None:
    points = circle(generator=stream(0))
    small, large = (split(points, share, generator=stream(1)).held for share in (0.2, 0.6))
    assert large[small].all() and (small.sum(), large.sum()) == (20, 60)
    other = split(points, 0.2, generator=stream(2)).held
    assert not np.array_equal(small, other)


@settings(deadline=None)
@given(LABELS, SHARES, st.integers(0, 99), st.data())
def test_wrong_labels_are_other_classes_of_training_points(
    labels: list[int], share: float, seed: int, data: st.DataObject
) -> None:
    held = data.draw(st.lists(st.booleans(), min_size=len(labels), max_size=len(labels)))
    points = Points(of(labels).x, of(labels).y, np.array(held, bool))
    done = label_noise(points, share, generator=stream(seed))
    assert points.y.tolist() == labels and points.held.tolist() == held
    assert done.x is points.x and done.held is points.held
    wrong = done.y != points.y
    train = int((~points.held).sum())
    many = math.floor(share * train + 0.5) if len(set(labels)) > 1 else 0
    assert wrong.sum() == many and not wrong[points.held].any()
    assert set(done.y.tolist()) <= set(labels)


def test_which_class_and_which_point_are_drawn() -> None:
    points = of([0] * 3000 + [4] * 3000 + [7] * 3000)
    done = label_noise(points, 0.5, generator=stream(0))
    for k in (0, 4, 7):
        now = done.y[points.y == k]
        assert (now == k).mean() == pytest.approx(0.5, abs=0.05)
        for other in {0, 4, 7} - {k}:
            assert (now == other).mean() == pytest.approx(0.25, abs=0.04)
    small, large = (label_noise(points, s, generator=stream(3)).y for s in (0.1, 0.4))
    moved = small != points.y
    assert np.array_equal(small[moved], large[moved]) and (large != points.y).sum() == 3600
    assert not np.array_equal(small, label_noise(points, 0.1, generator=stream(4)).y)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan, math.inf, "1", None, True])
@pytest.mark.parametrize("drawn", [split, label_noise])
def test_wrong_shares(drawn, share) -> None:
    with pytest.raises(SettingError, match="share of .*: wanted 0 to 1, got"):
        drawn(of([0, 1]), share, generator=stream(0))
