"""Inside one step: every number of one unit at one character, forward and backward, and each of them twice.

Equations and letters as in `unit_step`.

    here  : by the equation, from the terms that are shown
    there : by the net itself: its own step forward, autograd backward

All in float64, over a window of the text. The loss L is the sum, in nats, over the next characters in
the direction in which the unit reads, so that what comes back from later steps is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.device import one_thread
from core.errors import require
from core.sequence import backward, cells, unit_step
from core.sequence.cells import Weights
from core.sequence.model import Net
from core.sequence.trace import Traced
from core.sequence.unit_step import Back, Gru, Lstm, Srn

LONGEST = 200  # characters before the chosen one that are read again
BUDGET = 1.6e8  # weights times characters: about half a second
STATES = {"lstm": ("b", "s"), "gru": ("h",), "srn": ("h",)}


class Check(NamedTuple):
    """One quantity, twice."""

    name: str
    equation: str
    here: float
    there: float

    @property
    def apart(self) -> float:
        return abs(self.here - self.there)


@dataclass(frozen=True)
class Inside:
    """All that is shown of one step."""

    forward: Lstm | Gru | Srn
    back: Back | None  # of an LSTM, where there is a loss
    slope: float | None  # dL/db or dL/dh by autograd, where there is a loss
    checks: tuple[Check, ...]
    loss: float | None  # nats
    counted: tuple[int, int] | None  # characters [first, last) after which L asks what comes
    window: tuple[int, int]  # characters [first, last) that were read again

    @property
    def worst(self) -> float:
        """The largest difference."""
        return max(check.apart for check in self.checks)


def look(
    net: Net,
    codes: NDArray[np.integer],
    layers: Sequence[Sequence[Traced]],
    *,
    unit: int,
    layer: int = 0,
    reverse: bool = False,
    at: int,
    ahead: int = 10,
) -> Inside:
    """One unit of `net` at character `at` of `codes` (T,), which `layers` have traced.

    L asks for the `ahead` next characters, the one after `at` first; of a backward direction (`reverse`)
    those it reads next. Where nothing follows there is no loss. Raises SettingError for a unit, a layer,
    a direction or a character that is not there.
    """
    config, T = net.config, len(codes)
    for name, value, count in (
        ("unit", unit, config.units),
        ("layer", layer, config.layers),
        ("character", at, T),
    ):
        require(0 <= value < count, name, wanted=f"0 to {count - 1}", given=value)
    require(config.bidirectional or not reverse, "direction", wanted="forward", given="backward")
    require(ahead >= 1, "characters ahead", wanted="at least 1", given=ahead)
    far = longest(net)
    # after which characters L asks what comes: never after the last
    first, last = (max(0, at - ahead + 1), at + 1) if reverse else (at, at + ahead)
    counted = (first, min(last, T - 1)) if first < min(last, T - 1) else None
    ends = counted or (at, at)
    low, high = min(at, ends[0]), max(at + 1, ends[1])
    low, high = (low, min(T, at + far + 1)) if reverse else (max(0, at - far), high)
    return _look(net, codes, layers, (layer, int(reverse), unit), at, counted, (low, high))


def longest(net: Net) -> int:
    """How many characters before the chosen one are read again: fewer for a large net."""
    size = sum(p.numel() for p in net.parameters())
    return int(min(LONGEST, max(10, BUDGET // size)))


@one_thread()
def _look(
    net: Net,
    codes: NDArray[np.integer],
    layers: Sequence[Sequence[Traced]],
    where: tuple[int, int, int],
    at: int,
    counted: tuple[int, int] | None,
    window: tuple[int, int],
) -> Inside:
    layer, way, unit = where
    cell, (low, high) = net.config.cell, window
    exact = [
        [Weights(*(t.detach().double() for t in one)) for one in ways] for ways in net.weights()
    ]
    with torch.no_grad():
        x = net.enter(torch.as_tensor(np.array(codes[low:high], np.int64))[None])[0].double()
        for depth in range(layer):
            x = _read(cell, x, exact[depth], _starts(layers[depth], cell, window))[1]
    starts = _starts(layers[layer], cell, window)
    for state in starts:
        for one in state:
            one.requires_grad_()  # the only leaves: all of the layer hangs on them
    steps, joined = _read(cell, x, exact[layer], starts)
    # t counts in the order in which the unit's direction reads
    t = high - 1 - at if way else at - low
    step, weights = steps[way][t], exact[layer][way]
    x_t = x[at - low]
    previous = steps[way][t - 1] if t else None
    old = [
        (start if previous is None else getattr(previous, name))[0].detach()
        for name, start in zip(STATES[cell], starts[way], strict=True)
    ]
    ours: Lstm | Gru | Srn
    if cell == "lstm":
        ours = unit_step.lstm(x_t, old[0], old[1], weights, unit)
    else:
        ours = (unit_step.gru if cell == "gru" else unit_step.srn)(x_t, old[0], weights, unit)
    checks = _forward_checks(ours, step, unit)
    if counted is None:
        return Inside(ours, None, None, checks, None, None, window)

    first, last = counted[0] - low, counted[1] - low
    y = torch.as_tensor(np.array(codes[counted[0] + 1 : counted[1] + 1], np.int64))
    top = joined
    for depth in range(layer + 1, len(exact)):
        top = _read(cell, top, exact[depth], _starts(layers[depth], cell, window))[1]
    V, bias = net.V.detach().double(), net.bias.detach().double()
    loss = cross_entropy(top[first:last] @ V.T + bias, y, reduction="sum")
    nodes = [getattr(step, name) for name in _NODES[cell]]
    asked = torch.autograd.grad(loss, [*nodes, joined], allow_unused=True, materialize_grads=True)
    there = [slope[0, unit].item() for slope in asked[: len(nodes)]]
    found: Back | None = None
    if cell == "lstm":
        H = net.config.units
        outside = asked[-1]
        if layer == len(exact) - 1:  # by hand; from the layers above it comes by autograd
            outside = torch.zeros_like(joined)
            outside[first:last] = backward.readout(joined.detach()[first:last], y, V, bias)[1]
        outside = outside[:, way * H : (way + 1) * H].flip(0) if way else outside[:, :H]
        order = x.flip(0) if way else x
        told = cells.Lstm(*(torch.cat(one).detach() for one in zip(*steps[way], strict=True)))
        flow = backward.backward(order, told, weights, outside)
        found = unit_step.back(t, told, flow, outside, weights, unit)
        checks += _backward_checks(found, there)
    return Inside(ours, found, there[0], checks, loss.item(), counted, window)


# What autograd is asked about; the hidden state first.
_NODES = {
    "lstm": ("b", "a_omega", "s", "a_c", "a_phi", "a_iota"),
    "gru": ("h",),
    "srn": ("h",),
}


class _SrnStep(NamedTuple):
    h: Tensor


def _read(
    cell: str, x: Tensor, ways: Sequence[Weights], starts: Sequence[Sequence[Tensor]]
) -> tuple[list[list[cells.Lstm | cells.Gru | _SrnStep]], Tensor]:
    """The steps of each direction over x (T, I), as it reads them, and (T, ways * H) in text order."""
    found, hidden = [], []
    for way, (weights, start) in enumerate(zip(ways, starts, strict=True)):
        state, steps = start, []
        for row in x.flip(0) if way else x:
            step: cells.Lstm | cells.Gru | _SrnStep
            if cell == "lstm":
                step = cells.lstm(row[None], state[0], state[1], weights)
            elif cell == "gru":
                step = cells.gru(row[None], state[0], weights)
            else:
                step = _SrnStep(cells.srn(row[None], state[0], weights))
            state = [getattr(step, name) for name in STATES[cell]]
            steps.append(step)
        found.append(steps)
        told = torch.cat([step[-1] for step in steps])
        hidden.append(told.flip(0) if way else told)
    return found, torch.cat(hidden, dim=1)


def _starts(ways: Sequence[Traced], cell: str, window: tuple[int, int]) -> list[list[Tensor]]:
    """Of each direction the states (1, H) before it enters the window; zeros at the text's own ends."""
    found = []
    for way, one in enumerate(ways):
        before = window[1] if way else window[0] - 1
        inside = 0 <= before < len(one.hidden)
        signals = [one.of(name) for name in STATES[cell]]
        rows = [s[before] if inside else np.zeros_like(s[0]) for s in signals]
        found.append([torch.tensor(row, dtype=torch.float64)[None] for row in rows])
    return found


