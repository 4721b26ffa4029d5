"""What travels between a visitor's server and the place where a job runs.

An Order goes there; Begun, any number of Reports and one Outcome come back, in this order.
Steps, arguments and results travel as bytes, taken at the moment they are handed over, so that
a later change of the object in the job cannot reach what was sent, and so that the server's
reading threads never rebuild arrays: whoever looks at a step does. The bytes are pickles, as all
that multiprocessing and Dask send: they pass between our own processes and reach no file.
This is the only module that knows.
"""

from __future__ import annotations

import importlib
import inspect
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from core.errors import SettingError, require
from core.jobs.trace import STEPS

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Order:
    """A job to be done: `function` is "module:name", `arguments` a packed tuple."""

    job_id: str
    title: str
    function: str
    arguments: bytes
    keep: int = STEPS


@dataclass(frozen=True)
class Begun:
    """The job's function is about to be called at `where`: a process id or worker address."""

    where: str


@dataclass(frozen=True)
class Report:
    """News of a running job: steps by index, how many there were in all, progress in [0, 1]."""

    steps: tuple[tuple[int, bytes], ...]
    total: int
    progress: float | None
    message: str | None


@dataclass(frozen=True)
class Outcome:
    """The end of a job. `payload` is the packed result, or the packed VitrineError it raised."""

    state: State
    payload: bytes | None = None
    error: str | None = None
    trace: str | None = None


Message = Begun | Report | Outcome
# What pickle raises for a value that cannot travel.
NO_TRAVEL = (pickle.PicklingError, TypeError, AttributeError, ValueError)


def pack(value: object) -> bytes:
    """`value` as bytes. Raises what pickle raises where it cannot travel."""
    return pickle.dumps(value, protocol=5)


def unpack(payload: bytes) -> Any:
    """The inverse of `pack`, each time a fresh object."""
    # From our own processes or our own cluster, which runs our code anyway; never from a file.
    return pickle.loads(payload)  # noqa: S301


def name_of(function: Callable[..., object] | str) -> str:
    """ "module:name" of a function that another process can import.

    Raises SettingError for lambdas, closures, methods and functions of the running script.
    """
    if isinstance(function, str):
        module, _, name = function.partition(":")
    else:
        module = getattr(function, "__module__", None) or ""
        name = getattr(function, "__qualname__", "")
    importable = bool(module) and name.isidentifier() and module != "__main__"
    if importable and not isinstance(function, str):
        importable = inspect.isfunction(function)
    require(
        importable,
        "job function",
        wanted="a function at the top level of an importable module",
        given=function,
    )
    return f"{module}:{name}"


def find(function: str) -> Callable[..., Any]:
    """The function called "module:name". Raises ImportError or AttributeError."""
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def pack_arguments(arguments: tuple[object, ...]) -> bytes:
    """Arguments of a job as bytes. Raises SettingError where one of them cannot travel."""
    try:
        return pack(arguments)
    except NO_TRAVEL as error:
        given = ", ".join(type(item).__name__ for item in arguments)
        wanted = f"values that can travel to another process ({error})"
        raise SettingError("arguments", wanted=wanted, given=given) from error
