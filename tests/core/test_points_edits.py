"""Edits: a slow list that does the same beside them, and how much of the past is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.points import Edits, made
from core.datasets.points.edits import MOST_BYTES, STEPS, add, move, remove
from core.errors import SettingError
from core.nets.network import Points

TWO = made([(1, 2), (3, 4)], [0, 1], [False, True])
EMPTY = made([], [])


def listed(points: Points) -> list[tuple]:
    return [(*x, y, held) for x, y, held in zip(*(a.tolist() for a in points), strict=True)]


def test_add_move_remove() -> None:
    before = listed(TWO)
    assert listed(add(TWO, [(5, 6), (7, 8)], [2, 9])) == [
        *before,
        (5, 6, 2, False),
        (7, 8, 9, False),
    ]
    assert listed(add(EMPTY, [(5, 6)], [2], [True])) == [(5, 6, 2, True)]
    assert listed(move(TWO, 1, -1, 0.5)) == [before[0], (-1, 0.5, 1, True)]
    assert listed(remove(TWO, 0)) == before[1:]
    assert listed(remove(remove(TWO, 0), 0)) == []
    assert listed(TWO) == before
    for done in (add(TWO, [(5, 6)], [2]), move(TWO, 0, 0, 0), remove(TWO, 0)):
        assert [a.dtype for a in done] == [np.float64, np.int64, np.bool_]
        assert not np.shares_memory(done.x, TWO.x)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: add(p, [(math.nan, 0)], [0]), "coordinates"),
        (lambda p: add(p, [(0, 1e7)], [0]), "coordinates"),
        (lambda p: add(p, [(0, 0)], [10]), "class"),
        (lambda p: add(p, [(0, 0)], [-1]), "class"),
        (lambda p: add(p, [(0, 0)], [0, 1]), "classes"),
        (lambda p: add(p, np.zeros((99_999, 2)), np.zeros(99_999)), "points: wanted at most 100,0"),
        (lambda p: move(p, 0, math.inf, 0), "coordinates"),
        (lambda p: move(p, 0, None, 0), "coordinates"),
        (lambda p: move(p, 2, 0, 0), "point: wanted 0 to 1, got 2"),
        (lambda p: move(p, -1, 0, 0), "point: wanted 0 to 1, got -1"),
        (lambda p: remove(p, 2), "point: wanted 0 to 1, got 2"),
        (lambda p: remove(p, -1), "point: wanted 0 to 1, got -1"),
        (lambda p: remove(p, 0.0), "point: wanted 0 to 1, got 0.0"),
        (lambda p: remove(p, True), "point: wanted 0 to 1, got True"),
        (lambda p: remove(EMPTY, 0), "point: wanted none, as there are no points, got 0"),
    ],
)
def test_impossible_changes(change, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        change(TWO)
    edits = Edits(TWO)
    with pytest.raises(SettingError):
        edits.change(change(edits.points))
    assert listed(edits.points) == listed(TWO)


def test_room_for_a_hundred_thousand() -> None:
    assert len(add(TWO, np.zeros((99_998, 2)), np.zeros(99_998)).x) == 100_000


def test_undo_and_redo_by_hand() -> None:
    start = Edits(TWO)
    assert not start.can_undo and not start.can_redo
    assert start.undo() is start and start.redo() is start
    moved = start.move(0, 9, 9)
    more = moved.add([(5, 5)], [3]).remove(1)
    assert more.can_undo and not more.can_redo
    assert listed(more.points) == [(9, 9, 0, False), (5, 5, 3, False)]
    back = more.undo().undo()
    assert listed(back.points) == listed(moved.points) and back.can_undo and back.can_redo
    assert listed(back.redo().redo().points) == listed(more.points)
    assert listed(back.undo().points) == listed(TWO) and not back.undo().can_undo
    other = back.add([(7, 7)], [1])
    assert not other.can_redo and listed(other.undo().points) == listed(moved.points)
    # The older values are as they were.
    assert listed(start.points) == listed(TWO) and len(more.past) == 3


def test_a_stroke_is_one_step() -> None:
    edits = Edits(TWO)
    for k in range(50):
        edits = edits.add([(k / 10, 0)], [1], stroke=7)
    assert len(edits.points.x) == 52 and len(edits.past) == 1
    edits = edits.move(0, 5, 5, stroke=8).remove(1, stroke=8).add([(0, 1)], [1], stroke=9)
    assert len(edits.past) == 3
    # A step without a stroke ends it, and so does an undo.
    edits = edits.move(0, 1, 1).move(0, 2, 2).add([(0, 2)], [1], stroke=9)
    assert len(edits.past) == 6
    again = edits.undo().add([(0, 3)], [1], stroke=9)
    assert len(again.past) == 6 and not again.can_redo
    assert listed(again.undo().points) == listed(edits.undo().points)
    redone = edits.undo().redo().add([(0, 3)], [1], stroke=9)
    assert len(redone.past) == 7
    assert Edits(TWO).add([(0, 3)], [1], stroke=0).add([(0, 3)], [1], stroke=0).undo().points is TWO


def test_no_change_is_no_step() -> None:
    edits = Edits(TWO).move(0, 9, 9).undo()
    assert edits.add([], []) is edits and edits.move(0, 1, 2) is edits
    assert edits.change(made(*TWO)) is edits and edits.can_redo
    assert Edits(EMPTY).clear().can_undo is False
    held = Points(TWO.x, TWO.y, ~TWO.held)
    assert edits.change(held).can_undo and edits.change(Points(TWO.x, 1 - TWO.y, TWO.held)).can_undo
    assert listed(edits.clear().points) == [] and listed(edits.clear().undo().points) == listed(TWO)


def test_two_hundred_steps_are_kept() -> None:
    edits = Edits(EMPTY)
    for k in range(STEPS + 50):
        edits = edits.add([(k, 0)], [0])
    assert len(edits.past) == STEPS == 200
    while edits.can_undo:
        edits = edits.undo()
    assert len(edits.points.x) == 50 and len(edits.future) == STEPS
    while edits.can_redo:
        edits = edits.redo()
    assert len(edits.points.x) == STEPS + 50 and len(edits.past) == STEPS


def test_memory_is_bounded() -> None:
    many = made(np.zeros((100_000, 2)), np.zeros(100_000))
    edits = Edits(many)
    size = sum(array.nbytes for array in many)
    kept = MOST_BYTES // size
    assert kept >= 10
    for k in range(kept + 5):
        edits = edits.move(k, 1, 1)
        assert edits.nbytes == len(edits.past) * size <= MOST_BYTES
    assert len(edits.past) == kept
    while edits.can_undo:
        edits = edits.undo()
        assert edits.nbytes <= MOST_BYTES
    # The newest steps were kept: the first five moves cannot be taken back.
    assert edits.points.x[:6, 0].tolist() == [1, 1, 1, 1, 1, 0] and len(edits.future) == kept


def test_a_far_future_gives_way() -> None:
    """Taken back from many points to few and on to many: both ends are bounded together."""
    many = made(np.zeros((100_000, 2)), np.zeros(100_000))
    edits = Edits(EMPTY)
    for k in range(12):
        edits = edits.change(move(many, k, 1, 1))
    edits = Edits(edits.points, edits.past, edits.past[1:]).undo()
    assert edits.nbytes <= MOST_BYTES and len(edits.past) == 1 and len(edits.future) == 12
    # What comes next is still the step just taken back.
    assert edits.future[-1].x[11, 0] == 1


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 3), st.integers(0, 2) | st.none()),
        st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 2) | st.none()),
        st.tuples(st.just("remove"), st.integers(0, 9), st.integers(0, 2) | st.none()),
        st.tuples(st.sampled_from(["undo", "redo", "clear"])),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(ACTIONS)
def test_edits_do_what_a_list_does(actions) -> None:
    edits = Edits(TWO)
    now, past, future, last = listed(TWO), [], [], None
    for tick, (what, *rest) in enumerate(actions):
        new = list(now)
        if what == "undo":
            edits = edits.undo()
            if past:
                future, now, past, last = [*future, now], past[-1], past[:-1], None
        elif what == "redo":
            edits = edits.redo()
            if future:
                past, now, future, last = [*past, now], future[-1], future[:-1], None
        else:
            index, stroke = rest if rest else (0, None)
            if what == "add":
                edits = edits.add(
                    [(tick, k) for k in range(index)], list(range(index)), stroke=stroke
                )
                new += [(tick, k, k, False) for k in range(index)]
            elif what == "clear":
                edits, new = edits.clear(), []
            elif index < len(now):
                if what == "move":
                    edits = edits.move(index, tick, -tick, stroke=stroke)
                    new[index] = (tick, -tick, *new[index][2:])
                else:
                    edits = edits.remove(index, stroke=stroke)
                    del new[index]
            if new != now:
                if stroke is None or stroke != last:
                    past, future, last = [*past, now], [], stroke
                now = new
        assert listed(edits.points) == now
        assert [listed(p) for p in edits.past] == past
        assert [listed(p) for p in edits.future] == future
        assert (edits.can_undo, edits.can_redo) == (bool(past), bool(future))
