"""Where the numbers are crunched. The only module that asks torch about CUDA or MPS."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

from core.errors import SettingError

Value = TypeVar("Value")
ENVIRONMENT = "VITRINE_DEVICE"
THREADS = torch.get_num_threads()  # as torch found the machine, before anybody asked for fewer


@dataclass(frozen=True)
class Description:
    """What a visitor is told of the device. `memory` is in bytes, None where it is shared."""

    kind: str
    name: str
    memory: int | None
    threads: int

    def __str__(self) -> str:
        if self.memory is not None:
            return f"{self.name}, {self.memory / 2**30:.0f} GiB"
        threads = f"{self.threads} thread" + "s" * (self.threads != 1)
        return f"{self.name}, {threads}" if self.kind == "cpu" else self.name


def choose(wanted: str | None = None) -> torch.device:
    """The device to work on: `wanted`, else $VITRINE_DEVICE, else CUDA, MPS or CPU as found.

    Raises SettingError where a named device is not there.
    """
    wanted = wanted or os.environ.get(ENVIRONMENT) or None
    found = available()
    if wanted is None:
        return torch.device(found[0])
    kind = wanted.split(":")[0]
    index = wanted.partition(":")[2]
    count = torch.cuda.device_count() if kind == "cuda" and "cuda" in found else 1
    if kind not in found or (index and not (index.isdigit() and int(index) < count)):
        raise SettingError("device", wanted=f"one of {', '.join(found)}", given=wanted)
    return torch.device(wanted)


def available() -> list[str]:
    """Kinds of device on this machine, the fastest first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def describe(device: torch.device) -> Description:
    """Name, memory and threads of `device`, for people."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return Description("cuda", properties.name, properties.total_memory, THREADS)
    if device.type == "mps":
        return Description("mps", "Apple GPU", None, THREADS)
    return Description("cpu", f"CPU ({platform.machine() or 'unknown'})", None, THREADS)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keeps torch on the calling thread. Small operations are faster so: where a browser or
    another visitor wants the other cores, threads that have to meet wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def to_host(value: Value) -> Any:
    """`value` with every tensor replaced by a NumPy array that shares no memory with it.

    Goes through dataclasses, named and plain tuples, lists and dicts; anything else passes unchanged.
    """
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy().copy()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: to_host(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    if isinstance(value, dict):
        return {key: to_host(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(to_host(item) for item in value))
    if isinstance(value, tuple | list):
        return type(value)(to_host(item) for item in value)
    return value
