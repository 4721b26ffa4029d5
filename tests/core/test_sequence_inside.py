"""One step of one unit: against the slow oracle, against autograd, and against the trace on the page."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.sequence import inside, model, through_time, trace, unit_step, vanishing
from core.sequence.inside import Inside
from core.sequence.model import Config, Net
from tests.core.sequences import plain
from tests.oracles import recurrent as oracle

K, T = 5, 40
CODES = np.random.default_rng(3).integers(0, K, T)
ORACLES = {"lstm": oracle.lstm, "gru": oracle.gru, "srn": oracle.srn}


def net(**settings) -> Net:
    """Weights large enough that gates open and close, and not so large that they stick."""
    config = Config(**({"units": 6} | settings))
    params = model.start(config, K, generator=stream(5, "net"))
    return Net(config, K).load(1.4 * params)


def looked(made: Net, codes=CODES, **asked) -> Inside:
    layers = trace.trace(made.stack(), codes)
    return inside.look(made, codes, layers, **({"unit": 2, "at": 20} | asked))


def oracle_signals(made: Net, codes) -> dict[str, np.ndarray]:
    """Of a net of one layer and direction, in float64 from the start of the text."""
    weights = made.weights()[0][0]
    exact = type(weights)(*(t.detach().double() for t in weights))
    cell = made.config.cell
    return ORACLES[cell](np.eye(K)[codes], plain(exact, cell))


@pytest.mark.parametrize("settings", [
    {}, {"peepholes": True}, {"cell": "gru"}, {"cell": "srn"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("at", (0, 1, 20, T - 1))
def test_forward_is_that_of_the_oracle(settings: dict, at: int) -> None:
    made = net(**settings)
    found, wanted = looked(made, at=at), oracle_signals(made, CODES)
    for name, values in wanted.items():
        assert abs(getattr(found.forward, name) - values[at, 2]) < 1e-10, name
    assert found.worst < 1e-10
    before = wanted["s" if made.config.cell == "lstm" else "h"]
    assert abs(found.forward.before - (before[at - 1, 2] if at else 0)) < 1e-10


CHECKED = [
    {},
    {"peepholes": True},
    {"layers": 2, "peepholes": True},
    {"layers": 3},
    {"embedding": 4},
    {"bidirectional": True, "peepholes": True},
    {"bidirectional": True, "layers": 2},
]


@pytest.mark.parametrize("settings", CHECKED, ids=str)
def test_all_sixteen_agree_with_autograd(settings: dict) -> None:
    made = net(**settings)
    for layer in range(made.config.layers):
        for reverse in (False, True)[: made.config.ways]:
            found = looked(made, layer=layer, reverse=reverse, ahead=7)
            assert len(found.checks) == 16 == len({check.name for check in found.checks})
            assert found.worst < 1e-10, (layer, reverse, found.checks)
            assert found.slope == pytest.approx(found.back.epsilon_c, abs=1e-10)
            # something flows, or the test could not fail
            assert all(abs(check.there) > 1e-6 for check in found.checks), found.checks
            assert abs(found.back.carousel) > 1e-7


@pytest.mark.parametrize("cell", ("lstm", "gru", "srn"))
def test_the_slope_is_a_finite_difference(cell: str) -> None:
    """L after b of one unit was pushed; from the window's start on, by the plain cells."""
    made = net(cell=cell)
    found = looked(made, at=20, ahead=6)
    weights = made.weights()[0][0]
    exact = plain(type(weights)(*(t.detach().double() for t in weights)), cell)
    V, bias = made.V.detach().double().numpy(), made.bias.detach().double().numpy()
    signals = ORACLES[cell](np.eye(K)[CODES[:21]], exact)
    h = signals["b" if cell == "lstm" else "h"][20]
    s = signals["s"][20] if cell == "lstm" else None

    def loss(push: float) -> float:
        b, c = h.copy(), None if s is None else s.copy()
        b[2] += push
        total = 0.0
        for t in range(20, 26):
            o = V @ b + bias
            total += math.log(np.exp(o).sum()) - o[CODES[t + 1]]
            b, c = _step(cell, exact, np.eye(K)[CODES[t + 1]], b, c)
        return total

    assert found.loss == pytest.approx(loss(0), abs=1e-9)
    assert found.counted == (20, 26)
    assert (loss(1e-5) - loss(-1e-5)) / 2e-5 == pytest.approx(found.slope, rel=1e-6)


