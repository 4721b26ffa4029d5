"""Which layout a model has, told by the shapes of its outputs, their names, and a grey picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.detection import onnx_guess_boxes, onnx_guess_cells
from core.detection.onnx_answers import Array, Guess, Outputs
from core.detection.onnx_file import File
from core.detection.onnx_limits import short
from core.errors import UploadError

WANTED = "boxes and scores, as YOLOX, YOLOv5, YOLOv8, NanoDet, SSD or RT-DETR give them"


def guess(file: File, outputs: Outputs) -> list[Guess]:
    """The layouts that fit `outputs`, the answer to a grey picture, the best first.

    Raises UploadError where there is none: the model is of another kind.
    """
    one_each = {k: a[:1] if a.ndim > 2 and len(a) == file.batch else a for k, a in outputs.items()}
    found = [one for rule in RULES for one in rule(file, one_each)]
    # A model that names its classes has as many of them.
    known = len(file.names) if file.names else None
    found = [_counted(one, known) for one in found]
    if not found:
        what = "; ".join(described(name, array) for name, array in list(outputs.items())[:4])
        raise UploadError(file.name, wanted=WANTED, given=f"{_kind(outputs)} ({what})")
    ranked = sorted(found, key=lambda one: -one.weight)
    first: dict[str, Guess] = {}
    for one in ranked:
        first.setdefault(one.layout.family, one)
    return [_usable(one, file) for one in first.values()]


def ambiguous(guesses: list[Guess]) -> bool:
    """Whether another layout fits as well as the first."""
    return len(guesses) > 1 and guesses[1].weight == guesses[0].weight


def _counted(one: Guess, known: int | None) -> Guess:
    """`one` given the number of classes that the file names, which decides between two."""
    classes = one.layout.classes
    if known is None or classes == known:
        return replace(one, weight=one.weight + (known is not None))
    if classes is None or (one.layout.family in MORE and classes > known):
        return replace(one, layout=replace(one.layout, classes=known))
    return replace(one, weight=one.weight - 2)


def _usable(one: Guess, file: File) -> Guess:
    """`one`, if the model takes bytes, without scaling them."""
    if file.image.kind != "uint8":
        return one
    return replace(one, layout=replace(one.layout, scaling="0 to 255"))


def described(name: str, array: Array) -> str:
    """An output by its name and shape."""
    return f"{short(name, 30)}: {' x '.join(map(str, array.shape)) or 'one number'}"


def _kind(outputs: Outputs) -> str:
    flat = all(a.ndim <= 2 for a in outputs.values())
    return "what a classifier gives" if flat else "outputs of another kind"


MORE = ("yolov5", "yolov8")  # families whose rows may go on after the class scores
RULES: tuple[Callable[[File, Outputs], Iterator[Guess]], ...] = (
    onnx_guess_cells.yolo_rows,
    onnx_guess_cells.yolo_columns,
    onnx_guess_cells.nanodet,
    onnx_guess_cells.one_map,
    onnx_guess_boxes.row_of_six,
    onnx_guess_boxes.row_of_seven,
    onnx_guess_boxes.query_rows,
    onnx_guess_boxes.pair,
    onnx_guess_boxes.triple,
)
