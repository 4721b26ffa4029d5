"""Every gate and state of every layer over a whole text, in one pass.

Equations as in `cells`. On the CPU in float32 and on one thread, by `compiled`: the products with the
input are one product of matrices a layer (for characters of the first layer a look into a table),
and the rest runs in machine code without the interpreter lock. On CUDA see `recomputed.py`.

    x       : (T,) int64 characters, or (T, I) numbers
    signals : one (T, H) float32 each, named as in cells.SIGNALS

A Clamp holds one number of the net, so that what follows from it is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.sequence import compiled
from core.sequence.cells import BLOCKS, SIGNALS, Weights

Floats = NDArray[np.float32]
FOREVER = np.iinfo(np.int64).max


class Clamp(NamedTuple):
    """`signal` of `unit` is held at `value` from character `first` to before `last`.

    Of a backward direction too, characters are counted from the start of the text.
    """

    signal: str
    unit: int
    value: float = 0.0
    layer: int = 0
    backward: bool = False
    first: int = 0
    last: int | None = None  # None: to the end


class Ready(NamedTuple):
    """Weights as the engine takes them: float32, rows one after another."""

    table: Floats  # (I, blocks * H) transposed W; of characters with all biases added
    bias: Floats  # (blocks * H,) what is added to the product with the input
    U: Floats  # (blocks * H, H)
    c: Floats  # (blocks * H,) bias beside U where it must stay apart (GRU), else zeros
    w: Floats  # (3, H)


class Stack(NamedTuple):
    """A net ready to be traced."""

    cell: str
    layers: tuple[tuple[Ready, ...], ...]  # of each layer the forward, then perhaps the backward
    coded: bool  # characters enter, not numbers

    @property
    def units(self) -> int:
        return self.layers[0][0].U.shape[1]


class Traced(NamedTuple):
    """One layer in one direction over a text."""

    names: tuple[str, ...]
    signals: tuple[Floats, ...]  # (T, H) each

    def of(self, name: str) -> Floats:
        """(T, H) of one signal."""
        return self.signals[self.names.index(name)]

    @property
    def hidden(self) -> Floats:
        return self.signals[-1]


class Start(NamedTuple):
    """What a layer remembers before the first character; s is that of an LSTM."""

    b: Floats  # (H,)
    s: Floats  # (H,)


def ready(
    cell: str, layers: Sequence[Sequence[Weights]], embedding: NDArray[np.floating] | None = None
) -> Stack:
    """Weights of all layers, taken over once for many texts.

    `embedding` (V, E): characters enter through it; the identity stands for one-hot. Without it the
    net takes numbers. Raises SettingError for a cell that is not there.
    """
    require(cell in SIGNALS, "cell", wanted=f"one of {', '.join(SIGNALS)}", given=cell)
    found = []
    for depth, directions in enumerate(layers):
        made = []
        for weights in directions:
            W, U, b, c, w = (
                np.ascontiguousarray(t.detach().cpu().numpy(), np.float32) for t in weights
            )
            apart = np.zeros_like(c)
            if cell == "gru":
                c, apart = apart, c
            table, bias = np.ascontiguousarray(W.T), b + c
            if depth == 0 and embedding is not None:
                table = np.ascontiguousarray(embedding, np.float32) @ table + bias
            made.append(Ready(table, bias, U, apart, w))
        found.append(tuple(made))
    return Stack(cell, tuple(found), embedding is not None)


def trace(
    stack: Stack,
    x: NDArray[np.integer] | NDArray[np.floating],
    *,
    clamps: Sequence[Clamp] = (),
    start: Sequence[Start] | None = None,
    offset: int = 0,
) -> list[list[Traced]]:
    """Every signal of every layer and direction over `x`, a text of T characters or (T, I) numbers.

    `start`, one a layer, continues an earlier text of `offset` characters, from whose beginning
    clamps count; only nets without a backward direction can.
    Raises SettingError for characters the net has no place for, and clamps of what is not there.
    """
    _check(stack, x, clamps)
    both = len(stack.layers[0]) == 2
    require(start is None or not both, "start", wanted="a net in one direction", given="two")
    entering: NDArray[np.generic] = np.ascontiguousarray(x)
    found: list[list[Traced]] = []
    for depth, directions in enumerate(stack.layers):
        layer = []
        for way, weights in enumerate(directions):
            given = entering[::-1] if way else entering
            held = [
                c._replace(first=c.first - offset, last=None if c.last is None else c.last - offset)
                for c in clamps
                if c.layer == depth and c.backward == bool(way)
            ]
            before = start[depth] if start is not None else None
            layer.append(_layer(stack, weights, given, depth, held, before, bool(way)))
        found.append(layer)
        entering = layer[0].hidden if len(layer) == 1 else np.hstack([d.hidden for d in layer])
    return found


def last(layers: Sequence[Sequence[Traced]]) -> list[Start]:
    """What every layer remembers after a text of at least one character, to go on from there."""
    return [
        Start(one.hidden[-1], one.of("s")[-1] if "s" in one.names else one.hidden[-1])
        for one, *_ in layers
    ]


def _layer(
    stack: Stack,
    weights: Ready,
    x: NDArray[np.generic],
    depth: int,
    held: Sequence[Clamp],
    before: Start | None,
    backward: bool,
) -> Traced:
    """One layer over `x` in the order in which it reads; its signals in the order of the text."""
    names = SIGNALS[stack.cell]
    T, H = len(x), stack.units
    places, values = _places(held, names, T, backward)
    if depth == 0 and stack.coded:
        entered = weights.table[x.astype(np.intp, copy=False)]
    else:
        # sum w x, of all steps at once; by torch, which keeps to as many threads as it was told
        numbers = torch.from_numpy(np.array(x, np.float32, order="C"))
        product = torch.addmm(
            torch.from_numpy(weights.bias), numbers, torch.from_numpy(weights.table)
        )
        entered = product.numpy()
    gates = entered.reshape(T, BLOCKS[stack.cell], H)
    b0, s0 = before if before is not None else (np.zeros(H, np.float32),) * 2
    b0, s0 = b0.astype(np.float32), s0.astype(np.float32)  # copies, one after another in memory
    if stack.cell == "srn":
        compiled.srn(entered, weights.U, b0, places, values)
        signals = [entered]
    elif stack.cell == "gru":
        h = np.empty((T, H), np.float32)
        compiled.gru(gates, weights.U, weights.c, b0, h, places, values)
        signals = [*gates.swapaxes(0, 1), h]
    else:
        s, b = np.empty((T, H), np.float32), np.empty((T, H), np.float32)
        compiled.lstm(gates, weights.U, weights.w, b0, s0, s, b, places, values)
        signals = [*gates.swapaxes(0, 1), s, b]
    return Traced(names, tuple(one[::-1] for one in signals) if backward else tuple(signals))


def _places(
    held: Sequence[Clamp], names: tuple[str, ...], T: int, backward: bool
) -> tuple[NDArray[np.int64], Floats]:
    places = np.empty((len(held), 4), np.int64)
    for k, clamp in enumerate(held):
        first, end = clamp.first, FOREVER if clamp.last is None else clamp.last
        if backward:  # which meets the last character first
            first, end = T - min(end, T), T - first
        places[k] = names.index(clamp.signal), clamp.unit, first, end
    return places, np.array([clamp.value for clamp in held], np.float32)


def _check(stack: Stack, x: NDArray[np.generic], clamps: Sequence[Clamp]) -> None:
    I = len(stack.layers[0][0].table)  # noqa: E741  # the letter of Graves
    if stack.coded:
        whole = x.ndim == 1 and x.dtype.kind in "iu"
        require(whole, "text", wanted="numbers of characters", given=f"{x.dtype} {x.shape}")
        known = len(x) == 0 or bool(x.min() >= 0 and x.max() < I)
        require(known, "character", wanted=f"0 to {I - 1}", given="one outside")
    else:
        wide = x.ndim == 2 and x.shape[1] == I and x.dtype.kind in "fiu"
        require(wide, "input", wanted=f"{I} numbers a step", given=f"{x.dtype} {x.shape}")
    names = SIGNALS[stack.cell]
    for clamp in clamps:
        require(
            clamp.signal in names, "signal", wanted=f"one of {', '.join(names)}", given=clamp.signal
        )
        for name, value, count in (
            ("unit", clamp.unit, stack.units),
            ("layer", clamp.layer, len(stack.layers)),
            ("direction", int(clamp.backward), len(stack.layers[0])),
        ):
            require(0 <= value < count, name, wanted=f"0 to {count - 1}", given=value)
        require(bool(np.isfinite(clamp.value)), "held value", wanted="a number", given=clamp.value)


def joined(
    stack: Stack, texts: Sequence[NDArray[np.integer]], *, clamps: Sequence[Clamp] = ()
) -> list[list[Traced]]:
    """As `trace`, of several texts one after another, each begun with nothing remembered.

    Clamps count the characters of each text from its own start. Raises as `trace` does.
    """
    require(len(texts) > 0, "texts", wanted="at least one", given="none")
    told = [trace(stack, text, clamps=clamps) for text in texts]
    return [
        [
            Traced(
                ways[0].names,
                tuple(map(np.concatenate, zip(*(w.signals for w in ways), strict=True))),
            )
            for ways in zip(*(one[depth] for one in told), strict=True)
        ]
        for depth in range(len(stack.layers))
    ]
