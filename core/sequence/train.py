"""A net of recurrent cells learns to say which character comes next.

    L = -1/N sum log p(y_t), nats; over log 2 it is bits per character

Backpropagation through time, truncated: a row is worked off in chunks, and the state, but no
gradient, goes from one into the next. Gradients longer than `clip` are shortened to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.device import one_thread
from core.errors import require
from core.sequence import model
from core.sequence.model import Config, Net
from core.sequence.tasks import IGNORE, Sequences

VERSION = 1
SMALL = 64 * 64  # rows times units: below, a second thread costs more than it brings
TESTED = 64  # rows judged at a time

__all__ = ["VERSION", "Config", "Measure", "Step", "judge", "learn"]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How well a net does on some texts."""

    loss: float  # mean of all characters, nats
    accuracy: float  # share of the asked characters that were the likeliest, 0 to 1
    texts: float  # share of the texts in which all asked characters were, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Step:
    """A moment of a run."""

    updates: int
    characters: int  # learned from so far, with repetition
    loss: float | None  # mean of what was learned from since the Step before, nats; at first None
    length: float | None  # mean length of the gradient in that time, before clipping
    held_loss: float  # of the held texts, as Measure
    held_accuracy: float
    held_texts: float
    params: Tensor  # (P,) float32 on the CPU, see core.sequence.model
    finite: bool  # False: the numbers broke; this is the last step


def learn(
    data: Sequences,
    config: Config,
    *,
    generator: torch.Generator,
    device: torch.device | None = None,
) -> Iterator[Step]:
    """Learn from `data`, told in config.steps + 1 Steps; the first knows nothing yet.

    Raises SettingError where there is nothing to learn from.
    """
    rows, characters = len(data.x), len(data.vocabulary)
    require(rows > 0 and data.x.shape[1] > 0, "texts", wanted="at least one", given="none")
    device = device or torch.device("cpu")
    net = Net(config, characters).load(model.start(config, characters, generator=generator))
    net.to(device)
    net.rnn.flatten_parameters()
    optimiser = _optimiser(net, config)
    chunks = _chunks(data, config, generator, device)
    threads: Callable[[], AbstractContextManager[None]]
    threads = one_thread if config.units * min(config.batch, rows) <= SMALL else nullcontext
    seen, done, solved, state = 0, 0, 0, None
    yield _step(net, data, threads, 0, 0, None, None)
    for k in range(1, config.steps + 1):
        losses, lengths, counts = [], [], []
        with threads():
            while done < k * config.updates // config.steps:
                first, x, y, ends, count = next(chunks)
                optimiser.param_groups[0]["lr"] = rate(config, done)
                o, state = net(x, None if first else state, ends)
                loss = cross_entropy(o.flatten(0, 1), y.flatten(), ignore_index=IGNORE)
                optimiser.zero_grad()
                loss.backward()
                limit = config.clip if config.clip > 0 else math.inf
                length = torch.nn.utils.clip_grad_norm_(net.parameters(), limit)
                optimiser.step()
                state = None if state is None else tuple(one.detach() for one in state)
                losses.append(loss.detach())
                lengths.append(length)
                counts.append(count)
                done, seen = done + 1, seen + count
        mean = size = None
        if losses:  # asked of the device once a Step, not once an update
            share = torch.tensor(counts, dtype=torch.float64)
            mean = float((torch.stack(losses).double().cpu() * share).sum() / share.sum())
            size = float(torch.stack(lengths).double().mean())
        step = _step(net, data, threads, done, seen, mean, size)
        yield step
        solved = solved + 1 if step.held_texts == 1 else 0
        if not step.finite or 0 < config.enough <= solved:
            return


def rate(config: Config, done: int) -> float:
    """The learning rate of the update after `done` updates."""
    if not config.anneal:
        return config.rate
    # r_k = r (1 + 19 (1 + cos(pi k / K)) / 2) / 20
    share = (1 + math.cos(math.pi * done / config.updates)) / 2
    return config.rate * (1 + 19 * share) / 20


@torch.no_grad()
def judge(net: Net, x: Tensor, y: Tensor, asked: Tensor) -> Measure:
    """`net` on the texts x, y, asked (n, T): see Sequences."""
    total, count, right, wanted, whole = 0.0, 0, 0, 0, 0
    device = net.V.device
    for part, goal, ask in zip(*(t.split(TESTED) for t in (x, y, asked)), strict=True):
        o = net(part.to(device), None, _ends(net.config, goal))[0].cpu()
        total += float(
            cross_entropy(o.flatten(0, 1), goal.flatten(), ignore_index=IGNORE, reduction="sum")
        )
        count += int((goal != IGNORE).sum())
        hit = o.argmax(dim=-1) == goal
        right, wanted = right + int((hit & ask).sum()), wanted + int(ask.sum())
        whole += int((hit | ~ask).all(dim=1).sum())
    return Measure(
        loss=total / max(count, 1), accuracy=right / max(wanted, 1), texts=whole / max(len(x), 1)
    )


def _step(
    net: Net,
    data: Sequences,
    threads: Callable[[], AbstractContextManager[None]],
    updates: int,
    characters: int,
    loss: float | None,
    length: float | None,
) -> Step:
    params = net.flat()
    finite = bool(params.isfinite().all())
    with threads():
        held = judge(net, data.held_x, data.held_y, data.held_asked)
    return Step(
        updates=updates,
        characters=characters,
        loss=loss,
        length=length,
        held_loss=held.loss,
        held_accuracy=held.accuracy,
        held_texts=held.texts,
        params=params,
        finite=finite,
    )


def _chunks(
    data: Sequences, config: Config, generator: torch.Generator, device: torch.device
) -> Iterator[tuple[bool, Tensor, Tensor, Tensor | None, int]]:
    """Without end: whether it begins rows, x and y (batch, at most truncate), ends, characters."""
    rows, T = data.x.shape
    batch = min(config.batch, rows)
    while True:
        order = torch.randperm(rows, generator=generator)
        for k in range(0, rows - batch + 1, batch):
            picked = order[k : k + batch]
            x, y = data.x[picked], data.y[picked]
            filled = int((y != IGNORE).any(dim=0).nonzero().max()) + 1  # columns behind are empty
            for first in range(0, min(filled, T), config.truncate):
                part = slice(first, min(first + config.truncate, filled))
                goal = y[:, part]
                count = int((goal != IGNORE).sum())
                if count:
                    ends = _ends(config, goal)
                    yield first == 0, x[:, part].to(device), goal.to(device), ends, count


def _ends(config: Config, y: Tensor) -> Tensor | None:
    """(n,) where each row ends, for nets that read backwards; at least 1."""
    if not config.bidirectional:
        return None
    steps = torch.arange(1, y.shape[1] + 1)
    return ((y != IGNORE) * steps).amax(dim=1).clamp(min=1)


def _optimiser(net: Net, config: Config) -> torch.optim.Optimizer:
    if config.optimiser == "adam":
        return torch.optim.Adam(net.parameters(), lr=config.rate)
    if config.optimiser == "rmsprop":
        return torch.optim.RMSprop(net.parameters(), lr=config.rate)
    return torch.optim.SGD(net.parameters(), lr=config.rate, momentum=config.momentum)
