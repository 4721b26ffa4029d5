"""What a job costs: its start, cold and warm, and its end, beside a bare process.

    python tests/bench/bench_jobs.py

track_* measure once, time_* give the median of several. Seconds throughout.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core import jobs  # noqa: E402
from core.jobs.messages import pack  # noqa: E402
from core.jobs.work import Courier  # noqa: E402
from tests.core import job_functions as work  # noqa: E402

REPEATS = 15


def clock(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def median(call: Callable[[], object], repeats: int = REPEATS) -> float:
    return statistics.median(clock(call) for _ in range(repeats))


def one_job() -> None:
    assert jobs.submit(work.add, 1, 2).result(120) == 3


def one_process(method: str) -> None:
    context = multiprocessing.get_context(method)
    process = context.Process(target=pack, args=(0,))  # type: ignore[attr-defined]
    process.start()
    process.join()


def track_first_result() -> float:
    """From a cold engine to the first result, torch imported."""
    return clock(one_job)


def time_later_result() -> float:
    return median(one_job)


def time_first_step() -> float:
    """From submit to the first step of a learner seen by the visitor."""

    def first() -> None:
        handle = jobs.submit(work.count, 1000, 0.001)
        while not handle.snapshot().total:
            time.sleep(0.001)
        seen.append(time.perf_counter() - begun)
        handle.close()

    seen: list[float] = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        first()
    return statistics.median(seen)


def time_hard_kill() -> float:
    """From kill() to the process being gone."""
    seen = []
    for _ in range(REPEATS):
        handle = jobs.submit(work.rude, 60)
        while not handle.snapshot().total:
            time.sleep(0.001)
        (pid,) = handle.snapshot().steps
        begun = time.perf_counter()
        handle.kill()
        while _there(pid):
            time.sleep(0.0005)
        seen.append(time.perf_counter() - begun)
    return statistics.median(seen)


def time_emit() -> float:
    """One emit of a small step, as the job feels it."""
    courier = Courier(lambda message: None, keep=400)
    begun = time.perf_counter()
    for i in range(20_000):
        courier.emit(i)
    seconds = (time.perf_counter() - begun) / 20_000
    courier.close()
    return seconds


def time_bare_spawn() -> float:
    return median(lambda: one_process("spawn"), 5)


def time_bare_forkserver() -> float:
    return median(lambda: one_process("forkserver"))


def _there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    rows = [
        track_first_result,
        time_later_result,
        time_first_step,
        time_hard_kill,
        time_emit,
        time_bare_forkserver,
        time_bare_spawn,
    ]
    for measure in rows:
        print(f"{measure.__name__:24} {measure():10.6f} s", flush=True)
    jobs.shutdown()


if __name__ == "__main__":
    main()
