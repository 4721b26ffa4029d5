"""Normalisation and whitening against plain formulas, scikit-learn and laws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from core.errors import SettingError
from core.features import whitening
from core.rng import stream


def correlated(n: int, d: int, seed: int = 0) -> torch.Tensor:
    g = stream(seed, "correlated")
    mix = torch.randn(d, d, generator=g, dtype=torch.float64)
    return torch.randn(n, d, generator=g, dtype=torch.float64) @ mix + 3


def test_normalise_by_hand():
    # mean 20, variance (100 + 100) / 2 = 100, root of 100 + 44 = 12
    out = whitening.normalise(torch.tensor([[10.0, 30.0]]), 44.0)
    torch.testing.assert_close(out, torch.tensor([[-10 / 12, 10 / 12]]))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 999), d=st.integers(1, 20), eps=st.floats(0, 100))
def test_normalise_is_the_formula(seed, d, eps):
    x = torch.randint(0, 256, (30, d), generator=stream(seed)).to(torch.float32)
    x[0] = 77  # flat
    exact = x.double().numpy()
    centred = exact - exact.mean(1, keepdims=True)
    with np.errstate(invalid="ignore"):
        wanted = np.nan_to_num(centred / np.sqrt(exact.var(1, keepdims=True) + eps))
    kept = x.clone()
    out = whitening.normalise(x, eps)
    np.testing.assert_allclose(out.numpy(), wanted, atol=2e-6)
    assert torch.equal(x, kept)


def test_constant_patches_become_zeros():
    flat = torch.arange(256.0)[:, None].expand(256, 64).contiguous()
    for eps in (0.0, 10.0):
        out = whitening.normalise(flat, eps)
        assert bool((out.abs() < 1e-4).all())
        zca = whitening.fit(out * 0, 0.1)
        assert bool(whitening.apply(out, zca).isfinite().all())


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_normalise_refuses(bad):
    with pytest.raises(SettingError, match="eps_norm: wanted a number of at least 0"):
        whitening.normalise(torch.ones(2, 2), bad)


@pytest.mark.parametrize("n", [1, 2, 5000, 9001])
def test_covariance_is_numpy_s(n):
    x = correlated(n, 7)
    wanted = np.cov(x.numpy(), rowvar=False) if n > 1 else np.zeros((7, 7))
    np.testing.assert_allclose(whitening.covariance(x).numpy(), wanted, atol=1e-10)


def test_covariance_of_float32_is_accumulated_in_float64():
    x = (correlated(20_000, 5) + 200).float()
    wanted = np.cov(x.double().numpy(), rowvar=False)
    np.testing.assert_allclose(whitening.covariance(x).numpy(), wanted, rtol=1e-9)


@pytest.mark.parametrize("eps", [1e-6, 0.1, 3.0])
def test_map_is_the_formula(eps):
    x = correlated(3000, 6)
    C = np.cov(x.numpy(), rowvar=False)
    # (C + eps I)^-1/2 without eigenvectors: W (C + eps I) W = I, W symmetric positive
    zca = whitening.fit(x, eps)
    W = zca.matrix.numpy()
    np.testing.assert_allclose(W @ (C + eps * np.eye(6)) @ W, np.eye(6), atol=1e-8)
    np.testing.assert_allclose(W, W.T, atol=1e-10)
    assert np.linalg.eigvalsh(W).min() > 0
    # No mean is taken off on the way.
    np.testing.assert_allclose(whitening.apply(x, zca).numpy(), x.numpy() @ W, atol=1e-10)
    np.testing.assert_allclose(
        np.cov(whitening.apply(x, zca).numpy(), rowvar=False), zca.whitened.numpy(), atol=1e-8
    )
    V, D = zca.vectors.numpy(), zca.eigenvalues.numpy()
    np.testing.assert_allclose(V * D @ V.T, C, atol=1e-9)
    np.testing.assert_allclose(zca.covariance.numpy(), C, atol=1e-9)


def test_whitening_is_scikit_learn_s_turned_back():
    x = correlated(4000, 8)
    x -= x.mean(0)
    pca = PCA(whiten=True).fit(x.numpy())
    ours = whitening.apply(x, whitening.fit(x, 1e-12)).numpy()
    np.testing.assert_allclose(ours, pca.transform(x.numpy()) @ pca.components_, atol=1e-6)


def test_normalised_patches_in_single_precision():
    """They have a zero eigenvalue; it must neither turn negative nor blow up the rest."""
    x = torch.randint(0, 256, (5000, 36), generator=stream(0)).float()
    z = whitening.normalise(x, 10.0)
    zca = whitening.fit(z, 1e-6)
    assert float(zca.eigenvalues.min()) >= 0 and float(zca.eigenvalues[0]) < 1e-6
    exact = whitening.fit(z.double(), 1e-6)
    out = whitening.apply(z, zca).double()
    assert float((out - whitening.apply(z.double(), exact)).abs().max()) < 0.02
    assert out.std() == pytest.approx(1, abs=0.05)


def test_eigenvalues_below_zero_by_rounding_do_no_harm():
    x = correlated(3, 12) * 1e6  # of rank 2: ten eigenvalues are 0 give or take 1e-3
    assert float(torch.linalg.eigvalsh(whitening.covariance(x)).min()) < -1e-5
    zca = whitening.fit(x, 1e-6)
    assert float(zca.eigenvalues.min()) >= 0 and bool(zca.matrix.isfinite().all())


def test_off_is_the_identity():
    x = correlated(100, 4).float()
    zca = whitening.fit(x, None)
    assert torch.equal(whitening.apply(x, zca), x)
    assert torch.equal(zca.whitened, zca.covariance)
    assert float(zca.eigenvalues[-1]) > 0


@pytest.mark.parametrize("bad", [0.0, -0.1, float("nan"), float("inf")])
def test_fit_refuses(bad):
    with pytest.raises(SettingError, match="eps_zca: wanted a number above 0, or off"):
        whitening.fit(correlated(10, 2), bad)


def test_zca_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        whitening.fit(correlated(10, 2), 0.1).matrix = torch.eye(2)  # type: ignore[misc]
