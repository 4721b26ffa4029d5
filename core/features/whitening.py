"""Contrast normalisation and whitening: every patch alike in contrast, every direction alike.

Coates & Ng, "Learning feature representations with K-means" (2012), section 2; ZCA: Bell &
Sejnowski (1997).

    x        : (n, d) patches, one a row
    C        : (d, d) = cov(x) = V diag(D) V^T      V : (d, d) eigenvectors in columns
    D        : (d,) eigenvalues, smallest first     W : (d, d) = V (D + eps I)^-1/2 V^T
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import require

ROWS = 4096  # patches turned to float64 at a time


@dataclass(frozen=True, kw_only=True)
class ZCA:
    """A whitening map and what it was made of, all on the device of the patches, float32."""

    matrix: Tensor  # (d, d) W, symmetric; the identity where whitening is off
    covariance: Tensor  # (d, d) of the patches before
    whitened: Tensor  # (d, d) W C W, the covariance after
    eigenvalues: Tensor  # (d,) of the covariance before, none below 0
    vectors: Tensor  # (d, d) V


def normalise(x: Tensor, eps_norm: float) -> Tensor:
    """`x` (n, d) with mean 0 and about unit variance in every row; flat rows become 0.

    eps_norm is in squared pixel values: 10 suits pixels of 0..255. The variance divides by d.
    """
    require(
        math.isfinite(eps_norm) and eps_norm >= 0,
        "eps_norm",
        wanted="a number of at least 0",
        given=eps_norm,
    )
    centred = x - x.mean(dim=1, keepdim=True)
    variance = torch.linalg.vector_norm(centred, dim=1, keepdim=True).square() / x.shape[1]
    # x := (x - mean(x)) / sqrt(var(x) + eps_norm); a flat patch without eps_norm is 0 / 0
    return centred.mul_((variance + eps_norm).rsqrt().nan_to_num(posinf=0.0))


def fit(x: Tensor, eps_zca: float | None) -> ZCA:
    """The map that whitens patches `x` (n, d). eps_zca None: no whitening, the identity.

    Raises SettingError where eps_zca is not above 0.
    """
    on = eps_zca is not None
    require(
        eps_zca is None or (math.isfinite(eps_zca) and eps_zca > 0),
        "eps_zca",
        wanted="a number above 0, or off",
        given=eps_zca,
    )
    C = covariance(x)
    # V D V^T = cov(x); on the CPU in float64, where it is quick and has never failed.
    D, V = torch.linalg.eigh(C)
    # Contrast-normalised patches have no mean, so one eigenvalue is 0 up to rounding.
    D = D.clamp(min=0)
    # W = V (D + eps_zca I)^-1/2 V^T
    W = (V * (D + eps_zca).rsqrt()) @ V.T if on else torch.eye(len(C), dtype=torch.float64)
    return ZCA(
        matrix=W.to(x),
        covariance=C.to(x),
        whitened=(W @ C @ W).to(x),
        eigenvalues=D.to(x),
        vectors=V.to(x),
    )


def covariance(x: Tensor) -> Tensor:
    """Covariance (d, d) of the rows of `x` (n, d), divided by n - 1, float64 on the CPU."""
    n, d = x.shape
    # MPS has no float64.
    device = torch.device("cpu") if x.device.type == "mps" else x.device
    total = torch.zeros(d, dtype=torch.float64, device=device)
    product = torch.zeros(d, d, dtype=torch.float64, device=device)
    for rows in x.split(ROWS):
        exact = rows.to(device, torch.float64)
        total += exact.sum(dim=0)
        product.addmm_(exact.T, exact)
    # cov(x) = (sum x x^T - n mean mean^T) / (n - 1)
    return ((product - total.outer(total) / n) / max(n - 1, 1)).cpu()


def apply(x: Tensor, zca: ZCA) -> Tensor:
    """Whitened patches (n, d)."""
    # x := V (D + eps_zca I)^-1/2 V^T x, for rows: x W, as W is symmetric
    return x @ zca.matrix
