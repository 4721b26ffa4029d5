"""Average precision as COCO defines it: how much of what is there is found, and with how few errors.

Lin et al. 2014, "Microsoft COCO"; the rules are at cocodataset.org/#detection-eval.

d : detections of one class in one picture, the best first, at most MOST of them
g : the true boxes of that class there             iou : (d, g)
t : (T,) IOUS, from which on a detection is right   r : (R,) RECALLS
a : (A,) AREAS, ranges of a true box's area in square pixels
n : detections of one class in all pictures, the best first
tp, fp : (A, T, n) right and false ones among the first 1, 2, ... n
AP     : mean of p(r) over r and t, then over classes; nan where there is no true box
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections, area, overlap
from core.detection.truth import Truth
from core.errors import require

IOUS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
AREAS = {
    "all": (0.0, 1e10),
    "small": (0.0, 32.0**2),
    "medium": (32.0**2, 96.0**2),
    "large": (96.0**2, 1e10),
}
MOST = 100  # detections of a class in a picture that count
_LOW, _HIGH = np.array(list(AREAS.values())).T[:, :, None]  # (A, 1)


@dataclass(frozen=True, eq=False)
class Marks:
    """One class. scores : (n,) the best first; right, false : (A, T, n), neither where it does not
    count; true : (A,) true boxes that count."""

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    false: NDArray[np.bool_]
    true: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Curve:
    """One class at one IoU. Below `scores[i]` (n,) all is dropped: `recall[i]`, `precision[i]` are
    those of what is left. `interpolated` : (R,) p(r) at RECALLS; `ap` their mean."""

    scores: NDArray[np.float64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    interpolated: NDArray[np.float64]
    ap: float

    def at(self, threshold: float) -> tuple[float, float] | None:
        """(recall, precision) of all that scores at least `threshold`; None where nothing does."""
        count = int(np.searchsorted(-self.scores, -threshold, side="right"))
        return (float(self.recall[count - 1]), float(self.precision[count - 1])) if count else None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All classes: `labels`, their `marks`, and `precision` (K, A, T, R), the p(r) of each."""

    labels: tuple[str, ...]
    marks: tuple[Marks, ...]
    precision: NDArray[np.float64]

    def ap(self, *, iou: float | None = None, size: str = "all", label: str | None = None) -> float:
        """AP, at one IoU of IOUS or over all, of true boxes of one of AREAS, of one class or all."""
        classes = slice(None) if label is None else self._number(label)
        ious = slice(None) if iou is None else _step(iou)
        chosen = self.precision[classes, list(AREAS).index(size), ious]
        known = chosen[~np.isnan(chosen)]
        return float(known.mean()) if known.size else float("nan")

    def true(self, label: str) -> int:
        """How many true boxes of a class there are."""
        return int(self.marks[self._number(label)].true[0])

    def curve(self, label: str, iou: float = 0.5) -> Curve:
        """Precision against recall of one class, at one IoU of IOUS."""
        marks, t = self.marks[self._number(label)], _step(iou)
        recall, precision = _running(marks)
        # Equal scores come and go together: only the last of them is a point of the curve.
        ends = np.flatnonzero(np.diff(marks.scores, append=-1.0))
        interpolated = self.precision[self._number(label), 0, t]
        return Curve(
            marks.scores[ends],
            recall[0, t, ends],
            precision[0, t, ends],
            interpolated,
            float(interpolated.mean()),
        )

    def _number(self, label: str) -> int:
        known = label in self.labels
        require(known, "class", wanted=f"one of {', '.join(self.labels)}", given=label)
        return self.labels.index(label)


def evaluate(truths: Sequence[Truth], founds: Sequence[Detections]) -> Evaluation:
    """AP of what was found in each picture against what is true there.

    Each picture's two records share their labels (truth.agreed). Raises SettingError where not.
    """
    same = len(truths) == len(founds)
    require(same, "pictures", wanted=f"{len(truths)}, as of the truth", given=len(founds))
    labels = truths[0].labels if truths else ()
    for given in [one.labels for one in truths] + [one.labels for one in founds]:
        require(given == labels, "labels", wanted="the same everywhere", given=given)
    marks = tuple(_marks(truths, founds, c) for c in range(len(labels)))
    shape = (0, len(AREAS), len(IOUS), len(RECALLS))
    return Evaluation(
        labels, marks, np.stack([_at(m) for m in marks]) if marks else np.empty(shape)
    )


def judge(truth: Truth, found: Detections, iou: float = 0.5) -> NDArray[np.int64]:
    """The true box that each detection is matched to: (n,) its index, -1 where there is none."""
    require(0.0 <= iou <= 1.0, "iou", wanted="0 to 1", given=iou)
    matched = np.full(len(found), -1, np.int64)
    for c in np.unique(found.classes):
        d, g = np.flatnonzero(found.classes == c)[:MOST], np.flatnonzero(truth.classes == c)
        if len(g):
            ignored = (truth.crowd | truth.difficult)[g]
            m = match(_iou(found, d, truth, g), ignored[None], ignored, np.array([iou]))[0, 0]
            matched[d] = np.where(m >= 0, g[m], -1)
    return matched


