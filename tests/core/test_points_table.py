"""Tables: good ones of many shapes, and wrong ones told by row and column."""

from __future__ import annotations

import string
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.points import made, parse, projected, spiral, to_csv
from core.datasets.points.cells import MAX_BYTES
from core.errors import SettingError, UploadError
from core.rng import stream

PLAIN = "1.5,-2,red\n0,0.25,blue\n-3e0,+4.,red\n"
FLOATS = st.floats(-1e6, 1e6)


def told(data: str | bytes) -> str:
    with pytest.raises(UploadError) as caught:
        parse(data, name="own.csv")
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.encode(),
        "\ufeff" + PLAIN,
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.rstrip(),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\n \n" + PLAIN.replace("\n", "\n\n"),
        PLAIN.replace("\n", "\n,,\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", " "),
        PLAIN.replace(",", "  \t ").replace("\n", "  \n  "),
        PLAIN.replace(",", ", "),
        PLAIN.replace("red", '"red"').replace("1.5", '"1.5"'),
        PLAIN.replace(",", ", ").replace("red", '"red"'),
        PLAIN.replace(",", " ").replace("red", '"red"'),
        "x,y,colour\n" + PLAIN,
        "\n\nlength (cm),width (cm),kind\n" + PLAIN,
        '"length, cm";"width, cm";kind\n' + PLAIN.replace(",", ";"),
        "x y colour\n" + PLAIN.replace(",", " "),
        "a,b,c,HELD\n" + PLAIN.replace("d\n", "d,0\n").replace("e\n", "e,False\n"),
    ],
)
def test_one_table_in_many_forms(text: str | bytes) -> None:
    table = parse(text)
    assert table.points.x.tolist() == [[1.5, -2], [0, 0.25], [-3, 4]]
    assert table.points.y.tolist() == [1, 0, 1] and table.names == ("blue", "red")
    assert table.points.held.tolist() == [False] * 3
    assert [a.dtype for a in table.points] == [np.float64, np.int64, np.bool_]
    assert not table.scaled and (table.shift, table.scale) == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    ("cells", "names", "y"),
    [
        (["10", "9", "10"], ("9", "10"), [1, 0, 1]),
        (["-1", "1", "-1.0"], ("-1", "1"), [0, 1, 0]),
        (["1", "1.0", "2", "01"], ("1", "2"), [0, 0, 1, 0]),
        (["b", "10", "9"], ("10", "9", "b"), [2, 0, 1]),
        (["nan", "1"], ("1", "nan"), [1, 0]),
        (["0", "2"], ("0", "2"), [0, 1]),
        (["vin rouge", "Äpfel", "苹果"], ("vin rouge", "Äpfel", "苹果"), [0, 1, 2]),
        (['"a,b"', '"say ""so"""'], ("a,b", 'say "so"'), [0, 1]),
        ([str(k) for k in range(10)], tuple("0123456789"), list(range(10))),
        (["x" * 40, "y"], ("x" * 40, "y"), [0, 1]),
    ],
)
def test_classes_are_put_in_order(cells: list[str], names: tuple[str, ...], y: list[int]) -> None:
    table = parse("".join(f"{k % 3},{k},{cell}\n" for k, cell in enumerate(cells)))
    assert table.names == names and table.points.y.tolist() == y


def test_held_points_stay_held() -> None:
    table = parse("p,q,kind,held\n1,2,a,0\n2,3,b,1\n3,3,b,TRUE\n1,1,a,false\n")
    assert table.points.held.tolist() == [False, True, True, False]


