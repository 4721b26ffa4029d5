"""Dead leaves: discs of many sizes fallen over one another, an image as full of edges as nature.

Matheron (1968); Lee, Mumford & Huang, "Occlusion models for natural images" (2001). With radii
of p(r) ~ r^-3 the scene looks the same at every scale, and the filters learned from it are
clean Gabors.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require

# Discs over a point, on average: e^-8 of the picture stays bare.
COVER = 8.0
# Drawn so many times larger and then averaged, as a camera would: even small discs stay round.
FINE = 2
SHIFT = 4  # cv2 takes centres and radii in units of 1/16 pixel


def scene(
    *,
    generator: torch.Generator,
    height: int = 256,
    width: int = 256,
    smallest: float = 2.0,
    largest: float = 64.0,
    colour: bool = False,
) -> NDArray[np.uint8]:
    """A scene (height, width, 3) uint8; radii from `smallest` to `largest` pixels.

    Grey unless `colour`. Raises SettingError where a side is below 1 or the radii are not
    0.5 <= smallest < largest.
    """
    require(min(height, width) >= 1, "sides", wanted="at least 1", given=(height, width))
    require(
        0.5 <= smallest < largest < math.inf,
        "radii",
        wanted="0.5 <= smallest < largest",
        given=(smallest, largest),
    )
    # E[pi r^2] for p(r) ~ r^-3
    area = 2 * math.pi * math.log(largest / smallest) / (smallest**-2 - largest**-2)
    # Centres may lie outside: a disc of the largest size must be able to reach in from there.
    sides = np.array([width, height]) + 2 * largest
    count = math.ceil(COVER * sides.prod() / area)
    u, x, y, *paint = torch.rand(
        6 if colour else 4, count, generator=generator, dtype=torch.float64
    ).numpy()
    # r = (smallest^-2 - u (smallest^-2 - largest^-2))^-1/2
    radius = (smallest**-2 - u * (smallest**-2 - largest**-2)) ** -0.5
    centre = np.stack([x, y], axis=1) * sides - largest
    shades = (np.stack(paint, axis=1) * 256).astype(int)

    picture = np.full((FINE * height, FINE * width, len(paint)), 128, dtype=np.uint8)
    unit = FINE << SHIFT
    centres = np.rint(centre * unit).astype(int).tolist()
    radii = np.rint(radius * unit).astype(int).tolist()
    for c, r, shade in zip(centres, radii, shades.tolist(), strict=True):
        cv2.circle(picture, c, r, shade, cv2.FILLED, cv2.LINE_AA, SHIFT)
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    if colour:
        return np.asarray(picture, dtype=np.uint8)
    return np.repeat(picture.reshape(height, width, 1), 3, axis=2)
