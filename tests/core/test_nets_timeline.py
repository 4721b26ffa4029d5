"""The record of a run: bounded, evenly thinned, the same however the run was cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.nets import train
from core.nets.network import Config
from core.nets.timeline import Timeline
from tests.core.nets import cloud, started

POINTS = cloud(12)
FIRST = started(POINTS, Config())
MEASURE = train.measure(FIRST.params, POINTS, Config())


def at(updates: int) -> tuple:
    return replace(FIRST, updates=updates, examples=10 * updates), MEASURE, Config()


def run(timeline: Timeline, cuts: list[int]) -> Timeline:
    """A run that stops for a look after so many updates each time."""
    now = len(timeline) and timeline.record(len(timeline) - 1).state.updates
    if not len(timeline):
        timeline.add(*at(0))
    for cut in cuts:
        end = now + cut
        while now < end:
            now = min(end, now + timeline.due(now))
            if timeline.due(now) == timeline.stride:
                timeline.add(*at(now))
    return timeline


def kept(timeline: Timeline) -> list[int]:
    return [timeline.record(i).state.updates for i in range(len(timeline))]


@given(st.lists(st.integers(0, 40), max_size=12))
def test_what_is_kept_depends_on_the_updates_alone(cuts: list[int]) -> None:
    whole, pieces = run(Timeline(most=8), [sum(cuts)]), run(Timeline(most=8), cuts)
    assert kept(whole) == kept(pieces)
    *most, newest = kept(whole)
    lasting = list(range(0, sum(cuts) + 1, whole.stride))
    assert [*most, newest] == lasting + ([newest] if newest % whole.stride else [])
    assert len(whole) <= 8 and whole.stride & (whole.stride - 1) == 0


def test_a_newest_moment_gives_way() -> None:
    timeline = run(Timeline(most=4), [64])
    before = kept(timeline)
    timeline.add(*at(67))
    timeline.add(*at(69))
    assert kept(timeline) == [*before, 69]
    with pytest.raises(ValueError, match="69"):
        timeline.add(*at(68))
    with pytest.raises(ValueError, match="not recorded"):
        timeline.add(*at(69 + 2 * timeline.stride))


def test_memory_is_bounded() -> None:
    timeline = Timeline(most=400, most_bytes=20 * FIRST.nbytes)
    timeline.add(*at(0))
    for k in range(1, 200):
        state, *rest = at(k)
        if timeline.due(k - 1) == 1:
            copies = {n: getattr(state, n).copy() for n in ("params", "slots", "random")}
            timeline.add(replace(state, **copies), *rest)
        assert timeline.nbytes <= 20 * FIRST.nbytes
    assert len(timeline) > 5


def test_curves_cuts_and_forks() -> None:
    timeline = run(Timeline(), [9])
    curve = timeline.curve()
    assert curve.shape == (10, 5) and curve.dtype == np.float32
    assert curve[3, 0] == 30 and curve[3, 1] == np.float32(MEASURE.train_loss)
    assert np.isnan(curve[:, 2]).all() and np.isnan(curve[:, 4]).all()
    other, version = timeline.fork(4), timeline.version
    timeline.cut(6)
    assert len(timeline) == 7 and len(other) == 5 and timeline.version != version
    run(other, [3])
    assert len(timeline) == 7 and kept(other) == list(range(8))
    for wrong in (-1, 7):
        with pytest.raises(SettingError, match="record"):
            timeline.record(wrong)
    assert Timeline().curve().shape == (0, 5)


@pytest.mark.parametrize("change", [{"most": 2}, {"most_bytes": -1}])
def test_bounds_that_make_no_sense(change: dict) -> None:
    with pytest.raises(SettingError):
        Timeline(**change)
