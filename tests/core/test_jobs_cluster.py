"""The contract of core.jobs, kept by both engines: processes here, and a real Dask cluster.

The cluster is a scheduler and two workers with one thread each, in processes of their own on
loopback, watched by a nanny as `dask worker` does it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core import jobs
from core.errors import JobCancelled, JobError, SettingError, UnavailableError
from core.jobs.cluster import Cluster, _Job
from core.jobs.handle import Handle
from core.rng import stream
from tests.core import job_functions as work
from tests.core.test_jobs import gone, until

ROOT = Path(__file__).parents[2]
BOTH = ["embedded", pytest.param("cluster", marks=pytest.mark.cluster)]
WORDS = {"embedded": "its process died of SIGKILL", "cluster": "its worker died"}


@contextlib.contextmanager
def running(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the background, with `core` and the tests in its reach."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        program = subprocess.Popen(
            [sys.executable, "-m", *command], stdout=out, stderr=out, env=environment, cwd=ROOT
        )
        try:
            yield program
        finally:
            program.kill()  # workers leave when the nanny's pipe closes
            program.wait()


@pytest.fixture(scope="module", autouse=True)
def programs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, subprocess.Popen[bytes]] | None]:
    """Address and process of a scheduler with two workers, which start while others are tested."""
    if not any(item.get_closest_marker("cluster") for item in request.session.items):
        yield None
        return
    folder = tmp_path_factory.mktemp("cluster")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = running(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
        "--no-dashboard", log=folder / "scheduler.log",
    )  # fmt: skip
    workers = running(
        "distributed.cli.dask_worker", address, "--nworkers", "2", "--nthreads", "1",
        "--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(folder),
        "--preload", "core.jobs.work", log=folder / "workers.log",
    )  # fmt: skip
    with scheduler as process, workers:
        yield address, process


@pytest.fixture(scope="module")
def cluster(programs: tuple[str, subprocess.Popen[bytes]]) -> str:
    """The address of the scheduler, which answers."""
    host, _, port = programs[0].removeprefix("tcp://").partition(":")

    def answers() -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection((host, int(port)), 1).close()
            return True
        return False

    until(answers, 60)
    return programs[0]


@pytest.fixture(scope="module", params=BOTH)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Name of the engine that the test's jobs run on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINE_JOBS", "2")
        if request.param == "cluster":
            patch.setenv("VITRINE_SCHEDULER", request.getfixturevalue("cluster"))
        else:
            patch.delenv("VITRINE_SCHEDULER", raising=False)
        jobs.shutdown()
        assert type(jobs.engine()).__name__.lower() == request.param
        yield request.param
        jobs.shutdown()


def next_job_works() -> None:
    assert jobs.submit(work.add, 20, 22).result(60) == 42


# --- results and steps -------------------------------------------------------------------


def test_result_comes_back(engine: str) -> None:
    handle = jobs.submit(work.add, 1, 2)
    assert handle.title == "add"
    assert handle.result(60) == 3 == handle.result(0)
    assert handle.done() and handle.snapshot().state == "done"


def test_steps_arrive_complete_and_in_order(engine: str) -> None:
    handle = jobs.submit(work.count, 400)
    assert handle.result(60) == 400
    end = handle.snapshot()
    assert end.steps == end.indices == tuple(range(400)) and end.total == 400
    assert (end.progress, end.message) == (1.0, "step 399")
    assert handle.snapshot(since=398).steps == (398, 399)


def test_long_traces_are_thinned_evenly(engine: str) -> None:
    handle = jobs.submit(work.count, 3000)
    handle.result(60)
    end = handle.snapshot()
    assert end.indices == end.steps == (*range(0, 3000, 8), 2999) and end.total == 3000


def test_steps_are_seen_while_the_job_runs(engine: str) -> None:
    handle = jobs.submit(work.count, 30, 0.02)
    seen: list[int] = []
    looks = 0
    while not handle.done():
        now = handle.snapshot(since=seen[-1] + 1 if seen else 0)
        seen += now.steps
        looks += bool(now.steps)
        time.sleep(0.01)
    seen += handle.snapshot(since=len(seen)).steps
    assert seen == list(range(30)) and looks >= 5
    assert 0.5 < handle.snapshot().seconds < 10


def test_words_and_progress_without_steps(engine: str) -> None:
    handle = jobs.submit(work.words)
    until(lambda: handle.snapshot().message)
    assert (handle.snapshot().progress, handle.snapshot().message) == (0.25, "reading")
    assert handle.result(60) is None
    assert (handle.snapshot().progress, handle.snapshot().message) == (0.5, "reading")
    assert handle.snapshot().steps == ()


def test_tensors_arrive_as_arrays_and_steps_stay_as_they_were(engine: str) -> None:
    x = torch.zeros(3)
    handle = jobs.submit(work.tensors, x)
    result = handle.result(60)
    assert result["kind"] == "Tensor" and isinstance(result["x"], np.ndarray)
    np.testing.assert_array_equal(result["x"], [1, 1, 1])
    (step,) = handle.snapshot().steps
    assert isinstance(step.values, np.ndarray)
    np.testing.assert_array_equal(step.values, [0, 0, 0])
    assert not x.any() and not x.is_shared()


def test_a_buffer_that_is_overwritten_gives_true_steps(engine: str) -> None:
    handle = jobs.submit(work.overwrite, 50)
    handle.result(60)
    assert [step[0] for step in handle.snapshot().steps] == list(range(50))


def test_large_arguments_travel(engine: str) -> None:
    handle = jobs.submit(work.tensors, torch.ones(1_000_000))
    assert handle.result(60)["x"].sum() == 2_000_000


def test_a_learner_runs_as_a_job(engine: str) -> None:
    config = work.Config(sweeps=6)
    handle = jobs.submit(jobs.learn_job, work.learn, torch.ones(3), config, 5, 6)
    last = handle.result(60)
    plain = list(work.learn(torch.ones(3), config, generator=stream(5, work.learn.__module__)))
    steps = handle.snapshot().steps
    assert len(steps) == 6 and handle.snapshot().progress == 1.0
    for step, wanted in zip(steps, plain, strict=True):
        np.testing.assert_array_equal(step.values, wanted.values.numpy())
    np.testing.assert_array_equal(last.values, steps[-1].values)


def test_two_jobs_at_once(engine: str, tmp_path: Path) -> None:
    handles = [jobs.submit(work.hold, str(tmp_path), str(k)) for k in range(2)]
    assert all(handle.result(60) for handle in handles)


# --- errors ------------------------------------------------------------------------------


def test_an_error_is_told_with_its_cause(engine: str) -> None:
    handle = jobs.submit(work.divide, 1, 0, title="Division")
    with pytest.raises(JobError, match="Division: ZeroDivisionError: division by zero") as caught:
        handle.result(60)
    assert "return a / b" in caught.value.__notes__[0]
    end = handle.snapshot()
    assert (end.state, end.error) == ("failed", "ZeroDivisionError: division by zero")
    assert end.steps == (1,)
    next_job_works()


def test_our_errors_come_back_as_themselves(engine: str) -> None:
    with pytest.raises(SettingError) as caught:
        jobs.submit(work.refuse, 9).result(60)
    error = caught.value
    assert (error.setting, error.wanted, error.given) == ("K", "less than 5", 9)
    assert "in refuse" in error.__notes__[0]


@pytest.mark.parametrize(
    "function, words",
    [
        (work.brittle, "brittle: Brittle: left"),
        (work.leave, "leave: SystemExit: 3"),
        (work.no_travel, "no_travel: .*local object"),
    ],
)
def test_odd_ends_are_told(engine: str, function: Callable[..., object], words: str) -> None:
    with pytest.raises(JobError, match=words):
        jobs.submit(function).result(60)
    next_job_works()


def test_a_senseless_progress_is_the_job_s_error(engine: str) -> None:
    with pytest.raises(SettingError, match="progress"):
        jobs.submit(work.impossible_progress).result(60)


# --- stopping ----------------------------------------------------------------------------


def test_cancel_lets_a_job_leave_by_itself(engine: str) -> None:
    handle = jobs.submit(work.polite)
    until(lambda: handle.snapshot().total)
    begun = time.monotonic()
    handle.cancel(grace=30)
    with pytest.raises(JobCancelled, match="polite was stopped"):
        handle.result(10)
    assert time.monotonic() - begun < 2
    end = handle.snapshot()
    assert (end.state, end.error, end.steps) == ("cancelled", None, ("begun", "asked to stop"))


def test_a_cancelled_learner_stops(engine: str) -> None:
    endless = work.Config(sweeps=1000)
    handle = jobs.submit(jobs.learn_job, work.learn, torch.ones(3), endless, 5)
    until(lambda: handle.snapshot().total > 3)
    handle.cancel(grace=30)
    with pytest.raises(JobCancelled):
        handle.result(10)
    assert len(handle.snapshot().steps) > 3


def test_a_job_may_call_itself_cancelled(engine: str) -> None:
    handle = jobs.submit(work.stops_itself)
    with pytest.raises(JobCancelled):
        handle.result(60)
    assert handle.snapshot().state == "cancelled"


def test_cancel_of_a_job_that_does_not_listen(engine: str) -> None:
    handle = jobs.submit(work.rude, 60)
    until(lambda: handle.snapshot().total)
    (pid,) = handle.snapshot().steps
    handle.cancel(grace=0.2)
    with pytest.raises(JobCancelled):
        handle.result(1)
    until(lambda: gone(pid), 15)
    next_job_works()


def test_close_is_final_and_may_be_repeated(engine: str) -> None:
    handle = jobs.submit(work.polite)
    until(lambda: handle.snapshot().total)
    handle.close()
    handle.close()
    assert handle.snapshot().state == "cancelled" and handle.snapshot().steps == ()
    next_job_works()


# --- sudden death ------------------------------------------------------------------------


def test_a_killed_process_is_told_of(engine: str) -> None:
    handle = jobs.submit(work.rude, 60)
    until(lambda: handle.snapshot().total)
    (pid,) = handle.snapshot().steps
    begun = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(JobError, match=WORDS[engine]):
        handle.result(10)
    assert time.monotonic() - begun < 5
    assert handle.snapshot().state == "failed" and handle.snapshot().steps == (pid,)
    next_job_works()


def test_a_job_that_takes_its_process_down_is_told_of_and_not_begun_again(
    engine: str, tmp_path: Path
) -> None:
    handle = jobs.submit(work.vanish_once, str(tmp_path))
    with pytest.raises(JobError, match="its process ended by itself|its worker died"):
        handle.result(60)
    next_job_works()
    chosen = jobs.engine()
    if isinstance(chosen, Cluster):
        until(lambda: not chosen._jobs)  # Dask has started it elsewhere, and it has refused
    assert len(list(tmp_path.iterdir())) == 1


# --- what only a cluster has -------------------------------------------------------------


only_cluster = pytest.mark.parametrize(
    "engine", [pytest.param("cluster", marks=pytest.mark.cluster)], indirect=True
)


@only_cluster
def test_nothing_stays_at_the_scheduler(engine: str) -> None:
    chosen = jobs.engine()
    assert isinstance(chosen, Cluster)
    stopped = jobs.submit(work.polite)
    until(lambda: stopped.snapshot().total)
    stopped.close()
    next_job_works()
    until(lambda: not chosen._jobs)
    events = chosen._client.run_on_scheduler(
        lambda dask_scheduler: [*dask_scheduler.extensions["events"]._events]
    )
    assert [name for name in events if name.startswith("vitrine")] == []


class Staff:
    """A client whose one worker has other work, or no nanny."""

    status = "closed"
    id = "staff"

    def __init__(self, others: tuple[str, ...]) -> None:
        self.others = others
        self.restarted: list[str] = []

    def processing(self, workers: list[str]) -> dict[str, tuple[str, ...]]:
        return {workers[0]: self.others}

    def restart_workers(self, workers: list[str], **_: object) -> None:
        self.restarted += workers
        raise ValueError("requires a nanny")


@pytest.mark.parametrize(
    "others, restarted, words",
    [(("another",), [], "beside others"), ((), ["tcp://w"], "requires a nanny")],
)
def test_a_worker_is_only_restarted_where_that_harms_nobody(
    others: tuple[str, ...], restarted: list[str], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    staff = Staff(others)
    Cluster(staff)._restart("tcp://w")
    assert staff.restarted == restarted and words in caplog.text


def test_what_dask_itself_reports_is_told() -> None:
    chosen = Cluster(Staff(()))
    handle = Handle(chosen, "a job")
    future = SimpleNamespace(status="error", exception=lambda: ModuleNotFoundError("core"))
    chosen._finished(_Job(handle), future)
    with pytest.raises(JobError, match=r"a job: Dask reports ModuleNotFoundError\('core'\)"):
        handle.result(0)


def test_an_unreachable_scheduler_is_told_of_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:  # a port that nobody listens on
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    monkeypatch.setenv("VITRINE_SCHEDULER", address)
    monkeypatch.setattr("core.jobs.cluster.TIMEOUT", 1.0)
    jobs.shutdown()
    begun = time.monotonic()
    with pytest.raises(UnavailableError, match=f"VITRINE_SCHEDULER={address}"):
        jobs.submit(work.add, 1, 2)
    assert time.monotonic() - begun < 4


def test_an_address_that_is_none_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_SCHEDULER", "nonsense://here")
    jobs.shutdown()
    with pytest.raises(UnavailableError, match="nonsense"):
        jobs.submit(work.add, 1, 2)


@only_cluster
def test_the_loss_of_the_scheduler_is_told(
    engine: str, programs: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last, for the scheduler does not come back."""
    handle = jobs.submit(work.polite)
    until(lambda: handle.snapshot().total)
    programs[1].kill()
    with pytest.raises(JobError, match="the connection to the scheduler was lost"):
        handle.result(10)
    monkeypatch.setattr("core.jobs.cluster.TIMEOUT", 1.0)
    with pytest.raises((UnavailableError, JobError), match=r"scheduler|Scheduler"):
        jobs.submit(work.add, 1, 2)
    monkeypatch.delenv("VITRINE_SCHEDULER")
    jobs.shutdown()
    next_job_works()
