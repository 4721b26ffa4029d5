"""Columns of a table in a file that somebody brings: one row a line, the first line their names."""

from __future__ import annotations

import csv
import io

from core.datasets import text as files
from core.errors import UploadError

ROWS = 50_000
CELL = 131_072  # characters of a cell; the csv module's own limit is the whole process's
COLUMNS = 50
SEPARATORS = ",;\t"


def columns(data: bytes, name: str) -> dict[str, list[str]]:
    """The columns of the table called `name`, by their names, each of as many cells.

    Separated by comma, semicolon or tab, quoted as spreadsheets do. Raises UploadError for what is
    no such table, or a larger one.
    """
    text = files.decode(data, name).text
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row or [""])  # a line with nothing in it is an empty cell
            if any(len(cell) > CELL for cell in row):
                given = f"a cell of more than {CELL:,} characters"
                raise UploadError(name, wanted="a table (CSV)", given=given)
            if len(rows) > ROWS + 1:
                raise UploadError(name, wanted=f"at most {ROWS:,} rows", given="more")
    except csv.Error as error:
        raise UploadError(name, wanted="a table (CSV)", given=str(error)) from error
    if len(rows) < 2:
        raise UploadError(name, wanted="a line of names and rows below", given=f"{len(rows)} lines")
    head = _unlike(rows[0])
    if len(head) > COLUMNS:
        raise UploadError(name, wanted=f"at most {COLUMNS} columns", given=len(head))
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(head):
            given = f"{len(row)} in row {number}"
            raise UploadError(name, wanted=f"{len(head)} cells in every row", given=given)
    return {title: [row[k] for row in rows[1:]] for k, title in enumerate(head)}


def _unlike(titles: list[str]) -> list[str]:
    """Names of columns, each once; those without one by their place."""
    found: list[str] = []
    for place, title in enumerate(titles, start=1):
        title = title.strip()[:80] or f"column {place}"
        found.append(title if title not in found else f"{title} ({place})")
    return found
