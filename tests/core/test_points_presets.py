"""Presets: the demos' own loops, written out slowly; scikit-learn's moons; laws for all of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons

from core.datasets.points import PRESETS, circle, gauss, moons, random, simple, spiral, xor
from core.errors import SettingError
from core.rng import stream

MANY = [name for name, preset in PRESETS.items() if preset.classes > 2]


def drawn(generator: torch.Generator, *shape: int) -> list:
    return torch.rand(*shape, generator=generator, dtype=torch.float64).tolist()


def same(points, data: list[tuple[float, float]], labels: list[int]) -> None:
    assert points.x.shape == (len(data), 2) and points.x.dtype == np.float64
    assert np.abs(points.x - np.array(data)).max() < 1e-12
    assert points.y.tolist() == labels and points.y.dtype == np.int64
    assert points.held.tolist() == [False] * len(data) and points.held.dtype == np.bool_


def test_simple_is_the_thirteen_points_of_convnetjs() -> None:
    points = simple(generator=stream(0))
    data = [(-0.4326, 1.1909), (3.0, 4.0), (0.1253, -0.0376), (0.2877, 0.3273), (-1.1465, 0.1746)]
    data += [(1.8133, 1.0139), (2.7258, 1.0668), (1.4117, 0.5593), (4.1832, 0.3044)]
    data += [(1.8636, 0.1677), (0.5, 3.2), (0.8, 3.2), (1.0, -2.2)]
    same(points, data, [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1])
    same(simple(5, generator=stream(0)), data[:5], [1] * 5)
    assert np.array_equal(simple(30, generator=stream(0)).x[13:26], points.x)
    points.x[:] = 0
    assert simple(generator=stream(0)).x[1].tolist() == [3, 4]


def test_circle_is_convnetjs_loop() -> None:
    generator = stream(3, "circle")
    (u, v), data = drawn(generator, 2, 50), []
    for i in range(50):
        r, t = 2 * u[i], 2 * math.pi * v[i]
        data.append((r * math.sin(t), r * math.cos(t)))
    (u, _), n = drawn(generator, 2, 50), 50
    for i in range(n):
        r, t = 3 + 2 * u[i], 2 * math.pi * i / 50
        data.append((r * math.sin(t), r * math.cos(t)))
    same(circle(generator=stream(3, "circle")), data, [1] * 50 + [0] * 50)


def test_spiral_is_convnetjs_loop() -> None:
    generator, data, n = stream(3, "spiral"), [], 100
    for turn in (0, math.pi):
        a, b = drawn(generator, 2, n)
        for i in range(n):
            r = i / n * 5 + (-0.1 + 0.2 * a[i])
            t = 1.25 * i / n * 2 * math.pi + turn + (-0.1 + 0.2 * b[i])
            data.append((r * math.sin(t), r * math.cos(t)))
    same(spiral(generator=stream(3, "spiral")), data, [1] * n + [0] * n)


def test_random_is_convnetjs_loop() -> None:
    rows = drawn(stream(3, "random"), 40, 3)
    data = [(-3 + 6 * a, -3 + 6 * b) for a, b, _ in rows]
    same(random(generator=stream(3, "random")), data, [int(c > 0.5) for *_, c in rows])


def test_xor_is_playgrounds_loop() -> None:
    data = []
    for pair in drawn(stream(3, "xor"), 200, 2):
        x, y = (-5 + 10 * u for u in pair)
        data.append((x + (0.3 if x > 0 else -0.3), y + (0.3 if y > 0 else -0.3)))
    same(xor(generator=stream(3, "xor")), data, [int(x * y >= 0) for x, y in data])


def test_gauss_has_playgrounds_blobs() -> None:
    n = 20_000
    points = gauss(n, generator=stream(3))
    assert points.y.tolist() == [1] * (n // 2) + [0] * (n // 2)
    for k, centre in ((1, 2.0), (0, -2.0)):
        x = points.x[points.y == k]
        # standard errors of mean and variance: 0.007, 0.007
        assert np.abs(x.mean(axis=0) - centre).max() < 0.035
        assert np.abs(np.cov(x.T) - 0.5 * np.eye(2)).max() < 0.035


def test_moons_are_scikit_learns() -> None:
    x, y = make_moons(200, shuffle=False)
    same(moons(generator=stream(0)), (3 * (x - [0.5, 0.25])).tolist(), y.tolist())
    assert moons(7, generator=stream(0)).y.tolist() == [0] * 4 + [1] * 3


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("n", [None, 10, 11, 1000])
def test_every_preset(name: str, n: int | None) -> None:
    preset = PRESETS[name]
    n = n or preset.n
    for classes in {2, 3, preset.classes} & set(range(2, preset.classes + 1)):
        a, b = (preset.draw(n, 0.1, classes, generator=stream(5)) for _ in range(2))
        assert a.x.shape == (n, 2) and a.y.shape == a.held.shape == (n,)
        assert a.x.flags.c_contiguous and np.abs(a.x).max() < 7.5
        assert a.y.dtype == np.int64 and a.y.min() >= 0 and a.y.max() < classes
        assert all(np.array_equal(*pair) for pair in zip(a, b, strict=True))
        other = preset.draw(n, 0.1, classes, generator=stream(6))
        assert not np.array_equal(a.x, other.x)
    default = preset.draw(generator=stream(5))
    assert len(default.x) == preset.n and set(default.y.tolist()) == {0, 1}


@pytest.mark.parametrize("name", sorted(set(MANY) - {"random"}))
@pytest.mark.parametrize("classes", [2, 3, 7, 10])
def test_classes_share_the_points(name: str, classes: int) -> None:
    y = PRESETS[name].draw(101, classes=classes, generator=stream(0)).y
    counts = np.bincount(y, minlength=classes)
    assert len(counts) == classes and counts.max() - counts.min() <= 1
    assert (np.diff(y) <= 0).all() and (np.diff(counts) >= 0).all()


def test_rings_have_gaps_and_fill_the_plane() -> None:
    for classes in range(2, 11):
        points = circle(4000, classes=classes, generator=stream(1))
        r = np.hypot(*points.x.T)
        w = 10 / (3 * classes - 1)
        for k in range(classes):
            inner = 1.5 * w * (classes - 1 - k)
            ring = r[points.y == k]
            assert inner - 1e-9 <= ring.min() < inner + 0.1 * w
            assert inner + 0.9 * w < ring.max() <= inner + w + 1e-9
        assert 1.5 * w * (classes - 1) + w == pytest.approx(5)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_arms_are_turns_of_each_other(classes: int) -> None:
    points = spiral(100 * classes, classes=classes, generator=stream(1))
    i = np.arange(100) / 100
    for arm in range(classes):
        x = points.x[100 * arm : 100 * (arm + 1)]
        t = 2 * math.pi * (1.25 * i + arm / classes)
        ideal = 5 * np.column_stack([i * np.sin(t), i * np.cos(t)])
        # At most 0.1 outwards and 5 * 0.1 along
        assert np.hypot(*(x - ideal).T).max() < 0.6


@pytest.mark.parametrize("classes", [2, 3, 4, 10])
def test_blobs_stand_four_deviations_apart(classes: int) -> None:
    points = gauss(2000 * classes, classes=classes, generator=stream(1))
    centres = np.array([points.x[points.y == k].mean(axis=0) for k in range(classes)])
    gaps = np.linalg.norm(centres - np.roll(centres, 1, axis=0), axis=1)
    assert (gaps > 4 * math.sqrt(0.5) - 0.15).all() and gaps.std() < 0.1
    assert np.linalg.norm(centres, axis=1).max() < 4.7


@pytest.mark.parametrize("name", PRESETS)
def test_noise_is_added_last(name: str) -> None:
    draw = PRESETS[name].draw
    still, moved = (draw(5000, noise, generator=stream(2)) for noise in (0, 0.7))
    assert np.array_equal(still.y, moved.y)
    off = moved.x - still.x
    # standard errors: 0.01 of the mean, 0.007 of the deviation
    assert np.abs(off.mean(axis=0)).max() < 0.05
    assert np.abs(off.std(axis=0) - 0.7).max() < 0.035
    assert abs(np.corrcoef(off.T)[0, 1]) < 0.07


@pytest.mark.parametrize("name", MANY)
def test_a_hundred_thousand_points(name: str) -> None:
    points = PRESETS[name].draw(100_000, 0.1, 10, generator=stream(0))
    assert len(points.x) == 100_000 and set(points.y.tolist()) == set(range(10))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(PRESETS)), st.integers(2, 60), st.integers(0, 2**32))
def test_any_number_of_points(name: str, n: int, seed: int) -> None:
    points = PRESETS[name].draw(n, 0.2, generator=stream(seed))
    assert len(points.x) == n and np.isfinite(points.x).all()
    if name not in ("simple", "random", "xor"):
        assert np.bincount(points.y).tolist() in ([n // 2, n - n // 2], [n - n // 2, n // 2])


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("number of points", {"n": 1}),
        ("number of points", {"n": 100_001}),
        ("number of points", {"n": 10.0}),
        ("number of points", {"n": True}),
        ("noise", {"noise": -0.1}),
        ("noise", {"noise": 10.1}),
        ("noise", {"noise": math.nan}),
        ("noise", {"noise": math.inf}),
        ("noise", {"noise": "1"}),
        ("noise", {"noise": True}),
        ("classes", {"classes": 1}),
        ("classes", {"classes": 11}),
        ("classes", {"classes": 2.0}),
    ],
)
def test_wrong_settings(name: str, setting: str, given: dict) -> None:
    with pytest.raises(SettingError) as caught:
        PRESETS[name].draw(**given, generator=stream(0))
    assert caught.value.setting == setting


def test_some_have_two_classes_only_and_all_want_a_point_a_class() -> None:
    for name in set(PRESETS) - set(MANY):
        with pytest.raises(SettingError, match="classes: wanted 2, got 3"):
            PRESETS[name].draw(classes=3, generator=stream(0))
    with pytest.raises(SettingError, match="wanted 10 to 100,000, got 9"):
        circle(9, classes=10, generator=stream(0))
