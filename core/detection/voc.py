"""Average precision as PASCAL VOC defines it.

Everingham et al. 2010, "The PASCAL visual object classes (VOC) challenge", section 4.2:

a_o : overlap of a detection B_p and a true box B_gt, area(B_p and B_gt) / area(B_p or B_gt)
r, p : (n,) recall and precision of the 1, 2, ... n best detections of a class in all pictures
p_interp(r) : the highest precision at any recall >= r
AP : mean of p_interp at the recalls 0, .1, ... 1; since VOC 2010 the area under p_interp

A detection is right where its a_o with the truest box is at least `least` and no better one has
that box already: a second one counts as false. Difficult boxes, and what finds them, do not count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections, iou
from core.detection.truth import Truth

ELEVEN = np.linspace(0.0, 1.0, 11)


def curve(
    truths: Sequence[Truth], founds: Sequence[Detections], c: int, *, least: float = 0.5
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(r, p) of class number `c`, each (n,); r is nan where the class has no true box."""
    pieces = [_scored(truth, found, c, least) for truth, found in zip(truths, founds, strict=True)]
    true = sum(int(truth.counts[truth.classes == c].sum()) for truth in truths)
    rows = np.concatenate([np.empty((3, 0)), *pieces], axis=1)
    scores, right, false = rows[:, np.argsort(-rows[0], kind="stable")]
    tp, fp = right.cumsum(), false.cumsum()
    good = tp + fp > 0
    tp, fp = tp[good], fp[good]
    return tp / true if true else np.full(len(tp), np.nan), tp / (tp + fp)


def eleven_points(r: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """AP of VOC 2007: the mean of p_interp at eleven recalls."""
    # AP = 1/11 sum over r in 0, .1, ... 1 of p_interp(r)
    # The tiny step keeps .3 <= 3 / 10 true, which floats deny.
    return _known(r, sum(p[r >= at - 1e-12].max(initial=0.0) for at in ELEVEN) / 11)


def area_under(r: NDArray[np.float64], p: NDArray[np.float64]) -> float:
    """AP since VOC 2010: the area under p_interp."""
    p_interp = np.maximum.accumulate(p[::-1])[::-1]
    # AP = sum over the steps of r of (r_i - r_i-1) p_interp(r_i)
    return _known(r, float((np.diff(r, prepend=0.0) * p_interp).sum()))


def _known(r: NDArray[np.float64], ap: float) -> float:
    return float("nan") if np.isnan(r).any() else float(ap)


def _scored(truth: Truth, found: Detections, c: int, least: float) -> NDArray[np.float64]:
    """(3, d) scores, right, false of one picture, the best first."""
    d, g = found.classes == c, truth.classes == c
    a_o = iou(found.boxes[d], truth.boxes[g])
    right, false = np.zeros(len(a_o)), np.zeros(len(a_o))
    counts, taken = truth.counts[g], np.zeros(int(g.sum()), bool)
    for i, row in enumerate(a_o):
        m = int(row.argmax()) if len(row) else -1
        if m < 0 or row[m] < least:
            false[i] = 1
        elif counts[m]:
            (false if taken[m] else right)[i] = 1
            taken[m] = True
    return np.stack([found.scores[d], right, false])
