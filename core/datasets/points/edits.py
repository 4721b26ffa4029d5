"""Points changed by hand, and the way back: what a click, a brush or an eraser does.

    Edits(points).add([(1, 2)], [0]).move(0, 3, 4).undo().points

Edits are values: every change makes a new one, and the old one stays as it was. A step is what one
undo takes back: one change, or all changes in a row with the same stroke number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from core.datasets.points.plane import MOST, made
from core.errors import require
from core.nets.network import Points

STEPS = 200  # that can be taken back
MOST_BYTES = 32 * 2**20  # that past and future may take together


def add(points: Points, x: ArrayLike, y: ArrayLike, held: ArrayLike | None = None) -> Points:
    """`points` and after them new ones: `x` (m, 2), classes `y` (m,), `held` (m,) or none of them.

    Raises SettingError as `made` does, and where there would be more than MOST.
    """
    new = made(x, y, held)
    n = len(points.x) + len(new.x)
    require(n <= MOST, "points", wanted=f"at most {MOST:,}", given=f"{n:,}")
    return Points(
        np.concatenate([points.x, new.x]),
        np.concatenate([points.y, new.y]),
        np.concatenate([points.held, new.held]),
    )


def move(points: Points, index: int, x1: float, x2: float) -> Points:
    """`points` where that of `index` lies at (x1, x2). Raises SettingError for none such."""
    _check(points, index)
    x = points.x.copy()
    x[index] = made([(x1, x2)], [0]).x[0]
    return Points(x, points.y, points.held)


def remove(points: Points, index: int) -> Points:
    """`points` without that of `index`. Raises SettingError for none such."""
    _check(points, index)
    rest = np.arange(len(points.x)) != index
    return Points(points.x[rest], points.y[rest], points.held[rest])


@dataclass(frozen=True, eq=False)  # arrays have no == of their own
class Edits:
    """Points, what they were and, after an undo, what they will be again."""

    points: Points
    past: tuple[Points, ...] = ()  # the newest last
    future: tuple[Points, ...] = ()  # the next last
    stroke: int | None = None  # of the last change

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self.future)

    @property
    def nbytes(self) -> int:
        """Memory of past and future in bytes, as if they shared nothing."""
        return sum(_size(points) for points in (*self.past, *self.future))

    def add(
        self,
        x: ArrayLike,
        y: ArrayLike,
        held: ArrayLike | None = None,
        *,
        stroke: int | None = None,
    ) -> Edits:
        """After `add`. No points are no step."""
        return self.change(add(self.points, x, y, held), stroke=stroke)

    def move(self, index: int, x1: float, x2: float, *, stroke: int | None = None) -> Edits:
        """After `move`."""
        return self.change(move(self.points, index, x1, x2), stroke=stroke)

    def remove(self, index: int, *, stroke: int | None = None) -> Edits:
        """After `remove`."""
        return self.change(remove(self.points, index), stroke=stroke)

    def clear(self) -> Edits:
        """Without points."""
        return self.change(made([], []))

    def change(self, points: Points, *, stroke: int | None = None) -> Edits:
        """With other `points`, whose arrays nobody will write to. The same points are no step."""
        if all(map(np.array_equal, points, self.points)):
            return self
        if stroke is not None and stroke == self.stroke:
            return replace(self, points=points)
        return Edits(points, (*self.past, self.points), (), stroke)._bounded()

    def undo(self) -> Edits:
        """Before the last step; itself where there was none. The next change is a step of its own."""
        if not self.past:
            return self
        *past, points = self.past
        return Edits(points, tuple(past), (*self.future, self.points))._bounded()

    def redo(self) -> Edits:
        """After the step that was taken back last; itself where there was none."""
        if not self.future:
            return self
        *future, points = self.future
        return Edits(points, (*self.past, self.points), tuple(future))._bounded()

    def _bounded(self) -> Edits:
        """Without the oldest of the past, and then the farthest of the future, that are too much."""
        past, future, size = self.past, self.future, self.nbytes
        while past and (len(past) > STEPS or size > MOST_BYTES):
            size -= _size(past[0])
            past = past[1:]
        while future and size > MOST_BYTES:
            size -= _size(future[0])
            future = future[1:]
        return replace(self, past=past, future=future)


def _size(points: Points) -> int:
    return sum(array.nbytes for array in points)


def _check(points: Points, index: int) -> None:
    n = len(points.x)
    whole = isinstance(index, int) and not isinstance(index, bool)
    wanted = f"0 to {n - 1}" if n else "none, as there are no points"
    require(whole and 0 <= index < n, "point", wanted=wanted, given=index)
