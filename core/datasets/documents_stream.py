"""Documents of a file that is larger than memory: a table, or a text with a document a line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from core.datasets import documents_table as table
from core.datasets import documents_text
from core.errors import UnavailableError


def texts(path: Path, column: str | None = None) -> Iterator[str]:
    """The documents of the file at `path`, one after another; a new call begins anew.

    Of a table the cells of `column`, or of the one with the longest cells. Empty ones stay, so that
    numbers agree with the file's. Raises UploadError for what is no such file, UnavailableError.
    """
    try:
        file = open(path, "rb")  # noqa: SIM115, closed below, when the last document is read
    except OSError as error:
        raise UnavailableError(f"{path.name} cannot be read: {error.strerror}.") from error
    with file:
        if path.suffix.lower() not in table.ENDINGS:
            with documents_text.opened(file, path.name) as lines:
                for line in lines:
                    yield line.rstrip("\r\n")
            return
        with closing(table.rows(file, path.name)) as rows:
            first = list(islice(rows, table.GUESSED_BY))
            chosen = column or table.longest(first, path.name)
            table.present(chosen, list(dict.fromkeys(chain.from_iterable(first))), path.name)
            for row in chain(first, rows):
                yield row.get(chosen, "")
