"""What other processes do to a store while its tests look on: `python store_child.py <act> <root>`.

Prints one line of JSON. `trip` stops before, and within, each call that changes the disk, so that
a test can let that call fail or the process die there.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import torch

from core.store import Entry, Key, Store, disk, fingerprint

DATA = fingerprint("photographs")
NOWHERE = Path(__file__).parent / "no-such-folder"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    size: int = 0


def key(size: int = 0) -> Key:
    return Key(learner="kmeans", version=1, config=Config(size=size), data=DATA, seed=0)


def weights(fill: float) -> dict[str, torch.Tensor]:
    return {"w": torch.full((5000,), float(fill))}


def opened(root: Path, cap: int = 10**9) -> Store:
    return Store(root, cap_bytes=cap, defaults=NOWHERE)


def value(entry: Entry | None) -> float | None:
    """The number an entry was filled with, None for no entry."""
    if entry is None:
        return None
    w = entry.weights["w"]
    assert w.shape == (5000,), w.shape
    assert bool((w == w[0]).all()), "torn"
    return float(w[0])


def leftovers(root: Path) -> list[str]:
    found = [*(root / ".partial").glob("*"), *(root / ".locks").glob("*")]
    return sorted(path.name for path in found)


@contextmanager
def trip(act: Callable[[int], None]) -> Iterator[None]:
    """Calls act(n) before the n-th change of the disk, and in the middle of each file written."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        act(count)

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **kwargs: Any) -> Any:
            step()
            return call(*args, **kwargs)

        return stepping

    class Halting(io.FileIO):
        def write(self, content: Any) -> int:
            half = len(content) // 2
            super().write(content[:half])
            step()
            super().write(content[half:])
            return len(content)

    names = ["mkdir", "rename", "fsync", "unlink", "rmdir"]
    with (
        mock.patch.multiple(os, **{name: watched(getattr(os, name)) for name in names}),
        mock.patch.object(disk, "open", watched(Halting), create=True),
    ):
        yield


def forked(act: Callable[[], object]) -> int:
    """Runs `act` in a fork of this process and gives its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        act()
        status = 0
    except BaseException:  # noqa: BLE001  a fork must never go on into the parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def ended(pid: int) -> int:
    """Exit status of a fork, minus the signal's number where it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(at: int, act: Callable[[], object]) -> bool:
    """Runs `act` in a fork that is killed at its `at`-th change of the disk; False if it ended."""

    def kill(n: int) -> None:
        if n == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        with trip(kill):
            act()

    status = ended(forked(work))
    assert status in (0, -signal.SIGKILL), status
    return status != 0


def crashes(root: Path, act: str) -> list[dict[str, Any]]:
    """Kills `act` at each of its steps; tells what the next processes find after each."""
    seen = []
    for at in range(1, 100):
        here = root / f"{act}-{at}"
        store = opened(here)
        for size in (0, 1):
            store.save(key(size), weights(1), {})
        if act == "quarantine":
            (here / key(0).name / "weights.safetensors").write_bytes(b"damaged")
        acts = {
            "save": lambda here=here: opened(here).save(key(0), weights(2), {}),
            "evict": lambda here=here: opened(here, cap=1).evict(),
            "quarantine": lambda here=here: opened(here).find(key(0)),
        }
        if not killed_at(at, acts[act]):
            break
        stale = leftovers(here)
        other = value(opened(here).obtain(key(1), lambda: (weights(3), {})))
        one = value(opened(here).obtain(key(0), lambda: (weights(3), {})))
        opened(here).save(key(2), weights(1), {})
        seen.append(
            {
                "at": at,
                "stale": stale,
                "one": one,
                "other": other,
                "quarantined": len(list((here / "quarantine").glob("*"))),
                "leftovers": leftovers(here),
            }
        )
    return seen


def hammer(root: Path, seconds: float = 1.2) -> dict[str, Any]:
    """Readers, writers and evictors on few keys with too little room for all of them."""
    size = 0

    def work(which: int) -> None:
        draw = random.Random(which)
        store = opened(root, cap=3 * size)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            i = draw.randrange(6)
            if which == 0:
                store.save(key(i), weights(i), {})
            elif which == 1:
                store.evict()
                opened(root, cap=draw.choice([1, 2 * size])).evict()
            elif which == 2:
                assert value(store.obtain(key(i), lambda i=i: (weights(i), {}))) == i
            else:
                assert value(store.find(key(i))) in (i, None)

    opened(root).save(key(0), weights(0), {})
    size = opened(root).size()
    pids = [forked(lambda which=which: work(which)) for which in range(5)]
    statuses = [ended(pid) for pid in pids]
    return {
        "statuses": statuses,
        "quarantined": len(list((root / "quarantine").glob("*"))),
        "leftovers": leftovers(root),
        "size": opened(root).size(),
        "cap": 3 * size,
    }


def locking(root: Path, seconds: float = 0.5) -> dict[str, Any]:
    """Holders of one lock; each writes that it came and that it went."""
    log = root / "log"
    root.mkdir(parents=True)

    def work(which: int) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with opened(root)._shelf.hold("one", wait=0 if which % 2 else 5.0) as held:
                if held:
                    with open(log, "ab", buffering=0) as file:
                        file.write(b"(")
                        file.write(b")")

    statuses = [ended(pid) for pid in [forked(lambda w=w: work(w)) for w in range(6)]]
    text = log.read_bytes()
    return {"statuses": statuses, "holds": text.count(b"()"), "text": len(text)}


def takeover(root: Path) -> dict[str, Any]:
    """The one that trains is killed while another waits."""
    started = root / "started"

    def for_ever() -> Any:
        started.touch()
        time.sleep(60)

    root.mkdir(parents=True)
    first = forked(lambda: opened(root).obtain(key(), for_ever))
    while not started.exists():
        time.sleep(0.01)
    second = forked(lambda: opened(root).obtain(key(), lambda: (weights(2), {})))
    time.sleep(0.2)
    waits = os.waitpid(second, os.WNOHANG) == (0, 0)
    os.kill(first, signal.SIGKILL)
    statuses = [ended(first), ended(second)]
    return {
        "waits": waits,
        "statuses": statuses,
        "found": value(opened(root).find(key())),
        "leftovers": leftovers(root),
    }


def once(root: Path) -> dict[str, Any]:
    """Asks for one entry at the same moment as another process that does the same."""
    root.mkdir(parents=True, exist_ok=True)
    (root / f"ready-{os.getpid()}").touch()
    while len(list(root.glob("ready-*"))) < 2:
        time.sleep(0.01)
    trained = []

    def train() -> Any:
        trained.append(os.getpid())
        time.sleep(0.5)  # long enough for the other to come while this runs
        return weights(1), {"by": os.getpid()}

    entry = opened(root / "models").obtain(key(), train)
    return {
        "pid": os.getpid(),
        "trained": trained,
        "by": entry.metrics["by"],
        "value": value(entry),
    }


def forks(root: Path) -> dict[str, Any]:
    # A kill loses nothing that the kernel has; only a power cut would, and waiting costs seconds.
    os.fsync = lambda handle: None
    return {
        **{act: crashes(root, act) for act in ("save", "evict", "quarantine")},
        "hammer": hammer(root / "hammer"),
        "locking": locking(root / "locking"),
        "takeover": takeover(root / "takeover"),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    result = {"once": once, "forks": forks}[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.write(json.dumps(result) + "\n")
