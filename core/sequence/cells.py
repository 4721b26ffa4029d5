"""One step of every recurrent cell, one function a cell.

Graves, "Supervised Sequence Labelling" (2012), equations 4.2-4.10, for the LSTM with peepholes;
Elman (1990) for the simple recurrent network; the course's formulas for the GRU (Cho et al. 2014).

    x : (n, I)  input of this step, a sequence a row: the batch always comes first
    b : (n, H)  hidden state, Graves' b_c      s : (n, H)  cell state, Graves' s_c
    iota, phi, omega : (n, H)  input, forget and output gate, 0 to 1
    g : (n, H)  candidate, g(a_c)              a_... : (n, H)  what enters a gate or the cell
    f = sigmoid,  g = h = tanh

Blocks of H rows lie in W, U, b and c one under another in the order of BLOCKS, which is that of
torch.nn: an LSTM's are iota, phi, c, omega. A peephole joins a cell to its own gates only.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import linear

# What a step tells, in the order of traces. The last of each is the hidden state.
SIGNALS = {
    "srn": ("h",),
    "gru": ("r", "z", "candidate", "h"),
    "lstm": ("iota", "phi", "g", "omega", "s", "b"),
}
BLOCKS = {"srn": 1, "gru": 3, "lstm": 4}


class Weights(NamedTuple):
    """One layer in one direction. Every cell has all five; `c` and `b` add up except in a GRU."""

    W: Tensor  # (blocks * H, I) from the input
    U: Tensor  # (blocks * H, H) from the hidden state before
    b: Tensor  # (blocks * H,) bias beside W
    c: Tensor  # (blocks * H,) bias beside U
    w: Tensor  # (3, H) peepholes w_c_iota, w_c_phi, w_c_omega of an LSTM; zeros where there are none


class Lstm(NamedTuple):
    """All that happens in one step of an LSTM, each (n, H)."""

    a_iota: Tensor
    a_phi: Tensor
    a_c: Tensor
    a_omega: Tensor
    iota: Tensor
    phi: Tensor
    g: Tensor
    omega: Tensor
    s: Tensor
    b: Tensor


class Gru(NamedTuple):
    """All that happens in one step of a GRU, each (n, H)."""

    r: Tensor  # reset gate
    z: Tensor  # update gate: 1 keeps the old state
    candidate: Tensor
    h: Tensor


def lstm(x: Tensor, b: Tensor, s: Tensor, weights: Weights) -> Lstm:
    """The step after hidden state `b` (n, H) and cell state `s` (n, H), for input `x` (n, I).

    The input and forget gates look through their peepholes at the cell before this step, the
    output gate at the cell after it.
    """
    W, U, bias, c, (w_iota, w_phi, w_omega) = weights
    a = linear(x, W, bias) + linear(b, U, c)
    a_iota, a_phi, a_c, a_omega = a.chunk(4, dim=-1)
    # a_iota = sum w x + sum w b^(t-1) + w_c_iota s^(t-1)                          (4.2)
    a_iota = a_iota + w_iota * s
    iota = torch.sigmoid(a_iota)  # (4.3)
    a_phi = a_phi + w_phi * s  # (4.4)
    phi = torch.sigmoid(a_phi)  # (4.5)
    g = torch.tanh(a_c)  # (4.6)
    # s = b_phi s^(t-1) + b_iota g(a_c)                                            (4.7)
    s = phi * s + iota * g
    a_omega = a_omega + w_omega * s  # (4.8), with the new s
    omega = torch.sigmoid(a_omega)  # (4.9)
    return Lstm(
        a_iota, a_phi, a_c, a_omega, iota, phi, g, omega, s, omega * torch.tanh(s)
    )  # (4.10)


def gru(x: Tensor, h: Tensor, weights: Weights) -> Gru:
    """The step after state `h` (n, H), for input `x` (n, I)."""
    W, U, b, c, _ = weights
    x_r, x_z, x_h = linear(x, W, b).chunk(3, dim=-1)
    h_r, h_z, h_h = linear(h, U, c).chunk(3, dim=-1)
    r = torch.sigmoid(x_r + h_r)  # r_t = sigma(W_r x_t + U_r h_(t-1))
    z = torch.sigmoid(x_z + h_z)  # z_t = sigma(W_z x_t + U_z h_(t-1))
    candidate = torch.tanh(x_h + r * h_h)  # h~_t = tanh(W x_t + r_t o U h_(t-1))
    return Gru(r, z, candidate, z * h + (1 - z) * candidate)  # h_t = z o h_(t-1) + (1 - z) o h~


def srn(x: Tensor, h: Tensor, weights: Weights) -> Tensor:
    """The state (n, H) after state `h` (n, H), the context units, for input `x` (n, I)."""
    # h_t = f(U x_t + W h_(t-1)), the course's U and W being our W and U
    return torch.tanh(linear(x, weights.W, weights.b) + linear(h, weights.U, weights.c))
