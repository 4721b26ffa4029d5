"""Files of trained weights: where they are looked for, how they are fetched and checked.

Looked for by torchvision's file name in the folder $VITRINE_WEIGHTS, then in torch hub's cache;
fetched from the network only when asked. The digits after the last dash of a name are the first
of the file's SHA-256, as torch hub has it, and are checked before anything is loaded.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from pickle import UnpicklingError  # what torch.load raises for a file it finds unsafe
from typing import Any
from urllib.parse import urlparse

import torch

from core.errors import StoreError, UnavailableError

ENVIRONMENT = "VITRINE_WEIGHTS"
DIGEST = re.compile(r"-([0-9a-f]{8,64})\.[^.]*$")
CHUNK = 2**18
TIMEOUT = 20.0


@dataclass(frozen=True)
class Source:
    """Where weights can be had: `url`, and their size in megabytes of 2**20 bytes."""

    url: str
    megabytes: float

    @property
    def file(self) -> str:
        """The name of the file."""
        return PurePosixPath(urlparse(self.url).path).name


def folders() -> list[Path]:
    """The folders looked into, in this order."""
    own = os.environ.get(ENVIRONMENT)
    return [*([Path(own).expanduser()] if own else []), _cache()]


def find(source: Source) -> Path | None:
    """The file of `source` on this machine, unread and unchecked, or None."""
    paths = (folder / source.file for folder in folders())
    return next((path for path in paths if path.is_file()), None)


def load(source: Source) -> dict[str, Any]:
    """The tensors in the file of `source`, on the CPU.

    Raises UnavailableError where there is no such file, or a damaged one.
    """
    path = find(source)
    if path is None:
        raise UnavailableError(f"{source.file} is not on this machine. {_by_hand(source)}")
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        _check(source, digest.hexdigest(), str(path))
        return torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
        raise UnavailableError(f"{path} cannot be read as weights: {error}") from error


def fetch(source: Source) -> Iterator[float]:
    """Downloads the file of `source` into torch hub's cache, yielding the share that is there.

    Ends at 1.0 with the file checked and in place; closing it early leaves nothing behind.
    Raises UnavailableError where the network or what it sends is no good, StoreError where the
    disk refuses.
    """
    folder = _cache()
    # Written beside and moved: nobody sees half a file, and two may fetch at once.
    part = folder / f"{source.file}.{uuid.uuid4().hex}.part"
    digest = hashlib.sha256()
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        for share, chunk in _download(source):
            digest.update(chunk)
            with _writing(folder), part.open("ab") as file:
                file.write(chunk)
            yield share
        _check(source, digest.hexdigest(), "What the network sent")
        with _writing(folder):
            os.replace(part, folder / source.file)
    finally:
        part.unlink(missing_ok=True)
    yield 1.0


def _download(source: Source) -> Iterator[tuple[float, bytes]]:
    """(share so far, chunk), refusing a file much larger than announced."""
    expected, received = source.megabytes * 2**20, 0
    try:
        with urllib.request.urlopen(source.url, timeout=TIMEOUT) as response:
            while chunk := response.read(CHUNK):
                received += len(chunk)
                if received > 1.1 * expected + CHUNK:
                    raise UnavailableError(
                        f"{source.url} sent more than the {source.megabytes:.0f} MB announced."
                    )
                yield min(received / expected, 0.99), chunk
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError(f"{source.url}: {error}. {_by_hand(source)}") from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{folder} cannot be written to: {error}") from error


def _check(source: Source, digest: str, what: str) -> None:
    named = DIGEST.search(source.file)
    if named and not digest.startswith(named[1]):
        raise UnavailableError(
            f"{what} is damaged or another file: its SHA-256 begins with {digest[:8]}, that of "
            f"{source.file} with {named[1]}. Remove or replace it. {_by_hand(source)}"
        )


def _by_hand(source: Source) -> str:
    looked = " or ".join(str(folder) for folder in folders())
    return (
        f"To provide it by hand, put {source.file} ({source.megabytes:.0f} MB, from {source.url}) "
        f"into {looked}; {ENVIRONMENT} names another folder."
    )


def _cache() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints"
