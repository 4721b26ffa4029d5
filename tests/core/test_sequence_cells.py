"""One step of every cell: against torch.nn, and against the equations unit by unit."""

from __future__ import annotations

import pytest
import torch

from core.sequence import cells
from tests.core.sequences import apart, drawn, plain, torch_net
from tests.oracles import recurrent


def text(T: int = 25, inputs: int = 4) -> torch.Tensor:
    return torch.randn(T, inputs, dtype=torch.float64, generator=torch.Generator().manual_seed(5))


def steps(cell: str, x: torch.Tensor, weights: cells.Weights) -> dict[str, list[torch.Tensor]]:
    """Every signal of `cell` over x (T, n, I)."""
    zero = x.new_zeros(x.shape[1], weights.U.shape[1])
    state, told = [zero, zero], []
    for row in x:
        if cell == "lstm":
            step = cells.lstm(row, state[0], state[1], weights)
            state = [step.b, step.s]
            told.append(step._asdict())
        elif cell == "gru":
            step = cells.gru(row, state[0], weights)
            state = [step.h]
            told.append(step._asdict())
        else:
            state = [cells.srn(row, state[0], weights)]
            told.append({"h": state[0]})
    return {name: torch.stack([one[name] for one in told]) for name in told[0]}


@pytest.mark.parametrize("cell", cells.SIGNALS)
def test_without_peepholes_cells_are_those_of_torch(cell: str) -> None:
    weights = drawn(cell, 4, 6)
    x = torch.stack([text(), 2 * text().flip(0)], dim=1)
    with torch.no_grad():
        wanted = torch_net(cell, [[weights]])(x)[0]
    assert apart(steps(cell, x, weights)[cells.SIGNALS[cell][-1]], wanted) < 1e-13


@pytest.mark.parametrize("cell", cells.SIGNALS)
def test_every_signal_is_that_of_the_equations(cell: str) -> None:
    weights = drawn(cell, 4, 6, peepholes=True)
    told = steps(cell, text()[:, None], weights)
    wanted = getattr(recurrent, cell)(text().numpy(), plain(weights, cell))
    assert tuple(wanted) == cells.SIGNALS[cell]
    for name, value in wanted.items():
        assert apart(told[name][:, 0], value) < 1e-13, name


@pytest.mark.parametrize("gate", range(3))
def test_peepholes_read_the_cell_before_or_after_the_step(gate: int) -> None:
    """All weights 0 but one peephole: iota and phi see the old s = 2, omega the new one."""
    nothing = torch.zeros(4, 1, dtype=torch.float64)
    w = torch.zeros(3, 1, dtype=torch.float64)
    w[gate] = 1
    weights = cells.Weights(nothing, nothing, nothing[:, 0], nothing[:, 0], w)
    step = cells.lstm(nothing[:1], nothing[:1], nothing[:1] + 2, weights)
    seen = (step.a_iota, step.a_phi, step.a_omega)[gate].item()
    # s = 1/2 * 2 + 1/2 * 0
    assert seen == (1.0 if gate == 2 else 2.0)
    assert sum(a.item() != 0 for a in (step.a_iota, step.a_phi, step.a_omega)) == 1


def test_a_gru_that_never_updates_keeps_its_state() -> None:
    weights = drawn("gru", 2, 3)
    weights.b[3:6] = 100.0
    h = torch.rand(1, 3, dtype=torch.float64)
    assert torch.equal(cells.gru(text(1, 2), h, weights).h, h)
