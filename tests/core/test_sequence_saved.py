"""Nets as files, files that are none, and the nets that come with Vitrine."""

from __future__ import annotations

import json
import math
import pickle
import struct
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from core.datasets import stdlib
from core.errors import SettingError, UploadError
from core.rng import stream
from core.sequence import defaults, familiar, model, saved, tasks, trace, train, units
from core.sequence.defaults import RECIPES
from core.sequence.model import Config
from core.sequence.saved import Saved
from core.sequence.vocabulary import Vocabulary, of
from core.store import entry
from core.store.store import DEFAULTS

NAMES = list(RECIPES)
TASKS = [name for name, recipe in RECIPES.items() if recipe.task]


def fresh(**changed: object) -> Saved:
    config = Config(**{"units": 4, **changed})
    known = of("abX\n語")
    params = model.start(config, len(known), generator=stream(3, "net"))
    return Saved("a net", config, known, params, "counter", {"bits": 0.5})


def header(data: bytes) -> dict:
    return json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])


def with_metadata(net: Saved, **changed: object) -> bytes:
    """The file of `net`, its metadata changed; None takes a key out."""
    data = saved.to_file(net)
    about = header(data)["__metadata__"] | {k: v for k, v in changed.items() if v is not None}
    about = {k: v for k, v in about.items() if changed.get(k, "") is not None}
    return save(model.named(net.params, net.config, len(net.vocabulary)), metadata=about)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"cell": "gru", "layers": 2},
        {"cell": "srn", "embedding": 3},
        {"peepholes": True, "bidirectional": True, "layers": 2},
    ],
)
def test_a_net_comes_back_from_its_file(changed: dict) -> None:
    net = fresh(**changed)
    again = saved.from_file(saved.to_file(net), "mine.safetensors")
    assert again.params.equal(net.params) and again.params.dtype == torch.float32
    assert (again.config, again.vocabulary, again.task) == (net.config, net.vocabulary, net.task)
    assert again.mark == net.mark and again.size == len(net.params)
    assert again.title == "mine"  # not one of ours, whatever it calls itself
    text = net.vocabulary.encode("aaXbb\n語")
    for one, other in zip(
        trace.trace(net.reader.stack, text), trace.trace(again.reader.stack, text), strict=True
    ):
        np.testing.assert_array_equal(one[0].hidden, other[0].hidden)


def test_marks_tell_nets_apart() -> None:
    net = fresh()
    assert net.mark == replace(net, title="another").mark
    others = [
        replace(net, params=net.params + 1e-6),
        replace(net, vocabulary=of("abX\n言")),
        replace(net, config=replace(net.config, rate=0.5)),
    ]
    assert len({net.mark, *(one.mark for one in others)}) == 4


def test_a_later_setting_is_passed_over() -> None:
    net = fresh()
    config = {"units": 4, "cell": "lstm", "of the future": 1}
    again = saved.from_file(with_metadata(net, config=json.dumps(config)), "f")
    assert again.config == Config(units=4)


