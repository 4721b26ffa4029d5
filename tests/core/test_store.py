"""The store in one process: finding, building, checking, evicting, and the layer beneath."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import core.store
from core.errors import SettingError
from core.store import Entry, Key, Store, fingerprint, home
from core.store import entry as entries
from core.store.store import DEFAULTS

DATA = fingerprint("photographs")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    size: int = 4


def key(size: int = 4, learner: str = "kmeans", seed: int = 0) -> Key:
    return Key(learner=learner, version=1, config=Config(size=size), data=DATA, seed=seed)


def weights(fill: float = 0.0) -> dict[str, torch.Tensor]:
    return {"D": torch.full((50, 20), fill), "count": torch.tensor(7)}


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(
        a[n].dtype == b[n].dtype and torch.equal(a[n], b[n]) for n in a
    )


def never() -> Any:
    raise AssertionError("trained again")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "models", cap_bytes=10**9, defaults=tmp_path / "none")


# Finding and saving


def test_what_is_saved_is_found_whole(store: Store) -> None:
    assert store.find(key()) is None
    metrics = {"loss": 0.25, "curve": (1, 2.5), "note": "grün"}
    saved = store.save(key(), weights(1.5), metrics)
    found = store.find(key())
    assert found is not None
    assert same(saved.weights, weights(1.5))
    assert same(found.weights, weights(1.5))
    assert found.metrics == saved.metrics == {"loss": 0.25, "curve": [1, 2.5], "note": "grün"}
    assert found.meta == saved.meta
    assert store.find(key(5)) is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.metrics = {}  # type: ignore[misc]


def test_entry_on_disk_is_safetensors_and_json_that_others_can_read(store: Store) -> None:
    from safetensors import safe_open

    store.save(key(), weights(2.0), {"loss": 0.5})
    folder = store.root / key().name
    assert sorted(path.name for path in folder.iterdir()) == ["meta.json", "weights.safetensors"]
    with safe_open(folder / "weights.safetensors", framework="numpy") as file:
        assert sorted(file.keys()) == ["D", "count"]
        assert (file.get_tensor("D") == 2.0).all()
    meta = json.loads((folder / "meta.json").read_text())
    payload = (folder / "weights.safetensors").read_bytes()
    assert {name: meta[name] for name in ("format", *key().parts, "metrics", "sha256")} == {
        "format": 1,
        "learner": "kmeans",
        "version": 1,
        "config": {"class": "Config", "size": 4},
        "data": DATA,
        "seed": 0,
        "metrics": {"loss": 0.5},
        "sha256": hashlib.sha256(payload).hexdigest(),
    }
    assert meta["libraries"].keys() == {"python", "torch", "safetensors", "numpy"}
    assert meta["libraries"]["torch"].split("+")[0] == torch.__version__.split("+")[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", meta["created"])
    # Nothing else is left beside it.
    assert [p.name for p in store.root.rglob("*") if p.is_file() and p.parent != folder] == []


@pytest.mark.parametrize("dtype", sorted(entries.STORABLE, key=str))
def test_every_dtype_and_odd_shape_returns(store: Store, dtype: torch.dtype) -> None:
    base = torch.arange(12).reshape(3, 4).to(dtype)
    odd = {
        "plain": base,
        "transposed": base.T,
        "strided": base[:, ::2],
        "expanded": base[:1].expand(5, 4),
        "scalar": base[1, 1],
        "empty": base[:0],
        "tied": base,
    }
    store.save(key(), odd, {})
    found = store.find(key())
    assert found is not None
    assert same(found.weights, odd)


def test_entry_shares_no_memory_and_no_gradient_with_what_was_saved(store: Store) -> None:
    given = torch.nn.Parameter(torch.zeros(3))
    saved = store.save(key(), {"w": given}, {})
    with torch.no_grad():
        given += 1
    assert same(saved.weights, {"w": torch.zeros(3)})
    assert not saved.weights["w"].requires_grad
    found = store.find(key())
    assert found is not None
    found.weights["w"] += 5  # the finder's own, and writable
    again = store.find(key())
    assert again is not None
    assert same(again.weights, {"w": torch.zeros(3)})


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_weights_on_the_gpu_are_stored_and_return_on_the_cpu(store: Store) -> None:
    saved = store.save(key(), {"w": torch.arange(6.0, device="cuda").reshape(2, 3).T}, {})
    found = store.find(key())
    assert found is not None
    assert found.weights["w"].device == saved.weights["w"].device == torch.device("cpu")
    assert same(found.weights, {"w": torch.arange(6.0).reshape(2, 3).T})


def test_no_weights_at_all_is_an_entry(store: Store) -> None:
    store.save(key(), {}, {})
    assert store.find(key()) is not None


@pytest.mark.parametrize(
    ("bad", "metrics", "setting"),
    [
        ({"w": [1.0]}, {}, "weights.w"),
        ({"w": torch.eye(2).to_sparse()}, {}, "weights.w"),
        ({"w": torch.zeros(2, dtype=torch.complex128)}, {}, "weights.w"),
        ({"w": torch.zeros(2, device="meta")}, {}, "weights.w"),
        ({3: torch.zeros(2)}, {}, "weights"),
        ({"__metadata__": torch.zeros(2)}, {}, "weights"),
        ({"w": torch.zeros(2)}, {"loss": float("nan")}, "metrics.loss"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_the_old_entry_stays(
    store: Store, bad: Any, metrics: dict[str, Any], setting: str
) -> None:
    store.save(key(), weights(1.0), {})
    with pytest.raises(SettingError) as caught:
        store.save(key(), bad, metrics)
    assert caught.value.setting == setting
    found = store.find(key())
    assert found is not None
    assert same(found.weights, weights(1.0))
    assert list((store.root / ".partial").iterdir()) == []


def test_saving_again_replaces(store: Store) -> None:
    store.save(key(), weights(1.0), {"loss": 1.0})
    store.save(key(), {"other": torch.ones(2)}, {"loss": 2.0})
    found = store.find(key())
    assert found is not None
    assert same(found.weights, {"other": torch.ones(2)})
    assert found.metrics == {"loss": 2.0}
    assert list((store.root / ".partial").iterdir()) == []


# Obtaining


def test_obtain_trains_once_and_then_reads(store: Store) -> None:
    first = store.obtain(key(), lambda: (weights(3.0), {"loss": 0.1}))
    second = store.obtain(key(), never)
    assert same(first.weights, weights(3.0))
    assert same(second.weights, weights(3.0))
    assert second.meta == first.meta


def test_what_training_raises_passes_through_and_leaves_no_lock(store: Store) -> None:
    def failing() -> Any:
        raise OSError(28, "of the training itself")

    with pytest.raises(OSError, match="of the training itself"):
        store.obtain(key(), failing)
    assert list((store.root / ".locks").iterdir()) == []
    assert store.obtain(key(), lambda: (weights(), {})).metrics == {}


def test_training_may_obtain_its_teacher(store: Store) -> None:
    def student() -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        teacher = store.obtain(key(learner="teacher"), lambda: (weights(1.0), {}))
        return {"w": teacher.weights["D"] * 2}, {}

    entry = store.obtain(key(learner="student"), student)
    assert same(entry.weights, {"w": torch.full((50, 20), 2.0)})
    assert store.find(key(learner="teacher")) is not None


def test_training_that_waits_for_itself_is_told_so(store: Store) -> None:
    def circular() -> Any:
        return store.obtain(key(), never)

    with pytest.raises(RuntimeError, match="Deadlock"):
        store.obtain(key(), circular)


# Damage

Harm = Callable[[Path], None]


def reseal(folder: Path, **changes: Any) -> None:
    """Rewrites meta.json with a valid seal, so that only the changes are wrong."""
    meta = {**json.loads((folder / "meta.json").read_text()), **changes}
    del meta["seal"]
    content = json.dumps(meta, sort_keys=True, separators=(",", ":"))
    meta["seal"] = hashlib.sha256(content.encode()).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))


def edit(name: str, change: Callable[[bytes], bytes]) -> Harm:
    def harm(folder: Path) -> None:
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return harm


def flipped(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]


def nonsense(folder: Path) -> None:
    (folder / "weights.safetensors").write_bytes(b"nonsense")
    reseal(folder, sha256=hashlib.sha256(b"nonsense").hexdigest())


def into_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


HARMS: dict[str, tuple[Harm, str]] = {
    "weights truncated": (edit("weights.safetensors", lambda c: c[:-1]), "checksum"),
    "weights emptied": (edit("weights.safetensors", lambda c: b""), "checksum"),
    "weights bit flipped": (edit("weights.safetensors", flipped), "checksum"),
    "weights missing": (lambda f: (f / "weights.safetensors").unlink(), "weights.* is missing"),
    "weights nonsense": (nonsense, "no safetensors file"),
    "meta missing": (lambda f: (f / "meta.json").unlink(), "meta.json is missing"),
    "meta truncated": (edit("meta.json", lambda c: c[:-1]), "not JSON"),
    "meta binary": (edit("meta.json", lambda c: b"\xff\xfe\x00"), "not JSON"),
    "meta nested": (edit("meta.json", lambda c: b"[" * 100_000), "not JSON"),
    "meta NaN": (edit("meta.json", lambda c: c.replace(b"0.5", b"NaN")), "not JSON"),
    "meta a list": (edit("meta.json", lambda c: b"[]"), "not an object"),
    "meta empty": (edit("meta.json", lambda c: b"{}"), "format None"),
    "metric changed": (edit("meta.json", lambda c: c.replace(b"0.5", b"0.6")), "seal"),
    "seal missing": (edit("meta.json", lambda c: c.replace(b'"seal"', b'"meal"')), "seal"),
    "format of the future": (lambda f: reseal(f, format=2), "format 2 where 1 is read"),
    "another's key": (lambda f: reseal(f, seed=1), "another key"),
    "a file in its place": (into_file, "missing"),
}


@pytest.mark.parametrize("name", HARMS)
def test_damaged_entry_is_set_aside_with_a_warning_and_built_again(
    store: Store, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    harm, reason = HARMS[name]
    store.save(key(), weights(1.0), {"loss": 0.5})
    harm(store.root / key().name)
    rebuilt = store.obtain(key(), lambda: (weights(2.0), {}))
    assert same(rebuilt.weights, weights(2.0))
    assert same(store.obtain(key(), never).weights, weights(2.0))
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.name.startswith("core.store")
    assert re.search(rf"{key().name} is damaged.*{reason}.*set aside", record.getMessage())
    [aside] = (store.root / "quarantine").iterdir()
    assert aside.name.startswith(key().name)


def test_find_sets_aside_too_and_counts_as_none(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.save(key(), weights(), {"loss": 0.5})
    HARMS["weights truncated"][0](store.root / key().name)
    assert store.find(key()) is None
    assert store.find(key()) is None
    assert len(caplog.records) == 1


def test_one_wrong_bit_anywhere_in_the_entry_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "entry"
    wanted = entries.write(folder, key(), {"w": torch.arange(5.0)}, {"loss": 0.5})
    for name in ("meta.json", "weights.safetensors"):
        content = (folder / name).read_bytes()
        for i in range(len(content)):
            wrong = bytearray(content)
            wrong[i] ^= 1 << i % 8
            (folder / name).write_bytes(wrong)
            try:
                read = entries.read(folder, key())
            except entries.Damaged:
                continue
            # Spaces between the values of meta.json carry nothing.
            assert isinstance(read, Entry)
            assert read.meta == wanted.meta
            assert name == "meta.json"
            assert content[i : i + 1].isspace()
        (folder / name).write_bytes(content)


def test_quarantine_keeps_the_last_five(store: Store) -> None:
    for size in range(7):
        store.save(key(size), weights(float(size)), {"loss": 0.5})
        HARMS["meta truncated"][0](store.root / key(size).name)
        assert store.find(key(size)) is None
    kept = {path.name.split(".")[0] for path in (store.root / "quarantine").iterdir()}
    assert kept == {key(size).name for size in range(2, 7)}


# The cap


def sized(store: Store) -> int:
    """Bytes of one entry of these tests."""
    store.save(key(99), weights(), {})
    size = store.size()
    shutil.rmtree(store.root)
    return size


def held(store: Store) -> set[int]:
    return {size for size in range(20) if (store.root / key(size).name).exists()}


def test_size_is_the_sum_of_the_files(store: Store) -> None:
    assert store.size() == 0
    store.save(key(1), weights(), {})
    store.save(key(2), weights(), {"loss": 0.5})
    HARMS["weights truncated"][0](store.root / key(2).name)
    for _ in range(2):  # in its place, then in quarantine
        files = [path for path in store.root.rglob("*") if path.is_file()]
        assert len(files) == 4
        assert store.size() == sum(path.stat().st_size for path in files) > 8000
        store.find(key(2))


def test_least_recently_used_goes_first_and_use_refreshes(store: Store) -> None:
    small = Store(store.root, cap_bytes=3 * sized(store) + 200, defaults=store.defaults)
    for size in (1, 2, 3):
        small.save(key(size), weights(), {})
    assert small.find(key(1)) is not None
    small.obtain(key(2), never)
    small.save(key(4), weights(), {})
    assert held(small) == {1, 2, 4}
    small.save(key(5), weights(), {})
    assert held(small) == {2, 4, 5}
    assert small.size() <= small.cap_bytes
    assert small.find(key(1)) is None


def test_order_does_not_follow_names(store: Store) -> None:
    cap = 2 * sized(store) + 200
    for first, second in ((1, 2), (2, 1)):
        small = Store(store.root / str(first), cap_bytes=cap, defaults=store.defaults)
        for size in (first, second, 3):
            small.save(key(size), weights(), {})
        assert held(small) == {second, 3}


def test_evict_names_what_it_deletes_and_stops_at_the_cap(store: Store) -> None:
    size = sized(store)
    for i in (1, 2, 3, 4):
        store.save(key(i), weights(), {})
    small = Store(store.root, cap_bytes=2 * size + 200, defaults=store.defaults)
    assert small.evict() == [key(1).name, key(2).name]
    assert held(small) == {3, 4}
    assert small.evict() == []
    assert list((store.root / ".partial").iterdir()) == []


def test_damaged_goes_before_anything_whole(store: Store) -> None:
    size = sized(store)
    for i in (1, 2, 3):
        store.save(key(i), weights(), {"loss": 0.5})
    HARMS["metric changed"][0](store.root / key(3).name)
    assert store.find(key(3)) is None
    assert Store(store.root, cap_bytes=2 * size + 200, defaults="none").evict() == []
    assert held(store) == {1, 2}
    assert list((store.root / "quarantine").iterdir()) == []


def test_entry_over_the_cap_is_kept_alone_with_a_warning(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.save(key(1), weights(), {})
    tiny = Store(store.root, cap_bytes=100, defaults=store.defaults)
    tiny.save(key(2), weights(2.0), {})
    assert held(tiny) == {2}
    assert same(tiny.obtain(key(2), never).weights, weights(2.0))
    assert [key(2).name in r.getMessage() for r in caplog.records] == [True]
    assert "VITRINE_STORE_GB" in caplog.text
    tiny.save(key(3), weights(), {})
    assert held(tiny) == {3}


def test_what_somebody_works_on_is_not_evicted(store: Store) -> None:
    tiny = Store(store.root, cap_bytes=1, defaults=store.defaults)
    store.save(key(1), weights(), {})
    store.save(key(2), weights(), {})
    with store._shelf.hold(key(1).name):
        assert tiny.evict() == [key(2).name]
    assert held(store) == {1}


def test_what_is_not_an_entry_is_neither_counted_nor_deleted(store: Store) -> None:
    store.save(key(1), weights(), {})
    (store.root / "notes.txt").write_text("mine")
    (store.root / "my-folder").mkdir()
    (store.root / ".partial" / "notes.txt").write_text("mine too")
    before = store.size()
    Store(store.root, cap_bytes=1, defaults=store.defaults).evict()
    assert store.size() == 0 < before
    assert (store.root / "notes.txt").exists()
    assert (store.root / "my-folder").exists()
    assert (store.root / ".partial" / "notes.txt").exists()


# Where it lies


def test_home_and_cap_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINE_HOME", str(tmp_path / "here"))
    monkeypatch.setenv("VITRINE_STORE_GB", "0.5")
    store = Store()
    assert home() == tmp_path / "here"
    assert store.root == tmp_path / "here" / "models"
    assert store.cap_bytes == 500_000_000
    assert not (tmp_path / "here").exists()
    store.save(key(), weights(), {})
    assert (tmp_path / "here" / "models" / key().name / "meta.json").exists()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VITRINE_HOME", "there")
    assert home() == tmp_path / "there"
    monkeypatch.setenv("VITRINE_HOME", os.path.join("~", "v"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert home() == tmp_path / "v"


def test_without_environment_the_cache_folder_and_two_gigabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import platformdirs

    for empty in (False, True):
        for name in ("VITRINE_HOME", "VITRINE_STORE_GB"):
            if empty:
                monkeypatch.setenv(name, "")
            else:
                monkeypatch.delenv(name, raising=False)
        assert home() == Path(platformdirs.user_cache_dir("vitrine", appauthor=False))
        assert Store().cap_bytes == 2_000_000_000
        assert Store().defaults == DEFAULTS == Path(__file__).parents[2] / "assets" / "models"


@pytest.mark.parametrize("given", ["0", "-1", "nan", "inf", "two", "1e-12"])
def test_a_cap_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINE_STORE_GB", given)
    with pytest.raises(SettingError) as caught:
        Store()
    assert (caught.value.setting, caught.value.given) == ("VITRINE_STORE_GB", given)
    with pytest.raises(SettingError, match="cap_bytes"):
        Store(cap_bytes=0)


# The trained defaults beneath


@pytest.fixture
def layered(tmp_path: Path) -> Store:
    entries.write(tmp_path / "defaults" / key().name, key(), weights(9.0), {"loss": 0.5})
    return Store(tmp_path / "models", cap_bytes=10**9, defaults=tmp_path / "defaults")


def test_defaults_are_asked_before_training_and_not_copied(layered: Store) -> None:
    before = (layered.defaults / key().name / "meta.json").stat().st_mtime_ns
    assert same(layered.obtain(key(), never).weights, weights(9.0))
    found = layered.find(key())
    assert found is not None
    assert found.metrics == {"loss": 0.5}
    assert layered.find(key(5)) is None
    assert not layered.root.exists()
    assert (layered.defaults / key().name / "meta.json").stat().st_mtime_ns == before


def test_own_entry_covers_the_default(layered: Store) -> None:
    layered.save(key(), weights(1.0), {})
    assert same(layered.obtain(key(), never).weights, weights(1.0))


@pytest.mark.parametrize("name", sorted(HARMS))
def test_damaged_default_is_skipped_with_a_warning_and_left(
    layered: Store, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    HARMS[name][0](layered.defaults / key().name)
    assert same(layered.obtain(key(), lambda: (weights(2.0), {})).weights, weights(2.0))
    assert (layered.defaults / key().name).exists()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert re.search(f"default {key().name} is damaged.*{HARMS[name][1]}", record.getMessage())
    assert not (layered.root / "quarantine").exists()


# Of what it is made


def test_no_pickle_and_nothing_that_unpickles() -> None:
    package = Path(core.store.__file__).parent
    for path in package.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            names += [getattr(node, "module", None) or "", getattr(node, "attr", "")]
            banned = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
            assert not banned & {part for name in names for part in name.split(".")}, path
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert called not in {"torch.load", "torch.save", "np.load", "eval", "exec"}, path
