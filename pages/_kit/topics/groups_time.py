"""Topics over time: all of them, the picked one, and which rose or fell."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.charts import topics_over
from core.topics.prevalence import Timeline, by_time
from pages._kit import show as shown_once
from pages._kit.topics import choosers, clicked, compare_csv, pick
from pages._kit.topics.view import View, once


def show(view: View) -> None:
    """The part of the room."""
    found = once(view, _timeline)
    seen = list(view.edited.seen)
    names = [view.edited.names[k] for k in seen]
    share = np.nan_to_num(found.share[:, seen])
    first, last = str(found.starts[0]), str(found.starts[-1])
    without = ""
    if found.undated:
        many = "One has" if found.undated == 1 else f"{found.undated:,} have"
        without = f" {many} no date."
    st.caption(
        f"{int(found.documents.sum()):,} documents from {first} to {last}, by {found.width}.{without}"
    )
    clicked.chart(
        topics_over.over_time, share, _at(found), names, found.documents, title=found.width,
        key="groups_time", selection="topic", field="topic", now=seen.index(pick.row(view)),
        take=partial(_take, view, seen),
    )  # fmt: skip
    left, right = st.columns([5, 6], gap="large")
    with left:
        row = choosers.topic(view, key="groups_time_topic")
        shown_once.chart(
            topics_over.one_over_time, np.nan_to_num(found.share[:, row]), _at(found),
            found.documents, title=found.width,
        )  # fmt: skip
    with right:
        _moved(view, found)


def _at(found: Timeline) -> list[str]:
    """With seconds: a browser takes a bare date for midnight in Greenwich."""
    return [str(day) for day in np.datetime_as_string(found.starts, unit="s")]


def _timeline(view: View) -> Timeline:
    dates = view.prepared.documents.dates
    assert dates is not None
    days = np.array(
        [np.datetime64("NaT") if day is None else np.datetime64(day) for day in dates],
        "datetime64[D]",
    )
    return by_time(view.topics.doc_topic, view.prepared.length, days)


def _moved(view: View, found: Timeline) -> None:
    table = once(view, _changes)
    st.markdown("**Rose and fell**, from the first third of the words to the last")
    percent = st.column_config.NumberColumn(format="percent")
    st.dataframe(
        table, hide_index=True, key="groups_moved", height=min(320, 37 + 35 * len(table)),
        column_config={"topic": None, "first third": percent, "last third": percent, "change": percent,
                       "name": st.column_config.TextColumn(width="small")},
        on_select=partial(_pick, table), selection_mode="single-row",
    )  # fmt: skip
    header = ("from", "documents", "tokens", *(
        f"{view.edited.ids[k]} {view.edited.names[k]}" for k in view.edited.seen
    ))  # fmt: skip
    compare_csv.button(
        "topics-over-time.csv", header, partial(_rows, view, found), label="Time as CSV"
    )


def _changes(view: View) -> pd.DataFrame:
    found = once(view, _timeline)
    run = found.tokens.cumsum() / found.tokens.sum()
    # the bins whose words lie in the first third, in the last; at least one each
    early, late = run <= 1 / 3, run - found.tokens / found.tokens.sum() >= 2 / 3
    early[np.flatnonzero(found.tokens)[0]] = late[np.flatnonzero(found.tokens)[-1]] = True
    share = np.nan_to_num(found.share)
    ends = [
        found.tokens[some] @ share[some] / max(float(found.tokens[some].sum()), 1e-300)
        for some in (early, late)
    ]
    seen = list(view.edited.seen)
    table = pd.DataFrame(
        {
            "topic": [view.edited.ids[k] for k in seen],
            "name": [view.edited.names[k] for k in seen],
            "first third": ends[0][seen],
            "last third": ends[1][seen],
            "change": (ends[1] - ends[0])[seen],
        }
    )
    return table.sort_values("change", ascending=False, kind="stable")


def _rows(view: View, found: Timeline) -> list[list[object]]:
    share = found.share[:, list(view.edited.seen)].tolist()
    counts = zip(found.documents.tolist(), found.tokens.astype(int).tolist(), strict=True)
    return [[name, *n, *row] for name, n, row in zip(found.groups, counts, share, strict=True)]


def _take(view: View, seen: list[int], at: Any) -> None:
    if int(at) >= 0:
        pick.set_topic(view.edited.ids[seen[int(at)]])


def _pick(table: pd.DataFrame) -> None:
    rows = st.session_state["groups_moved"]["selection"]["rows"]
    if rows:
        pick.set_topic(int(table["topic"].iloc[rows[0]]))
