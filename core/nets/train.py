"""A network learns to tell points apart: one Config, one run, told step by step.

Course, chapter 5: forward, loss, gradients by the chain rule, W := W - learningrate * gradient.

The engine is chosen here: `compiled`, a loop in machine code, on the CPU, where it is faster than
products of matrices at every shape a Config allows; `batched`, such products, for what keeps a GPU busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.nets import batched, compiled, network
from core.nets.network import Array, Config, Points
from core.nets.ready import prepared, still
from core.nets.state import State, adapted, begin

VERSION = 1
WIDE = (
    2_000_000  # multiply-adds of a batch's forward pass: a GPU needs longer to be asked for fewer
)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How well a net does on all of the points, without penalties; None where no points are held.

    Before there is a point to learn from, losses and accuracies are NaN.
    """

    train_loss: float  # mean, nats or squared units
    test_loss: float | None
    train_accuracy: float  # 0 to 1
    test_accuracy: float | None
    penalty: float  # l1 sum |w| + l2/2 sum w^2, what the optimiser adds to the loss


@dataclass(frozen=True, kw_only=True)
class Step:
    """A moment of a run."""

    examples: int  # seen so far, with repetition
    updates: int
    params: NDArray[np.float64]  # (P,) see core.nets.network
    train_loss: float
    test_loss: float | None
    train_accuracy: float
    test_accuracy: float | None
    penalty: float
    finite: bool  # False: the last update made a number that is not; this is the last step


def advance(
    state: State,
    points: Points,
    config: Config,
    updates: int,
    *,
    device: torch.device | None = None,
) -> State:
    """`state` so many `updates` later, or right after the one that broke the net.

    `state` may come from other points or another optimiser: see `state.adapted`.
    Raises SettingError where `points` cannot be learned from.
    """
    state = adapted(state, points, config)
    batch = min(config.batch, len(state.order))
    if device is None or device.type != "cuda" or work(config) * batch < WIDE:
        return compiled.advance(state, points, config, updates)
    return batched.advance([state], points, config, updates, device=device)[0]


def work(config: Config) -> int:
    """Multiply-adds of the forward pass of one example."""
    return sum(i * o for i, o in zip(config.sizes, config.sizes[1:], strict=False))


def measure(params: Array, points: Points, config: Config, *, sample: bool = False) -> Measure:
    """How well the net `params` (P,) does on `points`, or on a `sample` of them if they are many.

    The sample is that of `ready`: for what is measured at every update, as curves are.
    """
    held = points.held
    at = prepared(points)
    if sample and len(at.sample.x) < len(points.x):
        held, at = at.sample.held, prepared(at.sample)
    with np.errstate(all="ignore"):  # a broken net has losses that are not numbers
        loss, right = compiled.judge(params, at.x, at.y, config)
        W = np.concatenate([layer.W.ravel() for layer in network.layers(params, config)])
        penalty = config.l1 * np.abs(W).sum() + config.l2 / 2 * np.square(W).sum()
        tested = bool(held.any())
        return Measure(
            train_loss=_mean(loss[~held]),
            test_loss=_mean(loss[held]) if tested else None,
            train_accuracy=_mean(right[~held]),
            test_accuracy=_mean(right[held]) if tested else None,
            penalty=float(penalty),
        )


def learn(
    points: Points | Sequence[Array], config: Config, *, generator: torch.Generator
) -> Iterator[Step]:
    """Learn from `points`, or their three arrays, and tell of it in config.steps + 1 Steps.

    The first is the net before it learned anything; a run whose numbers break ends early.
    Raises SettingError where there is nothing to learn from.
    """
    points = still(Points(*points))
    state = begin(points, config, generator=generator)
    batch = min(config.batch, len(state.order))
    updates = -(-config.examples // batch)
    yield _step(state, points, config)
    for i in range(1, config.steps + 1):
        state = advance(state, points, config, i * updates // config.steps - state.updates)
        yield _step(state, points, config)
        if not state.finite:
            return


def _step(state: State, points: Points, config: Config) -> Step:
    measured = measure(state.params, points, config)
    return Step(
        examples=state.examples,
        updates=state.updates,
        params=state.params.copy(),
        finite=state.finite,
        **vars(measured),
    )


def _mean(values: Array | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
