"""Seven data sets drawn by a formula, from a point set by hand to interlocking moons.

simple, circle, spiral and random are those of ConvNetJS's classify2d (Karpathy, 2014), the course's
demo, with its numbers, order and classes; there may be more rings, arms and classes here. xor and
gauss have the geometry of TensorFlow Playground (Smilkov & Carter, 2016), moons that of
scikit-learn, three times as large and moved to the middle.

    n : how many points in all        k : how many classes, shared out as evenly as can be
    (r, t) : x1 = r sin t, x2 = r cos t, as both demos have it
    noise : standard deviation of what is added to every coordinate, after all else is drawn

Where points come class by class, the last class comes first, as in ConvNetJS.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from core.datasets.points.plane import CLASSES, MOST
from core.errors import require
from core.nets.network import Points

Array = NDArray[np.float64]

NOISE_MOST = 10.0
SIMPLE = np.array(
    [
        (-0.4326, 1.1909, 1),
        (3.0, 4.0, 1),
        (0.1253, -0.0376, 1),
        (0.2877, 0.3273, 1),
        (-1.1465, 0.1746, 1),
        (1.8133, 1.0139, 0),
        (2.7258, 1.0668, 0),
        (1.4117, 0.5593, 0),
        (4.1832, 0.3044, 0),
        (1.8636, 0.1677, 0),
        (0.5, 3.2, 1),
        (0.8, 3.2, 1),
        (1.0, -2.2, 1),
    ]
)


class Draw(Protocol):
    """Points of a preset. Draws from a CPU generator; raises SettingError."""

    def __call__(
        self, n: int = ..., noise: float = ..., classes: int = ..., *, generator: torch.Generator
    ) -> Points: ...


@dataclass(frozen=True)
class Preset:
    """A data set that can be drawn anew, and what may be asked of it."""

    title: str
    draw: Draw
    n: int  # points by default
    classes: int = 2  # most; 2 is the least


def simple(
    n: int = 13, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """ConvNetJS's 13 fixed points: the first `n` of them, or all over and over again."""
    _check(n, noise, classes, most=2)
    row = SIMPLE[np.arange(n) % len(SIMPLE)]
    return _points(row[:, :2], row[:, 2], noise, generator)


