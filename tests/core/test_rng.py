"""Streams depend on seed and purpose, and on nothing else."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.rng import stream


@given(st.integers(0, 2**63), st.lists(st.text() | st.integers(), max_size=3))
def test_same_seed_and_purpose_same_numbers(seed: int, purpose: list) -> None:
    draws = [torch.rand(4, generator=stream(seed, *purpose)) for _ in range(2)]
    assert torch.equal(*draws)


@pytest.mark.parametrize(
    "other", [(1, "patches"), (0, "dictionary"), (0,), (0, "patches", 0), (0, "patch", "es")]
)
def test_other_seed_or_purpose_other_numbers(other: tuple) -> None:
    assert not torch.equal(
        torch.rand(4, generator=stream(0, "patches")), torch.rand(4, generator=stream(*other))
    )


def test_the_global_state_is_left_alone() -> None:
    before = torch.get_rng_state()
    torch.rand(3, generator=stream(5, "x"))
    assert torch.equal(before, torch.get_rng_state())


def test_numbers_stay_the_same_over_versions() -> None:
    # A link with a seed must mean the same tomorrow.
    assert stream(0, "patches").initial_seed() == 7129774678801208405


@pytest.mark.parametrize("seed", [-1, 1.5, "0", True, None])
def test_a_bad_seed_is_named(seed: object) -> None:
    with pytest.raises(SettingError, match="seed: wanted a whole number"):
        stream(seed)  # type: ignore[arg-type]
