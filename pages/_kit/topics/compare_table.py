"""The pairs of two models as a list, the nearest first, with their words."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages._kit.topics import compare_csv, compare_found
from pages._kit.topics.compare_found import Compared
from pages._kit.topics.view import View

WORDS = 10


def show(view: View, found: Compared, titles: tuple[str, str]) -> None:
    """The list; a tick on a row shows that pair above."""
    table, cells = _table(found.id, view, found)
    st.markdown("**Pairs, the nearest first; then what found no partner**")
    share = st.column_config.NumberColumn(format="percent")
    st.dataframe(
        table, hide_index=True, key="compare_pairs", height=min(420, 37 + 35 * len(table)),
        column_config={
            "nats apart": st.column_config.ProgressColumn(
                format="%.3f", min_value=0, max_value=float(np.log(2))
            ),
            "share here": share, "share there": share,
            "here": st.column_config.TextColumn("here: " + titles[0], width="medium"),
            "there": st.column_config.TextColumn("there: " + titles[1], width="medium"),
        },
        on_select=partial(_pick, view, found, cells), selection_mode="single-row",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        compare_csv.button(
            "models-compared.csv", tuple(table.columns),
            lambda: table.itertuples(index=False, name=None), label="Pairs as CSV",
        )  # fmt: skip
        st.caption("Tick a row to see its words back to back.")


@st.cache_resource(max_entries=16, show_spinner=False)
def _table(id: str, _view: View, _found: Compared) -> tuple[pd.DataFrame, list[int | None]]:
    m = len(_found.other.ids)
    rows: list[dict[str, Any]] = []
    cells: list[int | None] = []
    for a, b, d in zip(
        _found.pairs.first.tolist(), _found.pairs.second.tolist(), _found.pairs.distance.tolist(),
        strict=True,
    ):  # fmt: skip
        rows.append(_row(_view, _found, a, b, d))
        cells.append(a * m + b)
    for a in sorted(set(range(len(_found.rows))) - set(_found.pairs.first.tolist())):
        rows.append(_row(_view, _found, a, None, None))
        cells.append(a * m + int(_found.distances[a].argmin()))
    for b in sorted(set(range(m)) - set(_found.pairs.second.tolist())):
        rows.append(_row(_view, _found, None, b, None))
        cells.append(int(_found.distances[:, b].argmin()) * m + b)
    return pd.DataFrame(rows), cells


def _row(
    view: View, found: Compared, a: int | None, b: int | None, distance: float | None
) -> dict[str, Any]:
    here = None if a is None else found.rows[a]
    return {
        "nats apart": distance,
        "topic here": None if here is None else view.edited.ids[here],
        "here": "" if here is None else ", ".join(view.topics.best_words(here, WORDS)),
        "share here": None if here is None else float(view.edited.share[here]),
        "topic there": b,
        "there": "" if b is None else ", ".join(found.other.topics.best_words(b, WORDS)),
        "share there": None if b is None else float(found.other.share[b]),
    }


def _pick(view: View, found: Compared, cells: list[int | None]) -> None:
    rows = st.session_state["compare_pairs"]["selection"]["rows"]
    if rows and (cell := cells[rows[0]]) is not None:
        compare_found.choose(view, found, cell)
