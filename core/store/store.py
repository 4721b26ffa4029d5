"""The store: find a trained model, or train it once, and keep the folder under its cap.

Own entries are asked first, then the trained defaults, then `train`. An entry larger than the cap
is kept, with a warning, as the only one: a long training is never thrown away on arrival.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
import torch

from core.errors import require
from core.store import disk, entry
from core.store.entry import Damaged, Entry
from core.store.keys import NAME, Key
from core.store.shelf import Shelf

HOME, CAP = "VITRINE_HOME", "VITRINE_STORE_GB"
DEFAULT_GB = "2"
DEFAULTS = Path(__file__).resolve().parents[2] / "assets" / "models"
Trained = tuple[Mapping[str, torch.Tensor], Mapping[str, Any]]
log = logging.getLogger(__name__)


def home() -> Path:
    """The folder for all that Vitrine keeps: $VITRINE_HOME, else the user's cache folder."""
    chosen = os.environ.get(HOME)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("vitrine", appauthor=False)


class Store:
    """Trained models in `root` (default: home()/models), at most `cap_bytes` of them (default:
    $VITRINE_STORE_GB, else 2 GB), above the trained defaults in `defaults` (assets/models).

    Nothing is touched until it is used. Safe to share between threads and processes. Raises
    SettingError where the cap is not a number above 0.
    """

    def __init__(
        self,
        root: Path | str | None = None,
        cap_bytes: int | None = None,
        defaults: Path | str | None = None,
    ) -> None:
        self.root = home() / "models" if root is None else Path(root).absolute()
        self.cap_bytes = _cap() if cap_bytes is None else cap_bytes
        require(self.cap_bytes > 0, "cap_bytes", wanted="at least 1", given=self.cap_bytes)
        self.defaults = DEFAULTS if defaults is None else Path(defaults)
        self._shelf = Shelf(self.root, NAME, entry.META)

    def find(self, key: Key) -> Entry | None:
        """The entry of `key`, from here or from the defaults, None where there is none.

        A damaged entry is set aside with a warning and counts as none. Does not wait for a
        training. Raises StoreError where the folder cannot be read.
        """
        try:
            found = self._read(key)
        except Damaged:
            # A save may have passed between the reading of two files: look again, undisturbed.
            with self._shelf.hold(key.name, wait=1.0) as held:
                found = self._checked(key) if held else None
        return found or self._default(key)

    def obtain(self, key: Key, train: Callable[[], Trained]) -> Entry:
        """The entry of `key`, trained by `train() -> (weights, metrics)` where there is none.

        Where several ask at once, one trains, the others wait and read; if its training fails or
        it is killed, the next one trains. `train` may obtain other keys. Raises StoreError before
        training where the folder cannot be written, and whatever `train` raises.
        """
        found = self.find(key)
        if found is not None:
            return found
        with self._writing(key):
            found = self._checked(key)
            return found if found is not None else self._write(key, *train())

    def save(
        self, key: Key, weights: Mapping[str, torch.Tensor], metrics: Mapping[str, Any]
    ) -> Entry:
        """Keeps a trained model, in place of what `key` had, and evicts what is over the cap.

        weights : tensors by name, any device, any strides     metrics : plain values by name
        Raises SettingError for what cannot be stored, and StoreError where the disk refuses; what
        was there before then stays.
        """
        with self._writing(key):
            return self._write(key, weights, metrics)

    def evict(self) -> list[str]:
        """Deletes leftovers and the least recently used entries over the cap; gives their names."""
        with disk.speaking("evict", self.root):
            self._shelf.sweep()
            return self._shelf.trim(self.cap_bytes)

    def size(self) -> int:
        """Bytes of all entries, damaged ones set aside included."""
        with disk.speaking("read", self.root):
            return sum(h.size for h in self._shelf.holdings() + self._shelf.quarantined())

    @contextmanager
    def _writing(self, key: Key) -> Iterator[None]:
        with self._shelf.hold(key.name):
            # Before a training and not after it: the leftovers may be what fills the disk.
            with disk.speaking("sweep", self.root):
                self._shelf.sweep(held=key.name)
            yield

    def _write(
        self, key: Key, weights: Mapping[str, torch.Tensor], metrics: Mapping[str, Any]
    ) -> Entry:
        with disk.speaking(f"save {key.name}", self.root):
            kept = self._shelf.place(key.name, lambda f: entry.write(f, key, weights, metrics))
            disk.touch(self.root / key.name / entry.META)  # by the same clock as every later use
            size = disk.weigh(self.root / key.name)
            if size > self.cap_bytes:
                log.warning("%s takes %d of %d bytes, see %s", key.name, size, self.cap_bytes, CAP)
            self._shelf.trim(self.cap_bytes)
        return kept

    def _read(self, key: Key) -> Entry | None:
        folder = self.root / key.name
        with disk.speaking(f"read {key.name}", self.root):
            found = entry.read(folder, key)
        if found is not None:
            disk.touch(folder / entry.META)
        return found

    def _checked(self, key: Key) -> Entry | None:
        # The lock of `key` is held, so what looks damaged is.
        try:
            return self._read(key)
        except Damaged as damage:
            with disk.speaking(f"set {key.name} aside", self.root):
                aside = self._shelf.quarantine(key.name)
            log.warning("%s is damaged, %s; it is set aside as %s", key.name, damage, aside)
            return None

    def _default(self, key: Key) -> Entry | None:
        try:
            return entry.read(self.defaults / key.name, key)
        except (Damaged, OSError) as damage:
            log.warning("the default %s is damaged, %s; it is not used", key.name, damage)
            return None


def _cap() -> int:
    given = os.environ.get(CAP) or DEFAULT_GB
    try:
        gigabytes = float(given)
    except ValueError:
        gigabytes = math.nan
    require(
        math.isfinite(gigabytes) and gigabytes * 1e9 >= 1,
        CAP,
        wanted="a number of gigabytes above 0",
        given=given,
    )
    return int(gigabytes * 1e9)
