"""Where a net takes the points of the plane: every stage, and the film between the stages.

After Olah, "Neural Networks, Manifolds, and Topology" (2014); course, chapter 5.

    stage : 0 to S-1, as `network.forward` counts; 2.25 is a quarter of the way from 2 to 3
    a : (n, d_in)  before a layer     W a, then z = W a + b : (n, d_out)     f(z) : (n, d_out)

Between two stages d is the larger of both: the narrower side is padded with zeros, so that
raising the dimension is seen as unfolding and lowering it as flattening.

Points travel through the net in blocks (m, d, 64), 64 points side by side. A product of this
size is made by one thread: a matrix library that wakes others for it waits for them whenever
training keeps every core busy, which made a frame ten times slower.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.nets import network
from core.nets.network import Array, Config

MODES = {"pair": 2, "triple": 3, "pca": 3}  # name and the number of axes

BLOCK = 64  # points side by side
CACHED = 1 << 16  # numbers of a stage held at a time, so few that they stay in a core's cache

BOUNDED = {"tanh": (-1.0, 1.0), "sin": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
MARGIN = 0.05  # of the range, left free on either side


class Basis(NamedTuple):
    """Up to three principal directions of a stage; those a narrow stage has not are zero."""

    mean: NDArray[np.float64]  # (d,)
    directions: NDArray[np.float64]  # (3, d) of unit length
    shares: NDArray[np.float64]  # (3,) of all variance, 0..1


def grid(extent: Sequence[float], side: int = 41) -> NDArray[np.float64]:
    """Points (side * side, 2) over extent (x0, x1, y0, y1), edges included.

    Row after row: the first at the smallest x2, in each the smallest x1 first.
    """
    x0, x1, y0, y1 = extent
    across, up = np.meshgrid(np.linspace(x0, x1, side), np.linspace(y0, y1, side))
    return np.column_stack([across.ravel(), up.ravel()])


def blocks(x: Array) -> Array:
    """Points x (n, 2) as blocks (m, 2, 64), the last one filled up with zeros."""
    m = -(-len(x) // BLOCK)
    padded = np.zeros((m * BLOCK, 2), x.dtype)
    padded[: len(x)] = x
    return np.ascontiguousarray(padded.reshape(m, BLOCK, 2).transpose(0, 2, 1))


def rows(stage: Array, n: int) -> Array:
    """The first n points (n, d) of blocks (m, d, 64)."""
    return stage.transpose(0, 2, 1).reshape(-1, stage.shape[1])[:n]


def chunks(x: Array, config: Config) -> Iterator[Array]:
    """Blocks x (m, 2, 64), so many at a time that every stage stays in the cache."""
    step = max(1, CACHED // (BLOCK * max(config.sizes)))
    return (x[i : i + step] for i in range(0, len(x), step))


def stages(params: Array, config: Config, x: Array) -> Iterator[Array]:
    """The stages (m, d, 64) of `network.forward`, one after another, of blocks x (m, 2, 64)."""
    yield x
    a = x
    if config.extras:
        a = np.concatenate([x, *(network.EXTRAS[name](x)[:, None] for name in config.extras)], 1)
        yield a
    *hidden, output = network.layers(params, config)
    for (W, b), name in zip(hidden, config.activations, strict=True):
        z = W @ a + b[:, None]  # z^(l+1) = W^(l) a^(l) + b^(l)
        yield z
        a = network.ACTIVATIONS[name](z)  # a^(l+1) = f(z^(l+1))
        yield a
    o = output.W @ a + output.b[:, None]
    yield o
    yield network.beliefs(o, config)


def at(params: Array, config: Config, x: Array, stage: float) -> Array:
    """Where points x (n, 2) are at `stage`: (n, d), in the precision given.

    The squash, the extra inputs and the step from scores to probabilities go straight. A linear
    map goes in two: the first half of the way turns and stretches (W a), the second shifts (+ b).
    Raises SettingError unless 0 <= stage <= S-1.
    """
    found = [_between(params, config, part, stage) for part in chunks(blocks(x), config)]
    return rows(np.concatenate(found), len(x)) if found else _nowhere(x, config, stage)


def at_blocks(params: Array, config: Config, x: Array, stage: float) -> Array:
    """As `at`, from and to blocks: x (m, 2, 64), m at least 1; result (m, d, 64)."""
    return np.concatenate([_between(params, config, part, stage) for part in chunks(x, config)])


@np.errstate(over="ignore", invalid="ignore")
def _between(params: Array, config: Config, x: Array, stage: float) -> Array:
    check(config, stage)
    i = int(stage)
    t = stage - i
    if t == 0:
        return next(islice(stages(params, config, x), i, None))
    before, after = islice(stages(params, config, x), i, i + 2)
    d = max(before.shape[1], after.shape[1])
    layer = mapping(config, i)
    if layer is None:
        return _mix(_pad(before, d), _pad(after, d), t)
    b = network.layers(params, config)[layer].b[:, None]
    Wa = _pad(after - b, d)
    # first half: from a to W a; second half: on to W a + b
    return _mix(_pad(before, d), Wa, 2 * t) if t < 0.5 else _mix(Wa, _pad(after, d), 2 * t - 1)


def mapping(config: Config, i: int) -> int | None:
    """Which layer's W and b lead from stage i to the next; None where another step does."""
    layer, squash = divmod(i - bool(config.extras), 2)
    return None if squash else layer


