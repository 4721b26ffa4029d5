"""A trained net to take home: a PyTorch script that runs by itself, and its tensors."""

from __future__ import annotations

from textwrap import fill

import numpy as np
from numpy.typing import NDArray

from core.nets import network
from core.nets.network import LEAK, Array, Config, Points
from core.nets.train import Measure

MODULES = {
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "relu": "nn.ReLU()",
    "leaky relu": f"nn.LeakyReLU({LEAK})",
    "sin": "Sin()",
    "linear": "nn.Identity()",
}
EXTRAS = {
    "x1^2": "x1 * x1",
    "x2^2": "x2 * x2",
    "x1 x2": "x1 * x2",
    "sin x1": "torch.sin(x1)",
    "sin x2": "torch.sin(x2)",
}
SIN = """
class Sin(nn.Module):
    def forward(self, z):
        return torch.sin(z)

"""
FEATURES = '''
class Features(nn.Module):
    """The inputs: x1, x2 and what is made of them."""

    def forward(self, x):
        x1, x2 = x.unbind(1)
        return torch.stack([x1, x2, {extras}], dim=1)

'''
SCRIPT = '''"""A 2-D classifier, trained in Vitrine: {shape}, seed {seed}, after {examples:,} examples.

Prints its accuracy on the points it was trained on, {train:.2%}{tested}.
"""

{constants}import torch
from torch import nn

torch.set_default_dtype(torch.float64)
{classes}
net = nn.Sequential(
{modules}
)

# W row by row, then b, layer after layer.
params = torch.tensor([
{params}
])

# x1, x2, class, 1 where it was held for testing
points = torch.tensor([
{points}
]).reshape(-1, 4)

with torch.no_grad():
    at = 0
    for p in net.parameters():
        p.copy_(params[at : at + p.numel()].view_as(p))
        at += p.numel()
    x, y, held = points[:, :2], points[:, 2].long(), points[:, 3].bool()
    right = net(x).argmax(dim=1) == y
    print(f"train {{right[~held].double().mean():.6f}}")
    if held.any():
        print(f"test {{right[held].double().mean():.6f}}")
'''


def to_python(
    params: NDArray[np.float64],
    config: Config,
    points: Points,
    measure: Measure,
    *,
    seed: int,
    examples: int,
) -> str:
    """A script that needs PyTorch alone and prints "train <accuracy>", and "test", as shown."""
    names = [MODULES[name] for name in config.activations]
    sizes = config.sizes
    linear = [f"nn.Linear({i}, {o})" for i, o in zip(sizes, sizes[1:], strict=False)]
    modules = ["Features()"] if config.extras else []
    for layer, name in zip(linear, [*names, None], strict=True):
        modules += [layer] if name is None else [layer, name]
    classes = SIN if "sin" in config.activations else ""
    if config.extras:
        classes += FEATURES.format(extras=", ".join(EXTRAS[name] for name in config.extras))
    tested = (
        ""
        if measure.test_accuracy is None
        else f", and on held points, {measure.test_accuracy:.2%}"
    )
    rows = zip(points.x.tolist(), points.y.tolist(), points.held.tolist(), strict=True)
    numbers = ", ".join(map(repr, params.tolist())) + ","
    return SCRIPT.format(
        shape="-".join(map(str, sizes)),
        seed=seed,
        examples=examples,
        train=measure.train_accuracy,
        tested=tested,
        constants="" if np.isfinite(params).all() else "from math import inf, nan\n\n",
        classes=classes,
        modules="\n".join(f"    {module}," for module in modules),
        params=fill(numbers, 96, initial_indent="    ", subsequent_indent="    "),
        points="\n".join(f"    [{a!r}, {b!r}, {c}, {int(h)}]," for (a, b), c, h in rows),
    )


def to_tensors(params: NDArray[np.float64], config: Config) -> dict[str, Array]:
    """W and b by the names of the script's state dict: "0.weight", "0.bias", "2.weight", ..."""
    first = 1 if config.extras else 0
    found = {}
    for k, (W, b) in enumerate(network.layers(params, config)):
        found[f"{first + 2 * k}.weight"], found[f"{first + 2 * k}.bias"] = W.copy(), b.copy()
    return found
