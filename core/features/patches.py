"""Small square windows cut at random out of photographs.

Coates & Ng, "Learning feature representations with K-means" (2012), section 2.

    image : (h, w) or (h, w, 3) uint8, RGB
    patch : row of size * size (grey) or size * size * 3 numbers, rows, then columns, then channels
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import SettingError, require

Image = NDArray[np.uint8]


def extract(
    images: Sequence[Image], size: int, n: int, grey: bool, *, generator: torch.Generator
) -> Tensor:
    """`n` patches as rows of an (n, d) float32 CPU tensor, values 0..255.

    Every place of every image where a whole patch fits is equally likely; images smaller than
    a patch are passed over. Raises SettingError where no image is large enough.
    """
    require(n >= 1, "patches", wanted="at least 1", given=n)
    planes = [channels(image, grey) for image in images]
    places = np.array([count_places(plane, size) for plane in planes], dtype=np.int64)
    if not places.any():
        raise too_large(size, images)
    ends = places.cumsum()
    place = torch.randint(int(ends[-1]), (n,), generator=generator).numpy()
    source = np.searchsorted(ends, place, side="right")
    out = np.empty((n, size, size, planes[0].shape[2]), dtype=np.float32)
    for i, plane in enumerate(planes):
        here = np.flatnonzero(source == i)
        if not len(here):
            continue
        across = plane.shape[1] - size + 1
        row, column = np.divmod(place[here] - (ends[i] - places[i]), across)
        windows = np.lib.stride_tricks.sliding_window_view(plane, (size, size), axis=(0, 1))
        out[here] = windows[row, column].transpose(0, 2, 3, 1)
    return torch.from_numpy(out.reshape(n, -1))


def channels(image: Image, grey: bool) -> Image:
    """`image` as (h, w, 1) luma where `grey`, else as (h, w, 3).

    Raises SettingError where it is not uint8 of shape (h, w) or (h, w, 3).
    """
    fits = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    require(
        fits and image.dtype == np.uint8 and image.size > 0,
        "image",
        wanted="bytes of shape (h, w) or (h, w, 3)",
        given=f"{image.dtype} of shape {image.shape}",
    )
    if image.ndim == 2:
        return image[:, :, None] if grey else np.repeat(image[:, :, None], 3, axis=2)
    if grey:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)[:, :, None]
    return image


def count_places(image: Image, size: int) -> int:
    """How many whole patches of `size` fit in `image`, at all places."""
    h, w = image.shape[:2]
    return max(h - size + 1, 0) * max(w - size + 1, 0)


def too_large(size: int, images: Sequence[Image]) -> SettingError:
    """The error of a patch that fits in none of `images`."""
    if not images:
        return SettingError("images", wanted="at least one", given="none")
    side = max(min(image.shape[:2]) for image in images)
    wanted = f"at most {side}, the shorter side of the largest image"
    return SettingError("patch size", wanted=wanted, given=size)