HEADED = "p,q,kind,held\n1,2,a,0\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "own.csv: wanted rows of two numbers and a class, got nothing."),
        (b"", "own.csv: wanted rows of two numbers and a class, got nothing."),
        (" \n\t\n", "own.csv: wanted rows of two numbers and a class, got nothing."),
        ("x,y,c\n", "own.csv: wanted rows of two numbers and a class, got a header alone."),
        (PLAIN + "1,2\n", "own.csv, row 4: wanted two numbers and a class, got 2 columns."),
        (PLAIN + "1,2,a,\n", "own.csv, row 4: wanted two numbers and a class, got 4 columns."),
        ("hello\n", "own.csv, row 1: wanted two numbers and a class, got 1 column."),
        ("1,2,a,0\n", "own.csv, row 1: wanted two numbers and a class, got 4 columns."),
        (HEADED + "1,2,a", "own.csv, row 3: wanted two numbers and a class, and held, got 3 colu"),
        (HEADED + "1,2,a,2", "own.csv, row 3, column 4: wanted 0 or 1, got '2'."),
        (HEADED + "1,2,a,", "own.csv, row 3, column 4: wanted 0 or 1, got nothing."),
        (PLAIN + "1,abc,red\n", "own.csv, row 4, column 2: wanted a number, got 'abc'."),
        ("x,y,c\n\n\n" + PLAIN + "x,1,c", "own.csv, row 7, column 1: wanted a number, got 'x'."),
        ("1,abc,red\n" + PLAIN, "own.csv, row 1, column 2: wanted a number, got 'abc'."),
        ("abc,1,red\n" + PLAIN, "own.csv, row 1, column 1: wanted a number, got 'abc'."),
        (",,red\n" + PLAIN, "own.csv, row 1, column 1: wanted a number, got nothing."),
        (PLAIN + "1,,red\n", "own.csv, row 4, column 2: wanted a number, got nothing."),
        (PLAIN + "1, ,red\n", "own.csv, row 4, column 2: wanted a number, got nothing."),
        (PLAIN + "1,2,\n", "own.csv, row 4, column 3: wanted a class, got nothing."),
        (PLAIN + "nan,2,red\n", "own.csv, row 4, column 1: wanted a finite number, got 'nan'."),
        ("nan,nan,a\n1,2,b", "own.csv, row 1, column 1: wanted a finite number, got 'nan'."),
        (PLAIN + "1,-inf,red\n", "own.csv, row 4, column 2: wanted a finite number, got '-inf'."),
        (PLAIN + "1e999,2,red\n", "own.csv, row 4, column 1: wanted a finite number, got '1e999'"),
        (PLAIN + "1_000,2,red\n", "own.csv, row 4, column 1: wanted a number, got '1_000'."),
        (PLAIN + "0x10,2,red\n", "own.csv, row 4, column 1: wanted a number, got '0x10'."),
        (
            "1,5;2,5;a\n",
            "own.csv, row 1, column 1: wanted a number with a decimal point, got '1,5'.",
        ),
        (PLAIN + f"{'z' * 99},2,r\n", f"row 4, column 1: wanted a number, got '{'z' * 29}…'."),
        (PLAIN + f"1,2,{'z' * 41}\n", "row 4, column 3: wanted a class of at most 40 printable"),
        (PLAIN + '1,2,"a\nb"\n', "column 3: wanted a class of at most 40 printable characters"),
        (PLAIN + "1,2,\x1b[31m\n", "row 4, column 3: wanted a class of at most 40 printable"),
        ("1,2,a\n3,4,a\n", "wanted 2 to 10 different classes in column 3, got only 'a'."),
        ("1,2,1\n3,4,1.0\n", "wanted 2 to 10 different classes in column 3, got only '1'."),
        (
            "x,y,c\n1,2,k0\n" + "".join(f"1,2,k{i}\n" for i in range(12)),
            "wanted 2 to 10 different classes in column 3, got 12, the 11th of them 'k10' in row 13",
        ),
        (PLAIN + '1,2,"red\n3,4,red\n', "own.csv, row 5: wanted short cells, quotes closed, got"),
        (PLAIN + '1,2,"red"x\n', "own.csv, row 4: wanted short cells, quotes closed, got"),
        (PLAIN + f'1,2,"{"z" * 140_000}"\n', "row 4: wanted short cells, quotes closed, got field"),
        ("1,2," + "\x00\x01", "own.csv: wanted text in UTF-8, got a binary file."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "own.csv: wanted text in UTF-8, got something else."),
        (PLAIN.encode("utf-16"), "own.csv: wanted text in UTF-8, got something else."),
        ("1,2,é\n".encode("latin-1"), "own.csv: wanted text in UTF-8, got something else."),
        (b"1,2,\xed\xa0\x80\n", "own.csv: wanted text in UTF-8, got something else."),
        ("1,2,\ud800\n", "own.csv: wanted text in UTF-8, got something else."),
    ],
)
def test_wrong_tables_are_told_where(data: str | bytes, message: str) -> None:
    assert message in told(data)


def test_one_row_too_many() -> None:
    rows = "1,2,a\n" * 50_000 + "3,4,b\n" * 50_000
    assert len(parse(rows).points.x) == 100_000
    assert told(rows + "1,2,a\n") == "own.csv: wanted at most 100,000 rows, got more."
    # What comes after the limit is not looked at.
    assert told(rows + "1,2,a\n" + "x,x,x\n") == "own.csv: wanted at most 100,000 rows, got more."


