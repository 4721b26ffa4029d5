"""What was found in a video as files: CSV for spreadsheets, COCO json for the tools of the trade.

COCO knows pictures only; videos are written as its offspring for video do (Dave et al. 2020, TAO;
Yang et al. 2019, YouTube-VIS): a list of videos, pictures with `video_id` and `frame_id`, and
annotations with `track_id`, here left out where a thing has no id.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from core.detection import export
from core.detection.clip import Result

COLUMNS = ("frame", "seconds", "id", *export.COLUMNS)


def to_csv(result: Result) -> str:
    """One line a detection under a heading; `frame` from 0, `id` empty where there is none."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in result.rows:
        for one, found in zip(row.ids, row.found(result.labels), strict=True):
            head = [row.index, round(row.seconds, 3), int(one) or ""]
            writer.writerow([*head, *export.cells(found)])
    return text.getvalue()


def to_coco(name: str, result: Result, *, ids: Mapping[str, int] | None = None) -> dict[str, Any]:
    """A COCO data set of the video `name`: every picture that was looked at, whether or not
    something was found in it. `ids` are the category numbers of `result.labels`."""
    numbers = export.numbered(result.labels, ids)
    width, height = result.size
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for i, row in enumerate(result.rows, start=1):
        images.append(
            {
                "id": i,
                "file_name": f"{name}#{row.index}",
                "width": width,
                "height": height,
                "video_id": 1,
                "frame_id": row.index,
                "seconds": round(row.seconds, 3),
            }
        )
        for one, found in zip(row.ids, row.found(result.labels), strict=True):
            number = len(annotations) + 1
            entry = export.annotation(found, number, i, numbers[found.label])
            annotations.append(entry | ({"video_id": 1, "track_id": int(one)} if one else {}))
    return {
        "videos": [{"id": 1, "name": name, "width": width, "height": height}],
        "images": images,
        "annotations": annotations,
        "categories": export.categories(numbers),
    }


def coco_json(name: str, result: Result, *, ids: Mapping[str, int] | None = None) -> str:
    """What `to_coco` gives, as the text of a json file."""
    return json.dumps(to_coco(name, result, ids=ids))
