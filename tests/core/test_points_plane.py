"""What points may be, the square around them, and the three measured data sets."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from core.datasets.points import CLASSES, REAL, extent, made, projected, real
from core.datasets.points.scaling import fits, fitted, standardised
from core.errors import SettingError, UnavailableError

COORDINATES = st.floats(-1e6, 1e6)
PAIRS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=20)
LOADERS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


def test_made_points_are_copies_of_the_right_kind() -> None:
    x, y, held = np.array([[1, 2], [3, 4]], np.float32), np.array([9, 0], np.int8), [True, False]
    points = made(x, y, held)
    assert [a.dtype for a in points] == [np.float64, np.int64, np.bool_]
    x[:] = 0
    assert points.x.tolist() == [[1, 2], [3, 4]] and points.y.tolist() == [9, 0]
    assert points.held.tolist() == [True, False]
    assert made([(1, 2)], [3.0]).y.tolist() == [3] and not made([(1, 2)], [3]).held.any()
    again = made(*points)
    assert not any(np.shares_memory(a, b) for a, b in zip(points, again, strict=True))
    for nothing in (made([], []), made(np.empty((0, 2)), np.empty(0))):
        assert nothing.x.shape == (0, 2) and nothing.y.shape == nothing.held.shape == (0,)
    assert made([(1e6, -1e6)], [0]).x.tolist() == [[1e6, -1e6]]


@pytest.mark.parametrize(
    ("x", "y", "held", "message"),
    [
        ([(1, math.nan)], [0], None, "coordinates: wanted numbers within .*1,000,000, got nan"),
        ([(1, -math.inf)], [0], None, "coordinates: wanted numbers within .*, got -inf"),
        ([(1.1e6, 0)], [0], None, "coordinates: wanted numbers within .*, got 1100000"),
        ([(10**400, 0)], [0], None, "coordinates: wanted numbers, got something else"),
        ([("a", 0)], [0], None, "coordinates: wanted numbers, got something else"),
        ([(1, 2), (3,)], [0, 1], None, "coordinates: wanted numbers"),
        ([(1, 2, 3)], [0], None, "coordinates: wanted two a point"),
        (5, [0], None, "coordinates: wanted two a point"),
        ([(1, 2)], [10], None, "class: wanted a whole number from 0 to 9, got 10"),
        ([(1, 2)], [-1], None, "class: wanted .*, got -1"),
        ([(1, 2)], [0.5], None, "class: wanted .*, got 0.5"),
        ([(1, 2)], [math.nan], None, "class: wanted .*, got nan"),
        ([(1, 2)], [{}], None, "classes: wanted numbers"),
        ([(1, 2)], [0, 1], None, "classes: wanted 1, one a point"),
        ([(1, 2)], [0], [True, False], "held: wanted 1, one a point"),
        (np.zeros((100_001, 2)), np.zeros(100_001), None, "points: wanted at most 100,000, got 10"),
    ],
)
def test_what_are_no_points(x, y, held, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        made(x, y, held)


def test_a_hundred_thousand_points_are_points() -> None:
    assert len(made(np.zeros((100_000, 2)), np.zeros(100_000)).x) == 100_000


def test_extent_by_hand() -> None:
    assert extent(made([], [])) == (-5, 5, -5, 5)
    assert extent(made([(3, -1)], [0])) == (2, 4, -2, 0)
    assert extent(made([(0, 0), (0.1, 0.1)], [0, 1])) == pytest.approx((-0.95, 1.05) * 2)
    points = made([(0, 0), (10, 0), (4, 4)], [0, 1, 2], [True, True, True])
    assert extent(points) == pytest.approx((-0.8, 10.8, -3.8, 7.8))


@given(PAIRS)
def test_extent_is_a_square_with_all_points_well_inside(pairs) -> None:
    points = made(pairs, [0] * len(pairs))
    x0, x1, y0, y1 = extent(points)
    side = x1 - x0
    assert y1 - y0 == pytest.approx(side) and side >= 2 - 1e-9
    span = float(np.ptp(points.x, axis=0).max())
    assert side == pytest.approx(max(1.16 * span, 2))
    room = 0.08 * span * (1 - 1e-6) - 1e-9
    assert (points.x - [x0, y0] >= room).all() and ([x1, y1] - points.x >= room).all()
    assert all(isinstance(side, float) for side in extent(points))


HUGE = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(st.lists(st.tuples(HUGE, HUGE), min_size=1, max_size=20))
def test_any_finite_numbers_can_be_fitted(pairs) -> None:
    x = np.array(pairs)
    before = x.copy()
    done, shift, scale = fitted(x)
    assert np.isfinite([*shift, *scale]).all() and np.array_equal(x, before)
    most = np.abs(done).max()
    assert most == 0 or most == pytest.approx(5)
    fits(x)


@settings(deadline=None)
@given(PAIRS)
def test_the_map_of_a_fit_is_told(pairs) -> None:
    x = np.array(pairs)
    done, shift, scale = fitted(x)
    spread = np.ptp(x, axis=0)
    for j in range(2):
        if spread[j] > 1e-6 * max(1, np.abs(x[:, j]).max()):
            assert done[:, j] == pytest.approx((x[:, j] - shift[j]) * scale[j], abs=1e-6)


def test_columns_are_brought_to_one_scale() -> None:
    x = np.random.default_rng(0).normal([5e8, 3], [1e7, 1e-6], (500, 2))
    assert standardised(x)[0] == pytest.approx(StandardScaler().fit_transform(x), abs=1e-6)
    done = fitted(x).x
    assert done.std(axis=0)[0] == pytest.approx(done.std(axis=0)[1])
    assert np.abs(done).max() == pytest.approx(5)
    z, mean, sd = standardised(np.array([[3.0, 1.0], [3.0, 2.0]]))
    assert z.tolist() == [[0, -1], [0, 1]] and mean.tolist() == [3, 1.5]
    assert sd == pytest.approx([3, 0.5])


@pytest.mark.parametrize(
    ("x", "fine"),
    [
        ([(-6, 6), (6, -6)], True),
        ([(0, 0), (1, 1)], True),
        ([(8, 0), (0, 8)], True),
        ([(8.1, 0), (0, 8)], False),
        ([(0, 0), (5, 0.4)], False),
        ([(0, 1), (5, 1)], True),
        ([(2, 2), (2, 2)], True),
        ([(1000, 0), (1001, 1)], False),
    ],
)
def test_what_is_left_as_it_is(x, fine: bool) -> None:
    assert fits(np.array(x, float)) is fine


@pytest.mark.parametrize("name", REAL)
def test_real_sets_are_scikit_learns_pca(name: str) -> None:
    bunch, found = LOADERS[name](), projected(name)
    assert found.points.y.tolist() == bunch.target.tolist()
    assert found.names == tuple(str(n) for n in bunch.target_names) and len(found.names) <= CLASSES
    assert not found.points.held.any() and found.points.x.shape == (len(bunch.data), 2)
    pca = PCA(2, svd_solver="full")
    P = pca.fit_transform(StandardScaler().fit_transform(bunch.data))
    assert found.explained == pytest.approx(pca.explained_variance_ratio_, rel=1e-9)
    sign = np.sign(pca.components_[[0, 1], np.abs(pca.components_).argmax(axis=1)])
    P = P * sign
    assert found.points.x == pytest.approx(P * 5 / np.abs(P).max(), abs=1e-7)
    assert np.abs(found.points.x).max() == pytest.approx(5)


def test_known_shares_of_variance() -> None:
    """Of the standardised correlation matrices, as many textbooks have them."""
    assert projected("iris").explained == pytest.approx((0.7296, 0.2285), abs=5e-5)
    assert projected("wine").explained == pytest.approx((0.3620, 0.1921), abs=5e-5)


def test_two_calls_share_nothing() -> None:
    first = projected("iris")
    first.points.x[:] = 0
    assert np.abs(projected("iris").points.x).max() == pytest.approx(5)


def test_real_sets_need_no_import_of_scikit_learn() -> None:
    code = (
        "import sys; from core.datasets.points import projected; projected('digits');"
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_set_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="data set: wanted one of iris, wine, digits, got rose"):
        projected("rose")
    monkeypatch.setitem(REAL, "iris", real.Source("Iris", "lost.csv", "", ()))
    with pytest.raises(UnavailableError, match=r"Iris: scikit-learn does not carry lost\.csv here"):
        projected("iris")
    monkeypatch.setattr(real.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match="Wine"):
        projected("wine")
