"""Long work in another process, so that one visitor's training never stalls another's page.

    handle = submit(learn_job, "core.features.spherical_kmeans:learn", patches, config, seed)
    handle.snapshot()    state, progress, message, steps so far, error, seconds
    handle.cancel()      ask, then kill          handle.result()    value or exception
    handle.close()       what a closed tab calls

A job is a function at the top level of an importable module:

    fn(job_id, *args, emit, cancelled) -> result
    emit(step=None, *, progress=None, message=None)     as often as it likes
    cancelled() -> bool                                 look now and then, and return

The same functions run on two engines: processes of this machine (core.jobs.embedded), or a
Dask cluster where $VITRINE_SCHEDULER holds its address (core.jobs.cluster). Steps and results
arrive as plain data and NumPy arrays. Of many steps an evenly thinned few hundred are kept
(core.jobs.trace); of up to 400, all.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any, Protocol

from core.errors import UnavailableError, require
from core.jobs.embedded import Embedded
from core.jobs.handle import Control, Handle, Snapshot
from core.jobs.learning import learn_job
from core.jobs.messages import Order, State, name_of, pack_arguments
from core.jobs.trace import STEPS

__all__ = ["Handle", "Snapshot", "State", "engine", "learn_job", "shutdown", "submit", "warm"]

SCHEDULER = "VITRINE_SCHEDULER"
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_engine: Engine | None = None


class Engine(Control, Protocol):
    """A place where jobs run."""

    def submit(self, order: Order, handle: Handle) -> None:
        """Take a job; `handle` hears of it from now on."""

    def warm(self) -> None:
        """Prepare for the first job."""

    def alive(self) -> bool:
        """Whether the engine can take a job."""

    def shutdown(self) -> None:
        """Kill every job and take no more."""


def submit(fn: Callable[..., Any], *args: Any, title: str = "", keep: int = STEPS) -> Handle:
    """Have `fn(job_id, *args, emit=..., cancelled=...)` run elsewhere and return at once.

    At most `keep` of its steps are kept. Raises SettingError where the function or an argument
    cannot travel to another process, UnavailableError where the cluster cannot be reached.
    """
    require(callable(fn), "job function", wanted="a function", given=fn)
    function = name_of(fn)
    arguments = pack_arguments(args)
    chosen = engine()
    handle = Handle(chosen, title or function.partition(":")[2], keep)
    order = Order(
        job_id=handle.id, title=handle.title, function=function, arguments=arguments, keep=keep
    )
    chosen.submit(order, handle)
    return handle


def engine() -> Engine:
    """The engine in use, made at the first call. Raises as `submit` does."""
    global _engine
    with _lock:
        if _engine is None or not _engine.alive():
            _engine = _make()
        return _engine


def warm() -> threading.Thread:
    """Prepare the engine in the background, at the start of the server."""
    thread = threading.Thread(target=_warm, name="vitrine-warm", daemon=True)
    thread.start()
    return thread


def shutdown() -> None:
    """Kill every job. The next `submit` starts afresh and reads the environment again."""
    global _engine
    with _lock:
        old, _engine = _engine, None
    if old is not None:
        old.shutdown()


def _make() -> Engine:
    address = os.environ.get(SCHEDULER)
    if not address:
        return Embedded()
    # Imported here: who needs no cluster need not wait for it.
    from core.jobs.cluster import connect

    return connect(address)


def _warm() -> None:
    try:
        engine().warm()
    except UnavailableError as error:
        _log.warning("%s", error)
