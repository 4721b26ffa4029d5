"""Whole texts through one layer of recurrent cells, compiled: every gate and state, one thread.

Equations as in `cells`; the products with the input are made before, all at once, and given as
`gates`, in whose place the gates are left: what enters a gate is needed only until it is open.

    gates : (T, blocks, H) float32   in: W x_t + biases      out: the gates, in the order of SIGNALS
    U     : (blocks * H, H)          s, b, h : (T, H) filled      b0, s0 : (H,) state before the text
    places, values : (k, 4) int64 signal, unit, first, last; (k,) float32: see trace.Clamp

The product U b_(t-1) takes nearly all the time: four rows of U are read side by side, so that each
number of b is fetched once for four sums. Everything compiled stands in this file: numba looks for
changes in the file of a function alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# Sums may be made in any order, and products fused with sums, but NaN and infinity keep their meaning.
_plain = njit(cache=True, nogil=True, error_model="numpy")
_exact = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
_quick = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})

ZERO, ONE, TWO = np.float32(0), np.float32(1), np.float32(2)
LOG2_E = np.float32(1 / np.log(2))
LN2_HIGH = np.float32(
    float.fromhex("0x1.62e4p-1")
)  # its product with a small whole number is exact
LN2_LOW = np.float32(np.log(2) - float.fromhex("0x1.62e4p-1"))
ROUND = np.float32(1.5 * 2**23)  # a float32 near it has no places behind the point
LEAST, MOST = np.float32(-87), np.float32(87)  # beyond, e^x leaves float32
C2, C3, C4, C5, C6 = (np.float32(1 / d) for d in (2, 6, 24, 120, 720))


@intrinsic
def _bits(context: Any, number: Any) -> Any:
    """The 32 bits of a float32 as an int32."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), code


@intrinsic
def _power(context: Any, k: Any) -> Any:
    """2^k as a float32, for -126 <= k <= 127."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = ir.IntType(32)
        raised = builder.add(args[0], ir.Constant(whole, 127))
        return builder.bitcast(builder.shl(raised, ir.Constant(whole, 23)), ir.FloatType())

    return types.float32(types.int32), code


@intrinsic
def _less(context: Any, a: Any, b: Any) -> Any:
    """a - b of two int32, which stays one."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.sub(args[0], args[1])

    return types.int32(types.int32, types.int32), code


ROUND_BITS = np.int32(np.array(ROUND, np.float32).view(np.int32))


@_exact
def _exp(x: np.float32) -> np.float32:
    """e^x to float32 precision, without a call or a branch, so that loops fill whole registers."""
    x = LEAST if x < LEAST else (MOST if x > MOST else x)
    # x = k ln 2 + r with |r| <= ln 2 / 2
    rounded = x * LOG2_E + ROUND
    k = rounded - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    series = ((((C6 * r + C5) * r + C4) * r + C3) * r + C2) * (r * r) + r
    return (ONE + series) * _power(_less(_bits(rounded), ROUND_BITS))  # type: ignore[call-arg]


@_exact
def _sigmoid(x: np.float32) -> np.float32:
    return ONE / (ONE + _exp(-x))


@_exact
def _tanh(x: np.float32) -> np.float32:
    return ONE - TWO / (ONE + _exp(TWO * x))


@_quick
def _add_product(U: Floats, b: Floats, out: Floats) -> None:
    """out += U b."""
    rows, H = U.shape
    j = 0
    while j + 4 <= rows:
        a0, a1, a2, a3 = ZERO, ZERO, ZERO, ZERO
        for i in range(H):
            a0 += U[j, i] * b[i]
            a1 += U[j + 1, i] * b[i]
            a2 += U[j + 2, i] * b[i]
            a3 += U[j + 3, i] * b[i]
        out[j] += a0
        out[j + 1] += a1
        out[j + 2] += a2
        out[j + 3] += a3
        j += 4
    for row in range(j, rows):
        a0 = ZERO
        for i in range(H):
            a0 += U[row, i] * b[i]
        out[row] += a0


