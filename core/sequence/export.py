"""What a net did over a text, as files: every signal of every layer, or the tracks of some units.

npz : text (T,) a character each, codes (T,), and layer1_forward_s (T, H) and so on for every signal;
      plain arrays, no objects. Of a large net the first T characters, so that MOST numbers do.
Tables have a row a character: its number, itself, its code, what it cost in bits, then the tracks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pyarrow import parquet

from core.sequence.trace import Traced

MOST = 2**24  # numbers of an npz, 64 MB
# what a spreadsheet would take for the beginning of a formula, full-width forms too (OWASP)
FORMULA = tuple("=+-@\t\r＝＋－＠")


def fitting(layers: Sequence[Sequence[Traced]]) -> int:
    """Of how many characters the states fit into an npz."""
    each = sum(values.shape[1] for ways in layers for traced in ways for values in traced.signals)
    return min(len(layers[0][0].hidden), max(1, MOST // each))


def to_npz(text: str, codes: NDArray[np.integer], layers: Sequence[Sequence[Traced]]) -> bytes:
    """Every signal of every layer, as far as `fitting` says."""
    T = fitting(layers)
    arrays: dict[str, NDArray] = {"text": np.array(_whole(text[:T]), "U1"), "codes": codes[:T]}
    for depth, ways in enumerate(layers, 1):
        for way, traced in zip(("forward", "backward"), ways, strict=False):
            for name, values in zip(traced.names, traced.signals, strict=True):
                arrays[f"layer{depth}_{way}_{name}"] = np.ascontiguousarray(values[:T])
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def to_csv(
    text: str,
    codes: NDArray[np.integer],
    loss: NDArray[np.floating],
    tracks: Mapping[str, NDArray[np.floating]],
) -> str:
    """The table as CSV. A character with which a formula could begin has an apostrophe before it,
    so that no spreadsheet reckons with what somebody wrote.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["index", "character", "code", "loss_bits", *tracks])
    columns = [np.asarray(values).tolist() for values in tracks.values()]
    for t, (c, code, bits) in enumerate(
        zip(_whole(text), codes.tolist(), loss.tolist(), strict=True)
    ):
        shown = f"'{c}" if c in FORMULA else c
        cost = "" if np.isnan(bits) else f"{bits:.6g}"
        writer.writerow([t, shown, code, cost, *(f"{column[t]:.7g}" for column in columns)])
    return file.getvalue()


def to_parquet(
    text: str,
    codes: NDArray[np.integer],
    loss: NDArray[np.floating],
    tracks: Mapping[str, NDArray[np.floating]],
) -> bytes:
    """The table as Parquet, characters as they are."""
    table = pa.table(
        {
            "index": pa.array(np.arange(len(text))),
            "character": pa.array(_whole(text), pa.string()),
            "code": pa.array(np.asarray(codes)),
            "loss_bits": pa.array(np.asarray(loss), from_pandas=True),
            **{name: pa.array(np.asarray(values)) for name, values in tracks.items()},
        }
    )
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def _whole(text: str) -> list[str]:
    """Its characters; half of a pair, which no file can hold, as a question mark."""
    return list(text.encode("utf-8", "replace").decode())
