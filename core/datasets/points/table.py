"""Points as a table, CSV: two columns of numbers and a class, read with care and written.

x1,x2,class,held        header, optional; held (0 or 1) only where a header names it so
1.5,-0.25,red,0         separated by comma, semicolon, tab or blanks; a point for decimals
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from core.datasets.points.cells import Rows, number, rows, short, wrong
from core.datasets.points.plane import CLASSES, MOST, REACH
from core.datasets.points.scaling import fits, fitted
from core.errors import UploadError, require
from core.nets.network import Points

LONGEST = 40  # characters of the name of a class
HEADER = ["x1", "x2", "class", "held"]
HELD = {"0": False, "1": True, "false": False, "true": True}


@dataclass(frozen=True)
class Table:
    """What a table holds. Where `scaled`, points are (numbers of the table - shift) * scale."""

    points: Points
    names: tuple[str, ...]  # of the classes, as many as there are
    scaled: bool
    shift: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (1.0, 1.0)


def parse(data: str | bytes, *, name: str = "table") -> Table:
    """The points in the CSV text `data`, which the visitor calls `name`.

    Classes are numbered in the order of their values where all are numbers, else in that of their
    names. Coordinates far from +-6, or crowded in one spot, are standardised to fit. A table with
    the very header that `to_csv` writes gives its points back as they were: unscaled, and classes
    that are whole numbers below 10 stay what they are.
    Raises UploadError, naming row and column, for whatever is not such a table of at most 10 MB,
    100,000 rows and 2 to 10 classes.
    """
    header, lines = _header(rows(data, name))
    width = 4 if header[3:] == HEADER[3:] else 3
    x: list[tuple[float, float]] = []
    cells: list[str] = []
    held: list[bool] = []
    seen: dict[str, int] = {}  # a class, and the row where it came first
    for row, line in lines:
        if len(line) != width:
            wanted = "two numbers and a class" + (", and held" if width == 4 else "")
            given = f"{len(line)} column{'s' if len(line) > 1 else ''}"
            raise UploadError(f"{name}, row {row}", wanted=wanted, given=given)
        if len(x) == MOST:
            raise UploadError(name, wanted=f"at most {MOST:,} rows", given="more")
        x.append((_coordinate(line[0], row, 1, name), _coordinate(line[1], row, 2, name)))
        cells.append(line[2])
        if line[2] not in seen:
            seen[line[2]] = row
            _check(line[2], row, name)
        if width == 4:
            mark = HELD.get(line[3].lower())
            if mark is None:
                raise wrong(name, row, 4, "0 or 1", line[3])
            held.append(mark)
    if not x:
        given = "a header alone" if header else "nothing"
        raise UploadError(name, wanted="rows of two numbers and a class", given=given)
    ours = header == HEADER
    code, names = _classes(seen, ours, name)
    xs = np.array(x)
    ys = np.array([code[cell] for cell in cells], np.int64)
    hs = np.array(held) if held else np.zeros(len(x), bool)
    if fits(xs) or (ours and np.abs(xs).max() <= REACH):
        return Table(Points(xs, ys, hs), names, scaled=False)
    xs, shift, scale = fitted(xs)
    return Table(Points(xs, ys, hs), names, True, shift, scale)


def to_csv(points: Points, names: Sequence[str] | None = None) -> str:
    """A table with header, classes by their `names` or else their numbers; coordinates lose nothing.

    Raises SettingError where there are fewer names than classes.
    """
    classes = int(points.y.max(initial=-1)) + 1
    names = [str(k) for k in range(classes)] if names is None else names
    require(len(names) >= classes, "names", wanted=f"{classes}, one a class", given=len(names))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    (x1, x2), y, held = points.x.T.tolist(), points.y.tolist(), points.held.astype(int).tolist()
    writer.writerows(zip(x1, x2, [names[k] for k in y], held, strict=True))
    return file.getvalue()


def _header(lines: Rows) -> tuple[list[str], Rows]:
    """The header in lower case, [] where there is none, and the rows after it."""
    first = next(lines, None)
    if first is None:
        return [], lines
    # A first row with one number in it, or none because of decimal commas, is a row gone wrong.
    pair = first[1][:2]
    if (
        len(first[1]) >= 3
        and all(pair)
        and not any(_comma(cell) or number(cell) is not None for cell in pair)
    ):
        return [cell.lower() for cell in first[1]], lines
    return [], chain([first], lines)


def _comma(cell: str) -> bool:
    return "," in cell and number(cell.replace(",", ".")) is not None


def _coordinate(cell: str, row: int, column: int, name: str) -> float:
    value = number(cell)
    if value is None:
        point = " with a decimal point" if _comma(cell) else ""
        raise wrong(name, row, column, f"a number{point}", cell)
    if not math.isfinite(value):
        raise wrong(name, row, column, "a finite number", cell)
    return value


def _check(cell: str, row: int, name: str) -> None:
    if not cell:
        raise wrong(name, row, 3, "a class", cell)
    if len(cell) > LONGEST or not cell.isprintable():
        raise wrong(name, row, 3, f"a class of at most {LONGEST} printable characters", cell)


def _classes(seen: dict[str, int], ours: bool, name: str) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each cell of the class column, and the name of each number."""
    values = {cell: number(cell) for cell in seen}
    numeric = all(value is not None and math.isfinite(value) for value in values.values())
    # 1 and 1.0 are one class.
    keys: dict[str, object] = {**values} if numeric else {cell: cell for cell in seen}
    spelt = {key: cell for cell, key in reversed(keys.items())}  # as where it came first
    met = list(dict.fromkeys(keys.values()))
    wanted = f"2 to {CLASSES} different classes in column 3"
    if len(met) < 2:
        raise UploadError(name, wanted=wanted, given=f"only {short(spelt[met[0]])}")
    if len(met) > CLASSES:
        cell = spelt[met[CLASSES]]
        given = f"{len(met):,}, the {CLASSES + 1}th of them {short(cell)} in row {seen[cell]}"
        raise UploadError(name, wanted=wanted, given=given)
    if ours and all(key in range(CLASSES) for key in met):
        code = {cell: int(float(cell)) for cell in seen}
        return code, tuple(str(k) for k in range(max(code.values()) + 1))
    order = {key: k for k, key in enumerate(sorted(met))}  # type: ignore[type-var]
    return {cell: order[key] for cell, key in keys.items()}, tuple(spelt[key] for key in order)
