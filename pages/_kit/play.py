"""Runs a learner, shows it while it learns, keeps its trace.

A learner that ends in about two seconds is advanced in place, a frame at a time; a longer one
runs as a job in another process. Either way the page's `draw` is called for every frame with the
trace so far, inside a fragment: only that part of the page is redrawn, and moving a control
anywhere starts the new run at once and stops the old one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any

import streamlit as st

from core import jobs
from core.device import one_thread, to_host
from core.errors import JobCancelled, VitrineError
from core.jobs.learning import learn_job
from core.rng import stream
from core.store import fingerprint
from pages._kit import frame

TICK = 0.05  # seconds between two frames: at most 20 a second
FILM = 0.45  # seconds: how long the film of a run in place takes, where the browser keeps up
LEAST = 5  # frames that a run in place is seen in, however late the browser asks for them
PATIENCE = 1.5  # seconds until a run in place goes on although nobody has seen its last frame
IN_PLACE = 2.0  # seconds; what is thought to take longer becomes a job
SPEED = 3e10  # multiply-adds a second that any machine of today is trusted with


@dataclass(frozen=True)
class Trace:
    """What `draw` is given: the steps so far, and whether more will come.

    `settled` comes a frame after `finished`, when the browser has shown the last step: the time
    for all that needs the whole run. `calm` is the time for what the run does not change and the
    browser is slow to draw: at once beside a job, after a film that takes less than a second.
    """

    steps: Sequence[Any]
    finished: bool
    settled: bool
    calm: bool

    @property
    def frame(self) -> int | None:
        """The number of this frame, for a stage to say that it has drawn it; None for the last."""
        return None if self.settled else len(self.steps)


@dataclass
class Run:
    """One learner on one input. `steps` grows until `finished`."""

    identity: tuple[object, ...]
    total: int
    steps: list[Any] = field(default_factory=list)
    finished: bool = False
    settled: bool = False
    error: VitrineError | None = None
    bug: Exception | None = None
    generator: Iterator[Any] | None = None
    job: jobs.Handle | None = None
    shown: float = 0.0
    # A rerun can begin while the script before it still learns: only one of them may.
    busy: Lock = field(default_factory=Lock)

    def advance(self) -> None:
        """Take in what has been learned since the last frame, or learn one frame's worth."""
        if self.finished or not self.busy.acquire(blocking=False):
            return
        try:
            if self.job is not None:
                self._listen(self.job)
            elif self.generator is not None:
                before = len(self.steps)
                with one_thread():
                    for step in islice(self.generator, self._due()):
                        self.steps.append(to_host(step))
                grown = len(self.steps) > before
                self.finished |= not grown or len(self.steps) >= self.total
        except VitrineError as error:
            self.error = error
            self.finished = True
        except Exception as bug:  # noqa: BLE001 - kept for the frame, which shows and logs it
            self.bug = bug  # raised by every redraw until something is changed
            self.finished = self.settled = True
        finally:
            self.busy.release()
        if self.finished:
            self.close()

    def _due(self) -> int:
        """Steps to learn for this frame: as many as the film should have moved on since the last."""
        now = time.monotonic()
        elapsed, self.shown = now - self.shown, now
        moved = round(elapsed / min(TICK, FILM / self.total))
        return min(max(1, moved), math.ceil(self.total / LEAST))

    def _listen(self, job: jobs.Handle) -> None:
        shot = job.snapshot(since=0)
        self.steps = list(shot.steps)
        if shot.state in ("done", "failed", "cancelled"):
            self.finished = True
            job.result(timeout=1)  # raises what went wrong

    def trace(self) -> Trace:
        """What is known so far."""
        calm = self.settled or self.job is not None
        return Trace(tuple(self.steps), self.finished, self.settled, calm)

    def close(self) -> None:
        """Stop learning; what was learned stays. Safe to call twice, and from any thread."""
        self.finished = True
        if self.job is not None:
            self.job.close()
        elif self.generator is not None and self.busy.acquire(blocking=False):
            # While it is busy, `advance` closes it when the step at hand is done.
            self.generator.close()  # type: ignore[attr-defined]
            self.busy.release()


