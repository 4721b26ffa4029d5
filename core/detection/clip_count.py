"""Counting again at another line what has been followed: no picture is looked at a second time."""

from __future__ import annotations

from dataclasses import replace

from core.detection.clip import Result
from core.detection.crossing import Line, Tally


def recounted(result: Result, line: Line | None) -> Result:
    """`result` with the news that its rows would have told at `line` (None: no line)."""
    tally = Tally(line)
    rows = (
        replace(row, news=tally.count(row.ids, row.found(result.labels), result.size))
        for row in result.rows
    )
    return replace(result, rows=tuple(rows))
