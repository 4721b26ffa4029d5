"""Detections as files: CSV for spreadsheets, COCO json for the tools of the trade.

COCO: https://cocodataset.org/#format-data. Boxes there are [x, y, width, height].
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
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
        label = found.label
        safe = "'" + label if label.lstrip(" ").startswith(FORMULA) else label
        writer.writerow([safe, round(found.score, 4), *(round(v, 2) for v in found.box)])
    return text.getvalue()


def to_coco(
    name: str,
    size: tuple[int, int],
    detections: Sequence[Detection],
    *,
    ids: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """A COCO data set of the one picture `name` of `size` (w, h): images, annotations, categories.

    `annotations` carry scores and are at the same time a COCO results list. `ids` are the
    category numbers; a label it lacks is numbered after them, in alphabetical order.
    """
    numbers = dict(ids or {})
    for label in sorted({found.label for found in detections} - set(numbers)):
        numbers[label] = max(numbers.values(), default=0) + 1
    annotations = []
    for i, found in enumerate(detections, start=1):
        x0, y0, x1, y1 = found.box
        bbox = [round(v, 2) for v in (x0, y0, x1 - x0, y1 - y0)]
        annotations.append(
            {
                "id": i,
                "image_id": 1,
                "category_id": numbers[found.label],
                "bbox": bbox,
                "area": round((x1 - x0) * (y1 - y0), 2),
                "iscrowd": 0,
                "score": round(found.score, 4),
            }
        )
    return {
        "images": [{"id": 1, "file_name": name, "width": size[0], "height": size[1]}],
        "annotations": annotations,
        "categories": [{"id": number, "name": label} for label, number in numbers.items()],
    }


def coco_json(
    name: str,
    size: tuple[int, int],
    detections: Sequence[Detection],
    *,
    ids: Mapping[str, int] | None = None,
) -> str:
    """What `to_coco` gives, as the text of a json file."""
    return json.dumps(to_coco(name, size, detections, ids=ids), indent=1)
