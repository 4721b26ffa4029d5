"""The engine for one net on the CPU: a loop over updates, compiled to machine code.

Course, chapter 5 (forward, loss, gradients by the chain rule, W := W - rate * gradient). Optimisers
as in torch.optim; dropout after Srivastava et al. (2014), inverted.

    a, delta : (rows, lanes) every unit of every layer a row, the layers one after another;
               every example of the batch a lane, so that one instruction serves eight of them
    slope    : (rows, lanes) f'(z), times what dropout made of the unit
    g        : (P,)  gradient, in the layout of params

A batch is worked off in chunks of at most CHUNK examples, which stay in the nearest cache. Chunks
are filled up to whole registers with lanes that repeat the first example and whose delta is 0.
Everything compiled stands in this file and in `noise`: numba looks for changes in the file of a
function alone, not in those that it calls. After a change in `noise`, touch this one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from core.nets import network, noise
from core.nets.network import LEAK, Config, Points
from core.nets.ready import prepared, ready
from core.nets.state import State

CHUNK = 64  # examples; a multiple of WIDTH
WIDTH = 8  # float64 numbers in the widest registers

TANH, SIGMOID, RELU, LEAKY, SIN, LINEAR = range(6)
ACTIVATION = {
    "tanh": TANH,
    "sigmoid": SIGMOID,
    "relu": RELU,
    "leaky relu": LEAKY,
    "sin": SIN,
    "linear": LINEAR,
}
X1_X1, X2_X2, X1_X2, SIN_X1, SIN_X2 = range(5)
EXTRA = {"x1^2": X1_X1, "x2^2": X2_X2, "x1 x2": X1_X2, "sin x1": SIN_X1, "sin x2": SIN_X2}
CROSS_ENTROPY, SQUARED_ERROR = range(2)
LOSS = {"cross-entropy": CROSS_ENTROPY, "squared error": SQUARED_ERROR}
SGD, MOMENTUM, NESTEROV, ADAGRAD, ADADELTA, RMSPROP, ADAM = range(7)
OPTIMISER = {
    "sgd": SGD,
    "momentum": MOMENTUM,
    "nesterov": NESTEROV,
    "adagrad": ADAGRAD,
    "adadelta": ADADELTA,
    "rmsprop": RMSPROP,
    "adam": ADAM,
}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Settings(NamedTuple):
    """A Config in numbers. Always of the same types, so that all is compiled once."""

    sizes: Integers  # (layers + 1,)
    activations: Integers  # (layers - 1,)
    extras: Integers
    loss: int
    optimiser: int
    rate: float
    momentum: float
    batch: int
    shuffle: bool
    l1: float
    l2: float
    dropout: float
    input_noise: float
    gradient_noise: float


def advance(state: State, points: Points, config: Config, updates: int) -> State:
    """The state `updates` updates later, or right after the one that broke the net.

    Reads `state` and `points` only; how many updates one call makes does not change the numbers.
    Raises SettingError where `points` cannot be learned from, ValueError where `state` is of
    another net or of other points (see `state.adapted`).
    """
    if not state.finite:
        return state
    _, x, y, train, _, _ = ready(points, config)
    if len(state.order) != len(train) or len(state.params) != network.count(config):
        raise ValueError("a state of another net or of other points")
    settings = _settings(config, len(train))
    params, slots = state.params.copy(), state.slots.copy()
    order, random = state.order, state.random.copy()
    if state.cursor + updates * settings.batch > len(order):  # else nothing is written to it
        order = order.copy()
    done, cursor, finite = _run(
        params, slots, order, random, x, y, train, settings, updates, state.cursor, state.ticks
    )
    return replace(
        state,
        params=params,
        slots=slots,
        order=order,
        cursor=cursor,
        random=random,
        ticks=state.ticks + done,
        updates=state.updates + done,
        examples=state.examples + done * settings.batch,
        finite=finite,
    )


def judge(
    params: network.Array, x: Floats, y: Integers, config: Config
) -> tuple[Floats, NDArray[np.bool_]]:
    """Loss (n,) without penalties, and whether the likeliest class is the right one (n,).

    Of points x (n, 2) of classes y (n,), both read-only as `ready` gives them. A score that is no
    number is never right.
    """
    loss, right = np.empty(len(x)), np.empty(len(x), np.bool_)
    _judge(np.array(params, np.float64), x, y, _settings(config, max(1, len(x))), loss, right)
    return loss, right


def warm() -> None:
    """Compile everything, or load it where that was done before: later calls start at once."""
    config = Config(hidden=(1,), activations=("tanh",), batch=1)
    points = Points(np.zeros((2, 2)), np.arange(2), np.zeros(2, np.bool_))
    state = State(
        params=np.zeros(network.count(config)),
        slots=np.zeros((2, network.count(config))),
        optimiser=config.optimiser,
        ticks=0,
        order=np.arange(2),
        cursor=2,
        random=np.ones(4, np.uint64),
        updates=0,
        examples=0,
    )
    later = advance(state, points, config, 1)
    judge(later.params, *prepared(points)[1:3], config)
    noise.shuffle(later.order, later.random)


def _settings(config: Config, n: int) -> Settings:
    """`config` in numbers, for n training points."""
    return Settings(
        sizes=np.array(config.sizes, np.int64),
        activations=np.array([ACTIVATION[name] for name in config.activations], np.int64),
        extras=np.array([EXTRA[name] for name in config.extras], np.int64),
        loss=LOSS[config.loss],
        optimiser=OPTIMISER[config.optimiser],
        rate=float(config.rate),
        momentum=float(config.momentum),
        batch=min(config.batch, n),
        shuffle=config.shuffle,
        l1=float(config.l1),
        l2=float(config.l2),
        dropout=float(config.dropout),
        input_noise=float(config.input_noise),
        gradient_noise=float(config.gradient_noise),
    )


# What follows is compiled. Sums over a batch may be made in any order, and products fused with
# sums, but NaN and infinity keep their meaning.
_plain = njit(cache=True, nogil=True, error_model="numpy")
_exact = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
_quick = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})


@_quick
def _run(
    params: Floats,
    slots: Floats,
    order: Integers,
    random: noise.Words,
    x: Floats,
    y: Integers,
    train: Integers,
    settings: Settings,
    updates: int,
    cursor: int,
    ticks: int,
) -> tuple[int, int, bool]:
    """Make `updates` updates in place. Returns how many, the new cursor, and whether all is finite."""
    sizes, batch = settings.sizes, settings.batch
    rows, most = sizes.sum(), _filled(min(batch, CHUNK))
    a, slope, delta = np.empty((rows, most)), np.empty((rows, most)), np.empty((rows, most))
    label, g = np.empty(most, np.int64), np.empty(len(params))
    for done in range(updates):
        g[:] = 0
        for first in range(0, batch, CHUNK):
            examples = min(CHUNK, batch - first)
            lanes = _filled(examples)
            cursor = _gather(a, label, examples, order, cursor, random, x, y, train, settings)
            _forward(a, slope, lanes, params, settings, random, examples)
            _blame(a, delta, label, examples, lanes, settings)
            _backward(a, slope, delta, lanes, params, g, sizes)
        _penalise(g, params, settings, random)
        _update(params, slots, g, settings, ticks + done + 1)
        if not (_finite(params) and _finite(slots[0]) and _finite(slots[1])):
            return done + 1, cursor, False
    return max(updates, 0), cursor, True


@_quick
def _judge(
    params: Floats,
    x: Floats,
    y: Integers,
    settings: Settings,
    loss: Floats,
    right: NDArray[np.bool_],
) -> None:
    """Fill `loss` and `right` of all points: a forward pass without noise or dropout."""
    sizes, n = settings.sizes, len(x)
    rows, classes = sizes.sum(), sizes[-1]
    a, slope = np.empty((rows, CHUNK)), np.empty((rows, CHUNK))
    first_class = rows - classes
    random = np.ones(4, np.uint64)  # of which nothing is drawn
    for first in range(0, n, CHUNK):
        examples = min(CHUNK, n - first)
        lanes = _filled(examples)
        for k in range(lanes):
            i = first + min(k, examples - 1)
            _enter(a, k, x[i, 0], x[i, 1], settings.extras)
        _forward(a, slope, lanes, params, settings, random, 0)
        for k in range(examples):
            told = y[first + k]
            top, best, finite = a[first_class, k], 0, True
            for c in range(classes):
                o = a[first_class + c, k]
                finite &= abs(o) < math.inf
                if o > top:
                    top, best = o, c
            right[first + k] = finite and best == told
            total = 0.0
            if settings.loss == CROSS_ENTROPY:
                # -log p_y = m + log sum_k e^(o_k - m) - o_y,  m = max_k o_k
                for c in range(classes):
                    total += _exp(a[first_class + c, k] - top)
                loss[first + k] = top + math.log(total) - a[first_class + told, k]
            else:
                for c in range(classes):
                    off = a[first_class + c, k] - (1.0 if c == told else 0.0)
                    total += off * off
                loss[first + k] = total / classes


@_plain
def _filled(examples: int) -> int:
    """Lanes for so many examples."""
    return (examples + WIDTH - 1) // WIDTH * WIDTH


@_plain
def _gather(
    a: Floats,
    label: Integers,
    examples: int,
    order: Integers,
    cursor: int,
    random: noise.Words,
    x: Floats,
    y: Integers,
    train: Integers,
    settings: Settings,
) -> int:
    """Fill a^(1) and the labels with the next `examples`. Returns the new cursor."""
    extras = settings.extras
    for k in range(examples):
        if cursor == len(order):
            for i in range(len(order)):
                order[i] = i
            if settings.shuffle:
                noise.shuffle(order, random)
            cursor = 0
        i = train[order[cursor]]
        cursor += 1
        x1, x2 = x[i, 0], x[i, 1]
        if settings.input_noise > 0:
            x1 += settings.input_noise * noise.normal(random)
            x2 += settings.input_noise * noise.normal(random)
        label[k] = y[i]
        _enter(a, k, x1, x2, extras)
    for row in range(2 + len(extras)):
        for k in range(examples, _filled(examples)):
            a[row, k] = a[row, 0]
    return cursor


@_plain
def _enter(a: Floats, k: int, x1: float, x2: float, extras: Integers) -> None:
    """Put a point and its extra inputs into lane k of a^(1)."""
    a[0, k], a[1, k] = x1, x2
    for e in range(len(extras)):
        if extras[e] == X1_X1:
            a[2 + e, k] = x1 * x1
        elif extras[e] == X2_X2:
            a[2 + e, k] = x2 * x2
        elif extras[e] == X1_X2:
            a[2 + e, k] = x1 * x2
        elif extras[e] == SIN_X1:
            a[2 + e, k] = math.sin(x1)
        else:
            a[2 + e, k] = math.sin(x2)


@_quick
def _forward(
    a: Floats,
    slope: Floats,
    lanes: int,
    params: Floats,
    settings: Settings,
    random: noise.Words,
    examples: int,
) -> None:
    """Fill `a` from its first layer on; the last layer holds o."""
    sizes = settings.sizes
    layers = len(sizes) - 1
    source, at = 0, 0
    for layer in range(layers):
        before, here = sizes[layer], sizes[layer + 1]
        target, bias = source + before, at + here * before
        # z^(l+1) = W^(l) a^(l) + b^(l)
        for j in range(here):
            for k in range(lanes):
                a[target + j, k] = params[bias + j]
            for i in range(before):
                w = params[at + j * before + i]
                for k in range(lanes):
                    a[target + j, k] += w * a[source + i, k]
        if layer < layers - 1:
            _activate(a, slope, lanes, target, target + here, settings.activations[layer])
            if settings.dropout > 0 and examples > 0:  # 0 examples: nothing is learned
                _drop(a, slope, examples, target, target + here, settings.dropout, random)
        source, at = target, bias + here


@_quick
def _activate(a: Floats, slope: Floats, lanes: int, first: int, last: int, f: int) -> None:
    """a := f(a) and slope := f'(a) in the rows from `first` to before `last`."""
    for row in range(first, last):
        if f == TANH:
            for k in range(lanes):
                value = _tanh(a[row, k])
                a[row, k], slope[row, k] = value, 1 - value * value
        elif f == SIGMOID:
            for k in range(lanes):
                value = 1 / (1 + _exp(-a[row, k]))
                a[row, k], slope[row, k] = value, value * (1 - value)
        elif f == SIN:
            for k in range(lanes):
                z = a[row, k]
                a[row, k], slope[row, k] = math.sin(z), math.cos(z)
        else:
            below = 1.0 if f == LINEAR else (LEAK if f == LEAKY else 0.0)
            for k in range(lanes):
                # The slope at 0 is that below it, as in torch. 0 * NaN stays NaN.
                slope[row, k] = 1.0 if a[row, k] > 0 else below
                a[row, k] *= slope[row, k]


