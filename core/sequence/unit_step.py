"""One unit through one step, as plain numbers: every equation with the terms that it adds up.

Graves (2012), equations 4.2-4.16, for an LSTM; the course's formulas for GRU and simple recurrent
net. Letters as in `cells` and `backward`, which do the same for all units at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.sequence import backward, cells
from core.sequence.cells import Weights


class Sum(NamedTuple):
    """What enters a gate or a cell."""

    input: float  # sum_i w_i x_i^t, with the biases
    hidden: float  # sum_h w_h b_h^(t-1)
    weight: float = 0.0  # of the peephole
    seen: float = 0.0  # the cell at the other end of it

    @property
    def a(self) -> float:
        return self.input + self.hidden + self.weight * self.seen


@dataclass(frozen=True)
class Lstm:
    """Forward, equations 4.2-4.10."""

    into_iota: Sum
    into_phi: Sum
    into_c: Sum
    into_omega: Sum
    before: float  # s^(t-1)
    iota: float
    phi: float
    g: float
    s: float
    omega: float
    squashed: float  # h(s) = tanh s
    b: float


@dataclass(frozen=True)
class Back:
    """Backward, equations 4.11-4.16. `next_...` are those of t+1: zeros beyond the loss's last step."""

    outside: float  # sum_k w_ck delta_k^t; of a lower layer what the layer above asks
    by_iota: float  # sum over all units of w_cg delta_g^(t+1), the next input gates
    by_phi: float
    by_c: float
    by_omega: float
    epsilon_c: float
    delta_omega: float
    output: float  # the five terms of epsilon_s: b_omega h'(s) epsilon_c
    carousel: float  # b_phi^(t+1) epsilon_s^(t+1)
    peep_iota: float
    peep_phi: float
    peep_omega: float
    epsilon_s: float
    delta_c: float
    delta_phi: float
    delta_iota: float
    next_phi: float
    next_epsilon_s: float
    next_delta_iota: float
    next_delta_phi: float


@dataclass(frozen=True)
class Gru:
    """Forward; `kept` is z h_(t-1), `new` the rest of h."""

    into_r: Sum
    into_z: Sum
    into_h: Sum  # its `hidden` is U h_(t-1) with the bias beside U, before the reset gate
    before: float  # h_(t-1)
    r: float
    z: float
    candidate: float
    kept: float
    new: float
    h: float


@dataclass(frozen=True)
class Srn:
    """Forward: the course's s_t, our h."""

    into: Sum
    before: float  # of this unit; all units before it come in by `into.hidden`
    h: float


def sigmoid(a: float) -> float:
    """f, without overflow."""
    e = math.exp(-abs(a))
    return 1 / (1 + e) if a >= 0 else e / (1 + e)


def lstm(x: Tensor, b: Tensor, s: Tensor, weights: Weights, unit: int) -> Lstm:
    """The step of one unit after hidden states b (H,) and cells s (H,), for input x (I,)."""
    w_iota, w_phi, w_omega = weights.w[:, unit].tolist()
    before = s[unit].item()
    # a_iota^t = sum w_i_iota x_i^t + sum w_h_iota b_h^(t-1) + w_c_iota s_c^(t-1)    (4.2)
    into_iota = _sum(x, b, weights, 0, unit, w_iota, before)
    iota = sigmoid(into_iota.a)  # (4.3)
    # a_phi^t, as a_iota^t                                                           (4.4)
    into_phi = _sum(x, b, weights, 1, unit, w_phi, before)
    phi = sigmoid(into_phi.a)  # (4.5)
    # a_c^t = sum w_ic x_i^t + sum w_hc b_h^(t-1)                                    (4.6)
    into_c = _sum(x, b, weights, 2, unit)
    g = math.tanh(into_c.a)
    # s_c^t = b_phi^t s_c^(t-1) + b_iota^t g(a_c^t)                                  (4.7)
    new = phi * before + iota * g
    # a_omega^t sees the new cell                                                    (4.8)
    into_omega = _sum(x, b, weights, 3, unit, w_omega, new)
    omega = sigmoid(into_omega.a)  # (4.9)
    # b_c^t = b_omega^t h(s_c^t)                                                     (4.10)
    h = math.tanh(new)
    return Lstm(
        into_iota, into_phi, into_c, into_omega, before, iota, phi, g, new, omega, h, omega * h
    )  # fmt: skip


