"""One label's topics, and one topic's labels."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.charts import topics_over
from pages._kit import frame
from pages._kit.topics import choosers, clicked, groups_table, pick
from pages._kit.topics.groups_table import NONE, Table
from pages._kit.topics.view import View

KEY = "groups_label"
LISTED = 12  # labels of a topic


def show(view: View, table: Table, label: str) -> None:
    """Both, with a box for each."""
    left, right = st.columns(2, gap="large")
    with left:
        _topics(view, label)
    with right:
        _labels(view, table, label)


def chosen() -> str | None:
    """The label that was picked, or that the link says."""
    if KEY not in st.session_state:
        st.session_state[KEY] = st.query_params.get(KEY)
    return st.session_state[KEY]


def set_label(label: str) -> None:
    """A callback."""
    st.session_state[KEY] = st.query_params[KEY] = label


def _topics(view: View, label: str) -> None:
    found = groups_table.every(view)
    at = found.groups.index(label)
    names = groups_table.names(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["groups_label_box"] = label
        st.selectbox(
            "Label", names, key="groups_label_box", on_change=_boxed,
            format_func=lambda name: f"{name} ({found.documents[found.groups.index(name)]:,})",
            help="Type to search. In brackets: its documents.",
        )  # fmt: skip
        st.button(
            "Its documents", key="groups_documents", icon=":material/description:",
            on_click=_documents, args=(label,), disabled=label == NONE,
        )  # fmt: skip
    seen = list(view.edited.seen)
    clicked.chart(
        topics_over.label_topics, np.nan_to_num(found.share[at][seen]),
        [view.edited.names[k] for k in seen], view.edited.share[seen],
        key="groups_mixture", selection="topic", field="topic", now=seen.index(pick.row(view)),
        take=partial(_topic, view, seen),
    )  # fmt: skip
    st.caption(f"Topics of {frame.plain(label)}. The ticks are the shares in all documents.")


def _labels(view: View, table: Table, label: str) -> None:
    row = choosers.topic(view, key="groups_topic_box")
    share = table.share[:, table.rows.index(row)]
    real = len(table.labels) - table.others
    order = np.argsort(-share[:real], kind="stable")[:LISTED]
    clicked.chart(
        topics_over.topic_by_label, share[order], [table.labels[g] for g in order],
        table.documents[order], mean=float(view.edited.share[row]),
        key="groups_of_topic", selection="label", field="label", now=label, take=set_label,
    )  # fmt: skip
    of = f"{LISTED} of {len(groups_table.names(view)):,} labels. " if len(order) == LISTED else ""
    st.caption(f"{of}How much of each label is this topic; the line is its share in all documents.")


def _boxed() -> None:
    set_label(st.session_state["groups_label_box"])


def _topic(view: View, seen: list[int], at: Any) -> None:
    pick.set_topic(view.edited.ids[seen[int(at)]])


def _documents(label: str) -> None:
    st.session_state["documents_label"] = label
    pick.go("Documents")
