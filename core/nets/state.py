"""Where a training run stands: all that is needed to go on from here, bit for bit.

Examples are taken from the training points in `order`, one after another. When all have had their
turn a new epoch begins: shuffled where the Config says so, else in the order of the points. An
update takes the next `batch` of them, across the end of an epoch if need be, as ConvNetJS does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.nets import network
from core.nets.network import Config, Points


@dataclass(frozen=True, kw_only=True)
class State:
    """A moment of a run. Engines make new ones and leave the arrays of this one alone."""

    params: NDArray[np.float64]  # (P,)
    slots: NDArray[np.float64]  # (2, P) what the optimiser remembers; zeros at the start
    optimiser: str  # whose slots these are
    ticks: int  # updates since the slots were zeros, the t of Adam
    order: NDArray[np.int64]  # (n,) a permutation of the training points
    cursor: int  # examples of this epoch that had their turn; n: the next one begins an epoch
    random: NDArray[np.uint64]  # (4,) state of the run's own random numbers
    updates: int  # since the beginning
    examples: int  # since the beginning, with repetition
    finite: bool = True  # False: the last update made a number that is not; no more will follow

    @property
    def nbytes(self) -> int:
        """Memory the arrays take, in bytes."""
        return self.params.nbytes + self.slots.nbytes + self.order.nbytes + self.random.nbytes


def begin(points: Points, config: Config, *, generator: torch.Generator) -> State:
    """The state before the first update. Draws from a CPU generator.

    Raises SettingError where `points` cannot be learned from with this Config.
    """
    check(points, config)
    params = network.start(config, generator=generator)
    n = int((~points.held).sum())
    words = torch.randint(-(2**63), 2**63 - 1, (4,), generator=generator, dtype=torch.int64)
    return State(
        params=params,
        slots=np.zeros((2, len(params))),
        optimiser=config.optimiser,
        ticks=0,
        order=np.arange(n),
        cursor=n,
        random=words.numpy().view(np.uint64) | np.uint64(1),  # all zeros would stay zeros
        updates=0,
        examples=0,
    )


def adapted(state: State, points: Points, config: Config) -> State:
    """`state` made fit for changed points or another optimiser; itself where nothing changed.

    Other points than before begin a new epoch; another optimiser remembers nothing.
    """
    n = int((~points.held).sum())
    if n != len(state.order):
        state = replace(state, order=np.arange(n), cursor=n)
    if config.optimiser != state.optimiser:
        slots = np.zeros_like(state.slots)
        state = replace(state, slots=slots, optimiser=config.optimiser, ticks=0)
    return state


def check(points: Points, config: Config) -> None:
    """Raises SettingError unless there is something to learn and every number is in its range."""
    require(
        bool((~points.held).any()),
        "training points",
        wanted="at least one",
        given=f"{len(points.x)} points, {int(points.held.sum())} of them held for testing",
    )
    finite = np.isfinite(points.x).all()
    require(bool(finite), "points", wanted="finite coordinates", given="NaN or infinity")
    least, most = int(points.y.min()), int(points.y.max())
    wanted = f"classes 0 to {config.classes - 1}"
    require(least >= 0, "points", wanted=wanted, given=f"class {least}")
    require(most < config.classes, "points", wanted=wanted, given=f"class {most}")