def match(
    iou: NDArray[np.float64],
    ignored: NDArray[np.bool_],
    many: NDArray[np.bool_],
    ious: NDArray[np.float64] = IOUS,
) -> NDArray[np.int64]:
    """Greedily, the best detection first: the box of g that each of d takes, -1 for none: (A, T, d).

    Each takes the box of highest `iou` (d, g) from t on that is still free, one that counts before
    one that is `ignored` (A, g). Those of `many` (g,) can be taken again and again.
    """
    least = np.minimum(ious, 1 - 1e-10)
    (count, true), ranges = iou.shape, len(ignored)
    free = np.ones((ranges, len(ious), true), bool)
    taken = np.full((ranges, len(ious), count), -1, np.int64)
    a, t = np.ogrid[:ranges, : len(ious)]
    for i, row in enumerate(iou):
        if row.max() < least[0]:
            continue
        fits = free & (row >= least[:, None])
        first, second = (
            np.where(fits & those[:, None], row, -1.0) for those in (~ignored, ignored)
        )
        best = np.where((first >= 0).any(2, keepdims=True), first, second)
        # Of equals the last one, as COCO's own loop has it.
        m = true - 1 - best[..., ::-1].argmax(2)
        m = np.where(best[a, t, m] >= 0, m, -1)
        taken[..., i] = m
        free[a, t, m] &= (m < 0) | many[m]
    return taken


def _marks(truths: Sequence[Truth], founds: Sequence[Detections], c: int) -> Marks:
    empty = np.empty((len(AREAS), len(IOUS), 0), bool)
    scores, right, false = [np.empty(0)], [empty], [empty]
    true = np.zeros(len(AREAS), np.int64)
    for truth, found in zip(truths, founds, strict=True):
        d, g = np.flatnonzero(found.classes == c)[:MOST], np.flatnonzero(truth.classes == c)
        inside = (truth.area[g] >= _LOW) & (truth.area[g] <= _HIGH)
        ignored = (truth.crowd | truth.difficult)[g] | ~inside
        true += (~ignored).sum(1)
        sizes = area(found.boxes[d])
        # What matches nothing counts as false only where its own size is in the range.
        idle = ((sizes < _LOW) | (sizes > _HIGH))[:, None].repeat(len(IOUS), 1)
        hit = np.zeros_like(idle)
        if len(d) and len(g):
            many = truth.crowd[g] | truth.difficult[g]
            m = match(_iou(found, d, truth, g), ignored, many)
            hit = m >= 0
            idle = np.where(hit, ignored[np.arange(len(AREAS))[:, None, None], m], idle)
        scores.append(found.scores[d])
        right.append(hit & ~idle)
        false.append(~hit & ~idle)
    s = np.concatenate(scores)
    order = np.argsort(-s, kind="stable")
    right_, false_ = (np.concatenate(each, axis=2)[..., order] for each in (right, false))
    return Marks(s[order], right_, false_, true)


def _iou(
    found: Detections, d: NDArray[np.int64], truth: Truth, g: NDArray[np.int64]
) -> NDArray[np.float64]:
    a, b = found.boxes[d], truth.boxes[g]
    common = overlap(a, b)
    # A detection inside a crowd is measured by its own area alone.
    whole = area(a)[:, None] + np.where(truth.crowd[g], 0.0, area(b) - common)
    return np.divide(common, whole, out=np.zeros_like(common), where=common > 0)


def _running(marks: Marks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    tp, fp = marks.right.cumsum(2), marks.false.cumsum(2)
    # recall = tp / true     precision = tp / (tp + fp)
    recall = tp / np.maximum(marks.true, 1)[:, None, None]
    return recall, tp / (tp + fp + np.spacing(1))


def _at(marks: Marks) -> NDArray[np.float64]:
    """p(r) = the highest precision at any recall >= r, 0 where none is reached: (A, T, R)."""
    recall, precision = _running(marks)
    best = np.maximum.accumulate(precision[..., ::-1], axis=2)[..., ::-1]
    best = np.concatenate([best, np.zeros((*best.shape[:2], 1))], axis=2)
    p = np.full((len(AREAS), len(IOUS), len(RECALLS)), np.nan)
    for a, t in np.ndindex(p.shape[:2]):
        if marks.true[a]:
            p[a, t] = best[a, t, np.searchsorted(recall[a, t], RECALLS, side="left")]
    return p


def _step(iou: float) -> int:
    near = np.flatnonzero(np.isclose(IOUS, iou))
    require(len(near) == 1, "iou", wanted="one of .5, .55, ... .95", given=iou)
    return int(near[0])
