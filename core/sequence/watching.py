"""A net learns, and one unit of it is watched: the one that follows what its task is known for best.

A learner around core.sequence.train: the same run, and with every Step what it looks like over a
`probe`, a short text. Data is a pair of texts: what is learned from (empty for a language, whose
texts are drawn), and the probe, see `probe`.
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
from core.sequence.familiar import Wanted
from core.sequence.model import Net
from core.sequence.saved import Saved
from core.sequence.tasks import Sequences
from core.sequence.vocabulary import Vocabulary, of

VERSION = 1
PROBE = 300  # characters of it that are looked at
SEARCHED = 20_000  # characters of a text among which the probe is looked for
ROWS = 32  # pieces that a text is cut into
LEAST = 500  # characters of a text that can be learned from
# what may be followed in a text: the first of these that is there
AIMS = (
    familiar.WANTED[None],
    Wanted("inside quotes", "f1"),
    Wanted("comment", "f1"),
    Wanted("position in line"),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """`task` is one of tasks.TASKS, or empty where a text is given."""

    net: model.Config = model.Config()
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


def probe(text: str, task: str) -> str:
    """PROBE characters to look at: of a language some texts of it, else a piece of `text`.

    It begins with a line, and as near to a half of it as can be is inside what is looked for.
    """
    if task:
        return familiar.sample(task)[:PROBE]
    text = text[:SEARCHED]
    aim = aimed(text, task)
    if aim is None or aim.by != "f1" or len(text) <= PROBE:
        return text[:PROBE]
    total = np.concatenate([[0.0], np.cumsum(familiar.target(text, aim.pattern) > 0)])
    starts = [0] + [t + 1 for t, c in enumerate(text) if c == "\n" and t + 1 + PROBE <= len(text)]
    first = min(starts, key=lambda t: abs(total[t + PROBE] - total[t] - PROBE / 2))
    return text[first : first + PROBE]


def aimed(text: str, task: str) -> Wanted | None:
    """What a unit is wanted to follow: a language's own, else the first of AIMS that `text` has."""
    for aim in (familiar.WANTED[task],) if task else AIMS:
        target = familiar.target(text, aim.pattern)
        claimed = target[np.isfinite(target)]
        if len(claimed) > 1 and (claimed != claimed[0]).any():
            return aim
    return None


def saved(step: Any, text: str, config: Config, title: str) -> Saved:
    """The net of a Step, which may have travelled, so that its numbers are an array."""
    about = {"updates": step.updates, "bits": step.held_loss / np.log(2)}
    params = torch.as_tensor(step.params).clone()
    return Saved(title, config.net, alphabet(text, config), params, config.task or None, about)


def _watched(step: train.Step, config: Config, known: Vocabulary, probe: str) -> Step:
    asked = Net(config.net, len(known)).load(step.params).reader()
    layers = trace.trace(asked.stack, known.encode(probe))
    aim = aimed(probe, config.task) if step.finite else None
    best = aim and units.rank(layers, familiar.target(probe, aim.pattern), by=aim.by)[0]
    where = best.where if best else units.Unit(_state(config.net), 0)
    return Step(
        updates=step.updates,
        characters=step.characters,
        loss=step.loss,
        held_loss=step.held_loss,
        held_accuracy=step.held_accuracy,
        held_texts=step.held_texts,
        finite=step.finite,
        params=step.params,
        unit=where.unit if best else None,
        layer=where.layer,
        score=abs(getattr(best, aim.by)) if best and aim else 0.0,
        track=units.track(layers, where).astype(np.float32),
        p=reader.expected(asked, layers).astype(np.float32),
    )


def _state(net: model.Config) -> str:
    return "s" if net.cell == "lstm" else "h"