def check(config: Config, stage: float) -> None:
    """Raises SettingError unless 0 <= stage <= S-1."""
    last = len(config.stages) - 1
    require(0 <= stage <= last, "stage", wanted=f"0 to {last}", given=stage)


def _mix(before: Array, after: Array, t: float) -> Array:
    weight = after.dtype.type(t)
    return (1 - weight) * before + weight * after


def _pad(stage: Array, d: int) -> Array:
    m, given, width = stage.shape
    if given == d:
        return stage
    return np.concatenate([stage, np.zeros((m, d - given, width), stage.dtype)], axis=1)


def _nowhere(x: Array, config: Config, stage: float) -> Array:
    """No points at all: (0, d)."""
    check(config, stage)
    around = (widths(config)[i] for i in (math.floor(stage), math.ceil(stage)))
    return np.empty((0, max(around)), x.dtype)


def widths(config: Config) -> list[int]:
    """d of every stage."""
    first = [2, config.sizes[0]] if config.extras else [2]
    return [*first, *(d for d in config.sizes[1:] for _ in range(2))]


def view(points: Array, mode: str, units: Sequence[int], basis: Basis | None = None) -> Array:
    """What is drawn of a stage's points (n, d): (n, 2) for a pair of units, (n, 3) otherwise.

    A unit that the stage has not is 0: a pair is a line where there is one unit. "pca" ignores
    `units` and shows the principal components; without a basis, those of the points themselves.
    Raises SettingError for an unknown mode, and for units that do not fit it.
    """
    _check_view(mode, units)
    if mode == "pca":
        basis = basis or principal(points)
        seen = (points - basis.mean) @ basis.directions.T
        return seen.astype(points.dtype)
    seen = np.zeros((len(points), MODES[mode]), points.dtype)
    for axis, unit in enumerate(units):
        if unit < points.shape[1]:
            seen[:, axis] = points[:, unit]
    return seen


def principal(points: Array, previous: Basis | None = None) -> Basis:
    """The principal directions of points (n, d), those that are not finite left out.

    Signs and order follow `previous` where given, so that from frame to frame nothing flips;
    else the largest variance comes first, and the largest part of each direction is positive.
    """
    d = points.shape[1]
    kept = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if len(kept) == 0:
        return Basis(np.zeros(d), np.zeros((3, d)), np.zeros(3))
    mean = kept.mean(axis=0)
    centred = kept - mean
    spread = centred.T @ centred / len(kept)
    if not np.isfinite(spread).all():  # of a net that ran away
        return Basis(np.zeros(d), np.zeros((3, d)), np.zeros(3))
    variances, vectors = np.linalg.eigh(spread)
    count = min(3, d)
    directions, shares = np.zeros((3, d)), np.zeros(3)
    directions[:count] = vectors.T[::-1][:count]
    total = variances.sum()
    if total > 0:
        shares[:count] = np.maximum(variances[::-1][:count], 0) / total
    largest = directions[np.arange(3), np.abs(directions).argmax(axis=1)]
    directions[largest < 0] *= -1
    return _aligned(Basis(mean, directions, shares), previous)


