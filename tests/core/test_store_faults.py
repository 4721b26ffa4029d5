"""The store under what befalls it: a disk that refuses, a process that dies, others at work."""

from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import filelock
import pytest

from core.errors import StoreError
from core.store import Store, disk
from tests.core.store_child import key, leftovers, once, opened, trip, value, weights

ROOT = Path(__file__).parents[2]


def spawn(act: str, root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "core" / "store_child.py"), act, str(root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def told(child: subprocess.Popen[bytes]) -> Any:
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err.decode()
    return json.loads(out.splitlines()[-1])


# A disk that refuses


def refusing(code: int, first: int, last: float) -> Any:
    def act(n: int) -> None:
        if first <= n <= last:
            raise OSError(code, os.strerror(code))

    return trip(act)


def steps_of_a_save(root: Path) -> int:
    steps = [0]
    store = opened(root)
    store.save(key(), weights(1), {})
    with trip(lambda n: steps.append(n)):
        store.save(key(), weights(2), {})
    return steps[-1]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot wait for a folder")
def test_everything_is_on_the_disk_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    fsync, rename = os.fsync, os.rename

    def waited(handle: int) -> None:
        inode = os.fstat(handle).st_ino
        [path] = [p for p in (tmp_path, *tmp_path.rglob("*")) if p.stat().st_ino == inode]
        done.append(("sync", "root" if path == tmp_path else path.name.rpartition(".")[2]))
        fsync(handle)

    def renamed(source: Path, target: Path) -> None:
        done.append(("move", target.name))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", waited)
    monkeypatch.setattr(os, "rename", renamed)
    opened(tmp_path).save(key(), weights(1), {})
    assert done == [
        ("sync", "safetensors"),
        ("sync", "json"),
        ("sync", "new"),
        ("move", key().name),
        ("sync", "root"),
    ]


@pytest.mark.parametrize("lasting", [False, True])
def test_full_disk_at_any_step_is_told_and_leaves_the_old_entry(
    tmp_path: Path, lasting: bool
) -> None:
    told = 0
    steps = steps_of_a_save(tmp_path / "counted")
    assert steps >= 12
    for at in range(1, steps + 1):
        store = opened(tmp_path / str(at))
        store.save(key(), weights(1), {})
        wanted = {2}
        try:
            with refusing(errno.ENOSPC, at, math.inf if lasting else at):
                store.save(key(), weights(2), {})
        except StoreError as error:
            told += 1
            wanted = {1, 2}
            assert isinstance(error.__cause__, OSError)
            assert "the disk is full" in str(error)
            assert str(store.root) in str(error)
            if not lasting:
                assert [name for name in leftovers(store.root) if not name.endswith("lock")] == []
                assert value(store.find(key())) in wanted
        # With room again nothing is trained a second time and nothing lies about.
        assert value(store.obtain(key(), lambda: (weights(3), {}))) in wanted
        store.save(key(1), weights(1), {})
        assert leftovers(store.root) == []
        assert not (store.root / "quarantine").exists()
    assert told >= 10


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space, or point VITRINE_HOME"),
        (errno.EDQUOT, "the quota is used up"),
        (errno.EROFS, "the disk is read-only; point VITRINE_HOME"),
        (errno.EACCES, "access is not allowed; point VITRINE_HOME"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_message_says_what_where_and_why(tmp_path: Path, code: int, words: str) -> None:
    with pytest.raises(StoreError) as caught, disk.speaking("save kmeans-1", tmp_path):
        raise OSError(code, os.strerror(code))
    assert str(caught.value).startswith(f"Could not save kmeans-1 in {tmp_path}: {words}")


def test_folder_that_cannot_be_is_told_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = opened(tmp_path / "file" / "models")
    trained: list[int] = []
    with pytest.raises(StoreError, match="Could not"):
        store.obtain(key(), lambda: trained.append(1))  # type: ignore[arg-type, return-value]
    assert trained == []
    with pytest.raises(StoreError, match="Could not"):
        store.save(key(), weights(1), {})
    with pytest.raises(StoreError, match="Could not"):
        store.evict()
    with pytest.raises(StoreError, match="Could not read"):
        store.size()


def test_read_only_folder_still_gives_what_it_has(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip(
            "the system's owner may write everywhere, and Windows folders know no such mode"
        )
    store = opened(tmp_path / "models")
    store.save(key(), weights(1), {})
    (store.root / ".locks").rmdir()
    store.root.chmod(0o500)
    try:
        assert value(store.find(key())) == 1
        with pytest.raises(StoreError, match="access is not allowed"):
            store.save(key(), weights(2), {})
        with pytest.raises(StoreError, match="access is not allowed"):
            store.obtain(key(1), lambda: (weights(2), {}))
    finally:
        store.root.chmod(0o700)
    assert value(store.find(key())) == 1


def test_unreadable_entry_is_told_and_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    store.save(key(), weights(1), {})

    def failing(path: Path) -> bytes:
        raise OSError(errno.EIO, "of the disk")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", failing)
        with pytest.raises(StoreError, match=f"Could not read {key().name}.*of the disk"):
            store.find(key())
    assert value(store.find(key())) == 1


def test_disk_that_allows_no_dating_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(errno.EPERM, "not the owner")

    store = opened(tmp_path)
    store.save(key(), weights(1), {})
    monkeypatch.setattr(os, "utime", refuse)
    assert value(store.find(key())) == 1


@pytest.mark.parametrize(("times", "moves"), [(3, True), (99, False)])
def test_rename_waits_a_moment_for_a_reader_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, moves: bool
) -> None:
    rename, calls = os.rename, []

    def busy(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) <= times:
            raise PermissionError(errno.EACCES, "somebody reads")
        rename(source, target)

    (tmp_path / "a").mkdir()
    monkeypatch.setattr(os, "rename", busy)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    if moves:
        disk.move(tmp_path / "a", tmp_path / "b")
    else:
        with pytest.raises(PermissionError):
            disk.move(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").exists() == moves


def test_entry_that_would_not_go_is_left_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    store.save(key(), weights(1), {})

    def busy(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "somebody reads")

    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", busy)
        assert opened(tmp_path, cap=1).evict() == []
    assert value(store.find(key())) == 1


# Others at work, in this process


def test_threads_that_ask_at_once_train_once_and_other_keys_do_not_wait(tmp_path: Path) -> None:
    trained, found, go = [], [], threading.Event()

    def train() -> Any:
        trained.append(1)
        assert go.wait(10)
        return weights(1), {}

    def ask() -> None:
        found.append(value(opened(tmp_path).obtain(key(0), train)))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while not trained:
        time.sleep(0.005)
    store = opened(tmp_path)
    assert value(store.obtain(key(1), lambda: (weights(2), {}))) == 2
    assert store.find(key(0)) is None  # does not wait for the training
    assert found == []
    go.set()
    for thread in threads:
        thread.join()
    assert (trained, found) == ([1], [1, 1, 1])
    assert leftovers(tmp_path) == []


def test_what_a_living_writer_writes_is_not_swept(tmp_path: Path) -> None:
    store = opened(tmp_path)
    shelf = store._shelf

    def fill(folder: Path) -> int:
        folder.mkdir()
        (folder / "half").write_text("of it")
        opened(tmp_path).save(key(1), weights(1), {})
        opened(tmp_path).evict()
        assert (folder / "half").exists()
        return 7

    with shelf.hold(key(0).name):
        assert shelf.place(key(0).name, fill) == 7
    assert (tmp_path / key(0).name / "half").exists()


def test_lock_file_is_removed_while_it_still_excludes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink, seen = Path.unlink, []

    def watched(path: Path, **kwargs: Any) -> None:
        with pytest.raises(filelock.Timeout):
            filelock.FileLock(path).acquire(timeout=0)
        seen.append(path.name)
        unlink(path, **kwargs)

    monkeypatch.setattr(Path, "unlink", watched)
    with opened(tmp_path)._shelf.hold("one") as held:
        assert held
        assert seen == []
    assert seen == ["one.lock"]


def test_reader_that_sees_half_of_two_entries_looks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(tmp_path)
    store.save(key(), weights(1), {})
    read, once = Path.read_bytes, []

    def interrupted(path: Path) -> bytes:
        content = read(path)
        if path.name == "meta.json" and not once:
            once.append(path)
            opened(tmp_path).save(key(), weights(2), {})
        return content

    monkeypatch.setattr(Path, "read_bytes", interrupted)
    assert value(store.find(key())) == 2
    assert caplog.records == []


def test_reader_whose_entry_is_evicted_between_two_files_finds_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(tmp_path)
    store.save(key(), weights(1), {})
    read = Path.read_bytes

    def interrupted(path: Path) -> bytes:
        content = read(path)
        opened(tmp_path, cap=1).evict()
        return content

    monkeypatch.setattr(Path, "read_bytes", interrupted)
    assert store.find(key()) is None
    assert caplog.records == []


def test_entry_used_since_it_was_listed_is_not_evicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    for size in (0, 1):
        store.save(key(size), weights(1), {})
    small = opened(tmp_path, cap=store.size() - 1)
    holdings = small._shelf.holdings

    def then_used() -> Any:
        listed = holdings()
        store.find(key(0))
        return listed

    monkeypatch.setattr(small._shelf, "holdings", then_used)
    assert small.evict() == [key(1).name]


def test_two_that_evict_at_once_do_not_free_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    for size in range(4):
        store.save(key(size), weights(1), {})
    cap = store.size() // 2
    shelf, others = opened(tmp_path, cap)._shelf, []
    drop = shelf.drop

    def slow(path: Path) -> bool:
        if not others:
            others.append(threading.Thread(target=opened(tmp_path, cap).evict))
            others[0].start()
            time.sleep(0.2)
        return drop(path)

    monkeypatch.setattr(shelf, "drop", slow)
    assert shelf.trim(cap) == [key(0).name, key(1).name]
    others[0].join()
    assert [store.find(key(size)) is not None for size in range(4)] == [False, False, True, True]


# Others at work, in other processes


def test_two_processes_that_ask_at_once_build_it_once(tmp_path: Path) -> None:
    child = spawn("once", tmp_path)
    results = [once(tmp_path), told(child)]  # this process is one of the two
    [builder] = [r["pid"] for r in results if r["trained"]]
    assert [r["by"] for r in results] == [builder, builder]
    assert [r["value"] for r in results] == [1, 1]
    assert leftovers(tmp_path / "models") == []


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    return told(spawn("forks", tmp_path_factory.mktemp("forks")))


def test_kill_9_at_any_step_of_a_write_leaves_the_old_or_the_new(forks: Any) -> None:
    ends = [crash["one"] for crash in forks["save"]]
    assert len(ends) >= 12
    assert ends == sorted(ends)
    assert set(ends) == {1, 2}  # never 3: nothing is lost, nothing trained again
    for crash in forks["save"]:
        assert crash["other"] == 1
        assert crash["quarantined"] == 0
        assert crash["leftovers"] == []
    # Not idle: killed writers did leave folders and locks for others to sweep.
    stale = {name.rpartition(".")[2] for crash in forks["save"] for name in crash["stale"]}
    assert stale >= {"new", "old", "gone", "lock"}


def test_kill_9_at_any_step_of_an_eviction_leaves_whole_entries(forks: Any) -> None:
    assert len(forks["evict"]) >= 6
    for crash in forks["evict"]:
        assert crash["one"] in (1, 3)
        assert crash["other"] in (1, 3)
        assert crash["quarantined"] == 0
        assert crash["leftovers"] == []


def test_kill_9_while_a_damaged_entry_is_set_aside_is_made_up_for(forks: Any) -> None:
    assert len(forks["quarantine"]) >= 3
    for crash in forks["quarantine"]:
        assert (crash["one"], crash["other"]) == (3, 1)
        assert crash["quarantined"] == 1
        assert crash["leftovers"] == []


def test_readers_writers_and_evictors_never_meet_a_torn_entry(forks: Any) -> None:
    told = forks["hammer"]
    assert told["statuses"] == [0] * 5
    assert told["quarantined"] == 0
    assert told["leftovers"] == []
    assert told["size"] <= told["cap"]


def test_lock_files_come_and_go_and_still_exclude(forks: Any) -> None:
    told = forks["locking"]
    assert told["statuses"] == [0] * 6
    assert told["holds"] > 50
    assert told["text"] == 2 * told["holds"]


def test_waiting_process_trains_when_the_training_one_is_killed(forks: Any) -> None:
    told = forks["takeover"]
    assert told["waits"]
    assert told["statuses"] == [-9, 0]
    assert told["found"] == 2
    assert told["leftovers"] == []


def test_store_is_shared_by_threads_and_costs_nothing_to_open(tmp_path: Path) -> None:
    Store(tmp_path / "models", defaults=tmp_path)
    assert list(tmp_path.iterdir()) == []