@_plain
def _clamp(row: Floats, signal: int, t: int, places: Integers, values: Floats) -> None:
    """Overwrite in `row` (H,), a signal at time t, what is held there."""
    for k in range(len(places)):
        if places[k, 0] == signal and places[k, 2] <= t < places[k, 3]:
            row[places[k, 1]] = values[k]


@_quick
def lstm(
    gates: Floats,
    U: Floats,
    w: Floats,
    b0: Floats,
    s0: Floats,
    s: Floats,
    b: Floats,
    places: Integers,
    values: Floats,
) -> None:
    """Fill `gates` (iota, phi, g, omega), `s` and `b`; w (3, H) peepholes."""
    T, _, H = gates.shape
    held = len(places) > 0
    cell, hidden = s0, b0
    for t in range(T):
        iota, phi, g, omega = gates[t, 0], gates[t, 1], gates[t, 2], gates[t, 3]
        _add_product(U, hidden, gates[t].reshape(4 * H))
        for i in range(H):
            iota[i] = _sigmoid(iota[i] + w[0, i] * cell[i])
            phi[i] = _sigmoid(phi[i] + w[1, i] * cell[i])
            g[i] = _tanh(g[i])
        if held:
            _clamp(iota, 0, t, places, values)
            _clamp(phi, 1, t, places, values)
            _clamp(g, 2, t, places, values)
        new = s[t]
        for i in range(H):
            new[i] = phi[i] * cell[i] + iota[i] * g[i]
        if held:
            _clamp(new, 4, t, places, values)
        for i in range(H):
            omega[i] = _sigmoid(omega[i] + w[2, i] * new[i])
        if held:
            _clamp(omega, 3, t, places, values)
        out = b[t]
        for i in range(H):
            out[i] = omega[i] * _tanh(new[i])
        if held:
            _clamp(out, 5, t, places, values)
        cell, hidden = new, out


@_quick
def gru(
    gates: Floats,
    U: Floats,
    c: Floats,
    h0: Floats,
    h: Floats,
    places: Integers,
    values: Floats,
) -> None:
    """Fill `gates` (r, z, candidate) and `h`; c (3H,) the bias beside U."""
    T, _, H = gates.shape
    held = len(places) > 0
    before = h0
    product = np.empty(3 * H, np.float32)
    for t in range(T):
        r, z, candidate, new = gates[t, 0], gates[t, 1], gates[t, 2], h[t]
        product[:] = c
        _add_product(U, before, product)
        for i in range(H):
            r[i] = _sigmoid(r[i] + product[i])
            z[i] = _sigmoid(z[i] + product[H + i])
        if held:
            _clamp(r, 0, t, places, values)
            _clamp(z, 1, t, places, values)
        for i in range(H):
            candidate[i] = _tanh(candidate[i] + r[i] * product[2 * H + i])
        if held:
            _clamp(candidate, 2, t, places, values)
        for i in range(H):
            new[i] = z[i] * before[i] + (ONE - z[i]) * candidate[i]
        if held:
            _clamp(new, 3, t, places, values)
        before = new


@_quick
def srn(h: Floats, U: Floats, h0: Floats, places: Integers, values: Floats) -> None:
    """Turn `h` (T, H), given as W x_t + biases, into the states."""
    T, H = h.shape
    held = len(places) > 0
    before = h0
    for t in range(T):
        new = h[t]
        _add_product(U, before, new)
        for i in range(H):
            new[i] = _tanh(new[i])
        if held:
            _clamp(new, 0, t, places, values)
        before = new


def warm() -> None:
    """Compile everything, or load it where that was done before: later calls start at once."""
    places, values = np.zeros((0, 4), np.int64), np.zeros(0, np.float32)

    def zeros(*shape: int) -> Floats:
        return np.zeros(shape, np.float32)

    lstm(
        zeros(1, 4, 1), zeros(4, 1), zeros(3, 1), zeros(1), zeros(1), zeros(1, 1), zeros(1, 1),
        places, values,
    )  # fmt: skip
    gru(zeros(1, 3, 1), zeros(3, 1), zeros(3), zeros(1), zeros(1, 1), places, values)
    srn(zeros(1, 1), zeros(1, 1), zeros(1), places, values)
