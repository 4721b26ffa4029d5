"""Echo state network: a reservoir that is drawn, and a readout found by ridge regression.

Jaeger (2001); Lukosevicius (2012), "A Practical Guide to Applying Echo State Networks".

    x : (T, N) states of the reservoir      z = (1, u, x) : (T, 1 + I + N)
    W_out = (Z^T Z + ridge I)^-1 Z^T Y      y = W_out^T z

The sums Z^T Z and Z^T Y grow from text to text and are all that is kept: a Step is what the readout
would be if learning ended there. Characters are one-hot; the largest y is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.linalg import solve  # type: ignore[import-untyped]
from torch import Tensor

from core.errors import require
from core.sequence import reservoir, vocabulary
from core.sequence.reservoir import Floats, Reservoir
from core.sequence.tasks import IGNORE, Sequences

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """The reservoir and its readout."""

    units: int = 200
    density: float = 0.05  # the course's SD: 0.01 to 0.05
    radius: float = 0.9  # spectral radius
    leak: float = 1.0  # how much of a state is new at each step
    scale: float = 0.5  # of the input
    bias: float = 0.1
    ridge: float = 1e-4
    steps: int = 10  # how many Steps tell of the texts, after the first

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("units", self.units, 1, reservoir.MOST),
            ("density", self.density, 0, 1),
            ("spectral radius", self.radius, 0, 100),
            ("leak", self.leak, 1e-6, 1),
            ("input scale", self.scale, 0, 1e3),
            ("bias scale", self.bias, 0, 1e3),
            ("ridge", self.ridge, 1e-12, 1e6),
            ("steps", self.steps, 1, 10_000),
        ):
            require(least <= value <= most, name, wanted=f"{least:g} to {most:g}", given=value)
        for name, number in (("units", self.units), ("steps", self.steps)):
            require(isinstance(number, int), name, wanted="a whole number", given=number)


@dataclass(frozen=True, kw_only=True)
class Step:
    """The readout after so many texts."""

    texts: int
    characters: int
    accuracy: float  # of the asked characters of the held texts, 0 to 1
    held_texts: float  # share of those texts in which all asked were right
    error: float | None  # mean squared distance of y from one-hot, of what was learned from
    W_out: Floats  # (1 + I + N, K)
    reservoir: Reservoir


def learn(data: Sequences, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """Learn from `data` in steps + 1 Steps, the first before any text.

    Texts are heard from silence; where they are pieces of one text, each goes on after the last.
    Raises SettingError where there is nothing to learn from.
    """
    rows, K = len(data.x), len(data.vocabulary)
    require(rows > 0 and data.x.shape[1] > 0, "texts", wanted="at least one", given="none")
    net = reservoir.drawn(
        K,
        units=config.units,
        density=config.density,
        radius=config.radius,
        leak=config.leak,
        scale=config.scale,
        bias=config.bias,
        generator=generator,
    )
    width = 1 + K + config.units
    ZZ, ZY, YY, count = np.zeros((width, width)), np.zeros((width, K)), 0.0, 0
    W_out = np.zeros((width, K))
    order = torch.arange(rows) if data.flows else torch.randperm(rows, generator=generator)
    before: Floats | None = None
    yield _step(data, net, W_out, 0, 0, None)
    for k in range(1, config.steps + 1):
        picked = order[(k - 1) * rows // config.steps : k * rows // config.steps]
        for row in picked.tolist():
            Z, before = heard(net, data.x[row], data.y[row], K, before if data.flows else None)
            y = data.y[row][data.y[row] != IGNORE].numpy()
            Y = vocabulary.one_hot(y, K).astype(np.float64)
            ZZ, ZY, YY, count = (
                ZZ + Z.T @ Z,
                ZY + Z.T @ Y,
                YY + float((Y * Y).sum()),
                count + len(y),
            )
        W_out = ridge(ZZ, ZY, config.ridge) if count else W_out
        # sum |Y - Z W|^2 = Y.Y - 2 W.ZY + W.(ZZ W)
        squares = YY - 2 * float((W_out * ZY).sum()) + float((W_out * (ZZ @ W_out)).sum())
        done = k * rows // config.steps
        yield _step(data, net, W_out, done, count, max(squares, 0.0) / count if count else None)


def ridge(ZZ: Floats, ZY: Floats, strength: float) -> Floats:
    """W_out of the sums Z^T Z and Z^T Y."""
    # (Z^T Z + ridge I) W_out = Z^T Y
    return solve(ZZ + strength * np.eye(len(ZZ)), ZY, assume_a="pos")


def heard(
    net: Reservoir, x: Tensor, y: Tensor, characters: int, before: Floats | None
) -> tuple[Floats, Floats]:
    """z of the characters of one text that have a target, and the state after the text."""
    end = int((y != IGNORE).nonzero().max()) + 1 if bool((y != IGNORE).any()) else 0
    u = vocabulary.one_hot(x[:end].numpy(), characters).astype(np.float64)
    states = reservoir.run(net, u, before=before)
    after = states[-1].copy() if end else np.zeros(net.units) if before is None else before
    asked = (y[:end] != IGNORE).numpy()
    return np.hstack([np.ones((end, 1)), u, states])[asked], after


def answers(net: Reservoir, W_out: Floats, codes: NDArray[np.integer]) -> Floats:
    """y (T, K) over the characters `codes` (T,)."""
    u = vocabulary.one_hot(codes, W_out.shape[1]).astype(np.float64)
    return np.hstack([np.ones((len(u), 1)), u, reservoir.run(net, u)]) @ W_out


def _step(
    data: Sequences, net: Reservoir, W_out: Floats, texts: int, characters: int, error: float | None
) -> Step:
    right, wanted, whole = 0, 0, 0
    for x, y, asked in zip(data.held_x, data.held_y, data.held_asked, strict=True):
        hit = answers(net, W_out, x.numpy()).argmax(axis=1) == y.numpy()
        ask = asked.numpy()
        right, wanted, whole = (
            right + int(hit[ask].sum()), wanted + int(ask.sum()), whole + bool(hit[ask].all())
        )  # fmt: skip
    arrays = ("start", "source", "weight", "W_in", "b")
    return Step(
        texts=texts,
        characters=characters,
        accuracy=right / max(wanted, 1),
        held_texts=whole / max(len(data.held_x), 1),
        error=error,
        W_out=W_out.copy(),
        reservoir=replace(net, **{name: getattr(net, name).copy() for name in arrays}),
    )
