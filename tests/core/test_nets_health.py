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
        (Config(activations=("relu", "relu"), rate=1e6), ("1e+06", "bounds")),
        (
            Config(loss="squared error", activations=("linear", "sin"), rate=50.0),
            ("50", "rate of 0.5", "squared"),
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
    assert "nan" not in told.text
    assert told.cure is not None
    cured = replace(config, **told.cure.change)
    assert cured.rate <= config.rate / 10 and f"{cured.rate:g}" in told.cure.label
    assert cured.momentum == min(config.momentum, 0.9)
    assert train.advance(state, CIRCLE, cured, 3_000).finite, "it does not break there again"


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


def test_the_way_back_is_the_last_record_that_was_well() -> None:
    """A run that was well, then got a rate that made it run away."""
    config = Config(loss="squared error", activations=("linear", "sin"))
    timeline = ran(config, 400)
    well = len(timeline) - 1
    wild, state = replace(config, rate=50.0), timeline.record(well).state
    for _ in range(200):
        before = state
        state = train.advance(state, CIRCLE, wild, timeline.due(state.updates))
        if not state.finite:
            break
        timeline.add(state, train.measure(state.params, CIRCLE, wild), wild)
    told = health.diagnose(state, before, CIRCLE, wild, timeline)
    losses = timeline.curve()[:, 1]
    assert told.back is not None and losses[told.back] <= 2 * losses[: told.back + 1].min()
    assert (losses[told.back + 1 :] > 2 * losses[: told.back + 1].min()).all()
    assert told.back >= well
    alone = Timeline()
    broken = replace(before, params=np.full(len(before.params), np.nan), finite=False)
    alone.add(broken, train.measure(broken.params, CIRCLE, wild), wild)
    assert health.diagnose(state, before, CIRCLE, wild, alone).back is None


def test_dead_units_go_back_to_where_they_lived() -> None:
    dead = Config(hidden=(4,), activations=("relu",))
    alive, state = ran(dead, 4_000), started(CIRCLE, dead)
    well = len(alive) - 1
    state = alive.record(well).state
    params = state.params.copy()
    layers(params, dead)[0].b[:] = -100.0
    state = replace(state, params=params)
    for _ in range(300):
        state = train.advance(state, CIRCLE, dead, alive.stride)
        alive.add(state, train.measure(state.params, CIRCLE, dead), dead)
    told = health.stalled(alive, CIRCLE)
    assert told is not None and told.title == "Dead units" and told.cure is not None
    assert alive.record(told.back).state.updates <= alive.record(len(alive) - 1).state.updates / 2
    assert told.cure.change == {"activations": ("leaky relu",)}
    z = health._hidden(alive.record(told.back).state.params, dead, CIRCLE.x)[0][1]
    assert (z > 0).any()


def test_twins_and_hollows_have_a_cure() -> None:
    told = health.stalled(ran(Config(initial="zeros"), 400), CIRCLE)
    assert told is not None and told.cure is not None and told.back is None
    assert told.cure.change["initial"] == "xavier"
    line = Config(hidden=(), activations=())
    told = health.stalled(ran(line, 20_000), CIRCLE)
    assert told is not None and told.cure is not None and told.cure.fresh
    told = health.stalled(ran(Config(rate=0.0), 4_000), CIRCLE)
    assert told is not None and told.cure is not None and told.cure.change == {"rate": 0.01}
