"""Backward through one LSTM layer by hand: every epsilon and delta at every step.

Graves (2012), equations 4.11-4.16. The letters are those of `cells`; L is the loss.

    epsilon_c = dL/db_c  (T, H)      epsilon_s = dL/ds_c  (T, H)
    delta_... = dL/da_... (T, H)     of the three gates and of the cell input
    outside   : (T, H)  sum_k w_ck delta_k, what the readout at t itself asks of b_c

Slow and plain, for reading and for checking; training goes by autograd.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from core.sequence import cells
from core.sequence.cells import Weights


class Backward(NamedTuple):
    """All that flows back, each (T, H); `weights` is the gradient of the loss by all weights."""

    epsilon_c: Tensor
    delta_omega: Tensor
    epsilon_s: Tensor
    delta_c: Tensor
    delta_phi: Tensor
    delta_iota: Tensor
    weights: Weights


def forward(x: Tensor, weights: Weights) -> cells.Lstm:
    """Every signal (T, H) of a layer over the sequence `x` (T, I), from zeros."""
    zero = x.new_zeros(1, weights.U.shape[1])
    b, s, steps = zero, zero, []
    for row in x:
        step = cells.lstm(row[None], b, s, weights)
        b, s = step.b, step.s
        steps.append(step)
    return cells.Lstm(*(torch.cat(signal) for signal in zip(*steps, strict=True)))


def readout(b: Tensor, y: Tensor, V: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Loss (T,) of every character, and `outside` (T, H) of their sum.

    b (T, H) hidden states, y (T,) the characters to come, V (K, H) and bias (K,) of the softmax.
    """
    p = torch.log_softmax(b @ V.T + bias, dim=1)
    at = torch.arange(len(y), device=y.device)
    # delta_k = p_k - [k = y]
    delta = p.exp()
    delta[at, y] -= 1
    return -p[at, y], delta @ V


@torch.no_grad()
def backward(x: Tensor, told: cells.Lstm, weights: Weights, outside: Tensor) -> Backward:
    """What flows back through `told`, the forward pass over `x` (T, I)."""
    T, H = told.s.shape
    U_iota, U_phi, U_c, U_omega = weights.U.chunk(4)
    w_iota, w_phi, w_omega = weights.w
    zero = x.new_zeros(H)
    names = Backward._fields[:6]
    found = {name: x.new_zeros(T, H) for name in names}
    # Of the step after; beyond the last there is nothing.
    later_s, later_phi_gate, later_iota, later_phi, later_c, later_omega = (zero,) * 6
    for t in range(T - 1, -1, -1):
        iota, phi, g, omega, s = (getattr(told, n)[t] for n in ("iota", "phi", "g", "omega", "s"))
        before = told.s[t - 1] if t else zero
        h = torch.tanh(s)
        # epsilon_c^t = sum_k w_ck delta_k^t + sum_g w_cg delta_g^(t+1)               (4.11)
        epsilon_c = (
            outside[t] + later_iota @ U_iota + later_phi @ U_phi + later_c @ U_c + later_omega @ U_omega
        )  # fmt: skip
        # delta_omega^t = f'(a_omega^t) h(s_c^t) epsilon_c^t                          (4.12)
        delta_omega = omega * (1 - omega) * h * epsilon_c
        # epsilon_s^t = b_omega^t h'(s_c^t) epsilon_c^t + b_phi^(t+1) epsilon_s^(t+1)
        #     + w_c_iota delta_iota^(t+1) + w_c_phi delta_phi^(t+1) + w_c_omega delta_omega^t  (4.13)
        epsilon_s = (
            omega * (1 - h * h) * epsilon_c
            + later_phi_gate * later_s
            + w_iota * later_iota
            + w_phi * later_phi
            + w_omega * delta_omega
        )
        # delta_c^t = b_iota^t g'(a_c^t) epsilon_s^t                                  (4.14)
        delta_c = iota * (1 - g * g) * epsilon_s
        # delta_phi^t = f'(a_phi^t) s_c^(t-1) epsilon_s^t                             (4.15)
        delta_phi = phi * (1 - phi) * before * epsilon_s
        # delta_iota^t = f'(a_iota^t) g(a_c^t) epsilon_s^t                            (4.16)
        delta_iota = iota * (1 - iota) * g * epsilon_s
        values = (epsilon_c, delta_omega, epsilon_s, delta_c, delta_phi, delta_iota)
        for name, value in zip(names, values, strict=True):
            found[name][t] = value
        later_s, later_phi_gate, later_iota, later_phi = epsilon_s, phi, delta_iota, delta_phi
        later_c, later_omega = delta_c, delta_omega
    return Backward(**found, weights=_gradients(x, told, found))


def _gradients(x: Tensor, told: cells.Lstm, found: dict[str, Tensor]) -> Weights:
    """dL/dw = sum_t delta^t times what came through w."""
    delta = torch.cat([found[f"delta_{name}"] for name in ("iota", "phi", "c", "omega")], dim=1)
    zero = told.b.new_zeros(1, told.b.shape[1])
    b, s = torch.cat([zero, told.b[:-1]]), torch.cat([zero, told.s[:-1]])
    through = ((found["delta_iota"], s), (found["delta_phi"], s), (found["delta_omega"], told.s))
    w = torch.stack([(d * cell).sum(dim=0) for d, cell in through])
    bias = delta.sum(dim=0)
    return Weights(delta.T @ x, delta.T @ b, bias, bias.clone(), w)
