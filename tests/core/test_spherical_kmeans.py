"""Spherical K-means against its oracle, a hand calculation, laws and bad input."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.features import spherical_kmeans
from core.features.spherical_kmeans import Code, Config, assign, learn, restart, update
from core.rng import stream
from tests.oracles import spherical_kmeans as oracle


def data(n: int, d: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    skewed = torch.randn(n, d, generator=stream(seed, "data")) ** 3
    return skewed.to(dtype)


def agree(step: spherical_kmeans.Step, wanted: dict, tolerance: float) -> None:
    assert {f.name for f in dataclasses.fields(step)} == set(wanted)
    for name, value in wanted.items():
        given = np.asarray(getattr(step, name))
        np.testing.assert_allclose(given, value, rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize(
    ("n", "d", "k", "dtype", "tolerance"),
    [
        (200, 6, 9, torch.float64, 1e-10),
        (200, 6, 9, torch.float32, 2e-5),
        (40, 3, 40, torch.float64, 1e-10),  # as many filters as patches: many restarts
        (50, 1, 2, torch.float64, 1e-10),  # one direction only: ties, one filter always idle
        (30, 5, 1, torch.float64, 1e-10),
    ],
)
def test_whole_trace_is_the_oracle_s(n, d, k, dtype, tolerance, monkeypatch):
    # Many blocks, the last one short.
    monkeypatch.setattr(spherical_kmeans, "CPU_BLOCK", 1)
    monkeypatch.setattr(spherical_kmeans, "LEAST_ROWS", 7)
    x = data(n, d, dtype=dtype)
    steps = list(learn(x, Config(k=k, sweeps=6), generator=stream(1)))
    wanted = list(oracle.trace(x.double().numpy(), k, 6, stream(1)))
    assert len(steps) == len(wanted) == 7
    for step, row in zip(steps, wanted, strict=True):
        agree(step, row, tolerance)
    if k > 2 and n == k:
        assert sum(step.idle for step in steps) > k  # the restarts were truly exercised


def test_hand_calculation():
    x = torch.tensor([[3.0, 0.0], [0.0, -2.0], [-1.0, 0.0]])
    D = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    code = assign(x, D)
    assert code.j.tolist() == [0, 1, 0]
    assert code.value.tolist() == [3.0, -2.0, -1.0]
    # X S^T + D: 3*(3,0) + -1*(-1,0) + (1,0) = (11,0); -2*(0,-2) + (0,1) = (0,5)
    assert update(x, D, code).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    # One patch, both filters: damping decides the direction, (2,1)*2 + (1,0) = (5,2)
    new = update(torch.tensor([[2.0, 1.0]]), D, Code(torch.tensor([0]), torch.tensor([2.0])))
    torch.testing.assert_close(new[0], torch.tensor([5.0, 2.0]) / 29**0.5)
    assert new[1].tolist() == [0.0, 1.0]  # an idle filter stays until restarted


def test_planted_directions_come_back():
    # Distinct directions, one a patch, either sign: what is planted is the optimum.
    planted, _ = torch.linalg.qr(torch.randn(8, 8, generator=stream(0, "planted")))
    which = torch.randint(8, (4000,), generator=stream(0, "which"))
    size = torch.randn(4000, 1, generator=stream(0, "size")) * 5
    x = planted[which] * size + 0.05 * torch.randn(4000, 8, generator=stream(0, "noise"))
    *_, last = learn(x, Config(k=16, sweeps=30), generator=stream(0))
    assert (last.D @ planted.T).abs().max(dim=0).values.min() > 0.99
    assert last.distortion < 0.05 * float(x.square().sum(1).mean())


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 60),
    d=st.integers(1, 6),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**31),
    zeros=st.booleans(),
)
def test_laws(n, d, share, seed, zeros):
    x = data(n, d, seed)
    if zeros:
        x[: n // 2] = 0
    k = max(1, round(share * n))
    energy = float(x.square().sum(1).mean())
    steps = list(learn(x, Config(k=k, sweeps=5), generator=stream(seed)))
    assert [step.sweep for step in steps] == list(range(6))
    for before, step in zip(steps, steps[1:], strict=False):
        lengths = torch.linalg.vector_norm(step.D, dim=1)
        torch.testing.assert_close(lengths, torch.ones_like(lengths))
        assert int(step.counts.sum()) == n
        assert step.idle == int((step.counts == 0).sum())
        assert step.distortion + step.projection == pytest.approx(energy, abs=1e-9)
        # The damped update is a step of power iteration on each group: it cannot lose.
        assert step.projection >= before.projection - 1e-9 * energy


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 50), d=st.integers(1, 5), k=st.integers(1, 70), seed=st.integers(0, 999))
def test_code_is_the_best_single_filter(n, d, k, seed):
    x, D = data(n, d, seed), data(k, d, seed + 1)
    code = assign(x, D)
    scores = x @ D.T
    largest = scores.abs().max(dim=1).values
    torch.testing.assert_close(code.value.abs(), largest, rtol=1e-12, atol=1e-12)
    chosen = scores.gather(1, code.j[:, None])[:, 0]
    torch.testing.assert_close(code.value, chosen, rtol=1e-12, atol=1e-12)


def test_single_precision_code_agrees_where_no_tie_is_near():
    x, D = data(5000, 48, dtype=torch.float32), data(300, 48, 5, dtype=torch.float32)
    D /= torch.linalg.vector_norm(D, dim=1, keepdim=True)
    exact = (x.double() @ D.double().T).abs()
    first, second = exact.topk(2, dim=1).values.T
    clear = first - second > 1e-5 * first
    assert clear.float().mean() > 0.99
    assert torch.equal(assign(x, D).j[clear], exact.argmax(1)[clear])


def test_update_at_full_size_agrees_with_float64():
    x, D = data(20_000, 48, dtype=torch.float32), data(256, 48, 5, dtype=torch.float32)
    code = assign(x, D)
    wanted = torch.zeros(256, 48, dtype=torch.float64)
    wanted.index_add_(0, code.j, x.double() * code.value.double()[:, None])
    wanted += D
    wanted /= torch.linalg.vector_norm(wanted, dim=1, keepdim=True)
    torch.testing.assert_close(update(x, D, code).double(), wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("n", [1, 2, 4, 1001])
def test_threads_do_not_change_the_code(n, threads, monkeypatch):
    monkeypatch.setattr(spherical_kmeans, "CPU_BLOCK", 1)
    x, D = data(n, 12), data(60, 12, 5)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = assign(x, D)
        torch.set_num_threads(threads)
        together = assign(x, D)
        # Neither this thread's count nor that of threads to come is changed.
        with ThreadPoolExecutor(1) as fresh:
            assert fresh.submit(torch.get_num_threads).result() == threads
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert torch.equal(alone.j, together.j)
    torch.testing.assert_close(alone.value, together.value, rtol=1e-12, atol=1e-12)


def test_restart_takes_different_patches_and_leaves_the_rest():
    x, D = data(6, 4), data(8, 4, 3)
    new = restart(x, D, torch.tensor([1, 2, 3, 4, 6, 7]), generator=stream(0))
    assert torch.equal(new[[0, 5]], D[[0, 5]])
    unit = x / torch.linalg.vector_norm(x, dim=1, keepdim=True)
    used = (new[[1, 2, 3, 4, 6, 7]] @ unit.T).argmax(1)
    assert sorted(used.tolist()) == list(range(6))


def test_constant_images_leave_only_zeros_and_still_give_filters():
    steps = list(learn(torch.zeros(50, 4), Config(k=5, sweeps=3), generator=stream(0)))
    assert all(bool(step.D.isfinite().all()) for step in steps)
    assert steps[-1].distortion == 0 and steps[-1].idle == 4


def test_more_filters_than_patches_is_refused():
    with pytest.raises(SettingError) as caught:
        next(learn(data(5, 2), Config(k=6), generator=stream(0)))
    assert str(caught.value) == "K: wanted at most 5, the number of patches, got 6."


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_patches_that_are_not_finite_are_refused(bad):
    x = data(20, 3)
    x[7, 1] = bad
    with pytest.raises(SettingError, match="patches: wanted finite numbers only, got 1 patches"):
        next(learn(x, Config(k=2), generator=stream(0)))


@pytest.mark.parametrize(
    ("setting", "settings"),
    [
        ("K", {"k": 0}),
        ("K", {"k": 2.0}),
        ("K", {"k": True}),
        ("sweeps", {"sweeps": 0}),
        ("sweeps", {"sweeps": float("nan")}),
    ],
)
def test_config_checks_itself(setting, settings):
    with pytest.raises(SettingError) as caught:
        Config(**settings)
    assert caught.value.setting == setting


@pytest.mark.cuda
def test_devices_agree():
    if not torch.cuda.is_available():
        pytest.skip("needs an NVIDIA GPU")
    x = data(5000, 27)
    here = list(learn(x, Config(k=40, sweeps=4), generator=stream(0)))
    there = list(learn(x.cuda(), Config(k=40, sweeps=4), generator=stream(0)))
    for a, b in zip(here, there, strict=True):
        torch.testing.assert_close(a.D, b.D.cpu(), rtol=0, atol=1e-6)
        assert a.projection == pytest.approx(b.projection, rel=1e-9)
