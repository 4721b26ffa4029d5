"""Everything one frame shows of a net, fast enough to be made anew for each frame.

    window : (x0, x1, y0, y1), a rectangle of the plane     side : pixels along either edge

Pictures are bytes, their row 0 at the top (largest x2). A pixel stands for its middle, so that a
picture stretched over its window is in place. Numbers are float32. Where a broken net answers
something that is no number, the picture shows the middle of its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.nets import warp
from core.nets.network import Array, Config
from core.nets.warp import BOUNDED, Basis

Picture = NDArray[np.uint8]

SIDE, WARP_SIDE = 81, 41
SMALL_SIDE, SMALLER_SIDE, MANY_UNITS = 24, 12, 40  # of unit maps; the smaller for more units


class Maps(NamedTuple):
    """What every hidden and output unit answers over the plane, layer after layer."""

    pictures: Picture  # (units, side, side)
    ranges: tuple[tuple[float, float], ...]  # (lo, hi) of every layer: what 0 and 255 stand for


class UnitMap(NamedTuple):
    """What one unit answers over the plane."""

    picture: Picture  # (side, side)
    lo: float
    hi: float


class Film(NamedTuple):
    """The warped grid and the data, as the chosen view sees them. D = 2 or 3."""

    grid: NDArray[np.float32]  # (side, side, D), row 0 at the smallest x2
    at: NDArray[np.float32]  # (n, D)
    axes: list[str]  # D names
    basis: Basis | None  # of the view "pca": give it back with the next frame


@np.errstate(over="ignore", invalid="ignore")
def probabilities(
    params: Array, config: Config, window: Sequence[float], side: int = SIDE
) -> Picture:
    """p over the window, 0..255 for 0..1: (K, side, side); of two classes only the second, (1, ..).

    Raises SettingError for a window without width or height.
    """
    first = 1 if config.classes == 2 else 0
    p = _stage(params, config, _pixels(_tuple(window), side), len(config.stages) - 1)
    return _picture(_plane(p[:, first:], side), 0.0, 1.0)


@np.errstate(over="ignore", invalid="ignore")
def maps(params: Array, config: Config, extent: Sequence[float], side: int | None = None) -> Maps:
    """Small pictures of all units; those of the output show p. Raises as `probabilities` does.

    Where a layer's units have bounds, these are its range, else the largest answer to both sides
    of 0. Without a `side`, 24, and 12 for more than 40 units.
    """
    units = sum(config.sizes[1:])
    side = side or (SMALL_SIDE if units <= MANY_UNITS else SMALLER_SIDE)
    single = _single(params)
    pixels = _pixels(_tuple(extent), side)
    answers = [
        np.concatenate(
            list(islice(warp.stages(single, config, part), _answer(config, 0), None, 2)), 1
        )
        for part in warp.chunks(pixels, config)
    ]
    planes = _plane(np.concatenate(answers), side)
    pictures, ranges, first = np.empty(planes.shape, np.uint8), [], 0
    for layer, count in enumerate(config.sizes[1:]):
        own = slice(first, first + count)
        lo, hi = _range(config, layer, planes[own])
        pictures[own] = _picture(planes[own], lo, hi)
        ranges.append((lo, hi))
        first += count
    return Maps(pictures, tuple(ranges))


@np.errstate(over="ignore", invalid="ignore")
def unit(
    params: Array,
    config: Config,
    window: Sequence[float],
    layer: int,
    index: int,
    side: int = SIDE,
) -> UnitMap:
    """One unit's picture (side, side) over the window; layer 0 is the first with weights.

    Raises SettingError for a unit that is not there, and as `probabilities` does.
    """
    last = len(config.sizes) - 2
    require(0 <= layer <= last, "layer", wanted=f"0 to {last}", given=layer)
    most = config.sizes[layer + 1] - 1
    require(0 <= index <= most, f"unit of layer {layer}", wanted=f"0 to {most}", given=index)
    a = _stage(params, config, _pixels(_tuple(window), side), _answer(config, layer))
    plane = _plane(a[:, index : index + 1], side)
    lo, hi = _range(config, layer, plane)
    return UnitMap(_picture(plane, lo, hi)[0], lo, hi)


@np.errstate(over="ignore", invalid="ignore")
def film(
    params: Array,
    config: Config,
    x: Array,
    extent: Sequence[float],
    stage: float,
    *,
    mode: str = "pair",
    units: Sequence[int] = (0, 1),
    basis: Basis | None = None,
    side: int = WARP_SIDE,
) -> Film:
    """The grid over `extent` and the points x (n, 2) at `stage`, in one view.

    Principal components are those of the grid, in the order and with the signs of `basis`.
    Raises SettingError as `warp.at`, `warp.view` and `probabilities` do.
    """
    single = _single(params)
    vertices = warp.at_blocks(single, config, _vertices(_tuple(extent), side), stage)
    vertices = warp.rows(vertices, side * side)
    if mode == "pca":
        basis = warp.principal(vertices, basis)
    at = warp.at(single, config, x.astype(np.float32), stage)
    return Film(
        warp.view(vertices, mode, units, basis).reshape(side, side, -1),
        warp.view(at, mode, units, basis),
        warp.axes(config, stage, mode, units, basis),
        basis if mode == "pca" else None,
    )


def _answer(config: Config, layer: int) -> int:
    """The stage at which a layer's units have answered."""
    return 2 * (layer + 1) + bool(config.extras)