def test_fifty_megabytes_are_refused_before_they_are_decoded() -> None:
    data = b"1,2,a\n" * (50 * 2**20 // 6)
    began = time.perf_counter()
    message = told(data)
    assert time.perf_counter() - began < 0.05
    assert message == "own.csv: wanted at most 10 MB, got 50.0 MB."
    assert told(b"\xff" * (MAX_BYTES + 1)).startswith("own.csv: wanted at most 10 MB, got 10.0")
    assert told("1,2,a\n" * (MAX_BYTES // 6 + 1)).startswith("own.csv: wanted at most 10 MB")
    assert "100,000 rows" in told(b"1,2,a\n" * (MAX_BYTES // 6))


def test_a_hundred_thousand_rows_within_a_second() -> None:
    points = spiral(100_000, 0.3, generator=stream(0))
    text = to_csv(points)
    began = time.process_time()
    table = parse(text)
    assert time.process_time() - began < 1
    assert np.array_equal(table.points.x, points.x)


def test_far_coordinates_are_made_to_fit_and_the_map_is_told() -> None:
    x = np.random.default_rng(0).normal([170, 7e9], [10, 1e8], (200, 2))
    table = parse("".join(f"{a!r} {b!r} {k % 2}\n" for k, (a, b) in enumerate(x.tolist())))
    assert table.scaled and np.abs(table.points.x).max() == pytest.approx(5)
    assert table.points.x.std(axis=0) == pytest.approx(table.points.x.std())
    assert table.points.x == pytest.approx((x - table.shift) * table.scale, abs=1e-6)
    near = parse("0,0,a\n0.001,0.001,b\n")
    assert near.scaled and near.points.x.tolist() == [[-5, -5], [5, 5]]
    assert parse("1,1,a\n1,1,b\n").points.x.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("cells", ["1.7e308,-1.7e308", "5e-324,1e-300", "1e300,1e-300", "9e18,0"])
def test_coordinates_of_any_size(cells: str) -> None:
    table = parse(f"{cells},a\n{','.join(cells.split(',')[::-1])},b\n0,0,b\n1,1,a\n")
    assert np.isfinite(table.points.x).all() and np.abs(table.points.x).max() <= 5 + 1e-9
    assert np.isfinite([*table.shift, *table.scale]).all()


ROWS = st.lists(
    st.tuples(FLOATS, FLOATS, st.integers(0, 9), st.booleans()), min_size=2, max_size=30
).filter(lambda rows: len({y for *_, y, _ in rows}) > 1)
NAMES = st.lists(
    st.text(string.ascii_letters + "äß苹 \"',;#=-'", min_size=1, max_size=12).map(str.strip),
    min_size=10,
    max_size=10,
    unique=True,
).filter(lambda names: all(names))


@settings(deadline=None)
@given(ROWS)
def test_what_was_written_is_read(rows) -> None:
    points = made([row[:2] for row in rows], [row[2] for row in rows], [row[3] for row in rows])
    table = parse(to_csv(points))
    assert not table.scaled
    assert all(np.array_equal(a, b) for a, b in zip(table.points, points, strict=True))
    assert table.names == tuple(str(k) for k in range(points.y.max() + 1))


@settings(deadline=None)
@given(ROWS, NAMES)
def test_names_come_back_too(rows, names: list[str]) -> None:
    points = made([row[:2] for row in rows], [row[2] for row in rows], [row[3] for row in rows])
    table = parse(to_csv(points, names))
    assert [table.names[k] for k in table.points.y] == [names[k] for k in points.y]
    assert np.array_equal(table.points.x, points.x)
    assert np.array_equal(table.points.held, points.held)


def test_the_form_of_a_written_table() -> None:
    points = made([(0.1, -2), (1e-7, 3)], [1, 0], [False, True])
    assert to_csv(points) == "x1,x2,class,held\n0.1,-2.0,1,0\n1e-07,3.0,0,1\n"
    assert to_csv(points, ["a", "b,c"]).splitlines()[1] == '0.1,-2.0,"b,c",0'
    assert to_csv(made([], [])) == "x1,x2,class,held\n"
    found = projected("iris")
    assert parse(to_csv(found.points, found.names)).names == found.names
    with pytest.raises(SettingError, match="names: wanted 2, one a class, got 1"):
        to_csv(points, ["a"])


def test_our_own_table_beyond_reach_is_fitted() -> None:
    """A table may claim to be ours; points beyond +-1,000,000 are not."""
    table = parse("x1,x2,class,held\n1e7,0,a,0\n0,1e7,b,1\n")
    assert table.scaled and table.points.held.tolist() == [False, True]
    odd = parse("x1,x2,class,held\n1,0,3,0\n0,1,12,0\n")
    assert odd.names == ("3", "12") and odd.points.y.tolist() == [0, 1]
    # Without that header numbers are names like any others.
    assert parse("1,0,3\n0,1,5\n").names == ("3", "5")


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=200) | st.text("1.,;\t \n\"ax-e'", max_size=60))
def test_junk_is_read_or_refused(data: str | bytes) -> None:
    try:
        table = parse(data)
    except UploadError as error:
        assert error.setting.startswith("table")
        return
    assert np.isfinite(table.points.x).all() and 2 <= len(table.names) <= 10
    assert set(table.points.y.tolist()) == set(range(len(table.names)))
