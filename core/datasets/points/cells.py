"""CSV text taken apart into rows of cells, suspiciously.

Its size is bounded before anything is decoded. Rows are counted as a text editor counts lines,
from 1, and so named in every error.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from core.errors import UploadError

MAX_BYTES = 10 * 2**20

Rows = Iterator[tuple[int, list[str]]]  # number of the row, its cells without blanks around them


def rows(data: str | bytes, name: str) -> Rows:
    """The rows of `data` that are not blank; `name` is what the visitor calls it.

    Raises UploadError where it is too large, no text in UTF-8, or has a quote that never closes.
    """
    text = _text(data, name)
    filled = (line for line in io.StringIO(text) if line.strip())
    separator = _separator(next(filled, ""))
    lines: Iterator[str] = io.StringIO(text)
    if separator == " ":
        lines = (" ".join(line.split()) for line in lines)
    blanks = separator != " "
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=blanks, strict=True)
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        place = f"{name}, row {reader.line_num}"
        raise UploadError(place, wanted="short cells, quotes closed", given=error) from error


def number(cell: str) -> float | None:
    """The number in `cell`, None where there is none."""
    # Python, but nobody else, reads 1_000 as a number.
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None


def wrong(name: str, row: int, column: int, wanted: str, cell: str) -> UploadError:
    """The error that says what was wanted in place of `cell`."""
    place = f"{name}, row {row}, column {column}"
    return UploadError(place, wanted=wanted, given=short(cell) if cell else "nothing")


def short(cell: str) -> str:
    """`cell` in quotes, fit for a message."""
    return repr(cell if len(cell) <= 30 else cell[:29] + "…")


def _text(data: str | bytes, name: str) -> str:
    """`data` decoded, without a byte order mark, lines ended alike."""
    if len(data) > MAX_BYTES:
        wanted, given = f"at most {MAX_BYTES // 2**20} MB", f"{len(data) / 2**20:.1f} MB"
        raise UploadError(name, wanted=wanted, given=given)
    # A file can hold no lone surrogates: text that has one cannot be encoded.
    try:
        whole = data.encode() if isinstance(data, str) else data
        text = whole.decode()
    except UnicodeError as error:
        raise UploadError(name, wanted="text in UTF-8", given="something else") from error
    if "\0" in text:
        raise UploadError(name, wanted="text in UTF-8", given="a binary file")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _separator(line: str) -> str:
    """What separates the cells of `line`: the first to make three of them."""
    bare = re.sub('"[^"]*"', "", line)
    for separator in "\t;,":
        if bare.count(separator) >= 2:
            return separator
    return " " if len(line.split()) >= 3 else ","
