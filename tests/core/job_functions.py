"""Job functions for the tests: they must be importable where the job runs."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from core.errors import JobCancelled, VitrineError, require

Emit = Callable[..., None]
Asked = Callable[[], bool]


@dataclass(frozen=True)
class Step:
    """A step with a tensor in it, as learners have."""

    number: int
    values: torch.Tensor  # (3,)


class Brittle(VitrineError):
    """An error that cannot be built again from its own arguments."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)
        self.second = second


def add(job_id: str, a: int, b: int, *, emit: Emit, cancelled: Asked) -> int:
    return a + b


def identify(job_id: str, *, emit: Emit, cancelled: Asked) -> dict[str, object]:
    return {
        "job": job_id,
        "pid": os.getpid(),
        "nice": os.nice(0),
        "threads": torch.get_num_threads(),
        "dynamo": "torch._dynamo" in sys.modules,
    }


def tensors(job_id: str, x: torch.Tensor, *, emit: Emit, cancelled: Asked) -> dict[str, object]:
    emit(Step(0, x))
    x.add_(1)  # what was emitted must not change with it
    return {"x": x, "kind": type(x).__name__}


def count(job_id: str, n: int, pause: float = 0.0, *, emit: Emit, cancelled: Asked) -> int:
    for i in range(n):
        emit(i, progress=(i + 1) / n, message=f"step {i}")
        time.sleep(pause)
    return n


def overwrite(job_id: str, n: int, *, emit: Emit, cancelled: Asked) -> None:
    x = np.zeros(4)
    for i in range(n):
        x[:] = i
        emit(x)


def words(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    emit(progress=0.25)
    emit(message="reading")
    time.sleep(0.3)
    emit(progress=0.5)


def polite(job_id: str, *, emit: Emit, cancelled: Asked) -> str:
    emit("begun")
    while not cancelled():
        time.sleep(0.01)
    emit("asked to stop")
    return "left by itself"


def rude(job_id: str, seconds: float, *, emit: Emit, cancelled: Asked) -> None:
    emit(os.getpid())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def stops_itself(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    raise JobCancelled("enough")


def divide(job_id: str, a: int, b: int, *, emit: Emit, cancelled: Asked) -> float:
    emit(a)
    return a / b


def refuse(job_id: str, k: int, *, emit: Emit, cancelled: Asked) -> None:
    require(k < 5, "K", wanted="less than 5", given=k)


def brittle(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    raise Brittle("left", "right")


def leave(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    sys.exit(3)


def vanish(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    emit("about to vanish")
    time.sleep(0.3)
    os._exit(7)


def vanish_once(job_id: str, folder: str, *, emit: Emit, cancelled: Asked) -> None:
    """Leave a file for each time the job is begun, and take the process down."""
    Path(folder, f"{time.monotonic_ns()}").touch()
    emit("about to vanish")
    time.sleep(0.3)
    os._exit(7)


def segfault(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    emit("about to crash")
    time.sleep(0.3)
    ctypes.string_at(0)


def killed(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    emit("about to be killed")
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)


def killed_with_child(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    """Dies while a child of its own still holds what it inherited."""
    child = os.fork()
    if child == 0:
        time.sleep(12)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)


def no_travel(job_id: str, *, emit: Emit, cancelled: Asked) -> object:
    return lambda: None


def impossible_progress(job_id: str, *, emit: Emit, cancelled: Asked) -> None:
    emit(progress=float("nan"))


def hold(job_id: str, folder: str, other: str, *, emit: Emit, cancelled: Asked) -> bool:
    """Leave a file and wait for the other job's: two that run side by side both succeed."""
    Path(folder, job_id).touch()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if len(list(Path(folder).iterdir())) >= 2:
            return True
        time.sleep(0.01)
    return False


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of the learner below."""

    sweeps: int = 5

    def __post_init__(self) -> None:
        require(self.sweeps >= 1, "sweeps", wanted="at least 1", given=self.sweeps)


def learn(x: torch.Tensor, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """Add noise, sweep by sweep; endless with 1000 sweeps or more."""
    try:
        i = 0
        while i < config.sweeps or config.sweeps >= 1000:
            x = x + torch.randn(3, generator=generator)
            yield Step(i, x)
            i += 1
            time.sleep(0.01)
    finally:
        if marker := os.environ.get("VITRINE_TEST_MARKER"):
            Path(marker).touch()
