"""Documents in a table that somebody brings: .csv and .tsv with a line of names, or an object a line
(.jsonl). Read a row at a time, so that a file may be larger than memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from threading import Lock
from typing import BinaryIO, TextIO

from core.datasets import documents_dates, documents_text
from core.datasets.documents import Documents
from core.errors import UploadError

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson")
SEPARATORS = ",;\t|"
MOST_COLUMNS = 500
MOST_CELL = 2**24  # characters
SLIPS = 50  # told
USUAL_CELL = csv.field_size_limit()  # 128 KB, fewer than a long text has
GUESSED_BY = 200  # rows

Row = dict[str, str]
_limit = Lock()
_readers = 0  # that read tables now


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column is what; `text` None: the one with the longest cells."""

    text: str | None = None
    title: str | None = None
    label: str | None = None
    date: str | None = None


def rows(
    file: BinaryIO, name: str, slip: Callable[[str], None] = lambda told: None
) -> Generator[Row]:
    """The rows of a table, a cell a column. A row that is none goes to `slip`, in words.

    Raises UploadError for what is no table.
    """
    text = documents_text.opened(file, name)
    objects = name.lower().endswith((".jsonl", ".ndjson"))
    try:
        yield from _objects(text, name, slip) if objects else _cells(text, name, slip)
    finally:
        text.detach()  # the file is the caller's


def names(file: BinaryIO, name: str) -> list[str]:
    """The columns, as far as the first rows tell. Raises UploadError for what is no table."""
    with closing(rows(file, name)) as every:
        return list(dict.fromkeys(chain.from_iterable(islice(every, GUESSED_BY))))


def from_table(file: BinaryIO, name: str, columns: Columns, *, most: int) -> Documents:
    """The table's documents, empty cells left out. Raises UploadError, also above `most` of them."""
    slips: list[str] = []
    found: list[Row] = []
    for row in rows(file, name, slips.append):
        found.append(row)
        if len(found) > most:
            raise UploadError(name, wanted=f"at most {most:,} documents", given="more")
    seen = dict.fromkeys(chain.from_iterable(found))
    text = columns.text or longest(found[:GUESSED_BY], name)
    for column in (text, columns.title, columns.label, columns.date):
        present(column, list(seen), name)
    numbered = [(n, row) for n, row in enumerate(found, 1) if row.get(text, "").strip()]
    if len(numbered) < len(found):
        slips.append(f"{name}: {len(found) - len(numbered):,} rows have nothing in “{text}”.")
    kept = [row for _, row in numbered]
    title, label, date = columns.title, columns.label, columns.date
    return Documents(
        name,
        tuple(row[text] for row in kept),
        tuple((row.get(title, "") if title else "") or f"row {n}" for n, row in numbered),
        tuple(row.get(label, "") for row in kept) if label else None,
        documents_dates.read([row.get(date, "") for row in kept]) if date else None,
        tuple(slips[:SLIPS]),
    )


def longest(some: Sequence[Row], name: str) -> str:
    """The column with most characters in it. Raises UploadError where there is none."""
    total: dict[str, int] = {}
    for row in some:
        for column, cell in row.items():
            total[column] = total.get(column, 0) + len(cell)
    if not total:
        raise UploadError(name, wanted="a line of names and rows below", given="no rows")
    return max(total, key=lambda column: total[column])


def present(column: str | None, known: Sequence[str], name: str) -> None:
    """Raises UploadError where a `column` is asked for that is not among the `known`."""
    if column is not None and column not in known:
        given = f"no column “{column[:80]}”; there are: {', '.join(known[:20])}"
        raise UploadError(name, wanted="a column of the table", given=given)


def _cells(text: TextIO, name: str, slip: Callable[[str], None]) -> Iterator[Row]:
    first = text.readline(MOST_CELL)
    separator = "\t" if name.lower().endswith(".tsv") else max(SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], text), delimiter=separator, strict=False)
    try:
        with _long_cells():
            head = _unlike(next(reader, []))
            if len(head) > MOST_COLUMNS:
                raise UploadError(
                    name, wanted=f"at most {MOST_COLUMNS} columns", given=f"{len(head):,}"
                )
            for number, cells in enumerate(reader, 1):
                if len(cells) == len(head):
                    yield dict(zip(head, cells, strict=True))
                elif cells:
                    slip(f"{name}, row {number:,}: wanted {len(head)} cells, got {len(cells)}.")
    except csv.Error as error:
        raise UploadError(name, wanted="a table (CSV)", given=str(error)) from error


@contextmanager
def _long_cells() -> Iterator[None]:
    """Cells of MOST_CELL characters: the csv module's limit is the whole process's, and others rely
    on it, so the last reader that needs the longer one puts it back.
    """
    global _readers
    with _limit:
        _readers += 1
        csv.field_size_limit(MOST_CELL)
    try:
        yield
    finally:
        with _limit:
            _readers -= 1
            if not _readers:
                csv.field_size_limit(USUAL_CELL)


def _unlike(titles: list[str]) -> list[str]:
    """Names of columns, each once; those without one by their place."""
    found: dict[str, None] = {}
    for place, title in enumerate(titles, start=1):
        title = title.strip()[:80] or f"column {place}"
        found[title if title not in found else f"{title} ({place})"] = None
    return list(found)


def _objects(text: TextIO, name: str, slip: Callable[[str], None]) -> Iterator[Row]:
    some = False
    for number, line in enumerate(iter(lambda: text.readline(MOST_CELL + 1), ""), 1):
        if len(line) > MOST_CELL:
            given = f"more in line {number:,}"
            raise UploadError(
                name, wanted=f"lines of at most {MOST_CELL:,} characters", given=given
            )
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and len(found) <= MOST_COLUMNS:
            some = True
            yield {key[:80]: _shown(value) for key, value in found.items()}
        else:
            slip(f"{name}, line {number:,}: wanted an object, as {{“text”: “…”}}.")
    if not some:
        raise UploadError(name, wanted="an object of JSON a line", given="none")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a pair, which JSON can write
    return "" if value is None else json.dumps(value, ensure_ascii=False)
