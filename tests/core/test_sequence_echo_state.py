"""Reservoirs, their echo, what they remember, and the readout."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import SettingError
from core.rng import stream
from core.sequence import echo_state, memory, reservoir, tasks, vocabulary
from core.sequence.echo_state import Config
from core.sequence.reservoir import Reservoir
from core.sequence.tasks import IGNORE
from tests.core.sequences import apart
from tests.oracles import echo_state as oracle


def drawn(units: int = 60, inputs: int = 1, seed: int = 0, **changed: float) -> Reservoir:
    given = {"density": 0.1, "radius": 0.9, "leak": 1.0, "scale": 0.5, "bias": 0.1, **changed}
    return reservoir.drawn(inputs, units=units, generator=stream(seed, "reservoir"), **given)


def noise(T: int, inputs: int = 1) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (T, inputs))


@pytest.mark.parametrize("leak", (1.0, 0.3))
def test_states_are_those_of_the_equation(leak: float) -> None:
    net, u = drawn(leak=leak, inputs=3), noise(80, 3)
    before = np.linspace(-1, 1, 60)
    for begin in (np.zeros(60), before):
        wanted = oracle.states(net.matrix().toarray(), net.W_in, net.b, leak, u, begin)
        assert apart(reservoir.run(net, u, before=begin), wanted) < 1e-12
    assert np.array_equal(before, np.linspace(-1, 1, 60))


@pytest.mark.parametrize("units", (1, 60, 400))
@pytest.mark.parametrize("radius", (0.0, 0.5, 1.3))
def test_the_spectral_radius_is_what_was_asked(units: int, radius: float) -> None:
    W = drawn(units, radius=radius, density=0.03 if units > 100 else 1.0).matrix().toarray()
    assert abs(np.abs(np.linalg.eigvals(W)).max() - radius) < 1e-5


def test_it_is_as_sparse_as_was_asked_and_evenly_so() -> None:
    net = drawn(200, density=0.05, scale=0.7, bias=0.2)
    W = net.matrix().toarray()
    assert ((W != 0).sum(axis=1) == 10).all()
    assert 0.6 < np.abs(net.W_in).max() <= 0.7 and 0.1 < np.abs(net.b).max() <= 0.2
    assert (drawn(50, density=0.0).matrix().toarray() != 0).sum(axis=1).max() <= 1


def test_the_seed_decides() -> None:
    one, again, other = drawn(), drawn(), drawn(seed=1)
    assert np.array_equal(one.weight, again.weight) and not np.array_equal(one.weight, other.weight)


@pytest.mark.parametrize("leak", (1.0, 0.4))
def test_below_a_radius_of_one_states_forget_where_they_began(leak: float) -> None:
    one, other = np.ones(60), -np.ones(60)
    echo = reservoir.apart(drawn(radius=0.8, leak=leak), noise(400), one, other)
    assert echo[0] > 0.1 and echo[-1] < 1e-10
    chaos = reservoir.apart(drawn(radius=2.5, leak=1.0, scale=0.05), noise(400), one, other)
    assert chaos[-50:].min() > 0.01


def delay_line(units: int) -> Reservoir:
    """Each unit hands on what it heard: linear for a small input, it remembers exactly `units` steps
    less one, the first unit holding the input of now."""
    return Reservoir(
        start=np.array([0, *range(units)]),
        source=np.arange(units - 1),
        weight=np.ones(units - 1),
        W_in=np.eye(units, 1) * 1e-3,
        b=np.zeros(units),
        leak=1.0,
    )


def test_a_delay_line_remembers_its_length() -> None:
    found = memory.of(delay_line(12), generator=stream(0, "u"), lags=30)
    assert (found.lags[:11] > 0.999).all() and (found.lags[11:] < 0.05).all()
    assert abs(found.total - 11) < 0.3


def test_memory_capacity_is_that_of_a_slow_one() -> None:
    net = drawn(30, radius=0.95, scale=0.1, bias=0.0, density=0.3)
    u = memory.signal(3000, generator=stream(1, "u"))
    x = reservoir.run(net, u[:, None])
    found = memory.measured(x, u, lags=60)
    assert abs(found.total - oracle.capacity(x, u, 60, 100)) < 0.15
    assert found.lags.shape == (60,) and 5 < found.total <= 30.2
    assert abs(found.lags.sum() - found.total) < 1e-12


def test_a_smaller_radius_remembers_less_and_noise_nothing() -> None:
    near, far = (
        memory.of(drawn(50, radius=r, scale=0.1, bias=0.0), generator=stream(0, "u")).total
        for r in (0.95, 0.3)
    )
    assert near > far + 3
    u = memory.signal(3000, generator=stream(0, "u"))
    unheard = np.random.default_rng(0).normal(size=(3000, 20))
    assert memory.measured(unheard, u, lags=20).total < 0.2


def test_the_readout_is_the_ridge_regression_of_what_was_heard() -> None:
    data = tasks.recall(2, generator=stream(0, "data"), examples=20, tests=5, length=30)
    config = Config(units=40, ridge=1e-2, steps=4)
    steps = list(echo_state.learn(data, config, generator=stream(0, "net")))
    assert [step.texts for step in steps] == [0, 5, 10, 15, 20]
    net, K = steps[-1].reservoir, len(data.vocabulary)
    Z, Y = [], []
    for x, y in zip(data.x.numpy(), data.y.numpy(), strict=True):
        u = np.eye(K)[x]
        states = oracle.states(net.matrix().toarray(), net.W_in, net.b, 1.0, u, np.zeros(40))
        z = np.column_stack([np.ones(30), u, states])
        Z.append(z[y != IGNORE])
        Y.append(np.eye(K)[y[y != IGNORE]])
    Z, Y = np.concatenate(Z), np.concatenate(Y)
    wanted = oracle.ridge(Z, Y, 1e-2)
    assert apart(steps[-1].W_out, wanted) < 1e-7
    assert abs(steps[-1].error - np.square(Z @ wanted - Y).sum(axis=1).mean()) < 1e-9
    assert steps[-1].characters == len(Z)
    right = total = 0
    for x, y in zip(data.held_x.numpy(), data.held_y.numpy(), strict=True):
        told = echo_state.answers(net, steps[-1].W_out, x).argmax(axis=1)
        right, total = right + (told == y)[2:].sum(), total + 28
    assert steps[-1].accuracy == right / total


def test_an_echo_state_network_recalls() -> None:
    data = tasks.recall(3, generator=stream(0, "data"), examples=100, tests=30)
    config = Config(units=200, radius=0.9, steps=3)
    *_, last = echo_state.learn(data, config, generator=stream(0, "net"))
    assert last.accuracy > 0.99


def test_rows_of_one_text_are_heard_as_one() -> None:
    data = tasks.from_text("abcabdabe" * 60, rows=5)
    config = Config(units=30, steps=1)
    *_, cut = echo_state.learn(data, config, generator=stream(0, "net"))
    one = replace(data, x=data.x.reshape(1, -1), y=data.y.reshape(1, -1))
    *_, whole = echo_state.learn(one, config, generator=stream(0, "net"))
    assert apart(cut.W_out, whole.W_out) < 1e-8


def test_one_hot_texts_end_where_they_end() -> None:
    x, y, _ = tasks.rows([("aX", 1), ("aaaX", 1)], vocabulary.of("aX\n"))
    net = drawn(10, inputs=4)
    Z, after = echo_state.heard(net, x[0], y[0], 4, None)
    assert Z.shape == (2, 15)
    assert np.array_equal(after, Z[-1, 5:])


@pytest.mark.parametrize(
    "call, setting",
    [
        (lambda: Config(units=0), "units"),
        (lambda: Config(units=10.5), "units"),
        (lambda: Config(density=1.5), "density"),
        (lambda: Config(radius=-1), "spectral radius"),
        (lambda: Config(radius=float("nan")), "spectral radius"),
        (lambda: Config(leak=0), "leak"),
        (lambda: Config(ridge=0), "ridge"),
        (lambda: Config(steps=0), "steps"),
        (lambda: drawn(units=10**6), "units"),
        (lambda: drawn(leak=0.0), "leak"),
        (lambda: reservoir.run(drawn(), noise(5, 2)), "input"),
        (lambda: memory.measured(np.zeros((50, 2)), np.zeros(50), lags=3), "input"),
        (lambda: memory.measured(np.zeros((9, 2)), np.zeros(500), lags=3), "states"),
        (lambda: memory.measured(np.zeros((500, 2)), np.zeros(500), lags=0), "lags"),
    ],
)
def test_bad_input_names_the_setting(call, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        call()