def circle(
    n: int = 100, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """A disc within rings; two classes: r in [0, 2] is class 1, r in [3, 5] class 0."""
    _check(n, noise, classes, most=CLASSES)
    # k rings of width w, w / 2 apart: k w + (k - 1) w / 2 = 5
    w = 10 / (3 * classes - 1)
    rings = []
    for ring, m in enumerate(_counts(n, classes)):
        u, v = _uniform(2, m, generator=generator)
        # r = U(1.5 j w, 1.5 j w + w);  t = U(0, 2 pi) in the disc, else 2 pi i / m
        rings.append(_polar(w * (1.5 * ring + u), 2 * math.pi * (v if not ring else _steps(m))))
    return _points(np.concatenate(rings), _labels(n, classes), noise, generator)


def spiral(
    n: int = 200, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """Arms that wind out 1.25 times around each other, to r = 5."""
    _check(n, noise, classes, most=CLASSES)
    arms = []
    for arm, m in enumerate(_counts(n, classes)):
        jitter, twist = 0.2 * _uniform(2, m, generator=generator) - 0.1
        # r = 5 i/m + U(-.1, .1);  t = 1.25 * 2 pi i/m + 2 pi j/k + U(-.1, .1)
        i = _steps(m)
        arms.append(_polar(5 * i + jitter, 2 * math.pi * (1.25 * i + arm / classes) + twist))
    return _points(np.concatenate(arms), _labels(n, classes), noise, generator)


def random(
    n: int = 40, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """Points anywhere in [-3, 3]^2, of any class: nothing to be learned but by heart."""
    _check(n, noise, classes, most=CLASSES)
    u = _uniform(n, 3, generator=generator)
    return _points(6 * u[:, :2] - 3, np.floor(classes * u[:, 2]), noise, generator)


def xor(
    n: int = 200, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """A square of side 10 in quarters, 0.6 apart: class 1 where x1 and x2 have the same sign."""
    _check(n, noise, classes, most=2)
    x = 10 * _uniform(n, 2, generator=generator) - 5
    x += np.where(x > 0, 0.3, -0.3)
    return _points(x, x[:, 0] * x[:, 1] >= 0, noise, generator)


def gauss(
    n: int = 200, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """Round blobs of variance 1/2; two classes: class 1 about (2, 2), class 0 about (-2, -2)."""
    _check(n, noise, classes, most=CLASSES)
    # So far out that neighbours are at least four standard deviations apart: 2 R sin(pi/k) >= 4 sd
    radius = max(math.sqrt(8), math.sqrt(2) / math.sin(math.pi / classes))
    blobs = _polar(np.full(classes, radius), math.pi / 4 + 2 * math.pi * _steps(classes))
    spread = torch.randn(n, 2, generator=generator, dtype=torch.float64).numpy()
    x = np.repeat(blobs, _counts(n, classes), axis=0) + math.sqrt(0.5) * spread
    return _points(x, _labels(n, classes), noise, generator)


def moons(
    n: int = 200, noise: float = 0.0, classes: int = 2, *, generator: torch.Generator
) -> Points:
    """Two half circles of radius 3, each with an end inside the other."""
    _check(n, noise, classes, most=2)
    outer, inner = (np.linspace(0, math.pi, m) for m in _counts(n, 2))
    x = np.concatenate(
        [
            np.column_stack([np.cos(outer), np.sin(outer)]),
            np.column_stack([1 - np.cos(inner), 0.5 - np.sin(inner)]),
        ]
    )
    return _points(3 * (x - (0.5, 0.25)), 1 - _labels(n, 2), noise, generator)


PRESETS = {
    "simple": Preset("Simple", simple, 13),
    "circle": Preset("Circle", circle, 100, CLASSES),
    "spiral": Preset("Spiral", spiral, 200, CLASSES),
    "random": Preset("Random", random, 40, CLASSES),
    "xor": Preset("Exclusive or", xor, 200),
    "gauss": Preset("Gauss", gauss, 200, CLASSES),
    "moons": Preset("Moons", moons, 200),
}


def _check(n: int, noise: float, classes: int, *, most: int) -> None:
    wanted = "2" if most == 2 else f"2 to {most}"
    require(_whole(classes) and 2 <= classes <= most, "classes", wanted=wanted, given=classes)
    wanted = f"{classes} to {MOST:,}"
    require(_whole(n) and classes <= n <= MOST, "number of points", wanted=wanted, given=n)
    number = isinstance(noise, int | float) and not isinstance(noise, bool)
    fine = number and 0 <= noise <= NOISE_MOST
    require(fine, "noise", wanted=f"0 to {NOISE_MOST:g}", given=noise)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _counts(n: int, classes: int) -> list[int]:
    """Points of each class, in the order in which the classes come."""
    return [n // classes + (j < n % classes) for j in range(classes)]


def _labels(n: int, classes: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(classes)[::-1], _counts(n, classes))


def _steps(m: int) -> Array:
    """i / m for i = 0 .. m - 1."""
    return np.arange(m) / m


def _uniform(*shape: int, generator: torch.Generator) -> Array:
    return torch.rand(*shape, generator=generator, dtype=torch.float64).numpy()


def _polar(r: Array, t: Array) -> Array:
    return np.column_stack([r * np.sin(t), r * np.cos(t)])


def _points(
    x: Array, y: NDArray[np.generic] | Sequence[int], noise: float, generator: torch.Generator
) -> Points:
    if noise:
        drawn = torch.randn(len(x), 2, generator=generator, dtype=torch.float64)
        x = x + noise * drawn.numpy()
    held = np.zeros(len(x), bool)
    return Points(np.ascontiguousarray(x), np.asarray(y).astype(np.int64), held)
