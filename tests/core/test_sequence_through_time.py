"""Gradients through time: against the hand-written backward, finite differences, known products."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.errors import SettingError
from core.sequence import backward, through_time
from core.sequence.cells import SIGNALS, Weights
from tests.core.sequences import apart, drawn

INPUTS, UNITS, K = 4, 5, 3


def text(T: int = 20) -> Tensor:
    return torch.randn(T, INPUTS, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def readout() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(2)
    V = torch.randn(K, UNITS, generator=generator, dtype=torch.float64)
    return V, torch.randn(K, generator=generator, dtype=torch.float64)


def loss_from(cell: str, state: Tensor, x: Tensor, layers: list[Weights], y: int) -> float:
    """Of the last character, when one layer goes on from `state` (1, D) over x."""
    for row in x:
        state = through_time.step(cell, row[None], state, layers[0])
    V, bias = readout()
    return torch.nn.functional.cross_entropy(
        state[:, :UNITS] @ V.T + bias, torch.tensor([y])
    ).item()


def test_of_an_lstm_they_are_the_epsilons() -> None:
    weights, x, (V, bias) = drawn("lstm", INPUTS, UNITS, peepholes=True), text(), readout()
    told = backward.forward(x, weights)
    outside = torch.zeros(20, UNITS, dtype=torch.float64)
    y = torch.full((20,), 2)
    losses, asked = backward.readout(told.b, y, V, bias)
    outside[-1] = asked[-1]
    wanted = backward.backward(x, told, weights, outside)
    found = through_time.reach("lstm", [weights], x, 2, V, bias)
    assert abs(found.loss - losses[-1].item()) < 1e-12
    assert apart(found.hidden[0], wanted.epsilon_c) < 1e-12
    assert apart(found.cell[0], wanted.epsilon_s) < 1e-12


@pytest.mark.parametrize("cell", SIGNALS)
def test_finite_differences_of_every_state(cell: str) -> None:
    layers, x, (V, bias) = [drawn(cell, INPUTS, UNITS, peepholes=True)], text(8), readout()
    found = through_time.reach(cell, layers, x, 1, V, bias)
    before = through_time.states(cell, x, layers[0])
    for t in (0, 3, 7):
        for unit in range(UNITS):
            shift = torch.zeros_like(before[t : t + 1])
            shift[0, unit] = 1e-6
            up, down = (
                loss_from(cell, before[t : t + 1] + sign * shift, x[t + 1 :], layers, 1)
                for sign in (1, -1)
            )
            assert abs((up - down) / 2e-6 - found.hidden[0, t, unit].item()) < 1e-7
    assert (found.cell is None) == (cell != "lstm")


@pytest.mark.parametrize("cell", SIGNALS)
def test_truncation_cuts_and_changes_nothing_nearer(cell: str) -> None:
    layers = [drawn(cell, INPUTS, UNITS), drawn(cell, UNITS, UNITS, seed=1)]
    whole = through_time.reach(cell, layers, text(), 0, *readout())
    short = through_time.reach(cell, layers, text(), 0, *readout(), length=6)
    assert whole.hidden.shape == (2, 20, UNITS)
    assert apart(short.hidden[:, 14:], whole.hidden[:, 14:]) < 1e-14
    assert not short.hidden[:, :14].any() and whole.hidden[:, :14].any()
    assert short.loss == whole.loss
    lengths = short.hidden.square().sum(dim=-1).sqrt()
    assert apart(through_time.norms(short.hidden), lengths) < 1e-14
    # the top layer at the last step is what the readout asks; the layer below reaches it through one step
    assert (through_time.norms(whole.hidden)[:, -1] > 0).all()


@pytest.mark.parametrize("cell", SIGNALS)
def test_jacobians_carry_the_gradient_back(cell: str) -> None:
    layers, x = [drawn(cell, INPUTS, UNITS)], text(10)
    J = through_time.jacobians(cell, x, layers[0])
    start = through_time.states(cell, x, layers[0])
    D = start.shape[1]
    assert J.shape == (10, D, D)
    assert apart(through_time.jacobians(cell, x, layers[0], last=3), J[-3:]) < 1e-14
    shift = torch.zeros(1, D, dtype=torch.float64)
    shift[0, 2] = 1e-6
    up, down = (
        through_time.step(cell, x[4:5], start[3:4] + sign * shift, layers[0]) for sign in (1, -1)
    )
    assert apart(J[4][:, 2], (up - down)[0] / 2e-6) < 1e-8
    if cell != "lstm":  # whose epsilons also count the way of s through b
        slopes = through_time.reach(cell, layers, x, 1, *readout()).hidden[0]
        for t in range(9):
            assert apart(slopes[t], J[t + 1].T @ slopes[t + 1]) < 1e-12


def test_singular_values_of_a_linear_chain_are_powers() -> None:
    """J = diag(0.5, 2) at every step: after so many steps 2^lag and 0.5^lag."""
    J = torch.diag(torch.tensor([0.5, 2.0], dtype=torch.float64)).expand(6, 2, 2)
    found = through_time.singular_values(J, lags=4)
    lag = torch.arange(5, dtype=torch.float64)
    assert apart(found, torch.stack([2**lag, 0.5**lag], dim=1)) < 1e-12
    assert through_time.singular_values(J).shape == (7, 2)


def test_the_product_starts_at_the_last_step() -> None:
    J = torch.randn(5, 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    found = through_time.singular_values(J)
    assert apart(found[2], torch.linalg.svdvals(J[4] @ J[3])) < 1e-12


def test_a_forget_gate_held_open_keeps_the_gradient_where_a_small_srn_loses_it() -> None:
    zero = torch.zeros(4 * UNITS, INPUTS, dtype=torch.float64)
    b = torch.zeros(4 * UNITS, dtype=torch.float64)
    b[UNITS : 2 * UNITS] = 50.0
    U, w = b.new_zeros(4 * UNITS, UNITS), b.new_zeros(3, UNITS)
    carousel = Weights(zero, U, b, torch.zeros_like(b), w)
    carousel.W[2 * UNITS : 3 * UNITS] = 0.3
    found = through_time.reach("lstm", [carousel], text(200), 0, *readout())
    track = through_time.norms(found.cell[0])
    assert track[0] > 0.5 * track[-1] > 0
    small = drawn("srn", INPUTS, UNITS)
    small.U.mul_(0.1)
    lost = through_time.norms(
        through_time.reach("srn", [small], text(200), 0, *readout()).hidden[0]
    )
    assert lost[0] < 1e-30 * lost[-1]


@pytest.mark.parametrize(
    "changed, setting",
    [
        ({"cell": "qrnn"}, "cell"),
        ({"x": text(0)}, "text"),
        ({"length": 0}, "truncation length"),
    ],
)
def test_bad_input_names_the_setting(changed: dict, setting: str) -> None:
    V, bias = readout()
    given = {"cell": "srn", "x": text(), "length": None, **changed}
    with pytest.raises(SettingError, match=setting):
        through_time.reach(
            given["cell"], [drawn("srn", INPUTS, UNITS)], given["x"], 0, V, bias, length=given["length"]
        )  # fmt: skip
