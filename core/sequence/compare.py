"""The relatives of the recurrent family at the same task, a run for each, told while they learn.

    remember : one symbol, then `lag` others of no matter; at their end the first is asked
    recall   : random symbols, and always the one `lag` steps ago is asked: `lag` are carried at a time
    counter, memoriser, adding, parity : languages; the next character is asked, over text lengths

In the first two every lag is learned anew. A language is learned once, on its own lengths, and asked
over those of `lags`. What lies in the past is a fair question to who also reads backwards; the next
character is not: it would be read, not foretold.

    accuracy : share of the asked characters of texts never learned from that are right, 0 to 1
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.rng import stream
from core.sequence import echo_state, model, tasks, train
from core.sequence.tasks import Sequences

VERSION = 1
SYMBOLS = "abcd"
LAGS = {"remember": tasks.remember, "recall": tasks.recall}
LANGUAGES = ("counter", "memoriser", "adding", "parity")
TASKS = (*LAGS, *LANGUAGES)
CHANCE = 1 / len(SYMBOLS)  # of who guesses, where a lag is asked
RELATIVES: dict[str, dict[str, Any]] = {
    "srn": {"cell": "srn"},
    "bidirectional": {"cell": "srn", "bidirectional": True},
    "deep": {"cell": "srn", "layers": 0},  # 0: as many as the Config says
    "deep bidirectional": {"cell": "srn", "layers": 0, "bidirectional": True},
    "gru": {"cell": "gru"},
    "lstm": {"cell": "lstm"},
    "peepholes": {"cell": "lstm", "peepholes": True},
}
ECHO = "echo state"
NAMES = (ECHO, *RELATIVES)
BACKWARDS = tuple(name for name, given in RELATIVES.items() if given.get("bidirectional"))
BATCH = 32
GOOD = 0.95  # accuracy from which a lag counts as mastered


@dataclass(frozen=True, kw_only=True)
class Config:
    """Who takes part, and in what."""

    task: str = "remember"
    relatives: tuple[str, ...] = (ECHO, "srn", "bidirectional", "deep", "gru", "lstm")
    lags: tuple[int, ...] = (1, 2, 4, 8, 16, 32)  # of a language: lengths of text
    seeds: int = 1
    units: int = 16  # of each layer and direction
    layers: int = 2  # of the deep ones
    updates: int = 400  # at most: who is right everywhere twice in a row stops
    rate: float = 0.01  # at first; falls along half a cosine
    forget_bias: float = 5.0  # of an LSTM at the start: with 1 half is forgotten within two steps
    reservoir: int = 200  # units of the echo state network
    steps: int = 8  # Steps told of a run, after the first
    enough: int = 2  # 0: nobody stops early
    timed: bool = True  # False: no seconds, and every Step is the same in every run

    def __post_init__(self) -> None:
        require(self.task in TASKS, "task", wanted=f"one of {', '.join(TASKS)}", given=self.task)
        known = bool(self.relatives) and set(self.relatives) <= set(NAMES)
        once = len(set(self.relatives)) == len(self.relatives)
        require(
            known and once, "networks", wanted=f"some of {', '.join(NAMES)}", given=self.relatives
        )
        fair = self.task in LAGS or not set(self.relatives) & set(BACKWARDS)
        require(
            fair, "networks", wanted="none that read the answer backwards", given=self.relatives
        )
        fit = bool(self.lags) and all(1 <= lag <= 100 for lag in self.lags)
        fit = fit and tuple(sorted(set(self.lags))) == self.lags
        require(fit, "lags", wanted="1 to 100 each, growing", given=self.lags)
        for name, value, least, most in (
            ("seeds", self.seeds, 1, 10),
            ("layers", self.layers, 2, 8),
            ("reservoir", self.reservoir, 1, 1000),
        ):
            whole = isinstance(value, int) and least <= value <= most
            require(whole, name, wanted=f"{least} to {most}", given=value)
        self.net("lstm")  # refuses what it does not know

    @property
    def runs(self) -> int:
        """How many nets are trained."""
        anew = len(self.lags) if self.task in LAGS else 1
        return len(self.relatives) * anew * self.seeds

    def net(self, relative: str) -> model.Config:
        """The settings of one that is trained by gradients."""
        given = dict(RELATIVES[relative])
        if "layers" in given:
            given["layers"] = self.layers
        return model.Config(
            units=self.units, updates=self.updates, rate=self.rate, anneal=True, batch=BATCH,
            forget_bias=self.forget_bias, steps=self.steps, enough=self.enough, **given,
        )  # fmt: skip

    def echo(self) -> echo_state.Config:
        """The settings of the echo state network: nearly linear, so that it remembers long."""
        return echo_state.Config(
            units=self.reservoir, radius=0.95, scale=0.1, ridge=1e-6, steps=min(2, self.steps)
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one net, trained with one seed, reached at one lag."""

    relative: str
    lag: int  # of a language: the length
    seed: int  # 0, 1, ...
    accuracy: float
    parameters: int  # numbers that were learned
    updates: int  # of an echo state network as many as its texts would have made
    seconds: float | None  # of training, on this machine


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Accuracy over updates of one run so far."""

    relative: str
    updates: tuple[int, ...]
    accuracy: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A moment of the contest: who is at work, and all that is known by now."""

    relative: str
    lag: int | None  # that is being learned; None for a language
    seed: int
    updates: int
    accuracy: float
    loss: float | None  # of held texts; of an echo state network the squared error
    runs: int  # that have ended
    results: tuple[Result, ...]
    curves: tuple[Curve, ...]  # of this lag and seed


