"""Counting what a tracker follows: how many there were, where each went, and who crossed a line.

a, b : ends of the line, shares 0..1 of the picture's width and height
p, q : where a thing's centre was and is, pixels
s    : side of the line, 1 to the right of somebody walking from a to b, else -1; y points down
       s(p) = sign of (b - a) x (p - a)

A step from p to q passes the line where s(p) != s(q) and a, b lie on different sides of p-q or on
it. Found boxes tremble, so a thing has crossed only once it stands clear of the line, BAND away,
on the other side than when it last stood clear, and its steps passed the line an odd number of
times meanwhile. Trembling on the line, or touching it and turning back, is no crossing.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections
from core.errors import require

Point = tuple[float, float]
TRAIL = 64  # places kept of each thing's way
FOLLOWED = 512  # things whose way is kept, the last seen
BAND = 0.02  # how far off the line is clear of it, in shorter sides of the picture


@dataclass(frozen=True)
class Line:
    """A line to count at, from `a` to `b`. Raises SettingError outside 0..1 or without length."""

    a: Point
    b: Point

    def __post_init__(self) -> None:
        given = f"{self.a} to {self.b}"
        inside = all(0.0 <= v <= 1.0 for v in (*self.a, *self.b))
        require(inside, "line", wanted="ends within the picture, 0 to 1", given=given)
        require(self.a != self.b, "line", wanted="two different ends", given=given)

    def within(self, size: tuple[int, int]) -> tuple[Point, Point]:
        """Its ends in pixels of a picture of `size` (w, h)."""
        width, height = size
        return (self.a[0] * width, self.a[1] * height), (self.b[0] * width, self.b[1] * height)


@dataclass
class _Stand:
    """How a thing stands to the line: its last place, on which side it was last clear of the line
    (0: never yet), and whether it has passed an odd number of times since."""

    place: Point
    clear: int = 0
    odd: bool = False


@dataclass(frozen=True)
class News:
    """What one picture added: things seen for the first time, (id, label), and crossings, (id,
    label, way), way 1 where one arrives to the right of the line's direction, -1 to the left."""

    seen: tuple[tuple[int, str], ...]
    crossed: tuple[tuple[int, str, int], ...]


class Tally:
    """Counts the things of one stream of pictures, at a `line` if there is one.

    seen    : {label: how many ids}
    crossed : {label: (to the right of the line's direction, to the left)}
    trails  : {id: centres in pixels, the oldest first, at most TRAIL}, of the last FOLLOWED ids
    """

    def __init__(self, line: Line | None = None) -> None:
        self.line = line
        self.seen: dict[str, int] = {}
        self.crossed: dict[str, tuple[int, int]] = {}
        self._trails: dict[int, deque[Point]] = {}
        self._known: set[int] = set()
        self._stands: dict[int, _Stand] = {}

    @property
    def trails(self) -> dict[int, list[Point]]:
        """Where each thing's centre has been lately."""
        return {one: list(way) for one, way in self._trails.items()}

    def count(
        self, ids: NDArray[np.int64] | Sequence[int], found: Detections, size: tuple[int, int]
    ) -> News:
        """Take in what a tracker made of one picture of `size` (w, h); ids of 0 are left out."""
        seen, crossed = [], []
        centres = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
        for one, label, (x, y) in zip(
            map(int, ids), found.names, map(tuple, centres.tolist()), strict=True
        ):
            if one == 0:
                continue
            if one not in self._known:
                self._known.add(one)
                self.seen[label] = self.seen.get(label, 0) + 1
                seen.append((one, label))
            way = self._cross(one, (x, y), size)
            if way:
                right, left = self.crossed.get(label, (0, 0))
                self.crossed[label] = (right + (way > 0), left + (way < 0))
                crossed.append((one, label, way))
            self._keep(one, (x, y))
        return News(tuple(seen), tuple(crossed))

    def _cross(self, one: int, here: Point, size: tuple[int, int]) -> int:
        """1 or -1 where the step to `here` completes a crossing, else 0."""
        if self.line is None:
            return 0
        a, b = self.line.within(size)
        stand = self._stands.setdefault(one, _Stand(here))
        stand.odd ^= passes(a, b, stand.place, here)
        stand.place = here
        if distance(a, b, here) < BAND * min(size):
            return 0
        now = side(a, b, here)
        crossed = stand.odd and now == -stand.clear
        stand.clear, stand.odd = now, False
        return now if crossed else 0

    def _keep(self, one: int, here: Point) -> None:
        way = self._trails.pop(one, deque(maxlen=TRAIL))
        way.append(here)
        self._trails[one] = way  # at the end: the last seen
        while len(self._trails) > FOLLOWED:
            oldest = next(iter(self._trails))
            del self._trails[oldest]
            self._stands.pop(oldest, None)


def turn(a: Point, b: Point, p: Point) -> float:
    """(b - a) x (p - a), square pixels: twice the area of the triangle, positive to the right."""
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def side(a: Point, b: Point, p: Point) -> int:
    """1 where `p` lies on the line through `a` and `b` or to its right (y down), -1 to its left."""
    return 1 if turn(a, b, p) >= 0 else -1


def distance(a: Point, b: Point, p: Point) -> float:
    """From `p` to the line through `a` and `b`, in pixels."""
    return abs(turn(a, b, p)) / math.dist(a, b)


def passes(a: Point, b: Point, p: Point, q: Point) -> bool:
    """Whether the step from `p` to `q` passes the line between `a` and `b`, ends included."""
    return side(a, b, p) != side(a, b, q) and turn(p, q, a) * turn(p, q, b) <= 0