def _step(cell, weights, x, b, s):
    """One step of the course's equations, all units at once."""
    W, U, bias = weights["W"], weights["U"], weights["bias"]
    f = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    if cell == "srn":
        return np.tanh(W[0] @ x + U[0] @ b + bias[0]), None
    if cell == "gru":
        c = weights["c"]
        r, z = (f(W[k] @ x + bias[k] + U[k] @ b + c[k]) for k in (0, 1))
        new = np.tanh(W[2] @ x + bias[2] + r * (U[2] @ b + c[2]))
        return z * b + (1 - z) * new, None
    i, p, c, o = (W[k] @ x + U[k] @ b + bias[k] for k in range(4))
    s = f(p) * s + f(i) * np.tanh(c)
    return f(o) * np.tanh(s), s


def test_the_terms_add_up_and_the_peepholes_are_among_them() -> None:
    found = looked(net(peepholes=True))
    told, back = found.forward, found.back
    for into in (told.into_iota, told.into_phi, told.into_omega):
        assert into.weight and into.a == into.input + into.hidden + into.weight * into.seen
    assert told.into_iota.seen == told.into_phi.seen == told.before
    assert told.into_omega.seen == told.s  # the output gate sees the cell after this step
    assert all((back.peep_iota, back.peep_phi, back.peep_omega))
    without = looked(net())
    assert without.forward.into_iota.weight == 0 == without.back.peep_omega


def test_with_one_character_ahead_nothing_comes_back_from_later() -> None:
    found = looked(net(peepholes=True), ahead=1)
    back = found.back
    assert found.counted == (20, 21)
    assert back.by_iota == back.by_phi == back.by_c == back.by_omega == back.carousel == 0
    assert back.epsilon_c == back.outside != 0
    assert found.worst < 1e-10


def test_after_the_last_character_nothing_is_asked() -> None:
    found = looked(net(), at=T - 1)
    assert found.back is found.loss is found.slope is found.counted is None
    assert len(found.checks) == 10
    near = looked(net(), at=T - 3)
    assert near.counted == (T - 3, T - 1)
    one = looked(net(), np.array([2]), at=0)
    assert one.loss is None


def test_a_long_text_is_read_from_the_state_the_trace_tells() -> None:
    codes = np.random.default_rng(1).integers(0, K, 900)
    made = net(peepholes=True)
    found, wanted = looked(made, codes, at=700), oracle_signals(made, codes)
    assert found.window == (700 - inside.LONGEST, 710)
    for name, values in wanted.items():
        assert abs(getattr(found.forward, name) - values[700, 2]) < 1e-5, name
    assert found.worst < 1e-10
    both = looked(net(bidirectional=True), codes, at=300, reverse=True)
    assert both.window == (291, 300 + inside.LONGEST + 1)
    assert both.worst < 1e-10


def test_the_numbers_are_those_of_the_trace() -> None:
    made = net(layers=2, bidirectional=True)
    layers = trace.trace(made.stack(), CODES)
    for layer in (0, 1):
        for reverse in (False, True):
            found = inside.look(made, CODES, layers, unit=4, layer=layer, reverse=reverse, at=11)
            for name in ("iota", "phi", "g", "omega", "s", "b"):
                shown = layers[layer][reverse].of(name)[11, 4]
                assert abs(getattr(found.forward, name) - shown) < 1e-5


