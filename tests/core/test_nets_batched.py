"""Many nets at once: each as the compiled engine trains it alone, whatever its neighbours do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.nets import batched, compiled, network
from core.nets.batched import Crowd
from core.nets.network import ACTIVATIONS, LOSSES, OPTIMISERS, Config, Points
from core.nets.state import State
from tests.core.nets import close, cloud, started

CPU = torch.device("cpu")
NOISES = ("dropout", "input_noise", "gradient_noise")
DEVICES = pytest.mark.parametrize(
    "device",
    [
        CPU,
        pytest.param(
            torch.device("cuda"),
            marks=[
                pytest.mark.cuda,
                pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU here"),
            ],
        ),
    ],
    ids=str,
)


def crowd(nets: int, points: Points, config: Config) -> list[State]:
    return [started(points, config, seed) for seed in range(nets)]


def together(
    states: list[State],
    points: Points,
    config: Config,
    updates: int,
    device: torch.device = CPU,
) -> list[State]:
    return batched.advance(states, points, config, updates, device=device)


def same(state: State, wanted: State, limit: float = 1e-11) -> None:
    """Every field of `state` is that of `wanted`, the real numbers up to rounding."""
    for name in ("finite", "updates", "examples", "ticks", "cursor", "optimiser"):
        assert getattr(state, name) == getattr(wanted, name), name
    for name in ("order", "random"):
        assert np.array_equal(getattr(state, name), getattr(wanted, name)), name
    for name in ("params", "slots"):
        a, b = getattr(state, name), getattr(wanted, name)
        assert a.shape == b.shape and a.dtype == b.dtype == np.float64, name
        finite = np.isfinite(b)
        assert np.array_equal(np.isfinite(a), finite), name
        for mine, other in zip(np.atleast_2d(a), np.atleast_2d(b), strict=True):
            right = np.isfinite(other)
            far = np.abs(mine[right] - other[right]).max(initial=0)
            assert far <= limit * np.abs(other[right]).max(initial=0), name


@DEVICES
@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_learns_as_it_would_alone(
    activation: str, optimiser: str, device: torch.device
) -> None:
    for loss in LOSSES:
        config = Config(
            hidden=(4, 3), activations=(activation, "tanh"), classes=3, loss=loss, batch=7,
            optimiser=optimiser, rate=0.02, momentum=0.6, l1=0.002, l2=0.01, shuffle=True,
        )  # fmt: skip
        points = cloud(25, 3, held=0.2)
        states = crowd(3, points, config)
        later = together(states, points, config, 9, device)  # Adam's clock runs on between calls
        later = together(later, points, config, 46, device)
        for state, after in zip(states, later, strict=True):
            same(after, compiled.advance(state, points, config, 55), 1e-10)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_shape_any_batch_any_cut(data: st.DataObject) -> None:
    draw = data.draw
    hidden = tuple(draw(st.lists(st.integers(1, 9), max_size=3)))
    config = Config(
        hidden=hidden,
        activations=tuple(draw(st.sampled_from(list(ACTIVATIONS))) for _ in hidden),
        classes=draw(st.integers(2, 4)),
        extras=tuple(draw(st.lists(st.sampled_from(list(network.EXTRAS)), unique=True))),
        loss=draw(st.sampled_from(LOSSES)),
        batch=draw(st.integers(1, 40)),
        shuffle=draw(st.booleans()),
    )
    points = cloud(draw(st.integers(4, 30)), config.classes, seed=draw(st.integers(0, 9)))
    alone = states = crowd(draw(st.integers(1, 5)), points, config)
    for updates in draw(st.lists(st.integers(0, 12), max_size=3)):
        states = together(states, points, config, updates)
        alone = [compiled.advance(state, points, config, updates) for state in alone]
    for state, wanted in zip(states, alone, strict=True):
        same(state, wanted)


def test_one_wide_net() -> None:
    config = Config(hidden=(64, 64, 64), activations=("tanh", "relu", "sigmoid"), batch=64)
    points = cloud(100)
    state = started(points, config)
    same(
        together([state], points, config, 50)[0],
        compiled.advance(state, points, config, 50),
        1e-10,
    )


def test_orders_of_their_own_are_lived_out_after_shuffling_ends() -> None:
    shuffled, points = Config(shuffle=True, batch=4), cloud(21)
    states = together(crowd(4, points, shuffled), points, shuffled, 3)
    assert len({tuple(state.order) for state in states}) == 4 and states[0].cursor == 12
    config = replace(shuffled, shuffle=False)
    for updates in (2, 30):  # within the epoch, and beyond it
        for state, after in zip(states, together(states, points, config, updates), strict=True):
            same(after, compiled.advance(state, points, config, updates))


def test_a_crowd_that_stays_is_one_that_is_called_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    config, points = Config(optimiser="adam", shuffle=True, batch=4), cloud(23)
    states = crowd(3, points, config)
    wanted = together(states, points, config, 40)
    monkeypatch.setattr(batched, "BLOCK", 3 * 4 * 7)  # seven updates at a time
    stays = Crowd(states, points, config, device=CPU)
    for updates in (1, 0, 24, 15):
        stays.advance(updates)
    assert np.array_equal(stays.params().numpy(), [state.params for state in wanted])
    for state, other in zip(stays.states(), wanted, strict=True):
        same(state, other, 0)


BREAKS = Config(
    hidden=(4,), activations=("relu",), loss="squared error", optimiser="sgd", rate=2.0, shuffle=True
)  # fmt: skip


@DEVICES
def test_who_breaks_stops_there_and_the_others_go_on(device: torch.device) -> None:
    points = cloud(30)
    states = together(crowd(12, points, BREAKS), points, BREAKS, 4)  # in the midst of an epoch
    assert states[0].cursor == 10
    alone = [compiled.advance(state, points, BREAKS, 900) for state in states]
    ends = {state.updates for state in alone if not state.finite}
    assert len(ends) > 2 and max(ends) < 900
    assert sum(state.finite for state in alone) > 2
    after = together(states, points, BREAKS, 900, device)
    for state, wanted in zip(after, alone, strict=True):
        same(state, wanted, 1e-8)
    again = together(after, points, BREAKS, 25, device)
    for before, state in zip(after, again, strict=True):
        assert (state is before) == (not before.finite)
        assert state.updates == before.updates + 25 * before.finite


def test_a_crowd_shows_the_broken_as_they_broke() -> None:
    points = cloud(30)
    states = crowd(12, points, BREAKS)
    stays = Crowd(states, points, BREAKS, device=CPU)
    for _ in range(3):
        stays.advance(300)
    wanted = together(states, points, BREAKS, 900)
    for row, state, other in zip(stays.params().numpy(), stays.states(), wanted, strict=True):
        assert np.array_equal(row, other.params, equal_nan=True)
        assert (state.finite, state.updates) == (other.finite, other.updates)


@pytest.mark.parametrize("optimiser", ["adagrad", "adadelta", "rmsprop", "adam"])
def test_a_memory_that_overflows_breaks_a_net_whose_weights_still_hold(optimiser: str) -> None:
    config = Config(hidden=(), activations=(), optimiser=optimiser)
    points = cloud(20)
    points = points._replace(x=1e200 * points.x)  # the square of a gradient is infinite
    state = started(points, config)
    after = together([state], points, config, 30)[0]
    assert not after.finite and after.updates == 1 and np.isfinite(after.params).all()
    same(after, compiled.advance(state, points, config, 30))


@pytest.mark.parametrize("noise", NOISES)
def test_every_net_and_every_call_has_noise_of_its_own(noise: str) -> None:
    config, points = Config(rate=0.5, **{noise: 0.3}), cloud(20)
    state = started(points, config)
    twins = [state, state, replace(state, random=state.random + np.uint64(2))]
    first = together(twins, points, config, 1)
    a, b, c = (after.params for after in first)
    assert not (np.array_equal(a, b) or np.array_equal(a, c) or np.array_equal(b, c))
    again = together(twins, points, config, 1)
    assert all(np.array_equal(x.params, y.params) for x, y in zip(first, again, strict=True))
    # Gone on from what `random` has become, the same update on the same net draws anew.
    moved = [replace(s, random=f.random) for s, f in zip(twins, first, strict=True)]
    later = together(moved, points, config, 1)
    for before, after in zip(first, later, strict=True):
        assert not np.array_equal(before.params, after.params)
        assert not np.array_equal(before.random, after.random)


def test_noise_within_a_call_is_new_at_every_update() -> None:
    config = Config(optimiser="sgd", rate=1.0, l2=0.0, gradient_noise=1000.0)
    points = cloud(20)
    trace = [started(points, config).params]
    stays = Crowd([started(points, config)], points, config, device=CPU)
    for _ in range(3):
        stays.advance(1)
        trace.append(stays.params()[0].numpy())
    steps = np.diff(trace, axis=0) / 1000
    assert np.abs(np.corrcoef(steps) - np.eye(3)).max() < 0.6
    assert abs(steps.std() - 1) < 0.25


def test_looking_for_the_break_draws_the_same_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(BREAKS, rate=1.0, dropout=0.2, gradient_noise=0.1)
    points = cloud(30)
    states = crowd(12, points, config)
    at_once = together(states, points, config, 300)
    assert {state.finite for state in at_once} == {True, False}
    monkeypatch.setattr(batched, "BLOCK", 1)  # every update is looked at
    for state, wanted in zip(together(states, points, config, 300), at_once, strict=True):
        same(state, wanted, 0)


@pytest.mark.parametrize("config", [Config(shuffle=True), Config(shuffle=True, dropout=0.3)])
def test_nothing_that_was_given_is_written_to(config: Config) -> None:
    points = cloud(20)
    states = crowd(3, points, config)
    for array in (*points, *(a for s in states for a in (s.params, s.slots, s.order, s.random))):
        array.flags.writeable = False
    before = torch.get_rng_state()
    after = together(states, points, config, 30)
    assert torch.equal(before, torch.get_rng_state())
    kept = [state.params.copy() for state in after]
    together(after, points, config, 5)
    assert all(np.array_equal(s.params, k) for s, k in zip(after, kept, strict=True))


def test_without_anything_to_do_the_states_are_given_back() -> None:
    config, points = Config(), cloud(20)
    states = crowd(2, points, config)
    assert together(states, points, config, 0) == states
    assert together([], points, config, 9) == []


@pytest.mark.parametrize("other", [{"cursor": 3}, {"ticks": 4}], ids=str)
def test_nets_at_different_places_are_refused(other: dict) -> None:
    config, points = Config(), cloud(20)
    first, second = crowd(2, points, config)
    with pytest.raises(SettingError, match="networks: wanted one place"):
        together([first, replace(second, **other)], points, config, 1)


@pytest.mark.parametrize(
    "change, wanted",
    [
        ({"y": np.full(20, 2)}, "classes 0 to 1"),
        ({"y": np.full(20, -1)}, "classes 0 to 1"),
        ({"x": np.full((20, 2), np.inf)}, "finite coordinates"),
        ({"held": np.ones(20, bool)}, "at least one"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(change: dict, wanted: str) -> None:
    config, points = Config(), cloud(20)
    states = crowd(2, points, config)
    with pytest.raises(SettingError, match=wanted):
        together(states, points._replace(**change), config, 1)


@pytest.mark.parametrize("n, hidden", [(19, (6, 2)), (21, (6, 2)), (20, (6, 3))])
def test_states_of_other_points_or_another_net_are_refused(n: int, hidden: tuple[int, ...]) -> None:
    config, points = Config(), cloud(20)
    states = crowd(2, points, config)
    with pytest.raises(ValueError, match="another net or of other points"):
        together(states, cloud(n), replace(config, hidden=hidden), 1)
    odd = started(cloud(n), replace(config, hidden=hidden))
    with pytest.raises(ValueError, match="another net or of other points"):
        together([states[0], odd], points, config, 1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_scores_are_those_of_each_net(activation: str) -> None:
    config = Config(
        hidden=(5, 3), activations=(activation, "tanh"), classes=4, extras=tuple(network.EXTRAS)
    )
    points = cloud(17, 4)
    params = np.stack([state.params for state in crowd(6, points, config)])
    params += 0.1  # b too
    o = batched.scores(torch.from_numpy(params), config, torch.from_numpy(points.x.T.copy()))
    assert o.shape == (6, 4, 17)
    for row, mine in zip(params, o.numpy(), strict=True):
        assert close(mine.T, network.forward(row, config, points.x)[-2])
