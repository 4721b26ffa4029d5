"""One lock for each name, between threads and processes, that leaves no file behind.

A lock dies with its process, so a holder that was killed blocks nobody. The holder removes the
file before it lets go; who waited on the removed file notices (filelock checks that it still has
a name) and takes a new one. A killed holder's file stays until the next `tidy`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.store import disk


@contextmanager
def hold(folder: Path, name: str, wait: float = math.inf) -> Iterator[bool]:
    """Holds the lock `name`; gives False where others held it for all of `wait` seconds.

    Raises StoreError where the folder cannot be written, and RuntimeError where this thread
    already holds the lock and would wait for itself for ever.
    """
    path = folder / f"{name}.lock"
    with disk.speaking(f"lock {name}", folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        with suppress(Timeout):
            lock.acquire(timeout=-1 if wait == math.inf else wait)
    if not lock.is_locked:
        yield False
        return
    try:
        yield True
    finally:
        # Windows forbids this while the file is open; there filelock removes it on release.
        with suppress(OSError):
            path.unlink()
        lock.release()


def tidy(folder: Path) -> None:
    """Removes the files of holders that were killed."""
    for path in disk.children(folder):
        if path.suffix == ".lock":
            with hold(folder, path.stem, wait=0):
                pass
