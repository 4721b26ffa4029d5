"""Rules for detectors with a grid: their boxes can be counted.

n : rows of an output, one a cell or an anchor     k : numbers in a row     C : classes

An input of 416 x 416 has 52^2 + 26^2 + 13^2 = 3549 cells at strides 8, 16 and 32, and three times
as many boxes where each cell has three anchors.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.detection import onnx_layouts
from core.detection.onnx_answers import FOUR, THREE, Guess, Outputs, only, shares, spread
from core.detection.onnx_file import File
from core.detection.onnx_grid import total
from core.detection.onnx_session import size

BINS = 8  # of NanoDet's distributions: 0, 1, ... 7 strides


def yolo_rows(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, n, 5 + C): YOLOX has a row for each cell, YOLOv5 for each anchor."""
    name, t = only(outputs)
    if t is None or t.shape[1] < 6 or (n := len(t)) < 2:
        return
    classes, input_size = t.shape[1] - 5, size(file)
    one, anchors = total(input_size, THREE), {3 * total(input_size, s): s for s in (THREE, FOUR)}
    scores = t[:, 4 : 5 + (len(file.names) if file.names else classes)]
    more = {"size": input_size, "classes": classes, "parts": (name,)}
    if n == one:
        best = "yolox"
        if spread(t[:, :2], input_size):
            # YOLOv6 has no objectness, and gives 1 in its place.
            best = "yolov5" if (t[:, 4] == 1).all() else "yolox-decoded"
        why = f"{n:,} rows, one for each cell, of 4 + 1 + {classes} numbers"
        good = 3 if shares(scores) else 1
        for family in ("yolox", "yolox-decoded", "yolov5"):
            yield Guess(onnx_layouts.of(family, **more), why, good if family == best else 1)
    elif n in anchors:
        why = f"{n:,} rows, one for each of 3 anchors in each cell, of 4 + 1 + {classes} numbers"
        yield Guess(onnx_layouts.of("yolov5", strides=anchors[n], **more), why)
    elif n > t.shape[1]:
        why = f"{n:,} rows of 4 + 1 + {classes} numbers, though not one for each cell"
        yield Guess(onnx_layouts.of("yolov5", strides=(), **more), why, 1)


def yolo_columns(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, 4 + C, n): YOLOv8 and later have a column for each cell."""
    name, t = only(outputs)
    if t is None or len(t) < 5 or len(t) >= t.shape[1]:
        return
    k, n = t.shape
    grids = [strides for strides in (THREE, FOUR) if total(size(file), strides) == n]
    why = f"{n:,} columns{', one for each cell,' if grids else ''} of 4 + {k - 4} numbers"
    layout = onnx_layouts.of(
        "yolov8",
        size=size(file),
        classes=k - 4,
        parts=(name,),
        strides=grids[0] if grids else (),
    )
    yield Guess(layout, why, 3 if grids else 1)


def nanodet(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, n, C + 4 bins), or an output for the classes and one for the sides of each map."""
    for family, strides in (("nanodet", THREE), ("nanodet-plus", FOUR)):
        n = total(size(file), strides)
        name, t = only(outputs)
        parts: tuple[str, ...] | None = None
        if t is not None and len(t) == n and t.shape[1] > 4 * BINS:
            parts, classes, cls = (name,), t.shape[1] - 4 * BINS, t[:, : -4 * BINS]
        elif maps := _maps(outputs, size(file), strides):
            parts, cls = maps, outputs[maps[0]][0]
            classes = cls.shape[1]
        if parts:
            why = f"{n:,} cells at strides {', '.join(map(str, strides))}, {classes} scores and 4 "
            why += f"distributions of {BINS} in each"
            layout = onnx_layouts.of(family, size=size(file), classes=classes, parts=parts)
            yield Guess(layout, why, 3 if shares(cls) else 1)


def _maps(
    outputs: Outputs, input_size: tuple[int, int], strides: tuple[int, ...]
) -> tuple[str, ...]:
    """The names of NanoDet's outputs map by map, first those of the classes; empty if not so."""
    wanted = [total(input_size, (s,)) for s in strides]
    cls: list[str] = []
    sides: list[str] = []
    for n in wanted:
        those = [k for k, a in outputs.items() if a.ndim == 3 and a.shape[:2] == (1, n)]
        sides += [k for k in those if outputs[k].shape[2] == 4 * BINS and "cls" not in k][:1]
        cls += [k for k in those if k not in sides][:1]
    full = len(outputs) == 2 * len(strides) == len(cls) + len(sides)
    return (*cls, *sides) if full else ()


def one_map(file: File, outputs: Outputs) -> Iterator[Guess]:
    """(1, 5 + C, rows, columns): FastestDet."""
    (name, t), *others = outputs.items()
    if others or t.ndim != 4 or len(t) != 1 or t.shape[1] < 6 or t.shape[2] < 2 or t.shape[3] < 2:
        return
    _, k, rows, columns = t.shape
    w, h = size(file)
    stride = round(w / columns)
    layout = onnx_layouts.of(
        "fastestdet", size=(w, h), classes=k - 5, parts=(name,), strides=(stride,)
    )
    why = f"one map of {rows} x {columns} cells with 1 + 4 + {k - 5} channels"
    yield Guess(layout, why, 3 if shares(t[:, [0, *range(5, k)]]) else 1)
