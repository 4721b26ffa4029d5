"""What is wrong with a run: said where it is, not said where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.points import PRESETS
from core.nets import health, train
from core.nets.network import Config, Points, layers
from core.nets.timeline import Timeline
from core.rng import stream
from tests.core.nets import cloud, started

CIRCLE = PRESETS["circle"].draw(100, generator=stream(0, "circle"))


def ran(
    config: Config, updates: int, points: Points = CIRCLE, params: np.ndarray | None = None
) -> Timeline:
    """A run of so many updates, recorded at 40 moments."""
    state = started(points, config)
    if params is not None:
        state = replace(state, params=params)
    timeline = Timeline()
    timeline.stride = max(1, updates // 40)
    for _ in range(41):
        timeline.add(state, train.measure(state.params, points, config), config)
        state = train.advance(state, points, config, timeline.stride)
    return timeline


@pytest.mark.parametrize(
    "config, words",
    [
        (Config(activations=("relu", "relu"), rate=1e6), ("1e+06", "100000", "bounds")),
        (
            Config(loss="squared error", activations=("linear", "sin"), rate=50.0),
            ("50", "rate of 5", "squared"),
        ),
        (Config(hidden=(), activations=(), rate=1e6, momentum=1.0, l2=10.0), ("momentum of 1",)),
    ],
)
def test_a_broken_net_is_told_apart(config: Config, words: tuple[str, ...]) -> None:
    state = started(CIRCLE, config)
    new = train.advance(state, CIRCLE, config, 50_000)
    assert not new.finite
    told = health.diagnose(new, state, CIRCLE, config)
    assert told.kind == "broken" and f"{new.updates:,}" in told.text
    for word in words:
        assert word in told.text


def test_the_number_that_broke_is_named() -> None:
    config = Config(optimiser="sgd", rate=0.0)
    state = started(CIRCLE, config)
    params = state.params.copy()
    layers(params, config)[1].W[1, 2] = np.nan
    told = health.diagnose(
        replace(state, params=params, updates=1, finite=False), state, CIRCLE, config
    )
    assert "W(2)[2, 3] NaN" in told.text
    slots = state.slots.copy()
    slots[1, 37] = np.inf
    told = health.diagnose(
        replace(state, slots=slots, updates=1, finite=False), state, CIRCLE, config
    )
    assert "memory of b(3)[2] infinite" in told.text


def test_zeros_stay_twins() -> None:
    told = health.stalled(ran(Config(initial="zeros"), 400), CIRCLE)
    assert told is not None and told.kind == "stalled" and "hidden layer 1" in told.text
    assert health.stalled(ran(Config(initial="zeros"), 200), CIRCLE) is None, "too soon to tell"
    assert health.stalled(ran(Config(initial="zeros", gradient_noise=0.1), 400), CIRCLE) is None
    # Without hidden units zeros are a good start.
    flat = Config(hidden=(), activations=(), initial="zeros")
    assert health.stalled(ran(flat, 400), CIRCLE) is None


def test_no_step_dead_saturated_and_stuck() -> None:
    told = health.stalled(ran(Config(rate=0.0), 4_000), CIRCLE)
    assert told is not None and "learning rate is 0" in told.text
    dead = Config(hidden=(4,), activations=("relu",))
    params = started(CIRCLE, dead).params
    layers(params, dead)[0].b[:] = -100.0
    told = health.stalled(ran(dead, 8_000, params=params), CIRCLE)
    assert told is not None and told.title == "Dead units" and "layer 1" in told.text
    flat = Config(hidden=(4,), activations=("tanh",), l2=0.0)
    params = started(CIRCLE, flat).params
    layers(params, flat)[0].b[:] = 50.0
    told = health.stalled(ran(flat, 8_000, params=params), CIRCLE)
    assert told is not None and told.title == "Saturated units"
    line = Config(hidden=(), activations=())
    told = health.stalled(ran(line, 20_000), CIRCLE)
    assert told is not None and "stopped falling" in told.title


def test_no_false_alarms() -> None:
    assert health.stalled(ran(Config(), 4_000), CIRCLE) is None, "still falling"
    assert health.stalled(ran(Config(), 40_000), CIRCLE) is None, "solved"
    timeline = ran(Config(rate=0.0), 4_000)
    state = timeline.record(len(timeline) - 1).state
    later = train.advance(state, CIRCLE, Config(), timeline.due(state.updates))
    timeline.add(later, train.measure(later.params, CIRCLE, Config()), Config())
    assert health.stalled(timeline, CIRCLE) is None, "the settings have just been changed"
    spiral = PRESETS["spiral"].draw(200, generator=stream(0, "spiral"))
    assert health.stalled(ran(Config(), 100_000, spiral), spiral) is None, "slow, but it moves"
    held = cloud(20)._replace(held=np.ones(20, bool))
    assert health.stalled(timeline, held) is None
