"""Which label each topic is mostly of."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages._kit.topics import compare_csv, groups_label_one, groups_table, pick
from pages._kit.topics.view import View, once


def show(view: View) -> None:
    """The table; a tick on a row picks its topic and label."""
    table = once(view, _table)
    st.markdown("**Which label each topic is mostly of**")
    bar = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    percent = st.column_config.NumberColumn(format="percent")
    st.dataframe(
        table, hide_index=True, key="groups_mostly", height=min(420, 37 + 35 * len(table)),
        column_config={
            "of it": bar, "next of it": percent, "of all words": percent,
            "name": st.column_config.TextColumn(width="medium"),
            "documents": st.column_config.NumberColumn(
                format="localized", help="Those of which it is the largest topic."
            ),
        },
        on_select=partial(_pick, table), selection_mode="single-row",
    )  # fmt: skip
    with st.container(horizontal=True):
        compare_csv.button(
            "topics-mostly.csv", tuple(table.columns),
            lambda: table.itertuples(index=False, name=None), label="This table as CSV",
        )  # fmt: skip
        header = ("label", "documents", "tokens", *_titles(view))
        compare_csv.button(
            "labels-topics.csv", header, partial(_rows, view), label="Labels × topics as CSV"
        )


def _table(view: View) -> pd.DataFrame:
    soft, hard = groups_table.expected(view), groups_table.agreed(view)
    rows: list[dict[str, Any]] = []
    for k in view.edited.seen:
        column = soft.table[:, k] / max(float(soft.table[:, k].sum()), 1e-300)
        first, *rest = np.argsort(-column, kind="stable")[:2].tolist()
        rows.append(
            {
                "topic": view.edited.ids[k],
                "name": view.edited.names[k],
                "of all words": float(view.edited.share[k]),
                "mostly": soft.labels[first],
                "of it": float(column[first]),
                "next": soft.labels[rest[0]] if rest else "",
                "next of it": float(column[rest[0]]) if rest else 0.0,
                "documents": int(hard.table[:, k].sum()),
            }
        )
    return pd.DataFrame(rows).sort_values("of it", ascending=False, kind="stable")


def _titles(view: View) -> list[str]:
    return [f"{view.edited.ids[k]} {view.edited.names[k]}" for k in view.edited.seen]


def _rows(view: View) -> list[list[object]]:
    found = groups_table.every(view)
    seen = list(view.edited.seen)
    share = found.share[:, seen].tolist()
    counts = zip(found.documents.tolist(), found.tokens.astype(int).tolist(), strict=True)
    return [
        [label, *count, *row] for label, count, row in zip(found.groups, counts, share, strict=True)
    ]


def _pick(table: pd.DataFrame) -> None:
    rows = st.session_state["groups_mostly"]["selection"]["rows"]
    if rows:
        pick.set_topic(int(table["topic"].iloc[rows[0]]))
        groups_label_one.set_label(str(table["mostly"].iloc[rows[0]]))