@pytest.mark.parametrize(
    ("asked", "setting"),
    [
        ({"unit": 6}, "unit"),
        ({"unit": -1}, "unit"),
        ({"layer": 1}, "layer"),
        ({"at": T}, "character"),
        ({"reverse": True}, "direction"),
        ({"ahead": 0}, "characters ahead"),
    ],
)
def test_what_is_not_there_is_told(asked: dict, setting: str) -> None:
    with pytest.raises(SettingError) as told:
        looked(net(), **asked)
    assert setting in str(told.value)


def test_a_gate_wide_open_or_shut_does_not_overflow() -> None:
    assert unit_step.sigmoid(-800) == 0 and unit_step.sigmoid(800) == 1
    assert unit_step.sigmoid(-3) == pytest.approx(1 - unit_step.sigmoid(3), abs=1e-15)


def test_a_larger_net_reads_less_again() -> None:
    small = net()
    assert inside.longest(small) == inside.LONGEST
    large = Net(Config(units=1024), K)
    assert 10 <= inside.longest(large) < 60


@pytest.mark.parametrize("cell", ("lstm", "gru", "srn"))
def test_gradients_by_lag(cell: str) -> None:
    made = net(cell=cell, layers=2)
    found = vanishing.reached(made, CODES[:21], 3)
    assert found.hidden.shape == (2, 21) and (found.state is not None) == (cell == "lstm")
    # the same slope as inside one step asks by itself
    asked = CODES.copy()
    asked[21] = 3
    layers = trace.trace(made.stack(), asked)
    slopes = [
        inside.look(made, asked, layers, unit=k, layer=1, at=20, ahead=1).slope for k in range(6)
    ]
    assert found.hidden[1, 20] == pytest.approx(np.linalg.norm(slopes), rel=1e-9)
    share = found.by_lag(found.best)
    assert share[0] == 1 and share[4] == pytest.approx(found.best[16] / found.best[20])
    cut = vanishing.reached(made, CODES[:21], 3, length=5)
    assert not cut.hidden[:, :16].any() and cut.hidden[:, 16:].all()


@pytest.mark.parametrize("cell", ("lstm", "gru", "srn"))
def test_singular_values_are_those_of_finite_differences(cell: str) -> None:
    made = net(cell=cell, units=3)
    found = vanishing.spectrum(made, CODES[:21], lags=4)
    assert found.shape == (5, 3) and (found[0] == 1).all()
    assert (found[:, 0] >= found[:, 1]).all() and (found[:, 1] >= found[:, 2]).all()
    weights = type(made.weights()[0][0])(*(t.detach().double() for t in made.weights()[0][0]))
    x = torch.eye(K, dtype=torch.float64)[CODES[:21]]
    start = through_time.states(cell, x[:17], weights)[-1]

    def after(state: torch.Tensor) -> np.ndarray:
        for row in x[17:]:
            state = through_time.step(cell, row[None], state[None], weights)[0]
        return state.numpy()

    pushes = 1e-6 * torch.eye(len(start), dtype=torch.float64)
    P = np.stack([(after(start + one) - after(start - one)) / 2e-6 for one in pushes], axis=1)
    values = np.linalg.svd(P, compute_uv=False)
    assert found[4, 0] == pytest.approx(values[0], rel=1e-5)
    assert found[4, 2] == pytest.approx(values[-1], abs=1e-8)


def test_vanishing_is_bounded_and_one_way() -> None:
    assert vanishing.affordable(net()) == vanishing.LONGEST
    assert vanishing.affordable(Net(Config(units=1024), K)) < 100
    assert [vanishing.lags(Net(Config(units=n), K)) for n in (64, 128, 256, 300)] == [
        100,
        40,
        20,
        0,
    ]
    with pytest.raises(SettingError):
        vanishing.reached(net(bidirectional=True), CODES, 1)
    nothing = vanishing.Reached("srn", 0.0, np.zeros((1, 4)), None)
    assert np.isnan(nothing.by_lag(nothing.best)).all()
