"""onnxruntime with bounds: an uploaded model gets so much memory and so much time, and no more.

A model is started twice. The first time nothing of it is worked out beforehand, so that all its
work falls into one run, on a grey picture, which is bounded in memory and time. Only a model that
comes through is started again as it will be used, optimised, which may work out parts at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as state

from core import device
from core.detection.onnx_file import SIZES, File
from core.detection.onnx_limits import short
from core.errors import UnavailableError, UploadError

MEMORY = 2 * 2**30  # bytes for all uploaded models together, while they run
SECONDS = 20.0  # a picture
SIDE = 640  # pixels, where neither the model nor its notes say
GREY = 114
ONCE = threading.Lock()  # onnxruntime takes one pool a process, and two visitors may be the first

# onnxruntime's own exceptions have no common base but Exception.
FAILURES = tuple(
    getattr(state, name)
    for name in ("EPFail", "EngineError", "Fail", "InvalidArgument", "InvalidGraph")
    + ("InvalidProtobuf", "ModelLoaded", "NoModel", "NoSuchFile", "NotImplemented")
    + ("RuntimeException",)
) + (RuntimeError, ValueError)


class Session:
    """A model that runs. May be used from several threads at once."""

    def __init__(self, file: File, *, plain: bool = False) -> None:
        self.file = file
        self.seconds = SECONDS
        options = ort.SessionOptions()
        # One core is left to the browser, or to whatever else the server has to do.
        options.intra_op_num_threads = max(1, device.THREADS - 1)
        options.log_severity_level = 4
        level = ort.GraphOptimizationLevel
        options.graph_optimization_level = level.ORT_DISABLE_ALL if plain else level.ORT_ENABLE_ALL
        with ONCE:
            _bounded_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
        # Threads that wait for work by spinning would take the cores from everybody else.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        with _refusing(file.name):
            self._run = ort.InferenceSession(file.data, options, providers=providers(plain)).run

    def __reduce__(self) -> tuple[type[Session], tuple[File]]:
        # To a job in another process it travels as the file, and is started there again.
        return Session, (self.file,)

    def run(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """All outputs by name for a batch of pictures in the shape that the model wants.

        Raises UnavailableError where the model fails or takes more than `seconds`.
        """
        feed: dict[str, np.ndarray] = {self.file.image.name: x}
        if self.file.sizes is not None:
            h, w = x.shape[-3:-1] if self.file.last else x.shape[-2:]
            feed[SIZES] = np.array([[w, h]] * (len(x) if x.ndim == 4 else 1), np.int64)
        options = ort.RunOptions()
        options.log_severity_level = 4
        bound = threading.Timer(self.seconds, setattr, (options, "terminate", True))
        bound.daemon = True
        bound.start()
        try:
            found = self._run(None, feed, options)
        except FAILURES as error:
            late = options.terminate
            why = f"takes more than {self.seconds:g} s" if late else f"fails: {_why(error)}"
            raise UnavailableError(f"{self.file.name} {why}.") from None
        finally:
            bound.cancel()
        return dict(zip((one.name for one in self.file.outputs), found, strict=True))


def start(file: File) -> tuple[Session, Mapping[str, np.ndarray]]:
    """The model, and what it answered to a grey picture.

    Raises UploadError where it cannot be started, or fails on that picture.
    """
    x = grey(file)
    try:
        answer = Session(file, plain=True).run(x)
    except UnavailableError as error:
        wanted = f"a model that looks at a grey picture {_shape(x)} within {SECONDS:g} s"
        raise UploadError(file.name, wanted=wanted, given=str(error).rstrip(".")) from None
    return Session(file), answer


def grey(file: File) -> np.ndarray:
    """A grey picture as `file` wants it: of the size that it says, else SIDE pixels square."""
    w, h = size(file)
    colour = np.full(3, GREY)
    shape = file.image.shape or ()
    batch = (file.batch or 1,) if len(shape) == 4 else ()
    kind = file.image.kind
    value = colour if kind == "uint8" else colour / 255
    x = np.broadcast_to(value, (*batch, h, w, 3)).astype(kind)
    return np.ascontiguousarray(x if file.last else np.moveaxis(x, -1, -3))


def size(file: File) -> tuple[int, int]:
    """(w, h) of the pictures that `file` is given, unless the visitor chooses otherwise."""
    usual = file.imgsz or (SIDE, SIDE)
    w, h = file.size
    return w or usual[0], h or usual[1]


def providers(plain: bool = False) -> list[str]:
    """Where onnxruntime may compute, the best first: CUDA where it can and core.device wants it."""
    cuda = "CUDAExecutionProvider"
    chosen = not plain and device.choose().type == "cuda" and cuda in ort.get_available_providers()
    return [cuda, "CPUExecutionProvider"] if chosen else ["CPUExecutionProvider"]


@cache
def _bounded_memory() -> None:
    """One pool of memory for all models that are run here; what is beyond it is refused."""
    place = ort.OrtMemoryInfo(
        "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
    )
    same_as_requested, default = 1, -1
    bounds = {
        "max_mem": MEMORY,
        "arena_extend_strategy": same_as_requested,
        "initial_chunk_size_bytes": default,
        "max_dead_bytes_per_chunk": default,
    }
    ort.create_and_register_allocator(place, ort.OrtArenaCfg(bounds))


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        given = f"one that it refuses: {_why(error)}"
        raise UploadError(name, wanted="a model that onnxruntime runs", given=given) from None


def _why(error: Exception) -> str:
    """What onnxruntime says, without its codes and the paths of its sources."""
    text = str(error)
    if "BFCArena" in text:
        return f"it needs more than {MEMORY // 2**30} GB of memory"
    return short(text.rpartition("Status Message: ")[2].rpartition(" : ")[2].strip(), 160)


def _shape(x: np.ndarray) -> str:
    return " x ".join(map(str, x.shape))
