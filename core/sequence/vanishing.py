"""Where gradients vanish: what one loss asks of states ever further back, and what a state passes on.

Uses `through_time`; see its legend for state, J_t and P_lag. Everything by lag: 0 is the character
after which the loss asks what comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.device import one_thread
from core.errors import require
from core.sequence import through_time
from core.sequence.model import Net

LONGEST = 400  # characters that are read, from an empty memory on
BUDGET = 3e8  # weights times characters: about half a second


@dataclass(frozen=True)
class Reached:
    """Lengths of dL/d state of one net at every character it read, layer by layer, the last last."""

    cell: str
    loss: float  # nats
    hidden: NDArray[np.float64]  # (layers, T) |dL/db| or |dL/dh|
    state: NDArray[np.float64] | None  # (layers, T) |dL/ds| of an LSTM

    @property
    def best(self) -> NDArray[np.float64]:
        """(T,) of the top layer, by the state that carries furthest: s of an LSTM, else h."""
        return (self.hidden if self.state is None else self.state)[-1]

    def by_lag(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`values` (T,) backwards from the last, as shares of it; NaN where there is nothing."""
        back = values[::-1]
        return back / back[0] if back[0] > 0 else np.full_like(back, np.nan)


@one_thread()
def reached(net: Net, codes: NDArray[np.integer], y: int, *, length: int | None = None) -> Reached:
    """How the loss of predicting `y` after `codes` (T,) reaches back. A net in one direction only.

    `length`: as truncated backpropagation through time cuts.
    """
    require(not net.config.bidirectional, "net", wanted="one direction", given="two")
    with torch.no_grad():
        x = _enter(net, codes)
    layers = [ways[0] for ways in net.weights()]
    found = through_time.reach(net.config.cell, layers, x, y, net.V, net.bias, length=length)
    hidden = through_time.norms(found.hidden).numpy()
    state = None if found.cell is None else through_time.norms(found.cell).numpy()
    return Reached(net.config.cell, found.loss, hidden, state)


def affordable(net: Net) -> int:
    """How many characters are read: fewer for a large net."""
    size = sum(p.numel() for p in net.parameters())
    return int(min(LONGEST, max(10, BUDGET // size)))


@one_thread()
def spectrum(net: Net, codes: NDArray[np.integer], *, lags: int) -> NDArray[np.float64]:
    """(lags + 1, 3): largest, median and smallest singular value of P_lag of the first layer, forward.

    All of `codes` (T,) is read; at most the last `lags` steps are asked.
    """
    with torch.no_grad():
        x = _enter(net, codes)
    J = through_time.jacobians(net.config.cell, x, net.weights()[0][0], last=lags)
    values = through_time.singular_values(J)
    found = torch.stack([values[:, 0], values.median(dim=1).values, values[:, -1]], dim=1)
    return found.numpy()


def lags(net: Net) -> int:
    """How many lags of the product of Jacobians take less than about a second; 0: none does."""
    units = net.config.units
    return next((most for size, most in ((64, 100), (128, 40), (256, 20)) if units <= size), 0)


def _enter(net: Net, codes: NDArray[np.integer]) -> Tensor:
    return net.enter(torch.as_tensor(np.array(codes, np.int64))[None])[0]
