"""Folders that appear and vanish whole, one lock each, and the order in which they must go.

A folder on its way in or out lies in `.partial` as <name>.<unique>.<kind>:

    new     being written
    old     replaced by what is being moved into place; goes back where its place stayed empty
    gone    being deleted

Whoever works on a name holds its lock, so what lies there under a free lock was left by the dead.
No clock and no process number is asked, which holds on shared disks and in containers too.
"""

from __future__ import annotations

import logging
import math
import os
import re
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.store import disk, locks

Value = TypeVar("Value")
QUARANTINED = 5
ASIDE = re.compile(r"[^.]+\.[0-9a-f]{32}\.(new|old|gone)")
log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Holding:
    """A folder on the shelf: `used` in nanoseconds since 1970, `size` in bytes."""

    used: int
    path: Path
    size: int


class Shelf:
    """The folders in `root` whose names match `names`; each is dated by its file `dated`."""

    def __init__(self, root: Path, names: re.Pattern[str], dated: str) -> None:
        self.root, self.names, self.dated = root, names, dated

    def hold(self, name: str, wait: float = math.inf) -> AbstractContextManager[bool]:
        """Holds the lock of `name`: see locks.hold."""
        return locks.hold(self.root / ".locks", name, wait)

    def place(self, name: str, fill: Callable[[Path], Value]) -> Value:
        """Lets `fill` write a folder and moves it to `name`, replacing what is there.

        The lock of `name` must be held. Whatever goes wrong, an old or a new whole folder stays.
        """
        new, old, place = self._aside(name, "new"), self._aside(name, "old"), self.root / name
        try:
            value = fill(new)
            if os.path.lexists(place):
                disk.move(place, old)
            disk.move(new, place)
            disk.sync(self.root)
            return value
        finally:
            self._settle(new)
            self._settle(old)

    def drop(self, path: Path) -> bool:
        """Deletes a folder so that nobody sees half of it; False where it would not go."""
        gone = self._aside(path.name.partition(".")[0], "gone")
        try:
            disk.move(path, gone)
        except OSError:
            return False
        disk.remove(gone)
        return True

    def quarantine(self, name: str) -> Path:
        """Sets a damaged folder aside, keeping the last few. The lock of `name` must be held."""
        aside = self.root / "quarantine" / f"{name}.{time.time_ns()}"
        aside.parent.mkdir(exist_ok=True)
        disk.move(self.root / name, aside)
        for holding in self.quarantined()[:-QUARANTINED]:
            self.drop(holding.path)
        return aside

    def sweep(self, held: str | None = None) -> None:
        """Clears away what killed processes left. `held` is the name whose lock the caller has."""
        for path in disk.children(self.root / ".partial"):
            if ASIDE.fullmatch(path.name) is None:
                continue
            name = path.name.partition(".")[0]
            with nullcontext(True) if name == held else self.hold(name, wait=0) as free:
                if free:
                    self._settle(path)
        locks.tidy(self.root / ".locks")

    def holdings(self) -> list[Holding]:
        """What is on the shelf, the least recently used first."""
        found = [path for path in disk.children(self.root) if self.names.fullmatch(path.name)]
        return sorted(Holding(self._used(path), path, disk.weigh(path)) for path in found)

    def quarantined(self) -> list[Holding]:
        """What was set aside, the oldest first."""
        found = [
            path for path in disk.children(self.root / "quarantine") if path.suffix[1:].isdecimal()
        ]
        return sorted(Holding(int(path.suffix[1:]), path, disk.weigh(path)) for path in found)

    def trim(self, cap: int) -> list[str]:
        """Deletes until `cap` bytes are left: the damaged, then the least recently used.

        Never what somebody holds, the caller included: a writer keeps what it has just written.
        Gives the names of the folders deleted.
        """
        dropped = []
        # One at a time, or two would each free what one of them was to free.
        with self.hold("trim"):
            damaged, whole = self.quarantined(), self.holdings()
            total = sum(holding.size for holding in damaged + whole)
            for holding in damaged:
                if total > cap and self.drop(holding.path):
                    total -= holding.size
            for holding in whole:
                name = holding.path.name
                if total <= cap:
                    continue
                with self.hold(name, wait=0) as free:
                    # Used since it was listed: then it is no longer the least recently used.
                    stale = free and self._used(holding.path) == holding.used
                    if stale and self.drop(holding.path):
                        total -= holding.size
                        dropped.append(name)
                        log.info("%s is evicted, %d bytes", name, holding.size)
        return dropped

    def _settle(self, aside: Path) -> None:
        if not os.path.lexists(aside):
            return
        place = self.root / aside.name.partition(".")[0]
        if aside.suffix != ".old":
            disk.remove(aside)
        elif os.path.lexists(place):
            self.drop(aside)
        else:
            with suppress(OSError):
                disk.move(aside, place)

    def _used(self, path: Path) -> int:
        try:
            return (path / self.dated).stat().st_mtime_ns
        except OSError:
            return 0

    def _aside(self, name: str, kind: str) -> Path:
        folder = self.root / ".partial"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.{uuid.uuid4().hex}.{kind}"