def _aligned(basis: Basis, previous: Basis | None) -> Basis:
    """`basis` in the order and with the signs in which it is most like `previous`."""
    if previous is None:
        return basis
    d = min(basis.directions.shape[1], previous.directions.shape[1])
    # The cosines between old directions (rows) and new; between stages d may have changed.
    cosines = previous.directions[:, :d] @ basis.directions[:, :d].T
    axes = range(3)
    order = max(permutations(axes), key=lambda new: np.abs(cosines[axes, new]).sum().round(9))
    signs = np.where(cosines[axes, order] < 0, -1.0, 1.0)
    picked = list(order)
    return Basis(basis.mean, basis.directions[picked] * signs[:, None], basis.shares[picked])


def axes(
    config: Config, stage: float, mode: str, units: Sequence[int], basis: Basis | None = None
) -> list[str]:
    """Names of the axes that `view` draws, of the nearest stage: "tanh 0", or "PC 1 (83 %)".

    A unit that the stage has not is called "none". Raises as `at` and `view` do.
    """
    _check_view(mode, units)
    check(config, stage)
    if mode == "pca":
        if basis is None:
            return [f"PC {k + 1}" for k in range(3)]
        return [f"PC {k + 1} ({100 * share:.0f} %)" for k, share in enumerate(basis.shares)]
    nearest = math.floor(stage + 0.5)
    names = unit_names(config, nearest)
    return [names[unit] if unit < len(names) else "none" for unit in units]


def unit_names(config: Config, stage: int) -> list[str]:
    """A name for every unit of a whole stage: x1, x2, ..., or the layer's kind and a number."""
    if stage <= bool(config.extras):
        return ["x1", "x2", *config.extras][: widths(config)[stage]]
    kind = config.stages[stage].split("(")[0]
    return [f"{kind} {k}" for k in range(widths(config)[stage])]


def span(config: Config, stage: int) -> tuple[float, float] | None:
    """The range of a whole stage's units with a margin, whatever the weights; None: no bounds."""
    check(config, stage)
    last = len(config.stages) - 1
    layer, squash = divmod(stage - 1 - bool(config.extras), 2)
    if stage == last:
        lo, hi = 0.0, 1.0
    elif squash == 0 or layer < 0 or config.activations[layer] not in BOUNDED:
        return None
    else:
        lo, hi = BOUNDED[config.activations[layer]]
    free = MARGIN * (hi - lo)
    return lo - free, hi + free


def fit(values: Array) -> tuple[float, float]:
    """A range around all finite values, with a margin, widened to round numbers."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return -1.0, 1.0
    lo, hi = float(finite.min()), float(finite.max())
    reach = max(abs(lo), abs(hi))
    if reach == 0 or reach > 1e300:  # of a net that ran away not even the range is a number
        return -1.0, 1.0
    # Values all alike are drawn in the middle of a range of their own size.
    free = MARGIN * (hi - lo) if hi - lo > 1e-6 * reach else reach
    lo, hi = lo - free, hi + free
    step = 10.0 ** math.floor(math.log10(hi - lo)) / 2
    return math.floor(lo / step) * step, math.ceil(hi / step) * step


def scale(
    params: Array, config: Config, x: Array, stage: float, mode: str, units: Sequence[int]
) -> tuple[float, float]:
    """A good range for all axes at `stage`, of points x (n, 2) such as the grid.

    Between two stages it goes evenly from the range of the one to that of the other.
    """
    ends = [
        _scale(params, config, x, i, mode, units) for i in (math.floor(stage), math.ceil(stage))
    ]
    t = stage - math.floor(stage)
    lo, hi = ((1 - t) * before + t * after for before, after in zip(*ends, strict=True))
    return lo, hi


def _scale(
    params: Array, config: Config, x: Array, stage: int, mode: str, units: Sequence[int]
) -> tuple[float, float]:
    fixed = span(config, stage)
    if fixed and mode != "pca":  # a principal component may be as long as a diagonal
        return fixed
    return fit(view(at(params, config, x, stage), mode, units))


def _check_view(mode: str, units: Sequence[int]) -> None:
    require(mode in MODES, "view", wanted=f"one of {', '.join(MODES)}", given=mode)
    if mode != "pca":
        wanted = f"{MODES[mode]} units, each at least 0"
        fits = len(units) == MODES[mode] and all(unit >= 0 for unit in units)
        require(fits, "units", wanted=wanted, given=list(units))
