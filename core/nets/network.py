"""A multi-layer perceptron on points of the plane: its shape, its numbers, its forward pass.

Course, chapter 5; settings and defaults after ConvNetJS's classify2d (Karpathy, 2014).

    x       : (n, 2)  points          a^(1) : (n, d0)  x and the extra inputs, if any
    W^(l)   : (d_l, d_l-1)            b^(l) : (d_l,)
    z^(l+1) = W^(l) a^(l) + b^(l)     a^(l+1) = f(z^(l+1))
    o       : (n, K)  the last z, one number a class        p : (n, K)  what the net believes

All W and b of a net lie in one flat array `params` (P,), layer after layer, W row by row, then b.
A stage is a place on the way through the net: input, [features,] z, a, z, a, ..., o, p.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require

Array = NDArray[np.floating]

LEAK = 0.01  # slope of the leaky ReLU below zero

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700))),
    "relu": lambda z: np.maximum(z, 0),
    "leaky relu": lambda z: np.where(z > 0, z, LEAK * z),
    "sin": np.sin,
    "linear": lambda z: z,
}
EXTRAS: dict[str, Callable[[Array], Array]] = {
    "x1^2": lambda x: x[:, 0] * x[:, 0],
    "x2^2": lambda x: x[:, 1] * x[:, 1],
    "x1 x2": lambda x: x[:, 0] * x[:, 1],
    "sin x1": lambda x: np.sin(x[:, 0]),
    "sin x2": lambda x: np.sin(x[:, 1]),
}
INITIALS = ("lecun", "uniform", "xavier", "he", "zeros")
LOSSES = ("cross-entropy", "squared error")
OPTIMISERS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam")


class Points(NamedTuple):
    """Labelled points of the plane; `held` are kept for testing and never learned from."""

    x: NDArray[np.float64]  # (n, 2)
    y: NDArray[np.int64]  # (n,) class, from 0
    held: NDArray[np.bool_]  # (n,)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The network and how it is trained. The defaults are ConvNetJS's."""

    hidden: tuple[int, ...] = (6, 2)  # units of each hidden layer
    activations: tuple[str, ...] = ("tanh", "tanh")  # f of each hidden layer; the output has none
    classes: int = 2
    extras: tuple[str, ...] = ()  # further inputs, names of EXTRAS
    initial: str = "lecun"  # how W starts; b starts at 0
    loss: str = "cross-entropy"

    optimiser: str = "momentum"
    rate: float = 0.01
    momentum: float = 0.1  # of momentum and nesterov
    batch: int = 10  # examples an update; at most all there are
    shuffle: bool = False  # a new order every epoch, else the order of the points
    l1: float = 0.0  # penalty l1 sum |w|, on weights, not on b
    l2: float = 1e-4  # penalty l2/2 sum w^2, on weights, not on b
    dropout: float = 0.0  # probability of silencing a hidden unit while learning
    input_noise: float = 0.0  # standard deviation of noise added to x while learning
    gradient_noise: float = 0.0  # standard deviation of noise added to every gradient

    examples: int = 100_000  # how many `learn` shows the net, counted with repetition
    steps: int = 100  # how many Steps `learn` tells of them, after the first

    def __post_init__(self) -> None:
        layers = len(self.hidden)
        _check(0 <= layers <= 6, "hidden layers", "0 to 6", layers)
        for units in self.hidden:
            _check(_whole(units) and 1 <= units <= 64, "units of a layer", "1 to 64", units)
        wanted = f"{layers} activations, one a hidden layer"
        _check(len(self.activations) == layers, "activations", wanted, len(self.activations))
        for name in self.activations:
            _check(name in ACTIVATIONS, "activation", f"one of {', '.join(ACTIVATIONS)}", name)
        _check(_whole(self.classes) and 2 <= self.classes <= 10, "classes", "2 to 10", self.classes)
        for name in self.extras:
            _check(name in EXTRAS, "extra input", f"one of {', '.join(EXTRAS)}", name)
        once = len(set(self.extras)) == len(self.extras)
        _check(once, "extra inputs", "each at most once", ", ".join(self.extras))
        for setting, name, options in (
            ("initial weights", self.initial, INITIALS),
            ("loss", self.loss, LOSSES),
            ("optimiser", self.optimiser, OPTIMISERS),
        ):
            _check(name in options, setting, f"one of {', '.join(options)}", name)
        _check(isinstance(self.shuffle, bool), "shuffle", "true or false", self.shuffle)
        _check(_whole(self.batch) and self.batch >= 1, "batch", "at least 1", self.batch)
        _check(_within(self.rate, 0, 1e6), "learning rate", "0 to 1,000,000", self.rate)
        _check(_within(self.momentum, 0, 1), "momentum", "0 to 1", self.momentum)
        below = _within(self.dropout, 0, 1) and self.dropout < 1
        _check(below, "dropout", "at least 0, below 1", self.dropout)
        for setting, value in (
            ("L1", self.l1),
            ("L2", self.l2),
            ("input noise", self.input_noise),
            ("gradient noise", self.gradient_noise),
        ):
            _check(_within(value, 0, 1e3), setting, "0 to 1000", value)
        _check(
            _whole(self.examples) and self.examples >= 1, "examples", "at least 1", self.examples
        )
        _check(_whole(self.steps) and self.steps >= 1, "steps", "at least 1", self.steps)

    @property
    def sizes(self) -> tuple[int, ...]:
        """(d0, d1, ..., K): numbers that enter, units of every layer, classes."""
        return (2 + len(self.extras), *self.hidden, self.classes)

    @property
    def network(self) -> tuple[object, ...]:
        """What decides the shape of the net: two Configs that agree in it can swap params."""
        return (self.hidden, self.activations, self.classes, self.extras)

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages, as ConvNetJS counts its layers: input, fc(6), tanh(6), ..."""
        names = ["input", f"features({self.sizes[0]})"] if self.extras else ["input"]
        for units, activation in zip(self.hidden, self.activations, strict=True):
            names += [f"fc({units})", f"{activation}({units})"]
        last = "softmax" if self.loss == "cross-entropy" else "scores"
        return (*names, f"fc({self.classes})", last)


class Layer(NamedTuple):
    """Views into `params`: writing to them changes it."""

    W: Array  # (out, in)
    b: Array  # (out,)


def count(config: Config) -> int:
    """P: how many numbers the net has. 38 with the default settings."""
    return sum(o * (i + 1) for i, o in zip(config.sizes, config.sizes[1:], strict=False))


def layers(params: Array, config: Config) -> list[Layer]:
    """W^(l) and b^(l) of every layer, as views into `params` (P,)."""
    found, at = [], 0
    for i, o in zip(config.sizes, config.sizes[1:], strict=False):
        W = params[at : at + o * i].reshape(o, i)
        found.append(Layer(W, params[at + o * i : at + o * (i + 1)]))
        at += o * (i + 1)
    return found


def start(config: Config, *, generator: torch.Generator) -> NDArray[np.float64]:
    """Fresh params (P,), drawn from a CPU generator; b = 0.

    lecun: N(0, 1/in). he: N(0, 2/in). uniform: U(+-1/sqrt in). xavier: U(+-sqrt(6/(in + out))).
    """
    params = np.zeros(count(config))
    for W, _ in layers(params, config):
        out, n = W.shape
        if config.initial in ("lecun", "he"):
            drawn = torch.randn(out, n, generator=generator, dtype=torch.float64)
            W[...] = drawn.numpy() * math.sqrt((1 if config.initial == "lecun" else 2) / n)
        elif config.initial in ("uniform", "xavier"):
            drawn = torch.rand(out, n, generator=generator, dtype=torch.float64)
            bound = math.sqrt(1 / n if config.initial == "uniform" else 6 / (n + out))
            W[...] = (2 * drawn.numpy() - 1) * bound
    return params


def transplant(old: Array, was: Config, new: Array, config: Config) -> None:
    """Write into `new` what of the weights of `old` still has its place.

    Layers keep their place from the input on; the output layer goes to the output layer.
    """
    before, after = layers(old, was), layers(new, config)
    pairs = [*zip(before[:-1], after[:-1], strict=False), (before[-1], after[-1])]
    for (W, b), (V, c) in pairs:
        rows, columns = min(len(W), len(V)), min(W.shape[1], V.shape[1])
        V[:rows, :columns] = W[:rows, :columns]
        c[:rows] = b[:rows]


def features(x: Array, config: Config) -> Array:
    """a^(1) (n, d0): x (n, 2) and the extra inputs."""
    return (
        np.column_stack([x, *(EXTRAS[name](x) for name in config.extras)]) if config.extras else x
    )


def forward(params: Array, config: Config, x: Array) -> list[Array]:
    """Every stage of points x (n, 2), in the order of `config.stages`, in the precision given."""
    a = features(x, config)
    found = [x, a] if config.extras else [x]
    *hidden, output = layers(params, config)
    for (W, b), name in zip(hidden, config.activations, strict=True):
        z = a @ W.T + b  # z^(l+1) = W^(l) a^(l) + b^(l)
        a = ACTIVATIONS[name](z)  # a^(l+1) = f(z^(l+1))
        found += [z, a]
    o = a @ output.W.T + output.b
    return [*found, o, beliefs(o, config)]


def beliefs(o: Array, config: Config) -> Array:
    """p (n, K), rows adding to 1: softmax(o); after squared error the share of o clipped to 0..1."""
    if config.loss == "cross-entropy":
        e = np.exp(o - o.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)  # p_k = e^(o_k) / sum_j e^(o_j)
    share = np.clip(o, 0, 1) + o.dtype.type(1e-9)
    return share / share.sum(axis=1, keepdims=True)


def losses(o: Array, y: NDArray[np.int64], config: Config) -> Array:
    """Loss (n,) of every point, without penalties: -log p_y, or mean_k (o_k - t_k)^2, t one-hot."""
    at = np.arange(len(y))
    if config.loss == "cross-entropy":
        top = o.max(axis=1)
        return top + np.log(np.exp(o - top[:, None]).sum(axis=1)) - o[at, y]
    t = np.zeros_like(o)
    t[at, y] = 1
    return np.square(o - t).mean(axis=1)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _within(value: object, least: float, most: float) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and least <= value <= most  # type: ignore[operator]  # false for NaN


def _check(held: bool, setting: str, wanted: str, given: object) -> None:
    require(held, setting, wanted=wanted, given=given)