def back(
    t: int,
    told: cells.Lstm,
    flow: backward.Backward,
    outside: Tensor,
    weights: Weights,
    unit: int,
) -> Back:
    """What flows back through one unit at step t of `told`; `flow` tells of the step after it."""
    H, last = weights.U.shape[1], len(told.s)
    w_iota, w_phi, w_omega = weights.w[:, unit].tolist()
    iota, phi, g, omega, s = (
        getattr(told, name)[t, unit].item() for name in ("iota", "phi", "g", "omega", "s")
    )
    before = told.s[t - 1, unit].item() if t else 0.0
    h = math.tanh(s)

    def later(signals: Tensor) -> Tensor:
        """(H,) of the step after; nothing comes back from beyond the last."""
        return signals[t + 1] if t + 1 < last else torch.zeros_like(signals[t])

    next_iota, next_phi, next_c, next_omega = (
        later(getattr(flow, f"delta_{name}")) for name in ("iota", "phi", "c", "omega")
    )
    by_iota, by_phi, by_c, by_omega = (
        (delta @ weights.U[block * H : (block + 1) * H, unit]).item()
        for block, delta in enumerate((next_iota, next_phi, next_c, next_omega))
    )
    # epsilon_c^t = sum_k w_ck delta_k^t + sum_g w_cg delta_g^(t+1)                  (4.11)
    asked = outside[t, unit].item()
    epsilon_c = asked + by_iota + by_phi + by_c + by_omega
    # delta_omega^t = f'(a_omega^t) h(s_c^t) epsilon_c^t                             (4.12)
    delta_omega = omega * (1 - omega) * h * epsilon_c
    # epsilon_s^t = b_omega^t h'(s_c^t) epsilon_c^t + b_phi^(t+1) epsilon_s^(t+1)
    #     + w_c_iota delta_iota^(t+1) + w_c_phi delta_phi^(t+1) + w_c_omega delta_omega^t  (4.13)
    output = omega * (1 - h * h) * epsilon_c
    open_gate, next_s = later(told.phi)[unit].item(), later(flow.epsilon_s)[unit].item()
    carousel = open_gate * next_s
    own_iota, own_phi = next_iota[unit].item(), next_phi[unit].item()
    peep_iota, peep_phi, peep_omega = w_iota * own_iota, w_phi * own_phi, w_omega * delta_omega
    epsilon_s = output + carousel + peep_iota + peep_phi + peep_omega
    # delta_c^t = b_iota^t g'(a_c^t) epsilon_s^t                                     (4.14)
    delta_c = iota * (1 - g * g) * epsilon_s
    # delta_phi^t = f'(a_phi^t) s_c^(t-1) epsilon_s^t                                (4.15)
    delta_phi = phi * (1 - phi) * before * epsilon_s
    # delta_iota^t = f'(a_iota^t) g(a_c^t) epsilon_s^t                               (4.16)
    delta_iota = iota * (1 - iota) * g * epsilon_s
    return Back(
        asked, by_iota, by_phi, by_c, by_omega, epsilon_c, delta_omega,
        output, carousel, peep_iota, peep_phi, peep_omega, epsilon_s,
        delta_c, delta_phi, delta_iota, open_gate, next_s, own_iota, own_phi,
    )  # fmt: skip


def gru(x: Tensor, h: Tensor, weights: Weights, unit: int) -> Gru:
    """The step of one unit after states h (H,), for input x (I,)."""
    into_r, into_z = (_sum(x, h, weights, block, unit) for block in (0, 1))
    row = 2 * len(h) + unit
    into_h = Sum(
        (weights.W[row] @ x + weights.b[row]).item(), (weights.U[row] @ h + weights.c[row]).item()
    )
    before = h[unit].item()
    # r_t = sigma(W_r x_t + U_r h_(t-1)),  z_t = sigma(W_z x_t + U_z h_(t-1))
    r, z = sigmoid(into_r.a), sigmoid(into_z.a)
    # h~_t = tanh(W x_t + r_t o U h_(t-1))
    candidate = math.tanh(into_h.input + r * into_h.hidden)
    # h_t = z_t o h_(t-1) + (1 - z_t) o h~_t
    kept, new = z * before, (1 - z) * candidate
    return Gru(into_r, into_z, into_h, before, r, z, candidate, kept, new, kept + new)


def srn(x: Tensor, h: Tensor, weights: Weights, unit: int) -> Srn:
    """The step of one unit after states h (H,), the context units, for input x (I,)."""
    # s_t = f(U x_t + W s_(t-1))
    into = _sum(x, h, weights, 0, unit)
    return Srn(into, h[unit].item(), math.tanh(into.a))


def _sum(
    x: Tensor,
    h: Tensor,
    weights: Weights,
    block: int,
    unit: int,
    weight: float = 0.0,
    seen: float = 0.0,
) -> Sum:
    row = block * len(h) + unit
    given = weights.W[row] @ x + weights.b[row] + weights.c[row]
    return Sum(given.item(), (weights.U[row] @ h).item(), weight, seen)
