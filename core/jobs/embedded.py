"""Jobs on this machine: a process each, forked from a server that has torch loaded.

multiprocessing's forkserver imports torch and torch._dynamo once (some 5 s) and forks within
milliseconds from then on; where there is none (Windows) processes are spawned and each pays
for its own imports. At most `slots` jobs run at a time, the others wait in line. Jobs run at low
priority and with half the cores' torch threads, so that pages stay quick beside them.

A job ends with its server even where that was killed: it watches the pipe between them.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from core.errors import JobError, SettingError
from core.jobs.handle import Handle
from core.jobs.hidden_main import hidden_main
from core.jobs.messages import Message, Order, Outcome
from core.jobs.work import perform

SLOTS = "VITRINE_JOBS"
NICENESS = 10
PRELOAD = ["numpy", "torch", "torch._dynamo", "core.jobs.embedded"]
LINGER = 1.0  # seconds a process may take to leave after its outcome


def cores() -> int:
    """Processor cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def slots_wanted() -> int:
    """Jobs at a time: $VITRINE_JOBS, else all cores but one. Raises SettingError."""
    given = os.environ.get(SLOTS)
    if not given:
        return max(1, cores() - 1)
    if not given.isdecimal() or int(given) < 1:
        raise SettingError(SLOTS, wanted="a whole number of at least 1", given=given)
    return int(given)


@dataclass(frozen=True)
class _Running:
    process: BaseProcess
    pipe: Connection


@dataclass
class Embedded:
    """The engine of one machine."""

    slots: int = field(default_factory=slots_wanted)
    threads: int = field(default_factory=lambda: max(1, cores() // 2))

    def __post_init__(self) -> None:
        self._context = _context()
        self._orders: queue.SimpleQueue[tuple[Order, Handle] | None] = queue.SimpleQueue()
        self._serving = 0
        self._handles: dict[str, Handle] = {}
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        # multiprocessing reaps other threads' children while it starts one; see _reap.
        self._children = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Let the fork server load torch, in the background; returns at once."""
        if self._context.get_start_method() == "forkserver":
            from multiprocessing import forkserver

            with hidden_main():
                forkserver.ensure_running()

    def alive(self) -> bool:
        """False once shut down."""
        return not self._closed

    def submit(self, order: Order, handle: Handle) -> None:
        """Put a job in line. Raises JobError after shutdown."""
        with self._lock:
            if self._closed:
                raise JobError("Jobs have been shut down.")
            self._handles[handle.id] = handle
            self._orders.put((order, handle))
            if self._serving < self.slots:
                self._serving += 1
                threading.Thread(target=self._serve, name="vitrine-slot", daemon=True).start()

    def stop(self, job_id: str) -> None:
        """Make `cancelled()` true in the job."""
        with self._lock:
            running = self._running.get(job_id)
        if running is not None:
            with suppress(OSError):  # it has just ended
                running.pipe.send_bytes(b"stop")

    def end(self, job_id: str) -> None:
        """Kill the job's process."""
        with self._lock:
            running = self._running.get(job_id)
            if running is not None:
                running.process.kill()

    def shutdown(self) -> None:
        """Kill every job and take no more."""
        with self._lock:
            self._closed = True
            handles = list(self._handles.values())
            serving = self._serving
        for handle in handles:
            handle.kill()
        for _ in range(serving):
            self._orders.put(None)

    def _serve(self) -> None:
        while (entry := self._orders.get()) is not None:
            order, handle = entry
            if not handle.done():
                self._run(order, handle)
            with self._lock:
                del self._handles[handle.id]

    def _run(self, order: Order, handle: Handle) -> None:
        pipe, theirs = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_child, args=(theirs, order, self.threads), name=order.title, daemon=True
        )
        try:
            with self._children, hidden_main():
                process.start()
        except (OSError, EOFError) as error:
            pipe.close()
            handle.hear(Outcome("failed", None, f"no process could be started ({error})"))
            return
        finally:
            theirs.close()
        with self._lock:
            self._running[handle.id] = _Running(process, pipe)
        if handle.done():  # killed while it started
            process.kill()
        _listen(pipe, process, handle)
        with self._lock:
            del self._running[handle.id]
        handle.hear(Outcome("failed", None, farewell(self._reap(process))))
        pipe.close()

    def _reap(self, process: BaseProcess) -> int | None:
        if not wait([process.sentinel], LINGER):
            process.kill()
        wait([process.sentinel])
        # Reading an exit code consumes it: two threads at it would leave one empty-handed.
        with self._children:
            code = process.exitcode
            process.close()
        return code


def farewell(code: int | None) -> str:
    """Words for a process that left without an outcome, by its exit code."""
    if code is None or code >= 0:
        return f"its process ended by itself with exit code {code}"
    name = signal.Signals(-code).name
    why = " (killed, perhaps for want of memory)" if name == "SIGKILL" else ""
    return f"its process died of {name}{why}"


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


def _listen(pipe: Connection, process: BaseProcess, handle: Handle) -> None:
    """Pass on what arrives until the process has closed its end or is gone."""
    with suppress(EOFError, OSError):
        while True:
            # A child of the job may keep the pipe open after the job's death: watch both.
            if pipe in wait([pipe, process.sentinel]) or pipe.poll():
                handle.hear(pipe.recv())
            else:
                return


def _child(pipe: Connection, order: Order, threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    import torch

    torch.set_num_threads(threads)
    asked = threading.Event()
    threading.Thread(target=_heed, args=(pipe, asked), name="vitrine-watch", daemon=True).start()

    def post(message: Message) -> None:
        try:
            pipe.send(message)
        except OSError:  # the server is gone
            os._exit(1)

    perform(order, where=str(os.getpid()), post=post, cancelled=asked.is_set)


def _heed(pipe: Connection, asked: threading.Event) -> None:
    with suppress(EOFError, OSError):
        while pipe.recv_bytes():
            asked.set()
    os._exit(1)  # the server is gone, and nobody would see the rest
