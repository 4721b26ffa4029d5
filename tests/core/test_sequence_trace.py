"""Whole texts at once: against the equations, torch's own nets, and what clamps promise."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.sequence import compiled, recomputed, trace
from core.sequence.cells import SIGNALS, Weights
from core.sequence.trace import Clamp
from tests.core.sequences import apart, drawn, plain, torch_net
from tests.oracles import recurrent

LIMIT = 1e-5  # float32 beside float64
INPUTS, UNITS = 5, 7  # units that fill no register


def stacked(
    cell: str, depth: int = 1, ways: int = 1, peepholes: bool = False
) -> list[list[Weights]]:
    return [
        [
            drawn(cell, INPUTS if k == 0 else ways * UNITS, UNITS, peepholes=peepholes, seed=10 * k + way)
            for way in range(ways)
        ]
        for k in range(depth)
    ]  # fmt: skip


def characters(T: int = 60) -> np.ndarray:
    return np.random.default_rng(3).integers(0, INPUTS, T)


def one_hot(x: np.ndarray) -> np.ndarray:
    return np.eye(INPUTS)[x]


@pytest.mark.parametrize("cell", SIGNALS)
def test_every_signal_is_that_of_the_equations(cell: str) -> None:
    layers = stacked(cell, peepholes=True)
    x = characters()
    wanted = getattr(recurrent, cell)(one_hot(x), plain(layers[0][0], cell))
    for stack, given_x in (
        (trace.ready(cell, layers, np.eye(INPUTS)), x),
        (trace.ready(cell, layers), one_hot(x)),
    ):
        told = trace.trace(stack, given_x)[0][0]
        assert told.names == SIGNALS[cell] == tuple(wanted)
        for name, value in wanted.items():
            assert told.of(name).dtype == np.float32
            assert apart(told.of(name), value) < LIMIT, name
        assert told.hidden is told.of(SIGNALS[cell][-1])


@pytest.mark.parametrize("ways", (1, 2))
@pytest.mark.parametrize("depth", (1, 3))
@pytest.mark.parametrize("cell", SIGNALS)
def test_deep_and_bidirectional_nets_are_those_of_torch(cell: str, depth: int, ways: int) -> None:
    layers, x = stacked(cell, depth, ways), characters()
    told = trace.trace(trace.ready(cell, layers, np.eye(INPUTS)), x)
    with torch.no_grad():
        wanted = torch_net(cell, layers)(torch.tensor(one_hot(x)))[0]
    assert [len(layer) for layer in told] == [ways] * depth
    assert apart(np.hstack([way.hidden for way in told[-1]]), wanted) < LIMIT


def test_an_embedding_is_a_layer_before_the_first() -> None:
    embedding = np.random.default_rng(1).normal(size=(11, INPUTS))
    x = np.random.default_rng(2).integers(0, 11, 40)
    layers = stacked("gru", 2)
    by_table = trace.trace(trace.ready("gru", layers, embedding), x)
    by_numbers = trace.trace(trace.ready("gru", layers), embedding[x])
    assert apart(by_table[1][0].hidden, by_numbers[1][0].hidden) < LIMIT


def test_the_identities_hold_with_the_shown_numbers() -> None:
    told = trace.trace(trace.ready("lstm", stacked("lstm", peepholes=True)), one_hot(characters()))
    s, one = told[0][0].of("s").astype(float), told[0][0]
    before = np.vstack([np.zeros(UNITS), s[:-1]])
    assert apart(s, one.of("phi") * before + one.of("iota") * one.of("g")) < 1e-6
    assert apart(one.of("b"), one.of("omega") * np.tanh(s)) < 1e-6


@pytest.mark.parametrize("cell", SIGNALS)
def test_a_text_may_be_read_in_pieces(cell: str) -> None:
    stack = trace.ready(cell, stacked(cell, 2, peepholes=True), np.eye(INPUTS))
    x = characters()
    whole = trace.trace(stack, x)
    first = trace.trace(stack, x[:23])
    rest = trace.trace(stack, x[23:], start=trace.last(first))
    for depth in range(2):
        for a, b, c in zip(*(told[depth][0].signals for told in (whole, first, rest)), strict=True):
            assert np.array_equal(a, np.vstack([b, c]))


def test_clamps_hold_and_everything_after_follows() -> None:
    layers, x = stacked("lstm", peepholes=True), characters()
    stack = trace.ready("lstm", layers, np.eye(INPUTS))
    held = {
        ("iota", 1): lambda t: 0.0 if 5 <= t < 20 else None,
        ("phi", 2): lambda t: 1.0,
        ("g", 0): lambda t: -0.5 if t >= 30 else None,
        ("omega", 3): lambda t: 0.25,
        ("s", 4): lambda t: 3.0 if t < 10 else None,
        ("b", 6): lambda t: 0.0,
    }
    clamps = [
        Clamp("iota", 1, 0.0, first=5, last=20),
        Clamp("phi", 2, 1.0),
        Clamp("g", 0, -0.5, first=30),
        Clamp("omega", 3, 0.25),
        Clamp("s", 4, 3.0, last=10),
        Clamp("b", 6, 0.0),
    ]
    told = trace.trace(stack, x, clamps=clamps)[0][0]
    wanted = recurrent.lstm(one_hot(x), plain(layers[0][0], "lstm"), held)
    for name, value in wanted.items():
        assert apart(told.of(name), value) < LIMIT, name
    assert apart(told.of("b"), trace.trace(stack, x)[0][0].of("b")) > 0.1


@pytest.mark.parametrize("cell", SIGNALS)
def test_every_signal_can_be_held_in_its_layer_and_direction(cell: str) -> None:
    stack, x = trace.ready(cell, stacked(cell, 2, 2), np.eye(INPUTS)), characters(12)
    free = trace.trace(stack, x)
    for name in SIGNALS[cell]:
        for layer in (0, 1):
            for backward in (False, True):
                clamp = Clamp(name, 2, 0.75, layer=layer, backward=backward, first=3, last=7)
                told = trace.trace(stack, x, clamps=[clamp])
                track = told[layer][backward].of(name)[:, 2]
                assert (track[3:7] == 0.75).all()
                untouched = slice(7, None) if backward else slice(0, 3)
                was = free[layer][backward].of(name)[:, 2]
                assert np.array_equal(track[untouched], was[untouched])
                other = told[layer][not backward].signals
                assert all(map(np.array_equal, other, free[layer][not backward].signals))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=40))
def test_sigmoid_and_tanh_are_exact_to_float32(numbers: list[float]) -> None:
    x = np.array(numbers, np.float32)
    n = len(x)
    nothing = (np.zeros((0, 4), np.int64), np.zeros(0, np.float32))
    zero = np.zeros(n, np.float32)
    gates = np.stack([x] * 4)[None].copy()
    s, b = np.empty((2, 1, n), np.float32)
    compiled.lstm(
        gates,
        np.zeros((4 * n, n), np.float32),
        np.zeros((3, n), np.float32),
        zero,
        zero,
        s,
        b,
        *nothing,
    )
    exact = x.astype(np.float64)
    assert apart(gates[0, 0], 1 / (1 + np.exp(-exact.clip(-700)))) < 3e-7
    assert apart(gates[0, 2], np.tanh(exact)) < 3e-7  # fmt: skip


@pytest.mark.parametrize("ways", (1, 2))
def test_gates_recomputed_from_h_are_the_same(ways: int) -> None:
    layers, x = stacked("lstm", 2, ways), characters(100)
    told = trace.trace(trace.ready("lstm", layers, np.eye(INPUTS)), x)
    net = torch_net("lstm", layers)
    for ours, theirs in zip(told, recomputed.lstm(net, torch.tensor(one_hot(x))), strict=True):
        for a, b in zip(ours, theirs, strict=True):
            for name in SIGNALS["lstm"]:
                assert apart(a.of(name), b[name]) < LIMIT, name


@pytest.mark.cuda
def test_gates_recomputed_on_a_gpu() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no NVIDIA GPU here")
    layers, x = stacked("lstm", 2), characters(1000)
    told = trace.trace(trace.ready("lstm", layers, np.eye(INPUTS)), x)
    net = torch_net("lstm", layers).float().cuda()
    theirs = recomputed.lstm(net, torch.tensor(one_hot(x)).float().cuda())
    for name in SIGNALS["lstm"]:
        assert apart(told[1][0].of(name), theirs[1][0][name].cpu()) < 1e-4, name


@pytest.mark.parametrize("T", (1, 2, 3, 7, 8, 9, 1000))
def test_the_scan_by_doubling(T: int) -> None:
    generator = torch.Generator().manual_seed(T)
    phi, u = torch.rand(2, T, 3, generator=generator, dtype=torch.float64)
    s, wanted = torch.zeros(3, dtype=torch.float64), []
    for t in range(T):
        s = phi[t] * s + u[t]
        wanted.append(s)
    kept = phi.clone(), u.clone()
    assert apart(recomputed.scan(phi, u), torch.stack(wanted)) < 1e-12
    assert torch.equal(phi, kept[0]) and torch.equal(u, kept[1])


def test_short_texts() -> None:
    stack = trace.ready("lstm", stacked("lstm", 2, 2), np.eye(INPUTS))
    for T in (0, 1):
        told = trace.trace(stack, characters(T))
        assert told[1][1].of("phi").shape == (T, UNITS)


@pytest.mark.parametrize(
    "wrong, clamps, setting",
    [
        (np.array([0, INPUTS]), (), "character"),
        (np.array([-1]), (), "character"),
        (np.zeros(3), (), "text"),
        (np.zeros((3, 2), int), (), "text"),
        (np.zeros(3, int), [Clamp("gate", 0)], "signal"),
        (np.zeros(3, int), [Clamp("b", UNITS)], "unit"),
        (np.zeros(3, int), [Clamp("b", -1)], "unit"),
        (np.zeros(3, int), [Clamp("b", 0, layer=1)], "layer"),
        (np.zeros(3, int), [Clamp("b", 0, backward=True)], "direction"),
        (np.zeros(3, int), [Clamp("b", 0, float("nan"))], "held value"),
    ],
)
def test_bad_input_names_the_setting(wrong: np.ndarray, clamps: list, setting: str) -> None:
    stack = trace.ready("lstm", stacked("lstm"), np.eye(INPUTS))
    with pytest.raises(SettingError, match=setting):
        trace.trace(stack, wrong, clamps=clamps)


def test_bad_nets_name_the_setting() -> None:
    with pytest.raises(SettingError, match="cell"):
        trace.ready("qrnn", stacked("lstm"))
    with pytest.raises(SettingError, match="input"):
        trace.trace(trace.ready("lstm", stacked("lstm")), np.zeros((3, INPUTS + 1)))
    both = trace.ready("srn", stacked("srn", 1, 2), np.eye(INPUTS))
    with pytest.raises(SettingError, match="start"):
        trace.trace(both, characters(3), start=[trace.Start(np.zeros(UNITS), np.zeros(UNITS))])


def test_nothing_that_was_given_is_written_to() -> None:
    for cell in SIGNALS:
        stack = trace.ready(cell, stacked(cell, 2), np.eye(INPUTS))
        x = characters()
        before = [start._replace() for start in trace.last(trace.trace(stack, x))]
        for array in (x, *(a for start in before for a in start)):
            array.flags.writeable = False
        kept = [[array.copy() for array in layer[0]] for layer in stack.layers]
        again = [trace.trace(stack, x, start=before)[1][0].hidden for _ in range(2)]
        assert np.array_equal(*again)
        for layer, was in zip(stack.layers, kept, strict=True):
            assert all(map(np.array_equal, layer[0], was))
