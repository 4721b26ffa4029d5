"""Jobs: the trace, the handle, and processes of this machine. Both engines: test_jobs_cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core import jobs
from core.errors import JobCancelled, JobError, SettingError, UnavailableError
from core.jobs.embedded import NICENESS, Embedded, farewell, slots_wanted
from core.jobs.handle import Handle
from core.jobs.hidden_main import hidden_main
from core.jobs.messages import Begun, Order, Outcome, Report, name_of, pack, pack_arguments
from core.jobs.trace import Trace, stride
from core.jobs.work import Courier
from tests.core import job_functions as work

ROOT = Path(__file__).parents[2]
needs_forkserver = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(),
    reason="this platform has no forkserver",
)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for `condition`, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def gone(pid: int) -> bool:
    """Whether no process has this id any more; a zombie counts as gone."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


# --- the trace ---------------------------------------------------------------------------


def plain_thinning(total: int, limit: int) -> list[int]:
    """The rule of core.jobs.trace, spelled out."""
    s = 1
    while len(kept := sorted({*range(0, total, s), total - 1})) > limit:
        s *= 2
    return kept


@given(total=st.integers(1, 700), limit=st.integers(2, 40), data=st.data())
def test_trace_keeps_the_same_steps_however_they_travelled(
    total: int, limit: int, data: st.DataObject
) -> None:
    there: Trace[int] = Trace(limit)
    here: Trace[int] = Trace(limit)
    for i in range(total):
        there.add(i, 10 * i)
        assert len(there) <= limit
        if data.draw(st.booleans()) or i == total - 1:
            for index, item in there.take():
                here.add(index, item)
            assert len(here) <= limit
    wanted = plain_thinning(total, limit)
    assert here.since(0) == [(i, 10 * i) for i in wanted]
    assert here.since(total // 2) == [(i, 10 * i) for i in wanted if i >= total // 2]


def test_stride_by_hand() -> None:
    # room for 4: 0123 | 024 | 0245 | 0246 | 047 | 048 ... 0 4 8 9
    assert [stride(i, 4) for i in range(10)] == [1, 1, 1, 1, 2, 2, 2, 4, 4, 4]


def test_trace_needs_room_for_first_and_last() -> None:
    with pytest.raises(SettingError, match="keep"):
        Trace(1)


# --- the courier -------------------------------------------------------------------------


def test_courier_posts_no_more_than_twenty_times_a_second_and_loses_no_step() -> None:
    posted: list[Report] = []
    courier = Courier(posted.append, keep=400)  # type: ignore[arg-type]
    begun = time.monotonic()
    for i in range(300):
        courier.emit(i, progress=i / 300)
        time.sleep(0.001)
    courier.close()
    most = (time.monotonic() - begun) / 0.05 + 2
    assert 3 <= len(posted) <= most
    assert [i for report in posted for i, _ in report.steps] == list(range(300))
    assert posted[-1].total == 300 and posted[-1].progress == 299 / 300


def test_courier_posts_the_last_news_without_a_further_emit() -> None:
    posted: list[Report] = []
    courier = Courier(posted.append, keep=400)  # type: ignore[arg-type]
    courier.emit("a")
    courier.emit("b")
    until(lambda: posted and posted[-1].total == 2, 2)
    courier.close()


@pytest.mark.parametrize("progress", [-0.1, 1.1, float("nan"), float("inf")])
def test_progress_out_of_range_is_refused(progress: float) -> None:
    courier = Courier(lambda message: None, keep=2)
    with pytest.raises(SettingError, match="progress"):
        courier.emit(progress=progress)
    courier.close()


# --- what may travel ---------------------------------------------------------------------


def _closure() -> Callable[..., None]:
    def inner(job_id: str, **_: object) -> None: ...

    return inner


class _Holder:
    def method(self, job_id: str) -> None: ...


@pytest.mark.parametrize(
    "refused",
    [
        lambda job_id, **_: None,
        _closure(),
        _Holder.method,
        _Holder().method,
        _Holder,
        partial(work.add, "x"),
        "no colon",
        "",
        len,
    ],
    ids=str,
)
def test_functions_that_cannot_be_imported_elsewhere_are_refused(refused: object) -> None:
    with pytest.raises(SettingError, match="job function"):
        jobs.submit(refused)  # type: ignore[arg-type]


def test_functions_of_the_running_script_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work.add, "__module__", "__main__")
    with pytest.raises(SettingError, match="importable module"):
        jobs.submit(work.add, 1, 2)


def test_a_function_is_named_by_its_module() -> None:
    assert name_of(work.add) == "tests.core.job_functions:add"
    assert name_of("core.jobs.learning:learn_job") == "core.jobs.learning:learn_job"


