"""Which topics go together in documents: all pairs, and one of them with its words and documents."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_heat
from core.topics import correlations, seriation
from pages._kit import frame
from pages._kit.topics import clicked, compare_both, compare_csv, compare_pick, compare_two, pick
from pages._kit.topics.view import View, once

PEARSON, PMI = "Correlation", "PMI"
ABOUT = r"""**Correlation** of the shares $p(z|d)$ over documents (Pearson). Shares sum to 1, so that one
topic's gain is the others' loss: $k$ topics that know nothing of each other correlate at $-1/(k-1)$.

**PMI** counts documents with at least 5 % of a topic: $\log\frac{p(a,b)}{p(a)\,p(b)}$, how much oftener two
are met together than if they were strangers."""


def show(view: View) -> None:
    """The part of the room."""
    seen = list(view.edited.seen)
    if len(seen) < 2 or len(view.topics.doc_topic) < 2:
        st.info("It takes two topics and two documents to see what goes together.")
        return
    kind = st.segmented_control(
        "Measure", [PEARSON, PMI], default=PEARSON, key="groups_measure", bind="query-params",
        required=True, help=ABOUT,
    )  # fmt: skip
    matrix = once(view, _matrix, kind or PEARSON)
    order = once(view, _order, kind or PEARSON)
    first = pick.row(view)
    second = _second(view, matrix, first)
    left, right = st.columns([6, 5], gap="large")
    with left:
        clicked.chart(
            topics_heat.correlation, matrix[np.ix_(order, order)],
            [view.edited.names[k] for k in order], key="groups_correlation",
            title="correlation over documents" if kind == PEARSON else "PMI, nats",
            selection="pair", field="cell",
            now=order.index(first) * len(order) + order.index(second),
            take=partial(_cell, view, order),
        )  # fmt: skip
        st.caption(
            "Orange: where one is, the other is too. Blue: one or the other. Neighbours in the table are "
            "alike. Click a cell."
        )
    with right:
        _one(view, first, second)
        _all(view, matrix)
    compare_both.show(view, first, second, key="groups_both")


def _matrix(view: View, kind: str) -> NDArray[np.float64]:
    make = correlations.pearson if kind == PEARSON else correlations.pmi
    return make(view.topics.doc_topic)


def _order(view: View, kind: str) -> list[int]:
    seen = np.array(sorted(view.edited.seen))
    matrix = once(view, _matrix, kind)[np.ix_(seen, seen)].copy()
    return [int(k) for k in seen[seriation.order(matrix)]]


def _second(view: View, matrix: NDArray[np.float64], first: int) -> int:
    """The chosen other topic, else the one that goes most with the picked."""
    told = compare_pick.chosen(view)
    if told is not None:
        return told
    others = [k for k in view.edited.seen if k != first]
    return others[int(np.argmax(matrix[first, others]))]


def _one(view: View, first: int, second: int) -> None:
    names = [frame.plain(view.edited.names[k]) for k in (first, second)]
    r = once(view, _matrix, PEARSON)[first, second]
    pmi = once(view, _matrix, PMI)[first, second]
    found = once(view, compare_two.between, first, second)
    words = [frame.plain(view.topics.vocabulary[w]) for w in found.words(8)[1]]
    st.markdown(f":blue[**{names[0]}**] and :orange[**{names[1]}**]")
    with st.container(horizontal=True, gap="medium", key="groups_pair_figures"):
        st.metric("Correlation", f"{r:+.3f}", width="content")
        st.metric("PMI", f"{pmi:+.2f} nats", width="content")
        st.metric("Words shared", f"{found.shared:.1%}", width="content", help=compare_two.SHARED)
    st.markdown(f"Both say: {', '.join(words) if words else 'nothing'}.")
    st.button(
        "Their words back to back", key="groups_compare", icon=":material/compare_arrows:",
        on_click=_compare, args=(view.edited.ids[first], view.edited.ids[second]),
    )  # fmt: skip


def _all(view: View, matrix: NDArray[np.float64]) -> None:
    seen = sorted(view.edited.seen)
    some = matrix[np.ix_(seen, seen)]
    rows = [
        {"value": value, "topic": view.edited.ids[seen[a]], "name": view.edited.names[seen[a]],
         "and": view.edited.ids[seen[b]], "its name": view.edited.names[seen[b]]}
        for a, b, value in sorted(
            correlations.strongest(some, len(seen) ** 2), key=lambda one: -one[2]
        )
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    st.markdown("**All pairs**, those that go together most first")
    st.dataframe(
        table, hide_index=True, key="groups_all", height=min(260, 37 + 35 * len(table)),
        column_config={"value": st.column_config.NumberColumn(format="%+.3f"),
                       "topic": None, "and": None,
                       "name": st.column_config.TextColumn("topic", width="medium"),
                       "its name": st.column_config.TextColumn("and topic", width="medium")},
        on_select=partial(_row, table), selection_mode="single-row",
    )  # fmt: skip
    compare_csv.button(
        "topics-together.csv", tuple(table.columns),
        lambda: table.itertuples(index=False, name=None), label="All pairs as CSV",
    )  # fmt: skip


def _cell(view: View, order: list[int], cell: Any) -> None:
    a, b = divmod(int(cell), len(order))
    compare_pick.set_both(view.edited.ids[order[a]], view.edited.ids[order[b]])


def _row(table: pd.DataFrame) -> None:
    rows = st.session_state["groups_all"]["selection"]["rows"]
    if rows:
        one = table.iloc[rows[0]]
        compare_pick.set_both(int(one["topic"]), int(one["and"]))


def _compare(first: int, second: int) -> None:
    compare_pick.set_both(first, second)
    st.session_state["compare_what"] = "Two topics"
    pick.go("Compare")
