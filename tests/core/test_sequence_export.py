"""What a net did over a text, as files that are read again."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from pyarrow import parquet

from core.rng import stream
from core.sequence import export, model, reader, trace
from core.sequence.cells import SIGNALS
from core.sequence.model import Config, Net
from core.sequence.trace import Traced
from core.sequence.vocabulary import of

KNOWN = of("=+-@ab\n\t語'")
TEXT = "=1+a\nb\t@-'語\ud800\0＝"


def told(config: Config, text: str = TEXT) -> tuple[np.ndarray, list[list[Traced]], np.ndarray]:
    params = model.start(config, len(KNOWN), generator=stream(0, "net"))
    asked = Net(config, len(KNOWN)).load(params).reader()
    codes = KNOWN.encode(text)
    layers = trace.trace(asked.stack, codes)
    return codes, layers, reader.losses(reader.expected(asked, layers), codes)


@pytest.mark.parametrize("cell", SIGNALS)
def test_all_states_come_back(cell: str) -> None:
    config = Config(cell=cell, units=3, layers=2, bidirectional=True)
    codes, layers, _ = told(config)
    with np.load(io.BytesIO(export.to_npz(TEXT, codes, layers)), allow_pickle=False) as arrays:
        names = {
            f"layer{d}_{w}_{s}"
            for d in (1, 2)
            for w in ("forward", "backward")
            for s in SIGNALS[cell]
        }
        assert set(arrays) == names | {"text", "codes"}
        np.testing.assert_array_equal(arrays["codes"], codes)
        assert len(arrays["text"]) == len(TEXT)
        assert "".join(arrays["text"][:11]) == TEXT[:11] and arrays["text"][11] == "?"
        for depth, ways in enumerate(layers, 1):
            for way, one in zip(("forward", "backward"), ways, strict=True):
                for name in SIGNALS[cell]:
                    found = arrays[f"layer{depth}_{way}_{name}"]
                    np.testing.assert_array_equal(found, one.of(name))
                    assert found.dtype == np.float32


def test_a_large_net_gives_the_first_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, layers, _ = told(Config(units=3))
    assert export.fitting(layers) == len(TEXT)
    monkeypatch.setattr(export, "MOST", 3 * 6 * 5 + 17)  # units, signals, characters
    assert export.fitting(layers) == 5
    with np.load(io.BytesIO(export.to_npz(TEXT, codes, layers))) as arrays:
        assert {len(arrays[name]) for name in arrays} == {5}
        np.testing.assert_array_equal(arrays["layer1_forward_s"], layers[0][0].of("s")[:5])
    monkeypatch.setattr(export, "MOST", 1)
    assert export.fitting(layers) == 1


def test_a_csv_comes_back_and_is_no_formula() -> None:
    codes, layers, loss = told(Config(units=3))
    columns = {"s 0": layers[0][0].of("s")[:, 0], "b 2": layers[0][0].of("b")[:, 2]}
    made = export.to_csv(TEXT, codes, loss, columns)
    rows = list(csv.DictReader(io.StringIO(made, newline="")))
    assert list(rows[0]) == ["index", "character", "code", "loss_bits", "s 0", "b 2"]
    cells = [row["character"] for row in rows]
    assert cells == [
        "'=",
        "1",
        "'+",
        "a",
        "\n",
        "b",
        "'\t",
        "'@",
        "'-",
        "'",
        "語",
        "?",
        "\0",
        "'＝",
    ]
    assert not [
        c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    ]
    assert [int(row["index"]) for row in rows] == list(range(len(TEXT)))
    assert [int(row["code"]) for row in rows] == codes.tolist()
    assert rows[0]["loss_bits"] == ""  # nothing foretold the first
    np.testing.assert_allclose([float(r["loss_bits"]) for r in rows[1:]], loss[1:], rtol=1e-5)
    for name, values in columns.items():
        np.testing.assert_allclose([float(row[name]) for row in rows], values, rtol=1e-6)


def test_parquet_comes_back_exactly() -> None:
    codes, layers, loss = told(Config(units=3))
    columns = {"φ 1": layers[0][0].of("phi")[:, 1]}
    made = export.to_parquet(TEXT, codes, loss, columns)
    table = parquet.read_table(io.BytesIO(made))
    assert table.column_names == ["index", "character", "code", "loss_bits", "φ 1"]
    found = table.to_pydict()
    assert "".join(found["character"]) == TEXT.replace("\ud800", "?")  # formulas stay: it is no CSV
    assert found["code"] == codes.tolist() and found["loss_bits"][0] is None
    np.testing.assert_array_equal(found["loss_bits"][1:], loss[1:])
    np.testing.assert_array_equal(np.array(found["φ 1"], np.float32), columns["φ 1"])


def test_one_character() -> None:
    codes, layers, loss = told(Config(units=1), "a")
    rows = list(csv.reader(io.StringIO(export.to_csv("a", codes, loss, {}))))
    assert rows == [["index", "character", "code", "loss_bits"], ["0", "a", str(codes[0]), ""]]
    assert parquet.read_table(io.BytesIO(export.to_parquet("a", codes, loss, {}))).num_rows == 1
