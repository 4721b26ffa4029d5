"""Many networks of one shape at once, each from a seed of its own: how much is luck?

ConvNetJS's small net solves the spiral from about one seed in five; one run alone does not tell.

    N nets, n points, K classes     params : (N, P)     o : (N, K, n) scores
    solved : a net's training accuracy has reached what counts as solved, at this step or before

On the CPU every net is trained by the compiled engine, several at a time; on a GPU all learn
together, in the products of matrices of `batched`. Net i is the same however many there are.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from core.device import THREADS, choose
from core.errors import require
from core.nets import compiled, network, redraw, train
from core.nets.batched import Crowd, scores
from core.nets.network import Array, Points
from core.nets.ready import prepared, still
from core.nets.state import State, begin
from core.rng import stream

VERSION = 1
MOST = 1024  # nets


@dataclass(frozen=True, kw_only=True)
class Config:
    """How many nets, which and how trained, and from which accuracy a net counts as solved."""

    nets: int = 64
    net: network.Config = field(default_factory=network.Config)
    solved: float = 1.0  # training accuracy

    def __post_init__(self) -> None:
        whole = isinstance(self.nets, int) and not isinstance(self.nets, bool)
        right = whole and 1 <= self.nets <= MOST
        require(right, "networks", wanted=f"1 to {MOST:,}", given=self.nets)
        require(0 < self.solved <= 1, "solved", wanted="above 0, at most 1", given=self.solved)


@dataclass(frozen=True, kw_only=True)
class Step:
    """All nets after so many examples each. Where no points are held, test fields are NaN."""

    examples: int  # each net has seen, but those that broke
    params: NDArray[np.float64]  # (N, P)
    loss: NDArray[np.float64]  # (N,) training, without penalties
    accuracy: NDArray[np.float64]  # (N,) training
    test_loss: NDArray[np.float64]  # (N,)
    test_accuracy: NDArray[np.float64]  # (N,)
    solved: NDArray[np.bool_]  # (N,)
    solved_at: NDArray[np.int64]  # (N,) examples at the first step when it was; -1 never
    share: float  # of nets that are solved


def learn(
    points: Points | Sequence[Array],
    config: Config,
    *,
    generator: torch.Generator,
    device: torch.device | None = None,
) -> Iterator[Step]:
    """Train all nets side by side and tell of them in config.net.steps + 1 Steps.

    `device` None: the fastest. Raises SettingError where there is nothing to learn from.
    """
    points, net = still(Points(*points)), config.net  # looked through once, not once a net
    base = _base(generator)
    states = [_begin(points, config, base, i) for i in range(config.nets)]
    batch = min(net.batch, len(states[0].order))
    updates, done = -(-net.examples // batch), 0
    solved_at = np.full(config.nets, -1, np.int64)
    yield _step(0, _params(states), points, config, solved_at)
    engine = _engine(states, points, net, device or choose())
    next(engine)
    try:
        for i in range(1, net.steps + 1):
            wanted = i * updates // net.steps - done
            done += wanted
            yield _step(done * batch, engine.send(wanted), points, config, solved_at)
    finally:
        engine.close()


def state_of(points: Points, config: Config, i: int, *, generator: torch.Generator) -> State:
    """The state from which net `i` began, with a generator like the one `learn` was given."""
    return _begin(points, config, _base(generator), i)


def state_at(
    points: Points, config: Config, step: Step, i: int, *, generator: torch.Generator
) -> State:
    """Net `i` as it is at `step`, to go on from; what its optimiser remembered is not kept."""
    began = state_of(points, config, i, generator=generator)
    updates = step.examples // min(config.net.batch, len(began.order))
    params = step.params[i].copy()
    finite = bool(np.isfinite(params).all())
    return replace(began, params=params, examples=step.examples, updates=updates, finite=finite)


def work(config: Config) -> float:
    """Multiply-adds, about: three passes for every example."""
    return 3.0 * config.nets * train.work(config.net) * config.net.examples


def maps(
    params: Array, config: network.Config, extent: Sequence[float], side: int = 24
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What each net would say over `extent`: class and its probability, both (N, side, side).

    Row 0 is the top; a pixel stands for its middle.
    """
    pixels = redraw.middles(extent, side)
    o = scores(torch.from_numpy(np.asarray(params, np.float64)), config, torch.from_numpy(pixels.T))
    p = network.beliefs(o.transpose(1, 2).reshape(-1, config.classes).numpy(), config)
    p = p.reshape(len(params), side, side, config.classes)
    return p.argmax(axis=3), p.max(axis=3).astype(np.float32)


def _base(generator: torch.Generator) -> int:
    return int(torch.randint(2**62, (), generator=generator))


def _begin(points: Points, config: Config, base: int, i: int) -> State:
    return begin(points, config.net, generator=stream(base, i))


def _engine(
    states: list[State], points: Points, net: network.Config, device: torch.device
) -> Generator[NDArray[np.float64], int, None]:
    """A coroutine: is sent a number of updates, makes them, answers params (N, P)."""
    updates = yield np.empty(0)
    if device.type == "cpu":
        with ThreadPoolExecutor(THREADS) as pool:
            while True:
                # The engine holds no lock of Python's, so threads are as good as processes.
                states = list(
                    pool.map(lambda s, u=updates: compiled.advance(s, points, net, u), states)
                )
                updates = yield _params(states)
    crowd = Crowd(states, points, net, device=device)
    while True:
        crowd.advance(updates)
        updates = yield crowd.params().cpu().double().numpy()


def _params(states: list[State]) -> NDArray[np.float64]:
    return np.stack([state.params for state in states])


def _step(
    examples: int,
    params: NDArray[np.float64],
    points: Points,
    config: Config,
    solved_at: NDArray[np.int64],
) -> Step:
    """Notes in `solved_at` (N,) which nets have just made it."""
    net, held = config.net, points.held
    N, at = len(params), prepared(points)
    judged = [compiled.judge(own, at.x, at.y, net) for own in params]
    loss, right = (np.stack(parts) for parts in zip(*judged, strict=True))
    accuracy = right[:, ~held].mean(axis=1)
    solved_at[(solved_at < 0) & (accuracy >= config.solved)] = examples
    none = np.full(N, np.nan)
    tested = bool(held.any())
    with np.errstate(all="ignore"):  # of broken nets
        mean = loss[:, ~held].mean(axis=1)
        test = loss[:, held].mean(axis=1) if tested else none
    return Step(
        examples=examples,
        params=params,
        loss=mean,
        accuracy=accuracy,
        test_loss=test,
        test_accuracy=right[:, held].mean(axis=1) if tested else none,
        solved=solved_at >= 0,
        solved_at=solved_at.copy(),
        share=float((solved_at >= 0).mean()),
    )
