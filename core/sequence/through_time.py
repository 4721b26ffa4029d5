"""Backpropagation through time: what of a loss reaches earlier states, and where it vanishes.

Course, chapters on recurrent networks and LSTMs; Bengio et al. (1994) and Pascanu et al. (2013) for
the product of Jacobians.

    state  : (D,)  all that a layer carries on: h of SRN and GRU, b and s one after the other of an LSTM
    J_t    : (D, D)  d state_t / d state_(t-1), the input of the step held
    P_lag  : J_t J_(t-1) ... J_(t-lag+1), d state_t / d state_(t-lag)

Gradients by autograd, in float64, over the last `length` characters: truncated backpropagation
through time cuts there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import jacrev, vmap

from core.errors import require
from core.sequence import cells
from core.sequence.cells import SIGNALS, Weights


class Reach(NamedTuple):
    """dL/d state of every layer at every step, 0 where truncation cut it off.

    Of an LSTM these are Graves' epsilon_c and epsilon_s: by b, and by s with its way through b.
    """

    loss: float  # of the one character, nats
    hidden: Tensor  # (layers, T, H) by h or b
    cell: Tensor | None  # (layers, T, H) by s of an LSTM


def step(cell: str, x: Tensor, state: Tensor, weights: Weights) -> Tensor:
    """The state (n, D) after `state` (n, D) for input `x` (n, I)."""
    parts = state.chunk(2, dim=-1) if cell == "lstm" else (state,)
    return torch.cat(_step(cell, x, parts, weights), dim=-1)


def _step(cell: str, x: Tensor, state: tuple[Tensor, ...], weights: Weights) -> tuple[Tensor, ...]:
    if cell == "lstm":
        told = cells.lstm(x, state[0], state[1], weights)
        return told.b, told.s
    h = state[0]
    return (cells.gru(x, h, weights).h if cell == "gru" else cells.srn(x, h, weights),)


def states(cell: str, x: Tensor, weights: Weights) -> Tensor:
    """(T, D) states of a layer over x (T, I), from zeros."""
    width = weights.U.shape[1] * (2 if cell == "lstm" else 1)
    state, found = x.new_zeros(1, width), []
    for row in x:
        state = step(cell, row[None], state, weights)
        found.append(state)
    return torch.cat(found)


def reach(
    cell: str,
    layers: Sequence[Weights],
    x: Tensor,
    y: int,
    V: Tensor,
    bias: Tensor,
    *,
    length: int | None = None,
) -> Reach:
    """How the loss of predicting `y` after the last row of `x` (T, I) depends on every state.

    V (K, H) and bias (K,) of the softmax over the top layer. `length`: states of so many last steps
    are asked; those before them are given, as truncated backpropagation takes them.
    Raises SettingError for an empty text, a cell or a length that cannot be.
    """
    T = len(x)
    require(cell in SIGNALS, "cell", wanted=f"one of {', '.join(SIGNALS)}", given=cell)
    require(T >= 1, "text", wanted="at least one character", given="none")
    length = T if length is None else min(length, T)
    require(length >= 1, "truncation length", wanted="at least 1", given=length)
    H, lstm = layers[0].U.shape[1], cell == "lstm"
    x = x.detach().double()
    exact = [Weights(*(t.detach().double() for t in weights)) for weights in layers]
    carried = [(x.new_zeros(1, H),) * (2 if lstm else 1) for _ in layers]
    asked: list[Tensor] = []  # step after step, layer after layer, b and then s
    for t, row in enumerate(x):
        kept = t >= T - length
        if t == T - length:  # what came before is given: no gradient goes beyond
            carried = [tuple(one.requires_grad_() for one in state) for state in carried]
        with torch.set_grad_enabled(kept):
            below = row[None]
            for depth, weights in enumerate(exact):
                carried[depth] = _step(cell, below, carried[depth], weights)
                below = carried[depth][0]
                asked += carried[depth] if kept else ()
    with torch.enable_grad():
        o = below @ V.detach().double().T + bias.detach().double()
        loss = torch.nn.functional.cross_entropy(o, torch.tensor([y], device=o.device))
        slopes = torch.autograd.grad(loss, asked, allow_unused=True, materialize_grads=True)
    found = x.new_zeros(T, len(layers), 1 + lstm, H)
    found[T - length :] = torch.cat(slopes).reshape(length, len(layers), 1 + lstm, H)
    hidden, *by_cell = found.permute(2, 1, 0, 3)
    return Reach(loss.item(), hidden, by_cell[0] if lstm else None)


def jacobians(cell: str, x: Tensor, weights: Weights, *, last: int | None = None) -> Tensor:
    """(T, D, D) J_t of a layer whose input is x (T, I); the first is that of the zero state.

    `last`: only of so many last steps, each at the state that all of x led to.
    """
    x = x.detach().double()
    weights = Weights(*(t.detach().double() for t in weights))
    with torch.no_grad():
        after = states(cell, x, weights)
        before = torch.cat([torch.zeros_like(after[:1]), after[:-1]])

        def one(state: Tensor, row: Tensor) -> Tensor:
            return step(cell, row, state, weights)

        some = slice(None if last is None else -last, None)
        return vmap(jacrev(one))(before[some], x[some])


def singular_values(J: Tensor, *, lags: int | None = None) -> Tensor:
    """(lags + 1, D) singular values, falling, of P_lag at the last step; those of lag 0 are 1.

    J (T, D, D) from `jacobians`. Below the largest times 1e-16 they are noise of float64.
    """
    T, D, _ = J.shape
    lags = T if lags is None else min(lags, T)
    product, found = torch.eye(D, dtype=J.dtype, device=J.device), [J.new_ones(D)]
    for lag in range(lags):
        product = product @ J[T - 1 - lag]
        found.append(torch.linalg.svdvals(product))
    return torch.stack(found)


def norms(slopes: Tensor) -> Tensor:
    """(..., T) lengths of gradients (..., T, H): the track that shows where they vanish."""
    return torch.linalg.vector_norm(slopes, dim=-1)
