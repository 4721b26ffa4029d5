"""One step of gradient descent on one point, by hand: forward, loss, chain rule, update.

Course, chapter 5: W = W - learningrate * gradient, with gradients by back-propagation.

    x : (2,)     the point             t : (K,)     1 for its class y, else 0
    a^(l), z^(l), W^(l), b^(l), o, p   as in core/nets/network.py, of this one point
    L            the loss: -log p_y, or mean_k (o_k - t_k)^2
    delta^(l)    dL/dz^(l), as long as z^(l)

No momentum, dropout or noise. In float64 and without automatic differentiation, so that there is
a formula for each number that is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import require
from core.nets import network
from core.nets.network import ACTIVATIONS, LEAK, Config, Layer

Vector = NDArray[np.float64]

# f'(z), where a = f(z)
SLOPES: dict[str, Callable[[Vector, Vector], Vector]] = {
    "tanh": lambda z, a: 1 - a * a,
    "sigmoid": lambda z, a: a * (1 - a),
    "relu": lambda z, a: np.where(z > 0, 1.0, 0.0),
    "leaky relu": lambda z, a: np.where(z > 0, 1.0, LEAK),
    "sin": lambda z, a: np.cos(z),
    "linear": lambda z, a: np.ones_like(z),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """An update and its arrays, which are read-only. Entry k of z, a, delta belongs to layer k."""

    config: Config
    x: Vector  # (2,)
    y: int
    rate: float
    params: Vector  # (P,) before
    updated: Vector  # (P,) after
    gradient: Vector  # (P,) dL/dparams, without penalties
    z: tuple[Vector, ...]  # one a layer; the last is o
    a: tuple[Vector, ...]  # what enters each layer
    reach: tuple[Vector, ...]  # dL/da, like a: what comes back to where it entered
    delta: tuple[Vector, ...]  # dL/dz, like z
    p: Vector  # (K,) softmax of o; after squared error o itself
    t: Vector  # (K,)
    penalty: float  # l1 sum |W| + l2/2 sum W^2, before
    loss: float  # without the penalty, like `after`
    p_after: Vector  # (K,) like p, once the net is updated
    after: float  # the loss of the same point then

    @property
    def layers(self) -> list[Layer]:
        """W and b of every layer, before."""
        return network.layers(self.params, self.config)

    @property
    def updated_layers(self) -> list[Layer]:
        """W and b of every layer, after."""
        return network.layers(self.updated, self.config)


def update(
    params: ArrayLike, config: Config, x: ArrayLike, y: int, rate: float | None = None
) -> Explanation:
    """One step of gradient descent from `params` (P,) on the point `x` (2,) of class `y`.

    `rate` is config.rate where None. Raises SettingError where the weights, the point, its class
    or the rate cannot be used.
    """
    params, x = np.array(params, np.float64), np.array(x, np.float64)
    rate = config.rate if rate is None else rate
    _check(params, config, x, y, rate)
    t = np.zeros(config.classes)
    t[y] = 1
    # A step that is far too long is shown as it is: with infinity and NaN.
    with np.errstate(all="ignore"):
        z, a, p = forward(params, config, x)
        reach, delta = backward(params, config, z, a, p, t)
        gradient, change, penalty = np.empty_like(params), np.empty_like(params), 0.0
        for g, c, (W, _), d, before in zip(
            network.layers(gradient, config),
            network.layers(change, config),
            network.layers(params, config),
            delta,
            a,
            strict=True,
        ):
            g.W[...] = np.outer(d, before)  # dL/dW_ij = delta_i a_j
            g.b[...] = d  # dL/db_i = delta_i
            # W := W - learningrate (dL/dW + l1 sign W + l2 W)
            c.W[...] = g.W + config.l1 * np.sign(W) + config.l2 * W
            c.b[...] = g.b  # b := b - learningrate dL/db
            penalty += float(config.l1 * np.abs(W).sum() + config.l2 / 2 * np.square(W).sum())
        updated = params - rate * change
        z_after, _, p_after = forward(updated, config, x)
        loss, after = (
            float(network.losses(o[None], np.array([y]), config)[0]) for o in (z[-1], z_after[-1])
        )
    for array in (params, x, t, gradient, updated, p, p_after, *z, *a, *reach, *delta):
        array.flags.writeable = False
    return Explanation(
        config=config, x=x, y=y, rate=rate, params=params, updated=updated, gradient=gradient,
        z=z, a=a, reach=reach, delta=delta, p=p, t=t, penalty=penalty, loss=loss,
        p_after=p_after, after=after,
    )  # fmt: skip


def forward(
    params: Vector, config: Config, x: Vector
) -> tuple[tuple[Vector, ...], tuple[Vector, ...], Vector]:
    """z of every layer, what enters it, and p (K,), for a single point x (2,)."""
    a = [network.features(x[None], config)[0].copy()]
    z = []
    for k, (W, b) in enumerate(network.layers(params, config)):
        z.append(W @ a[-1] + b)  # z^(l+1) = W^(l) a^(l) + b^(l)
        if k < len(config.hidden):
            a.append(ACTIVATIONS[config.activations[k]](z[-1]).copy())  # a^(l+1) = f(z^(l+1))
    o = z[-1]
    p = network.beliefs(o[None], config)[0] if config.loss == "cross-entropy" else o.copy()
    return tuple(z), tuple(a), p


def backward(
    params: Vector,
    config: Config,
    z: tuple[Vector, ...],
    a: tuple[Vector, ...],
    p: Vector,
    t: Vector,
) -> tuple[tuple[Vector, ...], tuple[Vector, ...]]:
    """dL/da and delta of every layer, from the last to the first, in the order of the layers."""
    # dL/do_k = p_k - t_k, or 2/K (o_k - t_k)
    delta = [p - t if config.loss == "cross-entropy" else 2 / config.classes * (p - t)]
    reach: list[Vector] = []
    for k, (W, _) in reversed([*enumerate(network.layers(params, config))]):
        reach.insert(0, W.T @ delta[0])  # dL/da^(l) = W^(l)T delta^(l+1)
        if k > 0:
            # delta^(l) = (W^(l)T delta^(l+1)) f'(z^(l))
            slope = SLOPES[config.activations[k - 1]](z[k - 1], a[k])
            delta.insert(0, reach[0] * slope)
    return tuple(reach), tuple(delta)


def _check(params: Vector, config: Config, x: Vector, y: int, rate: float) -> None:
    P = network.count(config)
    require(params.shape == (P,), "weights", wanted=f"{P} numbers", given=f"shape {params.shape}")
    finite = bool(np.isfinite(params).all())
    require(finite, "weights", wanted="finite numbers", given="NaN or infinity")
    right = x.shape == (2,) and bool(np.isfinite(x).all())
    require(right, "point", wanted="two finite coordinates", given=x.tolist())
    whole = isinstance(y, int | np.integer) and not isinstance(y, bool)
    wanted = f"a whole number, 0 to {config.classes - 1}"
    require(whole and 0 <= y < config.classes, "class of the point", wanted=wanted, given=y)
    require(0 <= rate <= 1e6, "learning rate", wanted="0 to 1,000,000", given=rate)
