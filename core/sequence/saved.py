"""A trained net with all that it needs to read: settings, alphabet, weights, how it came to be.

As a file it is safetensors: the weights by name, everything else as JSON in the file's own metadata.
A file from elsewhere is bounded, and believed only where its arrays are those its settings ask for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

import safetensors.numpy
from safetensors import SafetensorError
from torch import Tensor

from core.errors import SettingError, UploadError
from core.sequence import model
from core.sequence.model import Config, Net
from core.sequence.reader import Reader
from core.sequence.vocabulary import Vocabulary
from core.store import fingerprint
from core.weights import to_safetensors

MOST_BYTES = 64 << 20
HEADER = 1 << 20  # bytes of a file's header that are read
WANTED = "a recurrent net saved by Vitrine (.safetensors)"


@dataclass(frozen=True)
class Saved:
    """`task` is the language it learned, if it is one of core.sequence.tasks."""

    title: str
    config: Config
    vocabulary: Vocabulary
    params: Tensor  # (P,) float32 on the CPU
    task: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)  # plain values: metrics, seed, updates

    @cached_property
    def net(self) -> Net:
        """The net, for autograd and for its weights. Not to be changed."""
        return Net(self.config, len(self.vocabulary)).load(self.params)

    @cached_property
    def reader(self) -> Reader:
        """Ready for traces and for what comes next."""
        return self.net.reader()

    @cached_property
    def mark(self) -> str:
        """Tells one net from another, whatever they are called."""
        return fingerprint(self.params, self.vocabulary.characters, repr(self.config))

    @property
    def size(self) -> int:
        """How many numbers it has learned."""
        return len(self.params)


def to_file(saved: Saved) -> bytes:
    """The net as a safetensors file that `from_file` reads."""
    arrays = model.named(saved.params, saved.config, len(saved.vocabulary))
    about = {
        "config": asdict(saved.config),
        "characters": saved.vocabulary.characters,
        "title": saved.title,
        "task": saved.task,
        "about": dict(saved.about),
    }
    return to_safetensors(arrays, about)


def from_file(data: bytes, name: str) -> Saved:
    """The net in a file called `name`. Raises UploadError where it is none, or not whole."""
    if len(data) > MOST_BYTES:
        wanted = f"at most {MOST_BYTES >> 20} MB"
        raise UploadError(name, wanted=wanted, given=f"{len(data) / 2**20:.0f} MB")
    about = _metadata(data, name)
    try:
        arrays = safetensors.numpy.load(data)
        told = {key: json.loads(about[key]) for key in ("config", "characters", "title", "task")}
        known = {f.name for f in fields(Config)}
        config = Config(**{k: v for k, v in dict(told["config"]).items() if k in known})
        vocabulary = Vocabulary(str(told["characters"]))
        params = model.joined(arrays, config, len(vocabulary))
        # a title that is none of ours must not pass for one
        title = f"{name.removesuffix('.safetensors')}"
        task = told["task"] if isinstance(told["task"], str) else None
    except (
        SafetensorError, SettingError, KeyError, TypeError, ValueError, RecursionError,
    ) as error:  # fmt: skip
        raise UploadError(name, wanted=WANTED, given=_reason(error)) from error
    if not bool(params.isfinite().all()):
        raise UploadError(name, wanted="finite weights", given="some that are not")
    return Saved(title, config, vocabulary, params, task, {"file": name})


def _metadata(data: bytes, name: str) -> dict[str, str]:
    """The metadata of a safetensors file: its length and its JSON are looked at before its arrays."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or not 2 <= length <= min(HEADER, len(data) - 8):
        raise UploadError(name, wanted=WANTED, given="something else")
    try:
        head = json.loads(data[8 : 8 + length])
        about = head.get("__metadata__") if isinstance(head, dict) else None
    except (ValueError, RecursionError) as error:
        raise UploadError(name, wanted=WANTED, given="something else") from error
    if not isinstance(about, dict):
        raise UploadError(name, wanted=WANTED, given="arrays without settings")
    return about


def _reason(error: Exception) -> str:
    if isinstance(error, SettingError):
        given = str(error.given)
        return (
            f"another shape ({error.setting}: {given if len(given) < 200 else given[:200] + ' …'})"
        )
    return f"one that does not hold together ({type(error).__name__})"
