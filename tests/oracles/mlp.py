"""The slow, plain way to train an MLP: autograd and torch.optim in float64, one update after another.

Dropout and noise are left out: they draw random numbers in an order of their own.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from core.nets import network
from core.nets.network import LEAK, Config, Points

ACTIVATIONS = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "leaky relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "sin": torch.sin,
    "linear": lambda z: z,
}


def optimiser(params: list[torch.Tensor], config: Config) -> torch.optim.Optimizer:
    """torch's own, with its own constants."""
    make = torch.optim
    return {
        "sgd": lambda: make.SGD(params, config.rate),
        "momentum": lambda: make.SGD(params, config.rate, momentum=config.momentum),
        "nesterov": lambda: make.SGD(params, config.rate, momentum=config.momentum, nesterov=True),
        "adagrad": lambda: make.Adagrad(params, config.rate),
        "adadelta": lambda: make.Adadelta(params, config.rate),
        "rmsprop": lambda: make.RMSprop(params, config.rate),
        "adam": lambda: make.Adam(params, config.rate),
    }[config.optimiser]()


def scores(tensors: list[torch.Tensor], config: Config, x: torch.Tensor) -> torch.Tensor:
    """o (n, K)."""
    x1, x2 = x.T
    made = {"x1^2": x1 * x1, "x2^2": x2 * x2, "x1 x2": x1 * x2}
    made |= {"sin x1": torch.sin(x1), "sin x2": torch.sin(x2)}
    a = torch.stack([x1, x2, *(made[name] for name in config.extras)], dim=1)
    for k, name in enumerate([*config.activations, "linear"]):
        a = ACTIVATIONS[name](a @ tensors[2 * k].T + tensors[2 * k + 1])
    return a


def loss(o: torch.Tensor, y: torch.Tensor, config: Config) -> torch.Tensor:
    """Mean over the points, without penalties."""
    if config.loss == "cross-entropy":
        return torch.nn.functional.cross_entropy(o, y)
    t = torch.nn.functional.one_hot(y, config.classes).to(o.dtype)
    return torch.nn.functional.mse_loss(o, t)


def split(params: np.ndarray, config: Config) -> list[torch.Tensor]:
    """W, b, W, b, ... that remember their gradients."""
    found = []
    for W, b in network.layers(params, config):
        found += [torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)]
    return found


def joined(tensors: list[torch.Tensor]) -> np.ndarray:
    return np.concatenate([t.detach().numpy().ravel() for t in tensors])


def penalised(tensors: list[torch.Tensor], config: Config) -> torch.Tensor:
    """l1 sum |w| + l2/2 sum w^2 over W, not over b."""
    W = tensors[::2]
    return sum(config.l1 * w.abs().sum() + config.l2 / 2 * (w * w).sum() for w in W)


def train(params: np.ndarray, points: Points, config: Config, updates: int) -> list[np.ndarray]:
    """params after 0, 1, ..., `updates` updates, the examples taken in the order of the points."""
    x = torch.tensor(points.x[~points.held])
    y = torch.tensor(points.y[~points.held])
    tensors = split(params, config)
    step = optimiser(tensors, config)
    batch, at, trace = min(config.batch, len(x)), 0, [joined(tensors)]
    for _ in range(updates):
        chosen = [(at + k) % len(x) for k in range(batch)]
        at = (at + batch) % len(x)
        step.zero_grad()
        total = loss(scores(tensors, config, x[chosen]), y[chosen], config)
        (total + penalised(tensors, config)).backward()
        step.step()
        trace.append(joined(tensors))
    return trace


def measures(params: np.ndarray, points: Points, config: Config) -> dict[str, float | None]:
    """Every number of a Measure, point by point."""
    tensors = split(params, config)
    found: dict[str, float | None] = {}
    for name, kept in (("train", ~points.held), ("test", points.held)):
        rows = [
            (float(loss(o[None], y[None], config).detach()), int(o.argmax()) == int(y))
            for o, y in zip(
                scores(tensors, config, torch.tensor(points.x[kept])).detach(),
                torch.tensor(points.y[kept]),
                strict=True,
            )
        ]
        found[f"{name}_loss"] = math.fsum(r[0] for r in rows) / len(rows) if rows else None
        found[f"{name}_accuracy"] = sum(r[1] for r in rows) / len(rows) if rows else None
    found["penalty"] = float(penalised(tensors, config).detach())
    return found