@_plain
def _drop(
    a: Floats,
    slope: Floats,
    examples: int,
    first: int,
    last: int,
    dropout: float,
    random: noise.Words,
) -> None:
    """Silence each unit with that probability; the others speak up to keep the expected sum."""
    for row in range(first, last):
        for k in range(examples):
            # a := a m / (1 - dropout), m = 0 or 1
            scale = 0.0 if noise.uniform(random) < dropout else 1 / (1 - dropout)
            a[row, k] *= scale
            slope[row, k] *= scale


@_quick
def _blame(
    a: Floats, delta: Floats, label: Integers, examples: int, lanes: int, settings: Settings
) -> None:
    """Fill the last layer of `delta`: the mean loss of the batch, derived by o."""
    classes = settings.sizes[-1]
    first, last = len(a) - classes, len(a)
    if settings.loss == CROSS_ENTROPY:
        # delta = (p - t) / batch,  p_k = e^(o_k - m) / sum_j e^(o_j - m),  m = max_j o_j
        for k in range(lanes):
            top = a[first, k]
            for row in range(first + 1, last):
                top = a[row, k] if a[row, k] > top else top
            delta[0, k] = top
        for row in range(first, last):
            for k in range(lanes):
                delta[row, k] = _exp(a[row, k] - delta[0, k])
        for k in range(lanes):
            total = 0.0
            for row in range(first, last):
                total += delta[row, k]
            delta[0, k] = 1 / (total * settings.batch)
        for row in range(first, last):
            for k in range(lanes):
                delta[row, k] *= delta[0, k]
        target = 1 / settings.batch
    else:
        # delta = 2 (o - t) / (K batch)
        target = 2 / (classes * settings.batch)
        for row in range(first, last):
            for k in range(lanes):
                delta[row, k] = a[row, k] * target
    for k in range(examples):
        delta[first + label[k], k] -= target
    for row in range(first, last):
        for k in range(examples, lanes):
            delta[row, k] = 0


