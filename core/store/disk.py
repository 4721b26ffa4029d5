"""The few things asked of a disk, and what is said when it refuses."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import StoreError

ELSEWHERE = "point VITRINE_HOME to another folder"
REASONS = {
    errno.ENOSPC: f"the disk is full; free some space, or {ELSEWHERE}",
    errno.EDQUOT: f"the quota is used up; free some space, or {ELSEWHERE}",
    errno.EROFS: f"the disk is read-only; {ELSEWHERE}",
    errno.EACCES: f"access is not allowed; {ELSEWHERE}",
    errno.EPERM: f"access is not allowed; {ELSEWHERE}",
}


@contextmanager
def speaking(doing: str, where: Path) -> Iterator[None]:
    """Turns what the disk refuses inside into a StoreError that says what was being done where."""
    try:
        yield
    except OSError as error:
        reason = REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise StoreError(f"Could not {doing} in {where}: {reason}.") from error


def write(path: Path, content: bytes) -> None:
    """Writes a file and waits until the disk has it."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Waits until the disk has the names in `folder`. Windows offers no such wait."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move(source: Path, target: Path) -> None:
    """Renames within one disk. Patient: Windows refuses while somebody has a file inside open."""
    for wait in (0.01, 0.03, 0.1, 0.3):
        try:
            os.rename(source, target)
            return
        except PermissionError:
            time.sleep(wait)
    os.rename(source, target)


def remove(path: Path) -> None:
    """Removes a file or a folder as far as it goes; what stays is swept another time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def touch(path: Path) -> None:
    """Sets the time of last use, where that is allowed, as finely as the clock tells it."""
    now = time.time_ns()
    with suppress(OSError):
        os.utime(path, ns=(now, now))


def children(folder: Path) -> list[Path]:
    """What lies in `folder`, in order of name; nothing where there is no such folder."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def weigh(path: Path) -> int:
    """Bytes in a file or in the files of a folder; what vanishes meanwhile weighs nothing."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for folder, _, files in os.walk(path):
        for file in files:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(folder, file)).st_size
    return total
