"""A net learns, and one unit of it is watched: the one that follows what its task is known for best.

A learner around core.sequence.train: the same run, and with every Step what it looks like over a
`probe`, a short text. Data is a pair of texts: what is learned from (empty for a language, whose
texts are drawn), and the probe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import require
from core.sequence import defaults, familiar, model, reader, tasks, trace, train, units
from core.sequence.model import Net
from core.sequence.saved import Saved
from core.sequence.tasks import Sequences
from core.sequence.units import Ranked
from core.sequence.vocabulary import Vocabulary, of

PROBE = 300  # characters of it that are looked at
ROWS = 32  # pieces that a text is cut into
LEAST = 500  # characters of a text that can be learned from


@dataclass(frozen=True, kw_only=True)
class Config:
    """`task` is one of tasks.TASKS, or empty where a text is given."""

    net: model.Config
    task: str = "counter"

    def __post_init__(self) -> None:
        known = self.task in tasks.TASKS or not self.task
        require(known, "task", wanted=f"one of {', '.join(tasks.TASKS)}", given=self.task)


@dataclass(frozen=True, kw_only=True)
class Step:
    """The numbers of train.Step, and the watched unit over the probe."""

    updates: int
    characters: int
    loss: float | None  # nats
    held_loss: float
    held_accuracy: float
    held_texts: float
    finite: bool
    params: Tensor  # (P,)
    unit: int | None  # None: no unit moves with what is looked for
    layer: int
    score: float  # |r| or F1, 0 to 1
    track: NDArray[np.float32]  # (T,) its state
    p: NDArray[np.float32]  # (T, K) what the net expects after each character


def learn(data: tuple[str, str], config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """train.learn, watched. Raises SettingError for a text that is too short."""
    text, probe = data
    learned = prepared(text, config, generator)
    for step in train.learn(learned, config.net, generator=generator):
        yield _watched(step, config, learned.vocabulary, probe[:PROBE])


def prepared(text: str, config: Config, generator: torch.Generator) -> Sequences:
    """What is learned from."""
    if config.task:
        return tasks.drawn(
            config.task, generator=generator, lines=defaults.LINES, examples=defaults.EXAMPLES
        )
    require(len(text) >= LEAST, "text", wanted=f"at least {LEAST} characters", given=len(text))
    rows = min(ROWS, max(1, len(text) // 200))
    return tasks.from_text(text, rows=rows, held=0.1)


def alphabet(text: str, config: Config) -> Vocabulary:
    """The characters that the net knows."""
    return tasks.alphabet(tasks.TASKS[config.task]) if config.task else of(text)


def saved(step: Any, text: str, config: Config, title: str) -> Saved:
    """The net of a Step, which may have travelled, so that its numbers are an array."""
    about = {"updates": step.updates, "bits": step.held_loss / np.log(2)}
    params = torch.as_tensor(np.array(step.params))
    return Saved(title, config.net, alphabet(text, config), params, config.task or None, about)


def _watched(step: train.Step, config: Config, known: Vocabulary, probe: str) -> Step:
    net = Net(config.net, len(known)).load(step.params)
    codes = known.encode(probe)
    asked = net.reader()
    layers = trace.trace(asked.stack, codes)
    best = _best(layers, config, probe) if step.finite else None
    where = units.Unit("b", 0) if best is None else best.where
    state = where if best else where._replace(signal=layers[0][0].names[-1])
    by = familiar.WANTED[config.task or None].by
    return Step(
        **{
            name: getattr(step, name)
            for name in (
                "updates", "characters", "loss", "held_loss", "held_accuracy", "held_texts",
                "finite", "params",
            )
        },
        unit=None if best is None else where.unit,
        layer=where.layer,
        score=0.0 if best is None else abs(getattr(best, by)),
        track=units.track(layers, state).astype(np.float32),
        p=reader.expected(asked, layers).astype(np.float32),
    )  # fmt: skip


def _best(layers: list[list[trace.Traced]], config: Config, probe: str) -> Ranked | None:
    aim = familiar.WANTED[config.task or None]
    target = familiar.target(probe, aim.pattern)
    claimed = target[np.isfinite(target)]
    if len(claimed) < 2 or (claimed == claimed[0]).all():
        return None
    return units.rank(layers, target, by=aim.by)[0]
