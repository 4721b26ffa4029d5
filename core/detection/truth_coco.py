"""True boxes in COCO's json: images, annotations, categories. See core.detection.truth."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from core.detection.truth import MAX_BOXES, MAX_LABELS, Row, Truth, record, shown, text
from core.errors import UploadError

MAX_BYTES = 20 * 2**20
MAX_BRACKETS = 1_000_000  # each becomes an object of 56 bytes or more: it bounds memory


def read(file: str, data: bytes) -> list[Truth]:
    """The pictures of a COCO json `file`, in its order. Raises UploadError, naming the entry."""
    whole = _parsed(file, data)
    images, categories = _rows(file, whole, "images"), _rows(file, whole, "categories")
    annotations = _rows(file, whole, "annotations")
    if len(annotations) > MAX_BOXES or len(images) > MAX_BOXES or len(categories) > MAX_LABELS:
        wanted = f"at most {MAX_BOXES:,} boxes and {MAX_LABELS:,} categories"
        given = f"{len(annotations):,} and {len(categories):,}"
        raise UploadError(file, wanted=wanted, given=given)
    names = {
        _number(file, f"categories[{i}].id", row.get("id")): text(
            file, f"categories[{i}].name", row.get("name")
        )
        for i, row in enumerate(categories)
    }
    pictures = {
        _number(file, f"images[{i}].id", row.get("id")): text(
            file, f"images[{i}].file_name", row.get("file_name")
        )
        for i, row in enumerate(images)
    }
    if len(pictures) < len(images) or len(names) < len(categories):
        raise UploadError(file, wanted="a different id for each image and category", given="twins")
    boxes: dict[int, list[Row]] = {number: [] for number in pictures}
    for i, row in enumerate(annotations):
        entry = f"annotations[{i}]"
        picture = _number(file, f"{entry}.image_id", row.get("image_id"))
        kind = _number(file, f"{entry}.category_id", row.get("category_id"))
        for number, known, what in ((picture, pictures, "images"), (kind, names, "categories")):
            if number not in known:
                raise UploadError(file, wanted=f"{entry} of one of the {what}", given=number)
        boxes[picture].append(_row(file, entry, row, names[kind]))
    labels = tuple(dict.fromkeys(names.values()))
    return [record(name, boxes[number], labels) for number, name in pictures.items()]


def _row(file: str, entry: str, row: Mapping[str, Any], label: str) -> Row:
    box = row.get("bbox")
    if not (isinstance(box, list) and len(box) == 4 and all(map(_finite, box))):
        wanted = f"{entry}.bbox to be four numbers"
        raise UploadError(file, wanted=wanted, given=shown(box))
    x, y, w, h = (float(v) for v in box)
    if w <= 0 or h <= 0:
        wanted = f"{entry}.bbox with a width and a height above 0"
        raise UploadError(file, wanted=wanted, given=f"{w:g} x {h:g}")
    area = row.get("area")
    if area is not None and not (_finite(area) and area >= 0):
        wanted = f"{entry}.area to be a number of square pixels"
        raise UploadError(file, wanted=wanted, given=shown(area))
    crowd = row.get("iscrowd", 0)
    if crowd not in (0, 1):
        raise UploadError(file, wanted=f"{entry}.iscrowd to be 0 or 1", given=shown(crowd))
    return Row(
        label=label,
        box=(x, y, x + w, y + h),
        crowd=bool(crowd),
        area=None if area is None else float(area),
    )


def _parsed(file: str, data: bytes) -> Mapping[str, Any]:
    wanted = "a COCO json file, with images, annotations and categories"
    if len(data) > MAX_BYTES:
        few, given = f"at most {MAX_BYTES // 2**20} MB", f"{len(data) / 2**20:.1f} MB"
        raise UploadError(file, wanted=few, given=given)
    brackets = data.count(b"{") + data.count(b"[")
    if brackets > MAX_BRACKETS:
        few = f"at most {MAX_BRACKETS:,} brackets"
        raise UploadError(file, wanted=few, given=f"{brackets:,}")
    try:
        whole = json.loads(data)
    except RecursionError as error:
        raise UploadError(file, wanted=wanted, given="brackets nested too deep") from error
    except ValueError as error:  # bad json, bad UTF-8, and numbers of thousands of digits
        raise UploadError(file, wanted=wanted, given="text that is not json") from error
    if not isinstance(whole, dict):
        raise UploadError(file, wanted=wanted, given=f"a {type(whole).__name__}")
    return whole


def _rows(file: str, whole: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = whole.get(key)
    if not isinstance(rows, list):
        raise UploadError(file, wanted=f"a list of {key}", given=shown(rows))
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            raise UploadError(file, wanted=f"{key}[{i}] to be an object", given=shown(row))
    return rows


def _number(file: str, entry: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UploadError(file, wanted=f"{entry} to be a whole number", given=shown(value))
    return value


def _finite(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # A whole number too large for a float is as bad as infinity.
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 2**53