HUGE = struct.pack("<Q", 2**40) + b"{}"
DEEP = b"[" * 50_000
HOSTILE = {
    "nothing": b"",
    "seven bytes": b"\0" * 7,
    "zeros": b"\0" * 100,
    "a huge header": HUGE,
    "a header longer than the file": struct.pack("<Q", 500) + b"{}" + b" " * 20,
    "a header over the limit": struct.pack("<Q", saved.HEADER + 1) + b" " * (saved.HEADER + 10),
    "no JSON": struct.pack("<Q", 4) + b"{{{{" + b" " * 8,
    "a list": struct.pack("<Q", 2) + b"[]",
    "not UTF-8": struct.pack("<Q", 4) + b'"\xff"' + b"}",
    "a pickle": pickle.dumps({"weights": [1, 2, 3]}) + b"\0" * 100,
    "a zip": b"PK\x03\x04" + b"\0" * 200,
    "arrays without settings": save({"V": np.zeros((2, 2), np.float32)}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_net_is_refused(name: str) -> None:
    with pytest.raises(UploadError, match=r"x\.safetensors: wanted a recurrent net"):
        saved.from_file(HOSTILE[name], "x.safetensors")


def test_a_header_nested_too_deeply_is_refused() -> None:
    with pytest.raises(UploadError, match="something else"):
        saved.from_file(struct.pack("<Q", len(DEEP)) + DEEP, "x")


@pytest.mark.parametrize(
    "changed",
    [
        {"config": None},
        {"characters": None},
        {"config": "[1, 2]"},
        {"config": "no json"},
        {"config": "[" * 50_000},
        {"config": '{"units": 5}'},  # other shapes
        {"config": '{"units": 4, "layers": 2}'},
        {"config": '{"units": 4, "cell": "gru"}'},
        {"config": '{"units": 4, "cell": "no such"}'},
        {"config": '{"units": 1e9}'},
        {"config": '{"units": "4"}'},
        {"config": '{"units": null}'},
        {"config": '{"units": 1024, "layers": 8, "bidirectional": true}'},
        {"config": '{"units": 4, "rate": NaN}'},
        {"config": '{"units": 4, "rate": "fast"}'},
        {"characters": '"abc"'},  # nothing stands for the unknown
        {"characters": '"\\ufffdaa"'},
        {"characters": "7"},
        {"characters": '"\\ufffdab"'},  # another alphabet, another shape
    ],
)
def test_settings_that_are_not_those_of_the_arrays_are_refused(changed: dict) -> None:
    with pytest.raises(UploadError, match="x: wanted a recurrent net"):
        saved.from_file(with_metadata(fresh(), **changed), "x")


def test_settings_that_ask_for_too_much_are_told_shortly() -> None:
    with pytest.raises(UploadError) as caught:
        saved.from_file(with_metadata(fresh(), config='{"units": 1024, "layers": 8}'), "x")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_weights_that_are_no_numbers_are_refused(bad: float) -> None:
    net = fresh()
    params = net.params.clone()
    params[7] = bad
    with pytest.raises(UploadError, match="finite weights"):
        saved.from_file(saved.to_file(replace(net, params=params)), "x")


def test_a_file_that_is_cut_off_or_too_large_is_refused() -> None:
    data = saved.to_file(fresh())
    for end in (9, len(data) // 2, len(data) - 1):
        with pytest.raises(UploadError):
            saved.from_file(data[:end], "x")
    with pytest.raises(UploadError, match="at most 64 MB, got 65 MB"):
        saved.from_file(bytes(65 << 20), "x")


@pytest.mark.parametrize("name", NAMES)
def test_every_default_is_there_and_loads(name: str) -> None:
    recipe = RECIPES[name]
    folder = DEFAULTS / recipe.key.name
    found = entry.read(folder, recipe.key)  # None where its checksum fails
    assert found is not None, f"python -m core.sequence.defaults {name}"
    net = defaults.load(name)
    assert net.config == recipe.config and net.vocabulary == recipe.vocabulary
    assert bool(net.params.isfinite().all())
    again = saved.from_file(saved.to_file(net), "x")
    assert again.params.equal(net.params)


@pytest.mark.parametrize("name", TASKS)
def test_the_metrics_of_a_default_are_those_of_its_weights(name: str) -> None:
    net, data = defaults.load(name), RECIPES[name].data()
    found = train.judge(net.net, data.held_x, data.held_y, data.held_asked)
    assert found.loss / math.log(2) == pytest.approx(net.about["bits"], rel=1e-3)
    assert found.accuracy == pytest.approx(net.about["accuracy"], abs=2e-3)
    assert found.texts == pytest.approx(net.about["texts"], abs=1e-2)


def test_the_language_model_reads_python() -> None:
    """A piece of the library, whichever version of it is here: cheap, and far from guessing."""
    net = defaults.load("python")
    assert net.config.units >= 128 and net.about["bits"] <= 2.0
    text = stdlib.source(60_000)[-20_000:]
    data = tasks.from_text(text, rows=8, held=0.9, known=net.vocabulary)
    found = train.judge(net.net, data.held_x, data.held_y, data.held_asked)
    assert 1.2 < found.loss / math.log(2) < 2.4


def test_the_counter_counts_beyond_what_it_was_told() -> None:
    net = defaults.load("counter")
    task = tasks.TASKS["counter"]
    beyond = [n for n in task.held if n > max(task.trained)]
    assert beyond and net.about["accuracy"] == 1 and net.about["texts"] == 1
    # one text at a time, told from nothing: as many b as there were a, and then the end
    for n in task.held:
        text = "a" * n + "X" + "b" * n + "\n"
        codes = torch.from_numpy(net.vocabulary.encode(text))[None]
        with torch.no_grad():
            likeliest = net.net(codes)[0].argmax(-1)[0]
        assert likeliest[n:-1].tolist() == codes[0, n + 1 :].tolist(), n


@pytest.mark.parametrize("name", ["counter", "selective"])
def test_the_unit_that_counts_is_found(name: str) -> None:
    best = familiar.found(defaults.load(name))[0]
    assert abs(best.correlation) > 0.9


@pytest.mark.parametrize("name", [n for n in TASKS if n in ("memoriser", "memoriser_peepholes")])
def test_the_unit_that_remembers_is_found(name: str) -> None:
    best = familiar.found(defaults.load(name))[0]
    assert best.f1 > 0.95


@pytest.mark.parametrize("task", [*tasks.TASKS, None])
def test_what_is_looked_for_is_there_in_the_sample(task: str | None) -> None:
    text, aim = familiar.sample(task), familiar.WANTED[task]
    target = familiar.target(text, aim.pattern)
    claimed = target[np.isfinite(target)]
    assert len(target) == len(text) and len(set(claimed.tolist())) > 1
    assert aim.by in units.ORDERS
    assert familiar.sample(task) == text
    if task:
        assert set(text) <= set(RECIPES[task].vocabulary.characters)


def test_targets_by_hand() -> None:
    assert familiar.target("aaXb\na", "count of a less b").tolist() == [1, 2, 2, 1, 0, 1]
    assert familiar.target("101\n1", "odd number of 1").tolist() == [1, 1, 0, 0, 1]
    after = familiar.target("aXb\n", "whether A or B came last")
    assert np.isnan(after).all()
    with pytest.raises(SettingError, match="pattern"):
        familiar.target("a", "nothing of the kind")


def test_a_text_without_its_pattern_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(familiar, "sample", lambda task: "XXXX")
    assert familiar.found(fresh()) == []


def test_a_net_of_another_task_is_looked_at_as_a_text() -> None:
    assert familiar.wanted(replace(fresh(), task="chess")) == familiar.WANTED[None]
    assert familiar.wanted(fresh()) == familiar.WANTED["counter"]


def test_only_what_is_there_can_be_loaded() -> None:
    with pytest.raises(SettingError, match="model: wanted counter"):
        defaults.load("../counter")


def test_a_default_that_was_removed_is_trained_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same recipe twice gives the same weights and, but for the time it took, the same metrics."""
    small = replace(RECIPES["counter"], config=Config(units=4, updates=6, steps=2))
    (one, told), (other, again) = defaults._trained(small), defaults._trained(small)
    assert one.keys() == other.keys() and all(one[k].equal(other[k]) for k in one)
    assert told | {"seconds": 0} == again | {"seconds": 0} and told["updates"] == 6
    assert Vocabulary(small.vocabulary.characters) == small.vocabulary