def play(
    name: str,
    learn: Callable[..., Iterator[Any]],
    data: Sequence[Any],
    config: Any,
    *,
    seed: int,
    total: int,
    work: float,
    draw: Callable[[Trace], None],
) -> Trace:
    """Learn from `data` and call `draw` for every frame; afterwards, for every redraw.

    `total` is the number of steps `learn` yields, `work` its multiply-adds, about. The same
    learner, data, config and seed are not learned twice in a row. Gives the trace so far, for
    what the page shows outside the frame: that part is drawn when the first step is there and
    when the run has settled.
    """
    run = _run(name, learn, data, config, seed=seed, total=total, work=work)

    # A stage component asks for the next frame when it has drawn the last: a film that is played to
    # a browser still busy with itself would be over before anybody saw it.
    every = TICK if run.job is not None else PATIENCE
    whole_page = True

    @st.fragment(run_every=None if run.settled else every)
    def stage() -> None:
        begun, shown = bool(run.steps), run.finished
        with frame.guard():
            run.advance()
            if run.bug is not None:
                raise run.bug
            if run.finished and not run.settled and (shown or whole_page):
                run.settled = True
                st.rerun()  # all of the page, and without the timer
            if bool(run.steps) > begun and not whole_page:
                st.rerun()
            _status(name, run)
            if run.steps:
                draw(run.trace())

    stage()
    whole_page = False
    return run.trace()


def scrub(trace: Trace, *, first: int, unit: str) -> Any:
    """The step to show of those from number `first` on: the newest, or what the slider says.

    The slider is there once the run has settled, and its place is kept in the link.
    """
    steps = trace.steps[first:]
    if not trace.settled or len(steps) < 2:
        return steps[-1]
    last = len(steps) - 1
    at = st.slider(unit, 0, last, last, key=unit.lower(), bind="query-params")
    return steps[at]


def _run(
    name: str,
    learn: Callable[..., Iterator[Any]],
    data: Sequence[Any],
    config: Any,
    *,
    seed: int,
    total: int,
    work: float,
) -> Run:
    runs = _runs()
    identity = (learn.__module__, learn.__qualname__, config, fingerprint(*data), seed)
    run = runs.get(name)
    if run is not None and run.identity == identity:
        return run
    if run is not None:
        run.close()
    run = Run(identity=identity, total=total)
    if work / SPEED > IN_PLACE:
        run.job = jobs.submit(learn_job, learn, data, config, seed, total, title=name)
    else:
        run.generator = learn(data, config, generator=stream(seed, learn.__module__))
    runs[name] = run
    return run


def _close(runs: dict[str, Run]) -> None:
    for run in runs.values():
        if not run.finished:
            run.close()
            run.identity = ()  # a visitor who comes back after a lost connection starts anew
    runs.clear()


@st.cache_resource(scope="session", on_release=_close, show_spinner=False)
def _runs() -> dict[str, Run]:
    """This visitor's runs, one a name; closed within moments of the tab."""
    return {}


def _status(name: str, run: Run) -> None:
    """Progress and a way out while a job runs; why it stopped when it did."""
    if run.error is not None:
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            if isinstance(run.error, JobCancelled):
                st.info("Stopped. What was learned until then is shown.", icon=":material/stop:")
            else:
                frame.report(run.error)
        if right.button("Run again", key=f"again-{name}"):
            _runs().pop(name, None)
            st.rerun()
    elif run.job is not None and not run.finished:
        shot = run.job.snapshot(since=len(run.steps))
        left, right = st.columns([5, 1], vertical_alignment="center")
        done = len(run.steps)
        text = f"Step {done} of {run.total}" if done else "Preparing"
        if shot.state == "queued":
            text = "Waiting for a free worker"
        left.progress(min(1.0, shot.progress or 0.0), text=shot.message or text)
        right.button("Cancel", key=f"cancel-{name}", on_click=run.job.cancel)
