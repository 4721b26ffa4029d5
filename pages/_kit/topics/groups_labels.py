"""Topics by label: where each is at home, and whether topics find the labels they never saw."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.charts import topics_heat, topics_over
from pages._kit import frame
from pages._kit.topics import clicked, groups_label_one, groups_mostly, groups_table, pick
from pages._kit.topics.groups_table import Table
from pages._kit.topics.view import View

PURITY = r"""Each document goes to its largest topic, each topic to the label most of its documents have.
$\text{purity} = \tfrac{1}{M}\sum_z \max_l n_{lz}$: the share of documents that are right then. It rises
with the number of topics, whatever they are."""
NMI = r"""$\mathrm{NMI} = I(L;Z)\,/\,\tfrac{1}{2}\big(H(L)+H(Z)\big)$: how much the largest topic of a
document tells of its label and the other way round,
$I(L;Z) = \sum_{l,z} p(l,z)\log\frac{p(l,z)}{p(l)\,p(z)}$. 0: nothing, 1: they are the same.
Topics that split a label lower it."""


def show(view: View) -> None:
    """The part of the room."""
    _figures(view)
    label = _label(view)
    table = groups_table.largest(view, label)
    _heat(view, table, label)
    groups_label_one.show(view, table, label)
    st.markdown("**All topics of each label**")
    row = pick.row(view)
    clicked.chart(
        topics_over.over_label, table.share, table.labels, _names(view, table), table.documents,
        key="groups_bars", selection="topic", field="topic",
        now=table.rows.index(row), take=partial(_topic, view, table),
    )  # fmt: skip
    groups_mostly.show(view)


def _figures(view: View) -> None:
    found = groups_table.agreed(view)
    with st.container(horizontal=True, gap="medium", key="groups_figures"):
        st.metric("Labels", f"{len(found.labels):,}", width="content")
        st.metric("NMI", f"{found.nmi:.3f}", width="content", help=NMI)
        st.metric("Purity", f"{found.purity:.1%}", width="content", help=PURITY)
    largest = groups_table.names(view)[0]
    alone = found.table.sum(axis=1).max() / found.table.sum()
    st.caption(
        "The labels were never learned from. Were all documents one topic, purity would be "
        f"{alone:.1%}, that of {frame.plain(largest)}, the commonest, and NMI 0."
    )


def _label(view: View) -> str:
    names = groups_table.names(view)
    told = groups_label_one.chosen()
    if told in names:
        return str(told)
    # that which the picked topic is mostly of
    found = groups_table.expected(view)
    return found.labels[int(found.table[:, pick.row(view)].argmax())]


def _heat(view: View, table: Table, label: str) -> None:
    row = pick.row(view)
    width = len(table.rows)
    now = table.labels.index(label) * width + table.rows.index(row)
    clicked.chart(
        topics_heat.labelled, table.share, table.labels, _names(view, table), table.documents,
        key="groups_heat", selection="pair", field="cell", now=now,
        take=partial(_cell, view, table),
    )  # fmt: skip
    st.caption(
        "Each row sums to 100 %. Topics stand in the order of the label they have most of. Click a cell to "
        "look at its label and its topic."
    )


def _names(view: View, table: Table) -> list[str]:
    return [view.edited.names[k] for k in table.rows]


def _cell(view: View, table: Table, cell: Any) -> None:
    at, column = divmod(int(cell), len(table.rows))
    if not (table.others and at == len(table.labels) - 1):
        groups_label_one.set_label(table.labels[at])
    _topic(view, table, column)


def _topic(view: View, table: Table, column: Any) -> None:
    if int(column) >= 0:  # -1: all the other topics
        pick.set_topic(view.edited.ids[table.rows[int(column)]])
