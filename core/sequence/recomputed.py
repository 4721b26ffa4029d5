"""Every gate and state of an LSTM without peepholes where a GPU makes the hidden state.

cuDNN computes h of a whole text but keeps the gates to itself. From h they follow all at once, since
what entered a gate at t is W x_t + U h_(t-1) + biases; the cell state is then a linear recurrence,

    s_t = phi_t s_(t-1) + u_t,   u_t = iota_t g_t

solved by doubling: after k rounds (phi, u) at t stand for 2^k steps, so that T steps need log2 T.
Nothing here loops over characters. Works on any device and in any precision.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import linear

from core.sequence.cells import SIGNALS


@torch.no_grad()
def lstm(net: torch.nn.LSTM, x: Tensor) -> list[list[dict[str, Tensor]]]:
    """Every signal (T, H) of every layer and direction of `net` over the text `x` (T, I).

    `net` may be deep and bidirectional; it starts from zeros.
    """
    found = []
    ways = 2 if net.bidirectional else 1
    for depth in range(net.num_layers):
        layer = []
        for way in range(ways):
            suffix = f"l{depth}" + "_reverse" * way
            weights = [getattr(net, f"{n}_{suffix}") for n in ("weight_ih", "weight_hh")]
            biases = [getattr(net, f"{n}_{suffix}") for n in ("bias_ih", "bias_hh")]
            layer.append(_layer(x.flip(0) if way else x, *weights, *biases, backward=bool(way)))
        found.append(layer)
        x = torch.cat([one["b"] for one in layer], dim=1)
    return found


def scan(phi: Tensor, u: Tensor) -> Tensor:
    """s (T, H) with s_t = phi_t s_(t-1) + u_t and s before the first of 0."""
    phi, u = phi.clone(), u.clone()
    step = 1
    while step < len(u):
        # two spans of steps, one after the other, are one: phi' = phi phi_before, u' = u + phi u_before
        u[step:] = u[step:] + phi[step:] * u[:-step]
        phi[step:] = phi[step:] * phi[:-step]
        step *= 2
    return u


def _layer(
    x: Tensor, W: Tensor, U: Tensor, b: Tensor, c: Tensor, *, backward: bool
) -> dict[str, Tensor]:
    H = U.shape[1]
    one = torch.nn.LSTM(x.shape[1], H, device="meta")
    params = {"weight_ih_l0": W, "weight_hh_l0": U, "bias_ih_l0": b, "bias_hh_l0": c}
    h = torch.func.functional_call(one, params, (x,))[0]
    before = torch.cat([h.new_zeros(1, H), h[:-1]])
    a_iota, a_phi, a_c, a_omega = (linear(x, W, b) + linear(before, U, c)).chunk(4, dim=1)
    iota, phi, omega = torch.sigmoid(a_iota), torch.sigmoid(a_phi), torch.sigmoid(a_omega)
    g = torch.tanh(a_c)
    values = (iota, phi, g, omega, scan(phi, iota * g), h)
    named = zip(SIGNALS["lstm"], values, strict=True)
    return {name: value.flip(0) if backward else value for name, value in named}
