"""Which unit follows a pattern: every unit scored against a target, and where it is wrong.

After Karpathy, Johnson & Fei-Fei (2016) and LSTMVis (Strobelt et al. 2018).

    track  : (T,) what a unit does over the text       target : (T,) see core.sequence.patterns
    r      : correlation, -1 to 1
    I      : mutual information, bits, of both cut into at most BINS classes of equal size, less
             what as many classes would share by chance (Miller & Madow's correction)
    F1     : of the best rule "inside where the track is above (or below) a threshold"

Characters whose target is NaN are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.sequence.trace import Traced

Floats = NDArray[np.floating]
BINS = 12
ORDERS = ("correlation", "information", "f1")
CONTEXT = 30  # characters shown on both sides


class Unit(NamedTuple):
    """Where a track comes from."""

    signal: str
    unit: int
    layer: int = 0
    backward: bool = False


class Ranked(NamedTuple):
    """A unit and how well it follows a target."""

    where: Unit
    correlation: float
    information: float  # bits, 0 to the target's own
    f1: float
    threshold: float
    above: bool  # inside is above the threshold


class Span(NamedTuple):
    """A piece of the text and how much a unit does there, on average."""

    first: int
    last: int
    value: float


def track(layers: Sequence[Sequence[Traced]], where: Unit) -> NDArray[np.float32]:
    """(T,) of one unit."""
    return layers[where.layer][where.backward].of(where.signal)[:, where.unit]


def rank(
    layers: Sequence[Sequence[Traced]],
    target: Floats,
    *,
    signals: Sequence[str] | None = None,
    by: str = "correlation",
) -> list[Ranked]:
    """All units of all layers, the best follower of `target` (T,) first.

    `signals`: which of each unit are looked at; without, the cell state of an LSTM, else the hidden
    state. Raises SettingError for a target of another length, or one that is the same everywhere.
    """
    require(by in ORDERS, "order", wanted=f"one of {', '.join(ORDERS)}", given=by)
    T = len(layers[0][0].hidden)
    require(target.shape == (T,), "pattern", wanted=f"{T} numbers", given=target.shape)
    claimed = np.isfinite(target)
    y = target[claimed].astype(np.float64)
    varied = len(y) > 1 and bool((y != y[0]).any())
    require(varied, "pattern", wanted="some characters in it and others not", given="all alike")
    found = []
    for depth, directions in enumerate(layers):
        for way, traced in enumerate(directions):
            for name in signals or _states(traced):
                X = traced.of(name)[claimed].T  # (H, T)
                r, information = correlations(X, y), informations(X, y)
                f1, threshold, above = classifiers(X, y)
                found += [
                    Ranked(Unit(name, k, depth, bool(way)), *values)
                    for k, values in enumerate(
                        zip(
                            r.tolist(),
                            information.tolist(),
                            f1.tolist(),
                            threshold.tolist(),
                            above.tolist(),
                            strict=True,
                        )
                    )
                ]
    return sorted(found, key=lambda one: -abs(getattr(one, by)))


def correlations(X: Floats, y: Floats) -> NDArray[np.float64]:
    """r (H,) of tracks X (H, T) with y (T,); 0 of a track that never moves."""
    # sum (x - mean) (y - mean) / sqrt(sum (x - mean)^2 sum (y - mean)^2)
    centred = y - y.mean()
    mean = X.mean(axis=1, dtype=np.float64)
    deviation = X - mean[:, None].astype(X.dtype)
    power = np.einsum("ht,ht->h", deviation, deviation, dtype=np.float64)
    product = deviation @ centred.astype(X.dtype)
    still = power <= 1e-12 * len(y) * np.maximum(1, mean * mean)
    return np.where(still, 0.0, product / np.sqrt(np.where(still, 1, power) * (centred @ centred)))


def informations(X: Floats, y: Floats) -> NDArray[np.float64]:
    """I (H,) of tracks X (H, T) and y (T,), bits, at least 0."""
    classes, ways = _classes(y)
    found = np.zeros(len(X))
    for k, x in enumerate(X):
        cut, cuts = _classes(x)
        joint = np.bincount(cut * ways + classes, minlength=cuts * ways).reshape(cuts, ways)
        p = joint / len(y)
        # I = sum p(x, y) log2 p(x, y) / (p(x) p(y))
        chance = p.sum(axis=1, keepdims=True) * p.sum(axis=0)
        some = p > 0
        information = float((p[some] * np.log2(p[some] / chance[some])).sum())
        spare = (cuts - 1) * (ways - 1) / (2 * len(y) * np.log(2))
        found[k] = max(0.0, information - spare)
    return found


def classifiers(
    X: Floats, y: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The best F1 (H,) of a threshold on tracks X (H, T), the threshold, and on which side it is.

    Inside is where y is above halfway between its extremes.
    """
    positive = inside(y)
    best = [_classifier(x, positive) for x in X]  # one by one: a track fits into the cache
    f1, threshold, above = zip(*best, strict=True)
    return np.array(f1), np.array(threshold), np.array(above)


