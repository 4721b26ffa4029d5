"""From photographs to filters: cut patches, normalise, whiten, then spherical K-means.

Coates & Ng, "Learning feature representations with K-means" (2012), sections 2 and 3.

    p : patch of raw pixels     z = (p - mean(p)) / sqrt(var(p) + eps_norm)
    W : (d, d) ZCA map          D : (k, d) dictionary
    w : (d,) = W D_j, filter j as it meets the normalised patch: D_j^T W z = w^T z
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.device import choose
from core.errors import require
from core.features import patches, spherical_kmeans, whitening
from core.features.spherical_kmeans import Step
from core.rng import stream

VERSION = 1
SHOWN = 100  # patches kept for the visitor
CORNER = (0, 0)  # cv2 windows start at their pixel instead of being centred on it


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which patches, how prepared, how many filters."""

    grey: bool = True
    size: int = 8  # pixels, side of a patch
    n: int = 30_000  # patches
    k: int = 100  # filters
    eps_norm: float = 10.0  # on pixels of 0..255, squared
    eps_zca: float | None = 0.1  # None: no whitening
    sweeps: int = 10

    def __post_init__(self) -> None:
        require(isinstance(self.grey, bool), "grey", wanted="true or false", given=self.grey)
        _whole("patch size", self.size, 6, 16)
        _whole("patches", self.n, 1_000, 400_000)
        _whole("K", self.k, 1, 1024)
        _whole("sweeps", self.sweeps, 1, 100)
        _number("eps_norm", self.eps_norm, self.eps_norm >= 0, "a number of at least 0")
        if self.eps_zca is not None:
            _number("eps_zca", self.eps_zca, self.eps_zca > 0, "a number above 0, or off")
        wanted = f"at most {self.n}, the number of patches"
        require(self.k <= self.n, "K", wanted=wanted, given=self.k)

    @property
    def d(self) -> int:
        """Numbers in a patch."""
        return self.size**2 * (1 if self.grey else 3)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What was done to the patches before learning; the same up to SHOWN patches three times."""

    raw: Tensor  # (m, d) 0..255
    normalised: Tensor  # (m, d)
    whitened: Tensor  # (m, d)
    covariance_before: Tensor  # (d, d) of all normalised patches
    covariance_after: Tensor  # (d, d) of all whitened patches
    eigenvalues: Tensor  # (d,) of covariance_before, smallest first
    matrix: Tensor  # (d, d) W
    sd: float  # of normalised patches: sqrt of their mean variance, about 1 when eps_norm suits


@dataclass(frozen=True, kw_only=True)
class Strongest:
    """A patch that a filter answers to, and where it lies."""

    image: int  # index
    row: int
    column: int
    response: float  # signed
    patch: NDArray[np.uint8]  # (size, size, 1 or 3)


def learn(
    images: Sequence[patches.Image],
    config: Config,
    *,
    generator: torch.Generator,
    device: torch.device | None = None,
) -> Iterator[Prepared | Step]:
    """Learn filters from `images`, (h, w) or (h, w, 3) uint8, on `device` (None: the fastest).

    Yields one Prepared, then the Steps of spherical K-means. Raises SettingError where no image
    holds a patch.
    """
    # Two streams of their own: more patches must not mean another start for the dictionary.
    seed = int(torch.randint(2**62, (), generator=generator))
    raw = patches.extract(
        images, config.size, config.n, config.grey, generator=stream(seed, "patches")
    ).to(device or choose())
    normalised = whitening.normalise(raw, config.eps_norm)
    zca = whitening.fit(normalised, config.eps_zca)
    whitened = whitening.apply(normalised, zca)
    yield Prepared(
        raw=raw[:SHOWN].clone(),
        normalised=normalised[:SHOWN].clone(),
        whitened=whitened[:SHOWN].clone(),
        covariance_before=zca.covariance,
        covariance_after=zca.whitened,
        eigenvalues=zca.eigenvalues,
        matrix=zca.matrix,
        sd=float(torch.linalg.vector_norm(normalised)) / math.sqrt(normalised.numel()),
    )
    del raw, normalised
    yield from spherical_kmeans.learn(
        whitened,
        spherical_kmeans.Config(k=config.k, sweeps=config.sweeps),
        generator=stream(seed, "dictionary"),
    )


def kernel(prepared: Prepared, step: Step, j: int) -> NDArray[np.floating]:
    """Filter `j` as it meets a normalised patch, (d,): w = W D_j. Both steps on the host."""
    return np.asarray(prepared.matrix) @ np.asarray(step.D[j])


def response(image: patches.Image, w: NDArray[np.floating], config: Config) -> NDArray[np.float32]:
    """Map (h - size + 1, w - size + 1) of filter `w` (d,) over `image`; 0 where it is flat.

    Raises SettingError where the image is smaller than a patch.
    """
    size = config.size
    plane = patches.channels(image, config.grey)
    if not patches.count_places(plane, size):
        raise patches.too_large(size, [image])
    depth = plane.shape[2]
    # w^T (p - mean) = (w - mean(w))^T p: the patch's mean needs no pass of its own
    kernel = np.asarray(w, dtype=np.float64).reshape(size, size, depth)
    kernel = (kernel - kernel.mean()).astype(np.float32)
    # Around 0, single precision loses least.
    pixels = plane.astype(np.float32) - 128
    answer = np.zeros(plane.shape[:2], dtype=np.float32)
    total = np.zeros(plane.shape[:2])
    squares = np.zeros(plane.shape[:2])
    for c in range(depth):
        channel = np.ascontiguousarray(pixels[:, :, c])
        answer += cv2.filter2D(
            channel, cv2.CV_32F, np.ascontiguousarray(kernel[:, :, c]), anchor=CORNER
        )
        total += cv2.boxFilter(channel, cv2.CV_64F, (size, size), anchor=CORNER, normalize=False)
        squares += cv2.sqrBoxFilter(
            channel, cv2.CV_64F, (size, size), anchor=CORNER, normalize=False
        )
    d = size * size * depth
    # var = mean(p^2) - mean(p)^2
    variance = np.maximum(squares / d - (total / d) ** 2, 0)
    scale = np.sqrt(variance + config.eps_norm)
    whole = slice(plane.shape[0] - size + 1), slice(plane.shape[1] - size + 1)
    answer, scale = answer[whole], scale[whole]
    return np.divide(answer, scale, out=np.zeros_like(answer), where=scale > 0, casting="same_kind")


def strongest(
    images: Sequence[patches.Image],
    w: NDArray[np.floating],
    config: Config,
    *,
    count: int = 16,
) -> list[Strongest]:
    """Up to `count` patches of largest |response|, strongest first, none overlapping another.

    Images smaller than a patch are passed over; SettingError where all are.
    """
    require(count >= 1, "count", wanted="at least 1", given=count)
    size = config.size
    found: list[Strongest] = []
    large = [i for i, image in enumerate(images) if patches.count_places(image, size)]
    if not large:
        raise patches.too_large(size, images)
    for i in large:
        plane = patches.channels(images[i], config.grey)
        answer = response(images[i], w, config)
        strength = np.abs(answer)
        for _ in range(count):
            row, column = divmod(int(strength.argmax()), strength.shape[1])
            if strength[row, column] < 0:
                break
            found.append(
                Strongest(
                    image=i,
                    row=row,
                    column=column,
                    response=float(answer[row, column]),
                    patch=plane[row : row + size, column : column + size].copy(),
                )
            )
            # Whatever would overlap this patch is out.
            top, left = max(row - size + 1, 0), max(column - size + 1, 0)
            strength[top : row + size, left : column + size] = -1
    return sorted(found, key=lambda patch: -abs(patch.response))[:count]


def work(config: Config) -> float:
    """Multiply-adds of a whole run, about: what tells a quick run from one that needs a job."""
    whiten = 2.0 * config.n * config.d**2
    return whiten + float(config.sweeps) * config.n * config.k * config.d


def tiles(D: Tensor | NDArray[np.floating], config: Config) -> NDArray[np.uint8]:
    """Filters `D` (k, d) as pictures (k, size, size, 1 or 3), 0 shown as mid-grey.

    Each is scaled by its own largest magnitude.
    """
    filters = np.asarray(D.cpu() if isinstance(D, Tensor) else D, dtype=np.float64)
    peak = np.abs(filters).max(axis=1, keepdims=True)
    # 1/2 + D_j / (2 max |D_j|)
    unit = 0.5 + filters / np.where(peak > 0, 2 * peak, 1)
    return np.rint(unit * 255).astype(np.uint8).reshape(len(filters), config.size, config.size, -1)


def pixels(raw: Tensor | NDArray[np.floating], config: Config) -> NDArray[np.uint8]:
    """Raw patches (m, d) on 0..255 as pictures (m, size, size, 1 or 3)."""
    values = np.asarray(raw.cpu() if isinstance(raw, Tensor) else raw)
    return np.rint(values).astype(np.uint8).reshape(len(values), config.size, config.size, -1)


def busiest(step: Step) -> int:
    """The filter that most patches chose; 0 before there is a code."""
    return int(np.asarray(step.counts).argmax())


def _whole(name: str, value: object, least: int, most: int) -> None:
    fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    require(fits, name, wanted=f"a whole number from {least:,} to {most:,}", given=value)


def _number(name: str, value: float, fits: bool, wanted: str) -> None:
    require(math.isfinite(value) and fits, name, wanted=wanted, given=value)