def _forward_checks(ours: Lstm | Gru | Srn, step: NamedTuple, unit: int) -> tuple[Check, ...]:
    named: tuple[tuple[str, str, float], ...]
    if isinstance(ours, Lstm):
        named = (
            ("a_iota", "4.2", ours.into_iota.a),
            ("iota", "4.3", ours.iota),
            ("a_phi", "4.4", ours.into_phi.a),
            ("phi", "4.5", ours.phi),
            ("a_c", "4.6", ours.into_c.a),
            ("g", "4.7", ours.g),
            ("s", "4.7", ours.s),
            ("a_omega", "4.8", ours.into_omega.a),
            ("omega", "4.9", ours.omega),
            ("b", "4.10", ours.b),
        )
    elif isinstance(ours, Gru):
        names = ("r", "z", "candidate", "h")
        named = tuple((name, "", getattr(ours, name)) for name in names)
    else:
        named = (("h", "", ours.h),)
    return tuple(
        Check(name, number, value, getattr(step, name)[0, unit].item())
        for name, number, value in named
    )


def _backward_checks(ours: Back, there: Sequence[float]) -> tuple[Check, ...]:
    names = ("epsilon_c", "delta_omega", "epsilon_s", "delta_c", "delta_phi", "delta_iota")
    numbers = range(11, 17)
    return tuple(
        Check(name, f"4.{number}", getattr(ours, name), value)
        for name, number, value in zip(names, numbers, there, strict=True)
    )