@_quick
def _backward(
    a: Floats,
    slope: Floats,
    delta: Floats,
    lanes: int,
    params: Floats,
    g: Floats,
    sizes: Integers,
) -> None:
    """Add the gradient to `g`, the last layer first."""
    target, at = len(a) - sizes[-1], len(params)
    for layer in range(len(sizes) - 2, -1, -1):
        before, here = sizes[layer], sizes[layer + 1]
        source, bias = target - before, at - here
        at = bias - here * before
        # dW^(l) = delta^(l+1) a^(l)T,  db^(l) = delta^(l+1) summed over the examples
        for j in range(here):
            total = 0.0
            for k in range(lanes):
                total += delta[target + j, k]
            g[bias + j] += total
            for i in range(before):
                total = 0.0
                for k in range(lanes):
                    total += delta[target + j, k] * a[source + i, k]
                g[at + j * before + i] += total
        if layer == 0:
            break
        # delta^(l) = (W^(l)T delta^(l+1)) * f'(z^(l))
        for i in range(before):
            for k in range(lanes):
                delta[source + i, k] = 0
            for j in range(here):
                w = params[at + j * before + i]
                for k in range(lanes):
                    delta[source + i, k] += w * delta[target + j, k]
            for k in range(lanes):
                delta[source + i, k] *= slope[source + i, k]
        target = source


