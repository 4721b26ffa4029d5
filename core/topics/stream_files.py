"""Which files of documents the server offers to stream: those that $VITRINE_DOCUMENTS names.

It names a file, or a folder whose files (not those of folders in it) are offered. What a visitor chooses
is one of these names, never a path.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from core.datasets import documents_table
from core.errors import UnavailableError

ENVIRONMENT = "VITRINE_DOCUMENTS"
ENDINGS = (*documents_table.ENDINGS, ".txt")
MOST = 200  # files


@dataclass(frozen=True)
class File:
    """A file of documents; `mark` changes when it does."""

    name: str
    path: Path
    bytes: int
    mark: str

    def columns(self) -> list[str]:
        """Of a table. Raises UploadError, UnavailableError."""
        if self.path.suffix.lower() not in documents_table.ENDINGS:
            return []
        try:
            with open(self.path, "rb") as file:
                return documents_table.names(file, self.name)
        except OSError as error:
            raise UnavailableError(f"{self.name} cannot be read: {error.strerror}.") from error


def configured() -> bool:
    """Whether the server names any."""
    return bool(os.environ.get(ENVIRONMENT))


def files() -> list[File]:
    """The first MOST of them, by name. Raises UnavailableError where there are none."""
    place = Path(os.environ.get(ENVIRONMENT, ""))
    try:
        every = sorted(place.iterdir()) if place.is_dir() else [place]
        found = [_file(path) for path in every if _offered(path)][:MOST]
    except OSError as error:
        raise UnavailableError(f"{ENVIRONMENT} cannot be read: {error.strerror}.") from error
    if not found:
        raise UnavailableError(
            f"{ENVIRONMENT} names no file that ends in {', '.join(ENDINGS)}, nor a folder with any."
        )
    return found


def _offered(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file()


def _file(path: Path) -> File:
    told = path.stat()
    return File(path.name, path, told.st_size, f"{told.st_size} {told.st_mtime_ns}")
