"""Jobs on a Dask cluster that is already there, for a server that has colleagues.

Set VITRINE_SCHEDULER to the scheduler's address. Workers must be able to import `core` (start
them in this folder, or with PYTHONPATH naming it) and do best with `--nthreads 1`: a job then
has a process of its own, and the nanny that watches it can end one that ignores its
cancellation without harm to others. Where a worker runs other work besides, or has no nanny,
such a job is forgotten but runs on.

News travels as Dask events under the client's own topic. The scheduler remembers the last
`distributed.admin.low-level-log-length` (1000) of them; lower that where steps are large.

Dask starts a task again when its worker dies. A job that took its worker down would take the
next one too, so a job leaves a mark at the scheduler before it begins; finding the mark, a
second start refuses.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Event, Future, get_worker

from core.errors import JobError, UnavailableError
from core.jobs.handle import GRACE, Handle
from core.jobs.messages import Begun, Message, Order, Outcome, pack, unpack
from core.jobs.work import perform

TIMEOUT = 5.0  # seconds to wait for the scheduler
GLANCE = 0.25  # seconds between two looks at whether somebody cancelled
LARGE = 2**20  # bytes of arguments above which they go to a worker, not through the scheduler
DIED = "its worker died"
LOST = "the connection to the scheduler was lost"
_log = logging.getLogger(__name__)


@dataclass
class _Job:
    handle: Handle
    future: Future | None = None
    worker: str | None = None
    reclaimed: bool = False
    over: threading.Event = field(default_factory=threading.Event)


class Cluster:
    """The engine of many machines."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._jobs: dict[str, _Job] = {}

    def warm(self) -> None:
        """Nothing to do: workers are warm when they have had their first job."""

    def alive(self) -> bool:
        """False once shut down or cut off from the scheduler."""
        return bool(self._client.status == "running")

    def submit(self, order: Order, handle: Handle) -> None:
        """Send a job. Raises JobError where the scheduler has gone since."""
        topic = self._client.id
        # Again for each job: a reconnected client has lost its subscriptions.
        self._client.subscribe_topic(topic, self._hear)
        self._client.subscribe_topic("all", self._watch)
        job = self._jobs[order.job_id] = _Job(handle)
        try:
            sent: Any = pack(order)
            if len(sent) > LARGE:
                sent = self._client.scatter(sent, hash=False)
            job.future = self._client.submit(
                _task, order.job_id, sent, topic, key=order.job_id, pure=False, retries=0
            )
        except OSError as error:
            del self._jobs[order.job_id]
            raise JobError(f"{order.title}: {LOST} ({error})") from error
        job.future.add_done_callback(lambda future: self._finished(job, future))

    def stop(self, job_id: str) -> None:
        """Make `cancelled()` true in the job."""
        self._reach(Event(_cancel(job_id), client=self._client).set)

    def end(self, job_id: str) -> None:
        """Stop the job in the background: ask, and restart its worker where that is no use."""
        job = self._jobs.get(job_id)
        if job is not None:
            job.reclaimed = True
            threading.Thread(target=self._reclaim, args=(job,), daemon=True).start()

    def shutdown(self) -> None:
        """Cancel every job and leave the cluster."""
        for job in list(self._jobs.values()):
            job.handle.kill()
        deadline = time.monotonic() + 2 * TIMEOUT
        while self._jobs and time.monotonic() < deadline:
            time.sleep(0.02)
        self._client.close()

    def _hear(self, event: tuple[float, Any]) -> None:
        """One event of our topic; the scheduler adds some of its own."""
        note = event[1]
        job = self._jobs.get(note["job"]) if "job" in note else None
        if job is None:
            return
        message: Message = unpack(note["body"])
        if isinstance(message, Begun):
            job.worker = message.where
        if isinstance(message, Outcome):
            job.over.set()
        job.handle.hear(message)

    def _watch(self, event: tuple[float, Any]) -> None:
        """One event of the cluster: see whether a worker of ours has gone."""
        note = event[1]
        if not isinstance(note, dict) or note.get("action") != "remove-worker":
            return
        for job in list(self._jobs.values()):
            if job.worker == note["worker"]:
                job.over.set()
                job.handle.hear(Outcome("failed", None, f"{DIED} ({job.worker})"))

    def _finished(self, job: _Job, future: Future) -> None:
        if job.reclaimed:
            return
        # A task that ended as it should has told its outcome before Dask calls it finished.
        told = f"Dask reports {future.exception()!r}" if future.status == "error" else LOST
        job.handle.hear(Outcome("failed", None, told))
        self._forget(job)

    def _reclaim(self, job: _Job) -> None:
        self.stop(job.handle.id)
        if job.future is not None:
            self._reach(job.future.cancel)
        if job.worker is not None and not job.over.wait(GRACE):
            self._restart(job.worker)
        self._forget(job)

    def _restart(self, worker: str) -> None:
        if self._client.processing([worker]).get(worker):
            _log.warning("A cancelled job still runs on %s beside others.", worker)
            return
        try:
            self._client.restart_workers([worker], timeout=TIMEOUT, raise_for_error=False)
        except (OSError, ValueError) as error:  # no nanny, or gone
            _log.warning("A cancelled job still runs on %s: %s", worker, error)

    def _forget(self, job: _Job) -> None:
        for name in (_cancel(job.handle.id), _mark(job.handle.id)):
            self._reach(Event(name, client=self._client).clear)
        self._jobs.pop(job.handle.id, None)

    def _reach(self, call: Callable[[], object]) -> None:
        """Call the scheduler; where it is gone there is nothing left to tell it."""
        if self.alive():
            with suppress(OSError):
                call()


def connect(address: str) -> Cluster:
    """The cluster at `address`. Raises UnavailableError where none answers within seconds."""
    try:
        return Cluster(Client(address, timeout=TIMEOUT, set_as_default=False, name="vitrine"))
    except (OSError, ValueError) as error:  # a timeout is an OSError
        raise UnavailableError(
            f"No Dask scheduler answers at VITRINE_SCHEDULER={address} ({error})."
        ) from error


def _cancel(job_id: str) -> str:
    return f"vitrine-cancel-{job_id}"


def _mark(job_id: str) -> str:
    return f"vitrine-begun-{job_id}"


def _task(job_id: str, order: bytes, topic: str) -> None:
    """On the worker: run the job, unless it has begun before."""
    worker = get_worker()

    def post(message: Message) -> None:
        worker.log_event(topic, {"job": job_id, "body": pack(message)})

    mark = Event(_mark(job_id))
    if mark.is_set():
        post(Outcome("failed", None, DIED))
        return
    mark.set()
    perform(unpack(order), where=worker.address, post=post, cancelled=_Glance(job_id))


class _Glance:
    """Whether the job has been cancelled, asked of the scheduler a few times a second."""

    def __init__(self, job_id: str) -> None:
        self._event = Event(_cancel(job_id))
        self._answer = False
        self._next = 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        if not self._answer and now >= self._next:
            self._answer = bool(self._event.is_set())
            self._next = now + GLANCE
        return self._answer
