"""Weights and comparisons that the tests of core/sequence share."""

from __future__ import annotations

import numpy as np
import torch

from core.rng import stream
from core.sequence.cells import BLOCKS, Weights

NETS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "srn": torch.nn.RNN}


def drawn(cell: str, inputs: int, units: int, *, peepholes: bool = False, seed: int = 0) -> Weights:
    """Random float64 weights, large enough that gates open and close."""
    generator = stream(seed, cell)
    rows = BLOCKS[cell] * units

    def numbers(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    w = numbers(3, units)
    return Weights(
        1.2 * numbers(rows, inputs),
        numbers(rows, units) / units**0.5,
        0.5 * numbers(rows),
        0.5 * numbers(rows),
        w if peepholes else torch.zeros_like(w),
    )


def torch_net(cell: str, layers: list[list[Weights]]) -> torch.nn.RNNBase:
    """The same weights in torch's own module, float64."""
    inputs, units = layers[0][0].W.shape[1], layers[0][0].U.shape[1]
    net = NETS[cell](
        inputs, units, len(layers), bidirectional=len(layers[0]) == 2, dtype=torch.float64
    )
    with torch.no_grad():
        for depth, ways in enumerate(layers):
            for way, weights in enumerate(ways):
                suffix = f"l{depth}" + "_reverse" * way
                for name, value in zip(
                    ("weight_ih", "weight_hh", "bias_ih", "bias_hh"), weights[:4], strict=True
                ):
                    getattr(net, f"{name}_{suffix}").copy_(value)
    return net


def plain(weights: Weights, cell: str) -> dict[str, np.ndarray]:
    """As the oracle wants them."""
    blocks, units = BLOCKS[cell], weights.U.shape[1]
    W, U, b, c, w = (t.numpy() for t in weights)
    b, c = b.reshape(blocks, units), c.reshape(blocks, units)
    return {
        "W": W.reshape(blocks, units, -1),
        "U": U.reshape(blocks, units, units),
        "bias": b if cell == "gru" else b + c,
        "c": c,
        "w": w,
    }


def apart(a: object, b: object) -> float:
    """The largest difference."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())
