"""The hand-written backward: every number against autograd in float64, and finite differences."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.sequence import backward, cells
from core.sequence.cells import Weights
from tests.core.sequences import apart, drawn

I, H, K = 4, 6, 5  # noqa: E741  # the letters of Graves


def problem(T: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(T)
    x = torch.randn(T, I, generator=generator, dtype=torch.float64)
    y = torch.randint(0, K, (T,), generator=generator)
    V = torch.randn(K, H, generator=generator, dtype=torch.float64)
    return x, y, V, torch.randn(K, generator=generator, dtype=torch.float64)


def by_hand(x: Tensor, y: Tensor, V: Tensor, bias: Tensor, weights: Weights) -> backward.Backward:
    told = backward.forward(x, weights)
    return backward.backward(x, told, weights, backward.readout(told.b, y, V, bias)[1])


@pytest.mark.parametrize("peepholes", (False, True))
@pytest.mark.parametrize("T", (1, 2, 30))
def test_every_epsilon_and_delta_is_that_of_autograd(T: int, peepholes: bool) -> None:
    x, y, V, bias = problem(T)
    weights = Weights(*(t.requires_grad_() for t in drawn("lstm", I, H, peepholes=peepholes)))
    # every signal of every step stays a node of its own, so that autograd can be asked about it
    zero = torch.zeros(1, H, dtype=torch.float64)
    b, s, steps = zero, zero, []
    for row in x:
        step = cells.lstm(row[None], b, s, weights)
        b, s = step.b, step.s
        steps.append(step)
    o = torch.cat([step.b for step in steps]) @ V.T + bias
    loss = torch.nn.functional.cross_entropy(o, y, reduction="sum")
    told = by_hand(x, y, V, bias, weights)
    # a gate's a is what enters it, its peephole included; omega's sees s at t
    for name, node in (
        ("epsilon_c", "b"),
        ("epsilon_s", "s"),
        ("delta_omega", "a_omega"),
        ("delta_c", "a_c"),
        ("delta_phi", "a_phi"),
        ("delta_iota", "a_iota"),
    ):
        nodes = [getattr(step, node) for step in steps]
        wanted = torch.cat(torch.autograd.grad(loss, nodes, retain_graph=True))
        assert apart(getattr(told, name), wanted) < 1e-10, name
        assert T == 1 or wanted.abs().max() > 0.01
    for name, ours, theirs in zip(
        Weights._fields, told.weights, torch.autograd.grad(loss, weights), strict=True
    ):
        assert apart(ours, theirs) < 1e-10, name


def test_the_losses_and_what_they_ask() -> None:
    x, y, V, bias = problem(9)
    b = torch.randn(9, H, dtype=torch.float64, requires_grad=True)
    loss, outside = backward.readout(b, y, V, bias)
    wanted = torch.nn.functional.cross_entropy(b @ V.T + bias, y, reduction="none")
    assert apart(loss.detach(), wanted.detach()) < 1e-13
    assert apart(outside.detach(), torch.autograd.grad(wanted.sum(), b)[0]) < 1e-13


def test_finite_differences_of_the_peepholes() -> None:
    x, y, V, bias = problem(12)
    weights = drawn("lstm", I, H, peepholes=True)
    gradient = by_hand(x, y, V, bias, weights).weights.w

    def loss(w: Tensor) -> float:
        told = backward.forward(x, weights._replace(w=w))
        return backward.readout(told.b, y, V, bias)[0].sum().item()

    for gate in range(3):
        shift = torch.zeros_like(weights.w)
        shift[gate, 2] = 1e-6
        slope = (loss(weights.w + shift) - loss(weights.w - shift)) / 2e-6
        assert abs(slope - gradient[gate, 2].item()) < 1e-6