@_quick
def _penalise(g: Floats, params: Floats, settings: Settings, random: noise.Words) -> None:
    """Add to `g` what pulls weights to 0, on W only, and then the noise, on everything."""
    l1, l2, at = settings.l1, settings.l2, 0
    for layer in range(len(settings.sizes) - 1):
        here = settings.sizes[layer + 1]
        bias = at + here * settings.sizes[layer]
        # d/dw (l1 |w| + l2/2 w^2) = l1 sign(w) + l2 w
        for i in range(at, bias):
            sign = 1.0 if params[i] > 0 else (-1.0 if params[i] < 0 else 0.0)
            g[i] += l1 * sign + l2 * params[i]
        at = bias + here
    if settings.gradient_noise > 0:
        for i in range(len(g)):
            g[i] += settings.gradient_noise * noise.normal(random)


@_exact
def _update(params: Floats, slots: Floats, g: Floats, settings: Settings, t: int) -> None:
    """One update of `params` along `g`; t counts from 1. u, v: the first and second slots."""
    rate, momentum = settings.rate, settings.momentum
    first, second = 1 - 0.9**t, math.sqrt(1 - 0.999**t)
    for i in range(len(params)):
        if settings.optimiser == SGD:
            params[i] -= rate * g[i]
        elif settings.optimiser == MOMENTUM:
            slots[0, i] = momentum * slots[0, i] + g[i]
            params[i] -= rate * slots[0, i]
        elif settings.optimiser == NESTEROV:
            slots[0, i] = momentum * slots[0, i] + g[i]
            params[i] -= rate * (g[i] + momentum * slots[0, i])
        elif settings.optimiser == ADAGRAD:
            slots[0, i] += g[i] * g[i]
            params[i] -= rate * g[i] / (math.sqrt(slots[0, i]) + 1e-10)
        elif settings.optimiser == ADADELTA:
            slots[0, i] = 0.9 * slots[0, i] + 0.1 * g[i] * g[i]
            step = math.sqrt(slots[1, i] + 1e-6) / math.sqrt(slots[0, i] + 1e-6) * g[i]
            slots[1, i] = 0.9 * slots[1, i] + 0.1 * step * step
            params[i] -= rate * step
        elif settings.optimiser == RMSPROP:
            slots[0, i] = 0.99 * slots[0, i] + 0.01 * g[i] * g[i]
            params[i] -= rate * g[i] / (math.sqrt(slots[0, i]) + 1e-8)
        else:
            slots[0, i] = 0.9 * slots[0, i] + 0.1 * g[i]
            slots[1, i] = 0.999 * slots[1, i] + 0.001 * g[i] * g[i]
            params[i] -= rate / first * slots[0, i] / (math.sqrt(slots[1, i]) / second + 1e-8)


