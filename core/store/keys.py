"""What a trained model depends on, as a folder name.

Key             learner, its version, Config, fingerprint of the data, seed
fingerprint     arrays and texts -> 64 hex digits
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from core.errors import require
from core.store.plain import plain, text

LEARNER = re.compile(r"[a-z][a-z0-9_]{0,59}")
NAME = re.compile(rf"{LEARNER.pattern}-[0-9a-f]{{20}}")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Key:
    """Names one trained model: two keys are alike exactly if training would give the same.

    learner   lower-case name of the module that learns, e.g. "spherical_kmeans"
    version   whole number from 1 on; raise it when the learner's results change
    config    the learner's Config, any dataclass of plain values
    data      fingerprint(...) of what is learned from
    seed      whole number from 0 on

    Raises SettingError where a part is none of these.
    """

    learner: str
    version: int
    config: Any
    data: str
    seed: int

    def __post_init__(self) -> None:
        require(
            isinstance(self.learner, str) and LEARNER.fullmatch(self.learner) is not None,
            "learner",
            wanted="up to 60 lower-case letters, digits and _, a letter first",
            given=self.learner,
        )
        for setting, least in (("version", 1), ("seed", 0)):
            number = getattr(self, setting)
            require(
                isinstance(number, int) and not isinstance(number, bool) and number >= least,
                setting,
                wanted=f"a whole number of at least {least}",
                given=number,
            )
        require(
            isinstance(self.data, str) and FINGERPRINT.fullmatch(self.data) is not None,
            "data",
            wanted="a fingerprint of 64 hex digits",
            given=self.data,
        )
        require(
            dataclasses.is_dataclass(self.config) and not isinstance(self.config, type),
            "config",
            wanted="a dataclass",
            given=self.config,
        )
        plain(self.config, "config")

    @property
    def parts(self) -> dict[str, Any]:
        """The five parts as plain JSON values."""
        return {
            "learner": self.learner,
            "version": self.version,
            "config": plain(self.config, "config"),
            "data": self.data,
            "seed": self.seed,
        }

    @property
    def name(self) -> str:
        """Folder name: `<learner>-<20 hex digits of the sha256 over all parts>`."""
        # 80 bits keep names short; an entry also repeats its key, which is compared on reading.
        return f"{self.learner}-{hashlib.sha256(text(self.parts).encode()).hexdigest()[:20]}"


def fingerprint(*parts: np.ndarray | torch.Tensor | str) -> str:
    """sha256, as 64 hex digits, over dtype, shape and content of arrays, and over texts, in order.

    An array and a tensor of one content have one fingerprint, wherever the tensor lies, whatever
    the strides and byte order. Raises SettingError for arrays of objects, sparse tensors and
    whatever is neither array nor text.
    """
    digest = hashlib.sha256()
    for i, part in enumerate(parts):
        label, content = _labelled(part, f"part {i} of the data")
        # The label ends at the newline and tells the length, so parts cannot run into each other.
        digest.update(f"{label} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _labelled(part: Any, where: str) -> tuple[str, bytes | memoryview]:
    if isinstance(part, str):
        # Surrogates come with undecodable file names; they count as they stand.
        return "text", part.encode("utf-8", "surrogatepass")
    if isinstance(part, torch.Tensor):
        require(part.layout == torch.strided, where, wanted="a dense tensor", given=part.layout)
        flat = part.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data
        return f"{str(part.dtype).removeprefix('torch.')} {list(part.shape)}", flat
    require(
        isinstance(part, np.ndarray) and part.dtype.kind in "biufc",
        where,
        wanted="an array of numbers, a tensor or a text",
        given=getattr(part, "dtype", type(part).__name__),
    )
    little = np.ascontiguousarray(part, dtype=part.dtype.newbyteorder("<"))
    return f"{part.dtype.name} {list(part.shape)}", little.reshape(-1).view(np.uint8).data
