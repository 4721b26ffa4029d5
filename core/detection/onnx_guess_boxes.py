"""Rules for detectors whose boxes come without a grid: rows, pairs of outputs, triples.

n : boxes     k : numbers for each     C : classes
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.detection import onnx_layouts, onnx_triples
from core.detection.onnx_answers import FOUR, QUERIES, THREE, Guess, Outputs, only, shares
from core.detection.onnx_file import File
from core.detection.onnx_grid import total
from core.detection.onnx_session import size


def row_of_six(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, n, 6) with few rows: corners, score, class."""
    name, t = only(outputs)
    if t is None or t.shape[1] != 6 or len(t) > QUERIES:
        return
    layout = onnx_layouts.of("rows", size=size(file), classes=None, parts=(name,))
    yield Guess(layout, f"at most {len(t)} rows of corners, score and class")


def row_of_seven(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, 1, n, 7): picture, class, score, corners."""
    (name, t), *others = outputs.items()
    if others or t.ndim != 4 or t.shape[:2] != (1, 1) or t.shape[3] != 7:
        return
    layout = onnx_layouts.of(
        "detection-output",
        size=size(file),
        classes=None,
        parts=(name,),
        units="shares",
        numbers="from 1",
    )
    yield Guess(layout, f"at most {t.shape[2]} rows of picture, class, score and corners", 4)


def query_rows(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, n, 4 + C) with few rows, all shares."""
    name, t = only(outputs)
    if t is None or t.shape[1] < 5 or len(t) > QUERIES or not shares(t[:, :4]):
        return
    scores = "as they are" if shares(t[:, 4:]) else "sigmoid"
    layout = onnx_layouts.of(
        "rt-detr-rows",
        size=size(file),
        classes=t.shape[1] - 4,
        parts=(name,),
        units="shares",
        scores=scores,
    )
    grid = len(t) in (total(size(file), THREE), total(size(file), FOUR))
    why = f"{len(t)} rows of a box in shares of the picture and {t.shape[1] - 4} scores"
    yield Guess(layout, why, 1 if grid else 3)


def pair(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, n, 4) boxes and (1, n, C) class scores."""
    pair = {k: a[0] for k, a in outputs.items() if a.ndim == 3 and len(a) == 1}
    boxes = sorted((k for k, a in pair.items() if a.shape[1] == 4), key=lambda k: "box" not in k)
    if len(pair) != 2 or not boxes:
        return
    (scores,) = (k for k in pair if k != boxes[0])
    t, cls = pair[boxes[0]], pair[scores]
    n, k = cls.shape
    if len(t) != n or k < 1:
        return
    more = {"size": size(file), "parts": (boxes[0], scores)}
    units = "shares" if not t.size or np.abs(t).max() < 8 else "pixels"
    sums = shares(cls) and bool(np.allclose(cls.sum(axis=1), 1, atol=1e-2))
    if k > 1 and n > QUERIES:
        why = f"{n:,} boxes by corners, each with {k} scores, the first for the background"
        how = "as they are" if sums else "sigmoid" if shares(cls) else "softmax"
        layout = onnx_layouts.of("default-boxes", classes=k - 1, units=units, scores=how, **more)
        yield Guess(layout, why)
        return
    queries = f"{n} boxes in {units} of the picture, each with"
    how = "as they are" if shares(cls) else "sigmoid"
    layout = onnx_layouts.of("rt-detr", classes=k, units=units, scores=how, **more)
    yield Guess(layout, f"{queries} {k} scores", 2 if k > 1 and n == 100 else 3)
    if k > 1:
        layout = onnx_layouts.of("detr", classes=k - 1, units=units, scores="softmax", **more)
        yield Guess(layout, f"{queries} {k - 1} scores and one for nothing", 3 if n == 100 else 1)


def triple(file: File, outputs: Outputs) -> Iterator[Guess]:
    """Boxes, scores and labels in three outputs."""
    found = onnx_triples.find(file, outputs)
    if found is not None:
        yield Guess(*found)
