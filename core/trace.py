"""The plain numbers of a learner's steps, as a table: what a chart draws and a download holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from typing import Any


def scalars(steps: Sequence[Any]) -> list[dict[str, int | float]]:
    """One row a step: those fields of the dataclass that are numbers, in their order."""
    return [
        {
            f.name: value
            for f in fields(step)
            if isinstance(value := getattr(step, f.name), int | float)
        }
        for step in steps
    ]


def to_csv(steps: Sequence[Any]) -> str:
    """`scalars` as a CSV file with a header; an empty text for no steps."""
    rows = scalars(steps)
    if not rows:
        return ""
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
