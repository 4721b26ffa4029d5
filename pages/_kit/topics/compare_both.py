"""The documents that have two topics at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.topics.contrast import Both, both
from core.topics.correlations import HAS
from pages._kit.topics import compare_csv, pick
from pages._kit.topics.view import View, once

LISTED = 200


def show(view: View, first: int, second: int, *, key: str) -> None:
    """The list; a click on a row opens the document."""
    if not len(view.topics.doc_topic):
        return
    found = once(view, _both, first, second)
    st.markdown("**Documents that have both**")
    st.caption(_said(found))
    if not found.count:
        return
    titles = view.prepared.documents.titles
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    names = [_short(view.edited.names[first], 1), _short(view.edited.names[second], 2)]
    table = pd.DataFrame({"document": [titles[d] for d in found.documents]})
    if view.prepared.documents.labels is not None:
        table["label"] = [view.prepared.documents.labels[d] for d in found.documents]
    table = table.assign(**{names[0]: found.first, names[1]: found.second})
    table["tokens"] = [int(view.prepared.length[d]) for d in found.documents]
    st.dataframe(
        table, hide_index=True, height=min(320, 37 + 35 * len(table)), key=key,
        column_config={"document": st.column_config.TextColumn(width="medium"),
                       names[0]: share, names[1]: share},
        on_select=partial(_open, key, found), selection_mode="single-row",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        compare_csv.button(
            f"{key.replace('_', '-')}.csv", tuple(table.columns),
            lambda: table.itertuples(index=False, name=None), label="Documents as CSV",
        )  # fmt: skip
        st.caption("Tick a row to read it in the room Documents.")


def _both(view: View, first: int, second: int) -> Both:
    return both(view.topics.doc_topic, first, second, view.prepared.length, LISTED)


def _said(found: Both) -> str:
    has = f"at least {HAS:.0%} of each"
    if not found.count:
        return f"No document has {has}. Were they strangers, {_many(found.expected)} would."
    times = found.count / max(found.expected, 1e-9)
    than = (
        f"{times:.1f} times as many as" if times > 1.1
        else f"{times:.2f} times as many as" if times < 0.9 else "about as many as"
    )  # fmt: skip
    said = "One document has" if found.count == 1 else f"{found.count:,} documents have"
    listed = f" The first {LISTED} are listed." if found.count > LISTED else ""
    return f"{said} {has}, {than} if the two were strangers ({_many(found.expected)}).{listed}"


def _many(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _short(name: str, place: int) -> str:
    """As a column's name, no two the same."""
    return f"{place}: {name[:40]}"


def _open(key: str, found: Both) -> None:
    rows: list[Any] = st.session_state[key]["selection"]["rows"]
    if rows:
        pick.set_document(int(found.documents[rows[0]]))
        pick.go("Documents")