@pytest.mark.parametrize("stuck", [lambda: None, threading.Lock(), iter(lambda: 0, 1)])
def test_arguments_that_cannot_travel_are_refused(stuck: object) -> None:
    with pytest.raises(SettingError, match="arguments"):
        jobs.submit(work.add, stuck, 2)


# --- the handle --------------------------------------------------------------------------


class Silent:
    """An engine that only writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def stop(self, job_id: str) -> None:
        self.asked.append("stop")

    def end(self, job_id: str) -> None:
        self.asked.append("end")


def test_snapshot_tells_what_was_heard() -> None:
    handle = Handle(Silent(), "a job")
    assert handle.snapshot() == jobs.Snapshot(
        state="queued", progress=None, message=None, steps=(), indices=(), total=0, error=None,
        seconds=0.0,
    )  # fmt: skip
    handle.hear(Begun("here"))
    handle.hear(Report(((0, pack("a")), (1, pack("b"))), 2, 0.5, "half"))
    now = handle.snapshot(since=1)
    assert (now.state, now.progress, now.message, now.total) == ("running", 0.5, "half", 2)
    assert (now.steps, now.indices) == (("b",), (1,))
    assert not now.over and not handle.done()
    handle.hear(Outcome("done", pack(7)))
    time.sleep(0.02)
    end = handle.snapshot()
    assert end.over and end.state == "done" and handle.result() == 7
    assert 0 < end.seconds == handle.snapshot().seconds


def test_a_step_is_rebuilt_once() -> None:
    handle = Handle(Silent(), "a job")
    handle.hear(Report(((0, pack(np.arange(3))),), 1, None, None))
    (step,) = handle.snapshot().steps
    np.testing.assert_array_equal(step, [0, 1, 2])
    assert handle.snapshot().steps[0] is step


def test_nothing_is_heard_after_the_end() -> None:
    handle = Handle(Silent(), "a job")
    handle.hear(Outcome("done", pack(1)))
    handle.hear(Begun("here"))
    handle.hear(Report(((0, pack("a")),), 1, 1.0, "late"))
    handle.hear(Outcome("failed", None, "late"))
    handle.kill()
    after = handle.snapshot()
    assert (after.state, after.total, after.error) == ("done", 0, None)
    assert handle.result() == 1


def test_cancel_asks_then_kills() -> None:
    engine = Silent()
    handle = Handle(engine, "a job")
    handle.hear(Begun("here"))
    handle.cancel(grace=0.1)
    handle.cancel(grace=0.1)
    assert engine.asked == ["stop"] and not handle.done()
    until(handle.done, 2)
    until(lambda: engine.asked == ["stop", "end"], 2)


def test_cancel_of_a_job_that_obeys_does_not_kill() -> None:
    engine = Silent()
    handle = Handle(engine, "a job")
    handle.hear(Begun("here"))
    handle.cancel(grace=0.1)
    handle.hear(Outcome("done", pack("too late")))
    assert handle._killer is not None and handle._killer.finished.is_set()
    assert engine.asked == ["stop"]
    with pytest.raises(JobCancelled, match="a job was stopped"):
        handle.result()


def test_cancel_of_a_waiting_job_does_not_wait() -> None:
    engine = Silent()
    handle = Handle(engine, "a job")
    handle.cancel()
    assert engine.asked == ["end"] and handle.snapshot().state == "cancelled"


def test_close_forgets_and_may_be_called_again() -> None:
    engine = Silent()
    handle = Handle(engine, "a job")
    handle.hear(Begun("here"))
    handle.hear(Report(((0, pack("a")),), 1, None, None))
    handle.close()
    handle.close()
    assert engine.asked == ["end"] and handle.snapshot().steps == ()


def test_result_does_not_wait_for_ever() -> None:
    with pytest.raises(TimeoutError, match="a job: still queued after 0.01 s"):
        Handle(Silent(), "a job").result(timeout=0.01)


# --- processes of this machine -----------------------------------------------------------


@pytest.fixture(scope="module")
def embedded() -> Iterator[Embedded]:
    engine = Embedded(slots=2, threads=1)
    engine.warm()
    yield engine
    engine.shutdown()


def start(engine: Embedded, function: Callable[..., object], *arguments: object) -> Handle:
    name = name_of(function)
    handle = Handle(engine, name.partition(":")[2])
    engine.submit(
        Order(
            job_id=handle.id,
            title=handle.title,
            function=name,
            arguments=pack_arguments(arguments),
        ),
        handle,
    )
    return handle


@needs_forkserver
def test_a_job_has_a_warm_modest_process_of_its_own(embedded: Embedded) -> None:
    handle = start(embedded, work.identify)
    told = handle.result(60)
    assert told["job"] == handle.id
    assert told["pid"] != os.getpid()
    assert told["nice"] == min(19, os.nice(0) + NICENESS)
    assert told["threads"] == 1
    assert told["dynamo"]


@pytest.mark.parametrize(
    "function, words",
    [
        (work.vanish, "ended by itself with exit code 7"),
        (work.segfault, "died of SIGSEGV"),
        (work.killed, r"died of SIGKILL \(killed, perhaps for want of memory\)"),
        (work.killed_with_child, "died of SIGKILL"),
    ],
)
@needs_forkserver
def test_the_death_of_a_process_is_told(
    embedded: Embedded, function: Callable[..., object], words: str
) -> None:
    handle = start(embedded, function)
    with pytest.raises(JobError, match=f"{function.__name__}: its process {words}"):
        handle.result(8)
    assert handle.snapshot().state == "failed"
    assert start(embedded, work.add, 1, 2).result(10) == 3


def test_exit_codes_in_words() -> None:
    assert farewell(0) == "its process ended by itself with exit code 0"
    assert farewell(-signal.SIGTERM) == "its process died of SIGTERM"


@needs_forkserver
def test_kill_frees_the_processor_at_once(embedded: Embedded) -> None:
    handle = start(embedded, work.rude, 60)
    until(lambda: handle.snapshot().total)
    (pid,) = handle.snapshot().steps
    begun = time.monotonic()
    handle.close()
    until(lambda: gone(pid), 2)
    assert time.monotonic() - begun < 1
    assert handle.snapshot().state == "cancelled"


@needs_forkserver
def test_jobs_beyond_the_slots_wait_in_line(embedded: Embedded) -> None:
    first, second = start(embedded, work.polite), start(embedded, work.polite)
    until(lambda: first.snapshot().total and second.snapshot().total)
    third, fourth = start(embedded, work.add, 1, 2), start(embedded, work.add, 3, 4)
    time.sleep(0.3)
    assert third.snapshot().state == "queued"
    assert third.snapshot().seconds == 0
    third.cancel()
    assert third.snapshot().state == "cancelled"
    first.cancel()
    assert fourth.result(10) == 7
    second.kill()
    assert third.snapshot().total == 0


@needs_forkserver
def test_a_job_killed_while_it_starts_does_not_stay(embedded: Embedded) -> None:
    until(lambda: not embedded._handles)
    with embedded._children:  # nothing can start meanwhile
        handle = start(embedded, work.rude, 60)
        until(lambda: embedded._orders.empty())
        time.sleep(0.1)
        handle.kill()
    assert start(embedded, work.add, 1, 2).result(10) == 3
    until(lambda: not embedded._handles, 5)


@needs_forkserver
def test_many_threads_may_submit(embedded: Embedded) -> None:
    answers: dict[int, int] = {}

    def visitor(k: int) -> None:
        for j in range(3):
            answers[10 * k + j] = start(embedded, work.add, 10 * k, j).result(30)

    threads = [threading.Thread(target=visitor, args=(k,)) for k in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    wanted = [10 * k + j for k in range(5) for j in range(3)]
    assert sorted(answers) == wanted and all(k == v for k, v in answers.items())


@needs_forkserver
def test_shutdown_kills_and_takes_no_more(embedded: Embedded) -> None:
    engine = Embedded(slots=1, threads=1)
    running = start(engine, work.rude, 60)
    until(lambda: running.snapshot().total)
    waiting = start(engine, work.add, 1, 2)
    (pid,) = running.snapshot().steps
    engine.shutdown()
    assert running.snapshot().state == waiting.snapshot().state == "cancelled"
    until(lambda: gone(pid), 2)
    assert not engine.alive()
    with pytest.raises(JobError, match="shut down"):
        start(engine, work.add, 1, 2)


@pytest.mark.parametrize("given_", ["0", "-1", "many", "1.5"])
def test_a_senseless_number_of_slots_is_refused(
    given_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_JOBS", given_)
    with pytest.raises(SettingError, match="VITRINE_JOBS"):
        slots_wanted()


def test_slots_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_JOBS", "7")
    assert slots_wanted() == 7
    monkeypatch.delenv("VITRINE_JOBS")
    assert slots_wanted() >= 1


def test_only_our_processes_forget_the_main_script() -> None:
    from multiprocessing import spawn

    def seen() -> set[str]:
        return {key for key in spawn.get_preparation_data("x") if key.startswith("init_main")}

    before = seen()
    elsewhere: list[set[str]] = []
    with hidden_main():
        assert seen() == set()
        thread = threading.Thread(target=lambda: elsewhere.append(seen()))
        thread.start()
        thread.join()
    assert before and elsewhere == [before] and seen() == before


# --- a real server: its main script, its death -------------------------------------------

SCRIPT = """
import os, sys, time, types
open(sys.argv[1], "a").write(f"{__name__} {os.getpid()}\\n")   # an unguarded page
page = types.ModuleType("__main__")                          # what Streamlit does
page.__file__ = __file__
sys.modules["__main__"] = page
from core.jobs import embedded
embedded.PRELOAD[:] = ["core.jobs.embedded"]
from core import jobs
from tests.core import job_functions as work
assert jobs.submit(work.add, 1, 2).result(60) == 3
handle = jobs.submit(work.rude, 60)
while not handle.snapshot().total:
    time.sleep(0.01)