def learn(
    data: Sequence[NDArray[np.int64]], config: Config, *, generator: torch.Generator
) -> Iterator[Step]:
    """All runs one after another: seed by seed, the short lags first, everybody at each.

    `data`: how many texts are learned from and how many are asked, one array of two. Texts and initial
    weights come from seeds that are drawn from `generator`. Raises SettingError for no texts.
    """
    examples, tests = (int(n) for n in data[0])
    base = int(torch.randint(2**31, (), generator=generator))
    results: list[Result] = []
    runs = 0
    for seed in range(config.seeds):
        for lag in config.lags if config.task in LAGS else (None,):
            texts = drawn(config.task, lag, examples, tests, seed=base + seed)
            asked = [
                (one, texts if lag else drawn(config.task, one, 1, tests, seed=base + seed))
                for one in ((lag,) if lag else config.lags)
            ]
            curves: list[Curve] = []
            for relative in config.relatives:
                source = stream(base + seed, relative, lag or 0)
                for run in _run(relative, texts, config, source):
                    curve = Curve(relative=relative, updates=run.updates, accuracy=run.accuracy)
                    ended = run.ended
                    if ended:
                        runs += 1
                        results += [
                            Result(
                                relative=relative,
                                lag=one,
                                seed=seed,
                                accuracy=run.accuracy[-1] if lag else _asked(run, data_of, config),
                                parameters=run.parameters,
                                updates=run.updates[-1],
                                seconds=run.seconds if config.timed else None,
                            )
                            for one, data_of in asked
                        ]
                    yield Step(
                        relative=relative,
                        lag=lag,
                        seed=seed,
                        updates=run.updates[-1],
                        accuracy=run.accuracy[-1],
                        loss=run.loss,
                        runs=runs,
                        results=tuple(results),
                        curves=(*curves, curve),
                    )
                    if ended:
                        curves.append(curve)


def drawn(task: str, lag: int | None, examples: int, tests: int, *, seed: int) -> Sequences:
    """The texts of a lag; of a language those of its own lengths, or asked at the length `lag`."""
    source = stream(seed, task, lag or 0)
    if task in LAGS:
        assert lag is not None
        return LAGS[task](lag, generator=source, examples=examples, tests=tests)
    lengths = None if lag is None else (lag,)
    return tasks.drawn(task, generator=source, examples=examples, tests=tests, held=lengths)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One training so far; `last` is the learner's own Step."""

    relative: str
    updates: tuple[int, ...] = ()
    accuracy: tuple[float, ...] = ()
    seconds: float = 0.0
    parameters: int = 0
    loss: float | None = None
    ended: bool = False
    last: train.Step | echo_state.Step | None = None


def _run(
    relative: str, data: Sequences, config: Config, generator: torch.Generator
) -> Iterator[_Run]:
    """The training of one, a _Run a Step; the last of them has `ended`."""
    steps: Iterator[Any]
    if relative == ECHO:
        steps = echo_state.learn(data, config.echo(), generator=generator)
    else:
        steps = train.learn(data, config.net(relative), generator=generator)
    run, told = _Run(relative=relative), None
    while True:
        began = time.perf_counter()  # what is done with a Step between is not training
        step: Any = next(steps, None)
        run = replace(run, seconds=run.seconds + time.perf_counter() - began)
        if step is None:
            break
        if told is not None:
            yield told
        run = _grown(run, step)
        told = run
    yield replace(run, ended=True)


def _grown(run: _Run, step: train.Step | echo_state.Step) -> _Run:
    if isinstance(step, echo_state.Step):
        updates, accuracy = -(-step.texts // BATCH), step.accuracy
        loss, size = step.error, step.W_out.size
    else:
        updates, accuracy = step.updates, step.held_accuracy
        loss, size = step.held_loss, len(step.params)
    return replace(
        run,
        updates=(*run.updates, updates),
        accuracy=(*run.accuracy, accuracy),
        parameters=size,
        loss=loss,
        last=step,
    )


def _asked(run: _Run, data: Sequences, config: Config) -> float:
    """The accuracy of a trained one on other texts."""
    if isinstance(run.last, echo_state.Step):
        right, wanted = 0, 0
        for x, y, ask in zip(data.held_x, data.held_y, data.held_asked, strict=True):
            told = echo_state.answers(run.last.reservoir, run.last.W_out, x.numpy()).argmax(axis=1)
            right += int((told == y.numpy())[ask.numpy()].sum())
            wanted += int(ask.sum())
        return right / max(wanted, 1)
    assert run.last is not None
    net = model.Net(config.net(run.relative), len(data.vocabulary)).load(run.last.params)
    return train.judge(net, data.held_x, data.held_y, data.held_asked).accuracy