def _stage(params: Array, config: Config, pixels: Array, stage: int) -> Array:
    return warp.at_blocks(_single(params), config, pixels, stage)


def _single(params: Array) -> Array:
    return params.astype(np.float32)


def _range(config: Config, layer: int, planes: Array) -> tuple[float, float]:
    if layer == len(config.hidden):
        return 0.0, 1.0
    bounds = BOUNDED.get(config.activations[layer])
    if bounds:
        return bounds
    reach = float(np.abs(planes).max(initial=0, where=np.isfinite(planes)))
    return (-reach, reach) if reach > 0 else (-1.0, 1.0)


def _picture(values: Array, lo: float, hi: float) -> Picture:
    """lo..hi as 0..255."""
    # Halves first: hi - lo may be more than a float32 can hold.
    part = (values / 2 - lo / 2) / (hi / 2 - lo / 2)
    level = np.clip(part * 255 + 0.5, 0, 255)
    broken = np.isnan(level)
    if broken.any():
        level[broken] = 127
    return level.astype(np.uint8)


def _plane(stage: Array, side: int) -> Array:
    """Blocks (m, d, 64) as planes (d, side, side)."""
    d = stage.shape[1]
    return stage.transpose(1, 0, 2).reshape(d, -1)[:, : side * side].reshape(d, side, side)


def _tuple(window: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(edge) for edge in window)


def _check(window: tuple[float, ...], side: int) -> None:
    require(1 <= side <= 1024, "side", wanted="1 to 1024 pixels", given=side)
    fits = len(window) == 4 and bool(np.isfinite(window).all())
    fits = fits and window[0] < window[1] and window[2] < window[3]
    require(fits, "window", wanted="finite x0 < x1 and y0 < y1", given=window)


def middles(window: Sequence[float], side: int) -> NDArray[np.float64]:
    """The middles (side * side, 2) of all pixels, the top row first."""
    x0, x1, y0, y1 = window
    right, down = (x1 - x0) / side / 2, (y1 - y0) / side / 2
    return warp.grid((x0 + right, x1 - right, y1 - down, y0 + down), side)


@lru_cache(maxsize=32)
def _pixels(window: tuple[float, ...], side: int) -> Array:
    """Blocks (m, 2, 64) of `middles`. Shared: never changed."""
    _check(window, side)
    return _kept(middles(window, side))


@lru_cache(maxsize=32)
def _vertices(extent: tuple[float, ...], side: int) -> Array:
    """Blocks (m, 2, 64) of `warp.grid`. Shared: never changed."""
    _check(extent, side)
    return _kept(warp.grid(extent, side))


def _kept(grid: Array) -> Array:
    shared = warp.blocks(grid.astype(np.float32))
    shared.flags.writeable = False
    return shared