def _classifier(x: Floats, positive: NDArray[np.bool_]) -> tuple[float, float, bool]:
    P, T = int(positive.sum()), len(x)
    order = np.argsort(x)
    values = x[order]
    cuts = np.flatnonzero(values[1:] > values[:-1])  # a cut stands only between different values
    everything = 2 * P / (T + P)  # F1 where all are called inside, as a still track must
    if not len(cuts):
        return everything, float(values[0]) - 1, True
    hits = np.cumsum(positive[order])[cuts]  # positives up to the cut
    called = cuts + 1
    # F1 = 2 TP / (called + P)
    below, above = 2 * hits / (called + P), 2 * (P - hits) / (T - called + P)
    low, high = int(below.argmax()), int(above.argmax())
    up = bool(above[high] >= below[low])
    f1, at = (float(above[high]), cuts[high]) if up else (float(below[low]), cuts[low])
    if f1 < everything:
        return everything, float(values[0]) - 1, True
    return f1, (float(values[at]) + float(values[at + 1])) / 2, up


def inside(target: Floats) -> NDArray[np.bool_]:
    """Where a target counts as inside: above halfway between its extremes; never where it is NaN."""
    claimed = target[np.isfinite(target)]
    if not len(claimed):
        return np.zeros(len(target), bool)
    return target > (claimed.min() + claimed.max()) / 2


def wrong(values: Floats, target: Floats, ranked: Ranked) -> NDArray[np.int64]:
    """Characters at which the rule of `ranked` and the target disagree, the most certain first."""
    called = values > ranked.threshold if ranked.above else values <= ranked.threshold
    apart = np.isfinite(target) & (called != inside(target))
    at = np.flatnonzero(apart)
    return at[np.argsort(-np.abs(values[at] - ranked.threshold), kind="stable")]


def excite(values: Floats, *, width: int = 10, spans: int = 10, least: bool = False) -> list[Span]:
    """The `spans` pieces of `width` characters where a track (T,) is highest, or lowest; none overlap."""
    require(width >= 1, "width", wanted="at least 1", given=width)
    if not len(values):
        return []
    width = min(width, len(values))
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    means = (total[width:] - total[:-width]) / width
    taken = np.zeros(len(values), bool)
    found: list[Span] = []
    for first in np.argsort(means if least else -means, kind="stable").tolist():
        if len(found) == spans:
            break
        if not taken[first] and not taken[first + width - 1]:
            taken[first : first + width] = True
            found.append(Span(first, first + width, float(means[first])))
    return found


def _states(traced: Traced) -> tuple[str, ...]:
    return ("s",) if "s" in traced.names else (traced.names[-1],)


def _classes(values: Floats) -> tuple[NDArray[np.int64], int]:
    """(T,) which of at most BINS classes each value is in, and how many there are."""
    ordered = np.sort(values)
    steps = np.flatnonzero(ordered[1:] > ordered[:-1])
    if len(steps) < BINS:
        edges = ordered[steps + 1]
    else:
        edges = np.unique(ordered[np.arange(1, BINS) * len(ordered) // BINS])
        edges = edges[edges > ordered[0]]
    return np.searchsorted(edges, values, side="right"), len(edges) + 1