print(handle.snapshot().steps[0], flush=True)
if sys.argv[2] == "killed":
    time.sleep(60)
"""


@needs_forkserver
def test_a_server_runs_once_and_leaves_no_orphan(tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("VITRINE_SCHEDULER", None)

    def server(ending: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(script), str(tmp_path / ending), ending]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )

    with server("killed") as killed, server("leaves") as leaves:
        assert killed.stdout is not None and leaves.stdout is not None
        job, other = int(killed.stdout.readline()), int(leaves.stdout.readline())
        assert not gone(job)
        killed.kill()
        until(lambda: gone(job), 5)
        assert leaves.wait(10) == 0
        until(lambda: gone(other), 5)
    for ending in ("killed", "leaves"):
        assert len((tmp_path / ending).read_text().splitlines()) == 1, "a job ran the page"


# --- the package's own functions ---------------------------------------------------------


@needs_forkserver
def test_an_engine_is_made_when_needed_and_again_after_shutdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VITRINE_SCHEDULER", raising=False)
    jobs.shutdown()
    jobs.warm().join(5)
    first = jobs.engine()
    assert isinstance(first, Embedded) and jobs.engine() is first
    handle = jobs.submit(work.count, 9, title="counting", keep=4)
    assert handle.title == "counting" and handle.result(30) == 9
    assert handle.snapshot().indices == (0, 4, 8)
    jobs.shutdown()
    assert not first.alive() and jobs.engine() is not first
    jobs.shutdown()


def test_a_learner_as_a_job_gives_the_learner_s_own_steps() -> None:
    from core.rng import stream

    config = work.Config(sweeps=4)
    emitted: list[tuple[work.Step, float | None]] = []

    def emit(step: work.Step, *, progress: float | None) -> None:
        emitted.append((step, progress))

    def run(learn: Callable[..., Iterator[work.Step]] | str, total: int | None) -> work.Step:
        emitted.clear()
        last = jobs.learn_job(
            "id", learn, torch.ones(3), config, 3, total, emit=emit, cancelled=lambda: False
        )
        assert last is emitted[-1][0]
        return last

    run(work.learn, 4)
    wanted = list(work.learn(torch.ones(3), config, generator=stream(3, work.learn.__module__)))
    assert [p for _, p in emitted] == [0.25, 0.5, 0.75, 1.0]
    assert [s.number for s, _ in emitted] == [0, 1, 2, 3]
    for (step, _), plain in zip(emitted, wanted, strict=True):
        assert torch.equal(step.values, plain.values)
    run("tests.core.job_functions:learn", None)
    assert [p for _, p in emitted] == [None] * 4
    run(work.learn, 3)  # one step more than promised
    assert emitted[-1][1] == 1.0
    with pytest.raises(SettingError, match="total"):
        run(work.learn, 0)
    with pytest.raises(SettingError, match="job function"):
        run(lambda *_: iter(()), 4)


def test_a_cancelled_learner_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_TEST_MARKER", str(tmp_path / "closed"))
    emitted: list[object] = []

    def emit(step: object, **_: object) -> None:
        emitted.append(step)

    with pytest.raises(JobCancelled) as caught:
        jobs.learn_job(
            "id", work.learn, torch.ones(3), work.Config(sweeps=1000), 3, emit=emit,
            cancelled=lambda: len(emitted) == 2,
        )  # fmt: skip
    # The traceback still holds the generator: garbage collection has not closed it.
    assert caught.tb is not None and len(emitted) == 2 and (tmp_path / "closed").exists()


def test_warming_up_without_the_cluster_is_only_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable() -> None:
        raise UnavailableError("nobody answers")

    monkeypatch.setattr(jobs, "_make", unreachable)
    jobs.shutdown()
    jobs.warm().join(5)
    assert "nobody answers" in caplog.text
