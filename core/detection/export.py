"""Detections as files: CSV for spreadsheets, COCO json for the tools of the trade.

COCO: https://cocodataset.org/#format-data. Boxes there are [x, y, width, height].
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from core.detection.boxes import Detection

COLUMNS = ("label", "score", "x0", "y0", "x1", "y1")
# A spreadsheet runs a cell that starts with one of these, full-width forms included (OWASP, "CSV
# injection"); a leading apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(detections: Iterable[Detection]) -> str:
    """One line a detection under a heading: label, score in 0..1, box in pixels."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for found in detections:
        writer.writerow(cells(found))
    return text.getvalue()


def cells(found: Detection) -> list[object]:
    """One detection as the cells of a table: what COLUMNS names."""
    label = found.label
    safe = "'" + label if label.lstrip(" ").startswith(FORMULA) else label
    return [safe, round(found.score, 4), *(round(v, 2) for v in found.box)]


def to_coco(
    name: str,
    size: tuple[int, int],
    detections: Iterable[Detection],
    *,
    ids: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """A COCO data set of the one picture `name` of `size` (w, h): images, annotations, categories.

    `annotations` carry scores and are at the same time a COCO results list. `ids` are the
    category numbers; a label it lacks is numbered after them, in alphabetical order.
    """
    rows = list(detections)
    numbers = numbered((found.label for found in rows), ids)
    return {
        "images": [{"id": 1, "file_name": name, "width": size[0], "height": size[1]}],
        "annotations": [
            annotation(found, i, 1, numbers[found.label]) for i, found in enumerate(rows, start=1)
        ],
        "categories": categories(numbers),
    }


def numbered(labels: Iterable[str], ids: Mapping[str, int] | None = None) -> dict[str, int]:
    """`ids`, with those of `labels` that it lacks numbered after them, in alphabetical order."""
    numbers = dict(ids or {})
    for label in sorted(set(labels) - set(numbers)):
        numbers[label] = max(numbers.values(), default=0) + 1
    return numbers


def annotation(found: Detection, number: int, image: int, category: int) -> dict[str, Any]:
    """A detection as COCO writes it."""
    x0, y0, x1, y1 = found.box
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": [round(v, 2) for v in (x0, y0, x1 - x0, y1 - y0)],
        "area": round((x1 - x0) * (y1 - y0), 2),
        "iscrowd": 0,
        "score": round(found.score, 4),
    }


def categories(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Labels with their numbers as COCO writes them."""
    return [{"id": number, "name": label} for label, number in numbers.items()]


def coco_json(
    name: str,
    size: tuple[int, int],
    detections: Iterable[Detection],
    *,
    ids: Mapping[str, int] | None = None,
) -> str:
    """What `to_coco` gives, as the text of a json file."""
    return json.dumps(to_coco(name, size, detections, ids=ids), indent=1)
