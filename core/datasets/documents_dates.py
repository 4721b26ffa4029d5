"""Dates as people write them in a column of a table, or in the head of a letter.

    1987    2020-05    2020-05-03T10:00    2020/5/3    20200503    2020年5月3日
    3.5.2020    03/05/2020    Mon, 3 May 2020 10:00:00 +0200    1588500000

03/05/2020 may be the third of May or the fifth of March. If a first number above 12 stands somewhere
in the column, the day is first; else a slash or a minus has the month first, and a full stop the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_tz

YEAR_FIRST = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})|\s*月)?|年)?(?![\d.])"
)
COMPACT = re.compile(r"((?:1[5-9]|2[01])\d\d)([01]\d)([0-3]\d)(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
SECONDS = re.compile(r"(\d{9,10}|\d{13})(?:\.\d*)?$")
LONGEST = 80  # characters of a date


def read(cells: Sequence[str]) -> tuple[date | None, ...]:
    """The dates in a column, None where there is none."""
    stripped = [cell.strip()[:LONGEST] for cell in cells]
    found = [match for cell in stripped if (match := YEAR_LAST.match(cell))]
    day_first = any(int(match[1]) > 12 for match in found)
    return tuple(_date(cell, day_first) for cell in stripped)


def _date(cell: str, day_first: bool) -> date | None:
    if match := COMPACT.match(cell):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := SECONDS.match(cell):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    if match := YEAR_FIRST.match(cell):
        return _made(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    if match := YEAR_LAST.match(cell):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += (1900 if year >= 70 else 2000) if len(match[4]) == 2 else 0
        day, month = (first, second) if day_first or match[2] == "." else (second, first)
        return _made(year, month, day)
    if re.search(r"\d", cell) and (parsed := parsedate_tz(cell)) is not None:
        return _made(*parsed[:3])
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no such day
        return None
