"""What a model's classes are called: as the visitor says, as the file says, or as is usual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from core.detection import coco
from core.detection.onnx_file import File
from core.detection.onnx_layouts import Layout
from core.errors import UploadError, require

MAX_BYTES = 2**20
MAX_NAME = 80  # characters
# In the order of the VOC challenge's own list.
# fmt: off
VOC = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
    "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
    "train", "tvmonitor",
)
# fmt: on


def read(data: bytes, name: str) -> tuple[str, ...]:
    """The names in a text file, one a line, UTF-8. Raises UploadError where it is something else."""
    wanted = "a text file with one class name a line, UTF-8, at most 1 MB"
    if len(data) > MAX_BYTES:
        raise UploadError(name, wanted=wanted, given=f"{len(data) / 2**20:.1f} MB")
    try:
        lines = data.decode("utf-8-sig").rstrip().splitlines()
    except UnicodeDecodeError:
        raise UploadError(name, wanted=wanted, given="something else") from None
    if not lines or any("\0" in line for line in lines):
        raise UploadError(name, wanted=wanted, given="no names")
    return tuple(line.strip() for line in lines)


def choose(layout: Layout, file: File, given: Sequence[str] | None = None) -> tuple[str, ...]:
    """A name for every class: `given`, else those in the file, else COCO's or VOC's for 80 or 20.

    Raises SettingError where `given` are more or fewer than the classes.
    """
    if given is not None:
        same = layout.classes is None or len(given) == layout.classes
        wanted = f"{layout.classes}, as many as the model has classes"
        require(same, "class names", wanted=wanted, given=len(given))
        return unlike(given)
    noted = file.names
    if noted is not None and layout.classes in (None, len(noted)):
        return unlike(noted)
    if layout.classes is None or layout.classes == 80:
        return tuple(coco.ids(coco.MODELS[0]))
    if layout.classes == 20:
        return VOC
    return unlike([""] * layout.classes)


def numbered(labels: Sequence[str]) -> dict[str, int]:
    """Each label with its COCO number if they are COCO's, else 1, 2, ..."""
    known = coco.ids(coco.MODELS[0])
    if tuple(labels) == tuple(known):
        return known
    return {label: number for number, label in enumerate(labels, start=1)}


def unlike(names: Sequence[str]) -> tuple[str, ...]:
    """`names` in one line each, none empty and no two alike."""
    plain = ["".join(c for c in one if c.isprintable())[:MAX_NAME].strip() for one in names]
    plain = [one or f"class {number}" for number, one in enumerate(plain)]
    taken: dict[str, None] = {}
    for number, one in enumerate(plain):
        tries = chain([one], (f"{one} ({k})" for k in count(number)))
        taken[next(name for name in tries if name not in taken)] = None
    return tuple(taken)
