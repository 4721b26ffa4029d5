"""What is truly in a picture, as somebody has drawn it: COCO json or PASCAL VOC xml.

COCO: cocodataset.org/#format-data, boxes [x, y, width, height]. VOC: Everingham et al. 2010, "The
PASCAL visual object classes challenge": corners as numbers of pixels, counted from 1, both included.

boxes : (n, 4) x0, y0, x1, y1, pixels, far edges as in core.detection.boxes     area : (n,)
crowd : (n,) many things in one box     difficult : (n,) hardly to be seen, so it does not count
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from core.detection.boxes import Detections
from core.errors import UploadError, require

MAX_BOXES = 200_000  # of one file
MAX_LABELS = 2_000
LONGEST_NAME = 200

# VOC's spelling of things that COCO has too. Case, spaces and hyphens never matter.
SYNONYMS = {
    "aeroplane": "airplane",
    "motorbike": "motorcycle",
    "sofa": "couch",
    "tvmonitor": "tv",
}


@dataclass(frozen=True, eq=False)
class Truth:
    """The true boxes of the picture `name`; `classes` (n,) number `labels`. Arrays are read-only."""

    name: str
    boxes: NDArray[np.float64]
    classes: NDArray[np.int64]
    labels: tuple[str, ...]
    crowd: NDArray[np.bool_]
    difficult: NDArray[np.bool_]
    area: NDArray[np.float64]

    def __post_init__(self) -> None:
        kinds = {
            "boxes": float,
            "classes": np.int64,
            "crowd": bool,
            "difficult": bool,
            "area": float,
        }
        for name, kind in kinds.items():
            array = np.array(getattr(self, name), kind).reshape((-1, 4) if name == "boxes" else -1)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        counts = {len(getattr(self, name)) for name in kinds}
        require(len(counts) == 1, "truth", wanted="equal lengths", given=sorted(counts))

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Which boxes must be found: (n,)."""
        return ~(self.crowd | self.difficult)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One true box, as a file has it."""

    label: str
    box: tuple[float, float, float, float]
    crowd: bool = False
    difficult: bool = False
    area: float | None = None


def record(name: str, rows: Sequence[Row], labels: Sequence[str]) -> Truth:
    """The record of `rows`, whose labels are among `labels`."""
    boxes = np.array([row.box for row in rows], float).reshape(-1, 4)
    own = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    given = [own[i] if row.area is None else row.area for i, row in enumerate(rows)]
    number = {label: i for i, label in enumerate(labels)}
    return Truth(
        name,
        boxes,
        np.array([number[row.label] for row in rows], np.int64),
        tuple(labels),
        np.array([row.crowd for row in rows], bool),
        np.array([row.difficult for row in rows], bool),
        np.array(given, float),
    )


def paired(names: Sequence[str], truths: Iterable[Truth]) -> dict[str, Truth]:
    """The truth of each of the pictures `names` that has one: by file name, whatever its case,
    folder and ending."""
    known = {stem(one.name): one for one in truths}
    return {name: known[stem(name)] for name in names if stem(name) in known}


def agreed(truth: Truth, found: Detections, labels: Sequence[str]) -> tuple[Truth, Detections]:
    """Both with the classes of one list, `labels` (merged): things of one name become one class."""
    number = {plain(label): i for i, label in enumerate(labels)}

    def renumbered(classes: NDArray[np.int64], own: Sequence[str]) -> NDArray[np.int64]:
        return np.array([number[plain(label)] for label in own], np.int64)[classes]

    one = replace(truth, classes=renumbered(truth.classes, truth.labels), labels=tuple(labels))
    classes = renumbered(found.classes, found.labels)
    return one, Detections(found.boxes, found.scores, classes, tuple(labels))


def merged(*lists: Sequence[str]) -> tuple[str, ...]:
    """All labels once, in the spelling and order in which they come first."""
    every = [label for labels in lists for label in labels]
    first: dict[str, str] = {}
    for label in every:
        first.setdefault(plain(label), label)
    return tuple(first.values())


def plain(label: str) -> str:
    """What two names of one thing share: case, spaces and hyphens dropped, COCO's word for VOC's."""
    bare = "".join(c for c in label.casefold() if c not in " -_")
    return SYNONYMS.get(bare, bare)


def stem(name: str) -> str:
    """File name without folder and ending, in lower case."""
    return PurePosixPath(name.replace("\\", "/")).stem.casefold()


def text(file: str, entry: str, value: object) -> str:
    """`value`, which must be a name: some letters, not too many. Raises UploadError."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        wanted = f"{entry} to be a name of 1 to {LONGEST_NAME} letters"
        raise UploadError(file, wanted=wanted, given=shown(value))
    return value.strip()


def shown(value: object) -> str:
    """A value of a file for a message, cut short."""
    words = repr(value) if not isinstance(value, Mapping | list) else type(value).__name__
    return words if len(words) <= 60 else words[:57] + "..."
