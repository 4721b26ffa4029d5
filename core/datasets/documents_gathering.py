"""Documents that somebody brings read in another process: large files, and PDFs, take their time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from core.datasets import documents_files
from core.datasets.documents import Documents
from core.datasets.documents_table import Columns

Data = Sequence[str | NDArray[np.uint8]]


@dataclass(frozen=True)
class Config:
    """What `gather` is told."""

    columns: Columns = field(default_factory=Columns)


@dataclass(frozen=True)
class Step:
    """There is one, when all is read."""

    documents: Documents


def data(files: Sequence[tuple[str, bytes]]) -> Data:
    """What `learn` takes, of files: names and contents in turn."""
    return [part for name, held in files for part in (name, np.frombuffer(held, np.uint8))]


def learn(data: Data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """One Step; nothing is left to chance. Raises as documents_files.gather does."""
    files = (
        (str(name), np.asarray(held, np.uint8).tobytes())
        for name, held in zip(data[::2], data[1::2], strict=True)
    )
    yield Step(documents_files.gather(files, config.columns))
