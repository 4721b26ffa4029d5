"""One trained model as a folder: its weights in safetensors, all the rest in JSON.

    weights.safetensors     tensors by name
    meta.json               format, the parts of the key, metrics, created, libraries,
                            sha256 : of weights.safetensors
                            seal   : sha256 of everything else in meta.json

Reading believes nothing: format, seal, key and checksum are compared before a tensor is made.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError

from core.errors import require
from core.store import disk
from core.store.keys import Key
from core.store.plain import plain, text

FORMAT = 1
WEIGHTS, META = "weights.safetensors", "meta.json"
FLOATS = frozenset({torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64})
SIGNED = frozenset({torch.int64, torch.int32, torch.int16, torch.int8})
UNSIGNED = frozenset({torch.uint64, torch.uint32, torch.uint16, torch.uint8, torch.bool})
STORABLE = FLOATS | SIGNED | UNSIGNED


@dataclass(frozen=True)
class Entry:
    """A trained model: tensors on the CPU that are the receiver's own, metrics and origin."""

    weights: dict[str, torch.Tensor]
    metrics: dict[str, Any]
    meta: dict[str, Any]


class Damaged(Exception):
    """A folder is there and is not the entry that was written; the message says why."""


def write(
    folder: Path, key: Key, weights: Mapping[str, torch.Tensor], metrics: Mapping[str, Any]
) -> Entry:
    """Writes a new entry folder, down to the disk, and gives what `read` will give.

    Raises SettingError for weights or metrics that cannot be stored, OSError from the disk.
    """
    own = {name: _own(name, tensor) for name, tensor in weights.items()}
    payload = safetensors.torch.save(own)
    meta = {
        "format": FORMAT,
        **key.parts,
        "metrics": plain(metrics, "metrics"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "libraries": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "safetensors", "numpy")},
        },
        "sha256": hashlib.sha256(payload).hexdigest(),
    }
    meta["seal"] = _seal(meta)
    folder.mkdir(parents=True)
    disk.write(folder / WEIGHTS, payload)
    disk.write(folder / META, json.dumps(meta, indent=2).encode())
    disk.sync(folder)
    return Entry(own, meta["metrics"], meta)


def read(folder: Path, key: Key) -> Entry | None:
    """The entry in `folder`, None where there is no folder.

    Raises Damaged where it is not whole or not that of `key`, OSError where it cannot be read.
    """
    try:
        meta = _parsed((folder / META).read_bytes())
        payload = (folder / WEIGHTS).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        if not os.path.lexists(folder):
            return None
        raise Damaged(f"{Path(error.filename).name} is missing") from error
    if {part: meta.get(part) for part in key.parts} != key.parts:
        raise Damaged("it belongs to another key")
    if hashlib.sha256(payload).hexdigest() != meta["sha256"]:
        raise Damaged(f"{WEIGHTS} differs from its checksum")
    try:
        weights = safetensors.torch.load(payload)
    except SafetensorError as error:
        raise Damaged(f"{WEIGHTS} is no safetensors file: {error}") from error
    return Entry(weights, meta["metrics"], meta)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        meta = json.loads(content)
        seal = _seal(meta) if isinstance(meta, dict) else None
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{META} is not JSON") from error
    if seal is None:
        raise Damaged(f"{META} is not an object")
    if meta.get("format") != FORMAT:
        raise Damaged(f"format {meta.get('format')!r} where {FORMAT} is read")
    if meta.get("seal") != seal:
        raise Damaged(f"{META} differs from its seal")
    return meta


def _seal(meta: dict[str, Any]) -> str:
    rest = {name: value for name, value in meta.items() if name != "seal"}
    return hashlib.sha256(text(rest).encode()).hexdigest()


def _own(name: object, tensor: Any) -> torch.Tensor:
    require(
        isinstance(name, str) and name != "__metadata__",
        "weights",
        wanted="text as names, other than __metadata__",
        given=name,
    )
    require(
        isinstance(tensor, torch.Tensor)
        and tensor.layout == torch.strided
        and not tensor.is_meta
        and tensor.dtype in STORABLE,
        f"weights.{name}",
        wanted="a dense tensor of numbers of at most 64 bits",
        given=getattr(tensor, "dtype", type(tensor).__name__),
    )
    return tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
