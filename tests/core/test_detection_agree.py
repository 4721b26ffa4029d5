"""Where two detectors agree: by hand, and against all pairings of a few boxes."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detection.agree import agreement
from core.detection.boxes import Detections, iou
from core.errors import SettingError


def found(boxes: object) -> Detections:
    rows = np.asarray(boxes, float).reshape(-1, 4)
    return Detections(rows, np.linspace(1, 0.5, len(rows)), np.zeros(len(rows), int), ("a",))


def test_by_hand() -> None:
    a = found([[0, 0, 10, 10], [20, 0, 30, 10], [50, 50, 60, 60]])
    b = found([[20, 0, 30, 9], [0, 0, 10, 8], [80, 80, 90, 90]])
    both = agreement(a, b)
    assert both.pairs == ((0, 1, 0.8), (1, 0, 0.9))
    assert (both.left, both.right) == ((2,), (2,))
    assert agreement(a, b, 0.85).pairs == ((1, 0, 0.9),)
    none = agreement(a, found([]))
    assert (none.pairs, none.left, none.right) == ((), (0, 1, 2), ())


@given(st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_no_other_pairing_is_better(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    near = rng.integers(0, 8, (n + m, 2))
    boxes = np.hstack([near, near + rng.integers(5, 20, (n + m, 2))])
    a, b = found(boxes[:n]), found(boxes[n:])
    both = agreement(a, b, 0.3)
    common = np.where(iou(a.boxes, b.boxes) >= 0.3, iou(a.boxes, b.boxes), 0)
    wide = np.zeros((max(n, m), max(n, m)))
    wide[:n, :m] = common
    best = max(sum(wide[i, j] for i, j in enumerate(p)) for p in permutations(range(len(wide))))
    assert sum(worth for *_, worth in both.pairs) == pytest.approx(best)
    assert sorted([*(i for i, *_ in both.pairs), *both.left]) == list(range(n))
    assert sorted([*(j for _, j, _ in both.pairs), *both.right]) == list(range(m))


def test_it_wants_an_overlap() -> None:
    with pytest.raises(SettingError, match="least IoU"):
        agreement(found([]), found([]), 0)
