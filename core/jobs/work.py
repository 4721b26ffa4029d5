"""What happens where a job runs: call its function, carry its steps away, catch its end.

The same on every engine: `post` takes messages to the server, `cancelled` tells whether
somebody asked to stop. News is gathered and posted at most 20 times a second, so a job may
emit as often as it likes; what the trace would thin out never travels (core.jobs.trace).
"""

from __future__ import annotations

import math
import threading
import traceback
from collections.abc import Callable

from core.device import to_host
from core.errors import JobCancelled, VitrineError, require
from core.jobs.messages import NO_TRAVEL, Begun, Message, Order, Outcome, Report, find, pack, unpack
from core.jobs.trace import Trace

PERIOD = 0.05  # seconds between two reports
Post = Callable[[Message], None]


class Courier:
    """Takes what a job emits and posts it from a thread of its own, so the job never waits."""

    def __init__(self, post: Post, keep: int) -> None:
        self._post = post
        self._steps: Trace[bytes] = Trace(keep)
        self._total = 0
        self._progress: float | None = None
        self._message: str | None = None
        self._news = False
        self._closing = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._carry, name="vitrine-courier", daemon=True)
        self._thread.start()

    def emit(
        self, step: object = None, *, progress: float | None = None, message: str | None = None
    ) -> None:
        """Show `step` to the visitor, with progress in [0, 1] and a few words if given.

        The step is copied at once and its tensors become arrays. Raises SettingError for a
        progress out of range, and what pickle raises for a step that cannot travel.
        """
        if progress is not None:
            inside = math.isfinite(progress) and 0 <= progress <= 1
            require(inside, "progress", wanted="a number from 0 to 1", given=progress)
        packed = None if step is None else pack(to_host(step))
        with self._changed:
            if packed is not None:
                self._steps.add(self._total, packed)
                self._total += 1
            self._progress = self._progress if progress is None else float(progress)
            self._message = self._message if message is None else message
            self._news = True
            self._changed.notify()

    def close(self) -> None:
        """Post what is left and stop."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._thread.join()

    def _carry(self) -> None:
        while not self._closing.is_set() or self._news:
            with self._changed:
                self._changed.wait_for(lambda: self._news or self._closing.is_set())
                steps, self._news = tuple(self._steps.take()), False
                report = Report(steps, self._total, self._progress, self._message)
            self._post(report)
            self._closing.wait(PERIOD)


def perform(order: Order, *, where: str, post: Post, cancelled: Callable[[], bool]) -> None:
    """Run `order` here and now and post everything that comes of it."""
    post(Begun(where))
    courier = Courier(post, order.keep)
    try:
        function = find(order.function)
        arguments = unpack(order.arguments)
        value = function(order.job_id, *arguments, emit=courier.emit, cancelled=cancelled)
        outcome = Outcome("done", pack(to_host(value)))
    except JobCancelled:
        outcome = Outcome("cancelled")
    # The job's boundary, as the frame is the page's: whatever went wrong in there is told.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        outcome = failure(error)
    courier.close()
    post(outcome)


def failure(error: BaseException) -> Outcome:
    """What is told of `error`: its words, where it happened and, if it is ours, itself."""
    trace = "".join(traceback.format_exception(error))
    if not isinstance(error, VitrineError):
        return Outcome("failed", None, f"{type(error).__name__}: {error}", trace)
    try:
        payload = pack(error)
        unpack(payload)
    except NO_TRAVEL:
        return Outcome("failed", None, f"{type(error).__name__}: {error}", trace)
    return Outcome("failed", payload, str(error), trace)
