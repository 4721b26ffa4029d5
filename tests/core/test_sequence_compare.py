"""The contest: its results are those of direct runs, in order, whatever happens between its Steps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.sequence import compare, echo_state, model, readout, reservoir, tasks, train
from core.sequence.compare import ECHO, Config

DATA = (np.array([60, 20]),)
QUICK = {"units": 5, "updates": 6, "steps": 2, "reservoir": 20, "enough": 0}


def run(config: Config, seed: int = 0) -> list[compare.Step]:
    return list(compare.learn(DATA, config, generator=stream(seed, "test")))


def base(seed: int = 0) -> int:
    return int(torch.randint(2**31, (), generator=stream(seed, "test")))


def test_every_result_is_that_of_a_direct_run() -> None:
    config = Config(relatives=compare.NAMES, lags=(1, 3), seeds=2, **QUICK)
    steps = run(config)
    results = steps[-1].results
    assert [(r.seed, r.lag, r.relative) for r in results] == [
        (seed, lag, name) for seed in (0, 1) for lag in (1, 3) for name in compare.NAMES
    ]
    for r in results:
        data = tasks.remember(
            r.lag, generator=stream(base() + r.seed, "remember", r.lag), examples=60, tests=20
        )
        own = stream(base() + r.seed, r.relative, r.lag)
        if r.relative == ECHO:
            *_, last = echo_state.learn(data, config.echo(), generator=own)
            wanted = last.accuracy, last.W_out.size, 2
        else:
            *_, last = train.learn(data, config.net(r.relative), generator=own)
            wanted = last.held_accuracy, len(last.params), last.updates
        assert (r.accuracy, r.parameters, r.updates) == wanted
        assert r.seconds is not None and r.seconds > 0


def test_steps_tell_who_is_at_work_and_lose_nothing() -> None:
    config = Config(relatives=("srn", ECHO), lags=(2, 4), **QUICK)
    steps = run(config)
    assert config.runs == 4 and len(steps) == config.runs * (config.steps + 1)
    ended = 0
    for before, after in zip(steps, steps[1:], strict=False):
        assert after.results[: len(before.results)] == before.results
        ended += len(after.results) > len(before.results)
    assert ended == 4 and steps[-1].runs == 4
    last = [s for s in steps if s.relative == ECHO and s.lag == 2][-1]
    assert [curve.relative for curve in last.curves] == ["srn", ECHO]
    assert last.curves[0].updates == (0, 3, 6) and last.curves[1].updates == (0, 1, 2)
    assert last.curves[1].accuracy[-1] == last.accuracy == last.results[-1].accuracy


def test_who_is_right_everywhere_stops_early() -> None:
    settings = QUICK | {"updates": 400, "steps": 8, "enough": 2, "units": 12}
    (result,) = run(Config(relatives=("gru",), lags=(1,), rate=0.03, **settings))[-1].results
    assert result.accuracy == 1 and result.updates < 400


def test_the_story_that_the_page_tells() -> None:
    config = Config(relatives=(ECHO, "srn", "gru", "lstm"), lags=(2, 16), timed=False)
    big = (np.array([500, 100]),)
    *_, last = compare.learn(big, config, generator=stream(0, "core.sequence.compare"))
    found = {(r.relative, r.lag): r.accuracy for r in last.results}
    assert all(found[name, 2] == 1 for name in config.relatives)
    assert found["srn", 16] < 0.75
    assert min(found[name, 16] for name in (ECHO, "gru", "lstm")) > compare.GOOD


def test_a_language_is_learned_once_and_asked_at_each_length() -> None:
    config = Config(task="counter", relatives=("lstm", ECHO), lags=(3, 12), **QUICK)
    steps = run(config)
    assert config.runs == 2 and steps[0].lag is None
    data = compare.drawn("counter", None, 60, 20, seed=base())
    *_, last = train.learn(data, config.net("lstm"), generator=stream(base(), "lstm", 0))
    net = model.Net(config.net("lstm"), len(data.vocabulary)).load(last.params)
    *_, echo = echo_state.learn(data, config.echo(), generator=stream(base(), ECHO, 0))
    found = {(r.relative, r.lag): r.accuracy for r in steps[-1].results}
    for length in (3, 12):
        asked = compare.drawn("counter", length, 1, 20, seed=base())
        texts = {asked.vocabulary.decode(x.tolist()).strip("\ufffd") for x in asked.held_x}
        assert texts == {"a" * length + "X" + "b" * length}
        held = asked.held_x, asked.held_y, asked.held_asked
        assert found["lstm", length] == train.judge(net, *held).accuracy
        right, wanted = 0, 0
        for x, y, ask in zip(*held, strict=True):
            told = echo_state.answers(echo.reservoir, echo.W_out, x.numpy()).argmax(axis=1)
            for t in ask.nonzero().flatten().tolist():
                right, wanted = right + int(told[t] == int(y[t])), wanted + 1
        assert found[ECHO, length] == right / wanted


def test_without_a_clock_every_step_is_the_same_again() -> None:
    config = Config(relatives=("srn", ECHO), lags=(2,), timed=False, **QUICK)
    assert run(config) == run(config)
    assert run(config)[-1].results[0].seconds is None
    assert run(config, seed=1) != run(config)


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"task": "chess"}, "task"),
        ({"relatives": ()}, "networks"),
        ({"relatives": ("srn", "srn")}, "networks"),
        ({"relatives": ("perceptron",)}, "networks"),
        ({"task": "counter"}, "backwards"),
        ({"lags": ()}, "lags"),
        ({"lags": (4, 2)}, "lags"),
        ({"lags": (0, 2)}, "lags"),
        ({"lags": (101,)}, "lags"),
        ({"seeds": 0}, "seeds"),
        ({"layers": 1}, "layers"),
        ({"reservoir": 1001}, "reservoir"),
        ({"units": 0}, "units"),
        ({"updates": 0}, "updates"),
        ({"forget_bias": float("nan")}, "forget bias"),
    ],
)
def test_bad_settings_are_named(given: dict, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        Config(**given)


def test_bits_are_those_of_a_plain_regression() -> None:
    net = reservoir.drawn(
        1, units=12, density=0.4, radius=0.9, leak=0.8, scale=0.3, bias=0.1, generator=stream(0)
    )
    got = readout.bits(net, lags=6, ridge=1e-3, generator=stream(1), steps=700)
    u = 2.0 * torch.randint(0, 2, (700,), generator=stream(1)).numpy() - 1
    x, states = np.zeros(12), []
    for value in u:
        x = 0.2 * x + 0.8 * np.tanh(net.W_in[:, 0] * value + net.matrix().toarray() @ x + net.b)
        states.append([1.0, value, *x])
    Z, half = np.array(states)[100:], 300
    for k in range(1, 7):
        y = u[100 - k : 700 - k]
        # ridge regression as least squares with rows sqrt(ridge) I below
        A = np.vstack([Z[:half], np.sqrt(1e-3) * np.eye(14)])
        w = np.linalg.lstsq(A, np.concatenate([y[:half], np.zeros(14)]), rcond=None)[0]
        assert got[k - 1] == pytest.approx(
            float((np.sign(Z[half:] @ w) == y[half:]).mean()), abs=1e-3
        )
    assert got[0] == 1.0


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"lags": 0}, "lags"),
        ({"lags": 3, "ridge": 0.0}, "ridge"),
        ({"lags": 3, "steps": 50}, "steps"),
    ],
)
def test_bits_refuse_what_cannot_be(given: dict, setting: str) -> None:
    net = reservoir.drawn(
        1, units=5, density=1, radius=0.9, leak=1, scale=0.3, bias=0, generator=stream(0)
    )
    with pytest.raises(SettingError, match=setting):
        readout.bits(net, **{"ridge": 1e-6, "generator": stream(1), **given})
