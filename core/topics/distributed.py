"""LDA by variational EM over the workers of the job engine (core.jobs), a pass at a time.

    E   each slice of the documents is a job: gamma of its documents, and its statistics
    M   here: statistics of all slices added up, then lambda, alpha and eta as in core.topics.lda

The same numbers as lda.learn from the same start, to 1e-9; alpha and eta, where they are learned, as
closely as Newton's method ends (1e-6): sums are of other parts, and rounded otherwise.

What a job is sent is its slice, its gamma and the topics (V, K); at most `at_once` slices are on
their way, so memory here is theirs and one pass' statistics beside `data`, whose arrays may be
np.memmap. This is for a cluster: on one machine every job is a process that has to start.

Run this where jobs are submitted: not in a job, as workers cannot have jobs of their own.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field

import numpy as np
import torch

from core import jobs
from core.errors import JobCancelled, JobError
from core.topics import lda
from core.topics.counts import Counts
from core.topics.lda import Statistics
from core.topics.settings import between, ready
from core.topics.step import Step
from core.topics.topics import Floats

VERSION = 1
POLL = 0.05  # seconds between two looks at what has become of the slices

Found = tuple[Statistics, Floats]  # of one slice: statistics, gamma


@dataclass(frozen=True, kw_only=True)
class Config:
    """The model, and how it is shared out."""

    model: lda.Config = field(default_factory=lda.Config)
    slices: int = 8  # jobs a pass, each of about as many words; at most one a document
    at_once: int = 16  # slices on their way at a time

    def __post_init__(self) -> None:
        between("slices", self.slices, 1, 100_000, whole=True)
        between("at once", self.at_once, 1, 10_000, whole=True)


def never() -> bool:
    """Nobody asks to stop."""
    return False


def learn(
    data: Counts, config: Config, *, generator: torch.Generator,
    cancelled: Callable[[], bool] = never,
) -> Iterator[Step]:  # fmt: skip
    """Steps of lda.learn. `cancelled` is asked some times a second.

    Raises SettingError where there is nothing to learn from, JobCancelled when asked to stop,
    UnavailableError where the cluster cannot be reached, and JobError, with the slice and its
    cause, where one fails; jobs that still run are then killed.
    """
    ready(data)
    if multiprocessing.current_process().daemon:
        raise JobError("A fit over many workers cannot be started by a worker.")
    parts = slices(data, config.slices)

    def find(iteration: int, alpha: Floats, beta: Floats, gamma: Floats) -> Statistics:
        return _e_step(data, parts, alpha, beta, gamma, config, iteration, cancelled)

    yield from lda.passes(data, config.model, find, generator=generator)


def slices(data: Counts, many: int) -> list[tuple[int, int]]:
    """First document, and one past the last, of up to `many` slices with about as many words."""
    D = len(data)
    marks = np.searchsorted(data.indptr, np.arange(1, many) * (len(data.words) / many))
    edges = np.unique(np.concatenate([[0], np.clip(marks, 0, D), [D]])).tolist()
    return list(zip(edges[:-1], edges[1:], strict=True))


def slice_job(
    job_id: str, part: Counts, alpha: Floats, beta: Floats, gamma: Floats, inner: int, *,
    emit: Callable[..., None], cancelled: Callable[[], bool],
) -> Found:  # fmt: skip
    """On a worker: the E-step of one slice."""
    return lda.e_step(part, alpha, beta, gamma, inner), gamma


def _e_step(
    data: Counts, parts: list[tuple[int, int]], alpha: Floats, beta: Floats, gamma: Floats,
    config: Config, iteration: int, cancelled: Callable[[], bool],
) -> Statistics:  # fmt: skip
    """Improve gamma (D, K) in place; the statistics of all slices, added up in their order."""
    # Workers need no words, and a vocabulary may be most of what is sent.
    unnamed = ("",) * len(data.vocabulary)

    def submit(k: int) -> jobs.Handle:
        first, last = parts[k]
        span = slice(int(data.indptr[first]), int(data.indptr[last]))
        indptr = data.indptr[first : last + 1] - data.indptr[first]
        part = Counts(indptr, np.array(data.words[span]), np.array(data.counts[span]), unnamed)
        title = f"LDA, pass {iteration + 1}, slice {k + 1} of {len(parts)}"
        sent = (part, alpha, beta, gamma[first:last], config.model.inner)
        return jobs.submit(slice_job, *sent, title=title)

    total = None
    with closing(_in_order(submit, len(parts), config.at_once, cancelled)) as results:
        for (first, last), (found, theirs) in zip(parts, results, strict=True):
            gamma[first:last] = theirs
            total = found if total is None else total + found
    assert total is not None
    return total


def _in_order(
    submit: Callable[[int], jobs.Handle], many: int, at_once: int, cancelled: Callable[[], bool]
) -> Generator[Found, None, None]:
    """Results of jobs 0 .. many - 1, of which `at_once` run at a time; kills the rest at its end."""
    waiting: deque[jobs.Handle] = deque()
    begun = 0
    try:
        for k in range(many):
            while begun < min(many, k + at_once):
                waiting.append(submit(begun))
                begun += 1
            yield _first(waiting, cancelled)
            waiting.popleft().close()
    finally:
        for handle in waiting:
            handle.close()


def _first(waiting: deque[jobs.Handle], cancelled: Callable[[], bool]) -> Found:
    """The result of the first; raises what any of them has failed with."""
    while True:
        if cancelled():
            raise JobCancelled("The fit was stopped.")
        for handle in waiting:
            if handle.snapshot().state in ("failed", "cancelled"):
                handle.result()
        with suppress(TimeoutError):
            found: Found = waiting[0].result(POLL)
            return found
