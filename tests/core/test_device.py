"""The device is found or named, and what leaves it shares nothing with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import torch

from core import device
from core.errors import SettingError


def test_the_fastest_is_chosen_and_cpu_is_always_there() -> None:
    found = device.available()
    assert found[-1] == "cpu"
    assert device.choose().type == found[0]
    assert device.choose("cpu") == torch.device("cpu")


def test_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "available", lambda: ["cuda", "cpu"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("VITRINE_DEVICE", "cpu")
    assert device.choose().type == "cpu"
    assert device.choose("cuda:1") == torch.device("cuda:1")
    monkeypatch.setenv("VITRINE_DEVICE", "")
    assert device.choose().type == "cuda"


@pytest.mark.parametrize("wanted", ["gpu", "cuda:7", "cuda:x", "cpu:1:2"])
def test_one_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    monkeypatch.setattr(device, "available", lambda: ["cuda", "cpu"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(SettingError, match=f"device: wanted one of cuda, cpu, got {wanted}"):
        device.choose(wanted)


def test_people_are_told_name_and_size() -> None:
    told = device.describe(torch.device("cpu"))
    assert told.kind == "cpu" and told.threads == device.THREADS
    assert f"{told.threads} thread" in str(told)
    assert str(device.Description("cuda", "NVIDIA H200", 150 * 2**30, 8)) == "NVIDIA H200, 150 GiB"


def test_one_thread_is_given_back_also_after_an_error() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), device.one_thread():
        assert torch.get_num_threads() == 1
        1 / 0  # noqa: B018
    assert torch.get_num_threads() == before


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no NVIDIA GPU on this machine")
def test_a_gpu_is_described_and_left() -> None:
    told = device.describe(torch.device("cuda"))
    assert told.memory and told.memory > 2**30
    assert isinstance(device.to_host(torch.ones(2, device="cuda")), np.ndarray)


@dataclass(frozen=True)
class Inner:
    weights: torch.Tensor


@dataclass(frozen=True)
class Outer:
    inner: Inner
    several: tuple
    table: dict
    name: str


class Pair(NamedTuple):
    left: torch.Tensor
    right: int


def test_to_host_goes_through_everything_and_shares_nothing() -> None:
    source = torch.arange(3.0)
    value = Outer(Inner(source), (Pair(source, 1), [source]), {"a": source}, "n")
    back = device.to_host(value)
    source += 100
    arrays = [back.inner.weights, back.several[0].left, back.several[1][0], back.table["a"]]
    assert back.name == "n" and back.several[0].right == 1
    for array in arrays:
        np.testing.assert_array_equal(array, [0, 1, 2])