@_plain
def _finite(numbers: Floats) -> bool:
    """Whether all of `numbers` are; without a branch in the loop."""
    finite = True
    for i in range(len(numbers)):
        finite &= abs(numbers[i]) < math.inf
    return finite


# Exponentials without a call or a branch, so that a loop over them fills whole registers.
LOG2_E = 1 / math.log(2)
LN2_HIGH = float.fromhex("0x1.62e42fefa0000p-1")  # its product with a whole number is exact
LN2_LOW = float.fromhex("0x1.cf79abc9e3b3ap-40")
ROUND = 1.5 * 2.0**52  # a float64 near it has no places behind the point
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13 = (1 / math.factorial(k) for k in range(2, 14))


@intrinsic
def _bits(context: Any, number: Any) -> Any:
    """The 64 bits of a float64 as an int64."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), code


@intrinsic
def _number(context: Any, bits: Any) -> Any:
    """The float64 of these 64 bits."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), code


@_exact
def _parts(x: float) -> tuple[float, float]:
    """(e^r - 1, 2^k) so that x = k ln 2 + r with |r| <= ln 2 / 2, for |x| < 709."""
    shifted = x * LOG2_E + ROUND
    k = shifted - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    # e^r - 1 = r + r^2/2! + ... + r^13/13!; what is left out is below 1e-17 r
    q = C7 + r * (C8 + r * (C9 + r * (C10 + r * (C11 + r * (C12 + r * C13)))))
    q = C2 + r * (C3 + r * (C4 + r * (C5 + r * (C6 + r * q))))
    # 2^k: k, which stands in the last bits of `shifted`, becomes the exponent.
    return r + r * r * q, _number((_bits(shifted) + 1023) << 52)  # type: ignore[call-arg]


@_exact
def _exp(x: float) -> float:
    """e^x to 1 unit in the last place, for x held within -708 and 708."""
    x = -708.0 if x < -708.0 else x
    x = 708.0 if x > 708.0 else x
    rest, power = _parts(x)
    return power * rest + power


@_exact
def _tanh(z: float) -> float:
    """tanh z to 3 units in the last place."""
    z = -20.0 if z < -20.0 else z
    z = 20.0 if z > 20.0 else z
    rest, power = _parts(2 * z)
    # tanh z = e / (e + 2), e = e^(2z) - 1
    e = power * rest + (power - 1)
    return e / (e + 2)
