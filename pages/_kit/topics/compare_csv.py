"""Tables of a room as CSV, whose cells are no formulas."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from core.datasets.cells import harmless

Rows = Iterable[Sequence[object]]


def button(
    name: str, header: Sequence[str], rows: Callable[[], Rows], *, label: str = "Table as CSV"
) -> None:
    """A download button of the file `name`, which is made when asked for."""
    st.download_button(
        label, lambda: text(header, rows()), name, on_click="ignore", key=f"take-{name}",
        mime="text/csv", icon=":material/download:",
    )  # fmt: skip


def text(header: Sequence[str], rows: Rows) -> str:
    """The file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([_cell(one) for one in header])
    writer.writerows([_cell(one) for one in row] for row in rows)
    return file.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return harmless(" ".join(value.splitlines()).encode("utf-8", "replace").decode())
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
