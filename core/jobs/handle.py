"""The visitor's end of a job: look at it, stop it, take its result, forget it.

    queued ──> running ──> done | failed | cancelled

A handle may be used from any number of threads. Engines tell it what happens through
`hear`; whatever arrives after the end is ignored.
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from core.errors import JobCancelled, JobError
from core.jobs.messages import Begun, Message, Outcome, Report, State, unpack
from core.jobs.trace import STEPS, Trace

GRACE = 2.0  # seconds between the request to stop and the kill


class Control(Protocol):
    """What a handle needs of its engine."""

    def stop(self, job_id: str) -> None:
        """Ask the job to stop; `cancelled()` becomes true in it."""

    def end(self, job_id: str) -> None:
        """Stop the job, or never start it, whatever it does."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A job as it stands.

    `steps[k]` is step number `indices[k]` of the `total` emitted so far. `progress` lies in
    [0, 1] or is None where the job told none; `seconds` counts from the first call.
    """

    state: State
    progress: float | None
    message: str | None
    steps: tuple[Any, ...]
    indices: tuple[int, ...]
    total: int
    error: str | None
    seconds: float

    @property
    def over(self) -> bool:
        """True once nothing more will come."""
        return self.state in ("done", "failed", "cancelled")


class _Step:
    """A step as it came, rebuilt when somebody first looks at it."""

    def __init__(self, packed: bytes) -> None:
        self._packed: bytes | None = packed
        self._value: Any = None

    def value(self) -> Any:
        if self._packed is not None:
            self._value, self._packed = unpack(self._packed), None
        return self._value


class Handle:
    """One job. Made by `core.jobs.submit`."""

    def __init__(self, engine: Control, title: str, keep: int = STEPS) -> None:
        self.id = uuid.uuid4().hex
        self.title = title
        self._engine = engine
        self._changed = threading.Condition()
        self._state: State = "queued"
        self._asked = False
        self._killer: threading.Timer | None = None
        self._trace: Trace[_Step] = Trace(keep)
        self._report = Report((), 0, None, None)
        self._outcome: Outcome | None = None
        self._began: float | None = None
        self._ended: float | None = None

    def snapshot(self, since: int = 0) -> Snapshot:
        """The job now, with the kept steps from number `since` on.

        From 0 this is the evenly thinned whole, from the `total` of the last snapshot what is
        new. A step is rebuilt once: later snapshots hold the same object, so do not change it.
        """
        with self._changed:
            kept = self._trace.since(since)
            outcome, report = self._outcome, self._report
            until = self._ended or time.monotonic()
            return Snapshot(
                state=self._state,
                progress=report.progress,
                message=report.message,
                steps=tuple(step.value() for _, step in kept),
                indices=tuple(index for index, _ in kept),
                total=report.total,
                error=outcome.error if outcome else None,
                seconds=until - self._began if self._began else 0.0,
            )

    def done(self) -> bool:
        """True once the job is done, failed or cancelled."""
        return self._outcome is not None

    def cancel(self, grace: float = GRACE) -> None:
        """Ask the job to stop; kill it where it has not within `grace` seconds."""
        with self._changed:
            if self._outcome is not None or self._asked:
                return
            self._asked = True
            waiting = self._state == "queued"
            if not waiting:
                self._killer = threading.Timer(grace, self.kill)
                self._killer.daemon = True
                self._killer.start()
        if waiting:
            self.kill()
        else:
            self._engine.stop(self.id)

    def kill(self) -> None:
        """End the job now."""
        if self._settle(Outcome("cancelled")):
            self._engine.end(self.id)

    def close(self) -> None:
        """Kill the job if it still runs and let go of its steps; any number of times."""
        self.kill()
        with self._changed:
            self._trace.clear()

    def result(self, timeout: float | None = None) -> Any:
        """What the job's function returned, tensors turned into arrays.

        Raises the VitrineError that the job raised, JobError with the cause's words for any
        other failure (the job's own traceback stands in the notes of either), JobCancelled
        where it was stopped, TimeoutError where it is not over after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(self.done, timeout):
                raise TimeoutError(f"{self.title}: still {self._state} after {timeout} s")
            outcome = self._outcome
        assert outcome is not None
        if outcome.state == "cancelled":
            raise JobCancelled(f"{self.title} was stopped.")
        value = unpack(outcome.payload) if outcome.payload is not None else None
        if outcome.state == "done":
            return value
        error = value or JobError(f"{self.title}: {outcome.error}")
        if outcome.trace:
            error.add_note(f"In the job:\n{outcome.trace}")
        raise error

    def hear(self, message: Message) -> None:
        """Take what the engine brings."""
        if isinstance(message, Outcome):
            self._settle(message)
            return
        with self._changed:
            if self._outcome is not None:
                return
            if isinstance(message, Begun):
                self._state, self._began = "running", time.monotonic()
            else:
                self._report = message
                for index, packed in message.steps:
                    self._trace.add(index, _Step(packed))

    def _settle(self, outcome: Outcome) -> bool:
        with self._changed:
            if self._outcome is not None:
                return False
            # Asked to stop, a job may still return a value or stumble: it was stopped.
            self._outcome = Outcome("cancelled") if self._asked else outcome
            self._state = self._outcome.state
            self._ended = time.monotonic()
            if self._killer is not None:
                self._killer.cancel()
            self._changed.notify_all()
            return True
