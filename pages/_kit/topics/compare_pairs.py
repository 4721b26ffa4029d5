"""Topics of two models in pairs, with what each pair shares; and what found no partner."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.charts import topics_heat
from pages._kit.topics import clicked, compare_found, compare_pair, compare_table
from pages._kit.topics.compare_found import Compared
from pages._kit.topics.fits import Fit
from pages._kit.topics.view import View

NEAR = 0.2  # nats: below it the two are taken for one topic
AGREE = """Each document goes to its largest topic. This is the share of documents whose largest topic in
one model is the partner of the one in the other."""
MEAN = """The pairs are those with the least sum of divergences (Kuhn's Hungarian method), 0 to
log 2 = 0.693 nats each. This is their mean."""
NMI = """How much a document's largest topic in one model tells of its largest topic in the other,
whatever is paired with what: 0 nothing, 1 all."""


def show(view: View, fit: Fit, titles: tuple[str, str]) -> None:
    """All of it; `titles` of both models."""
    found = compare_found.compared(view, fit)
    _figures(found)
    cell = compare_found.cell(view, found)
    left, right = st.columns([6, 5], gap="large")
    with left:
        first = [view.edited.names[k] for k in found.rows]
        clicked.chart(
            topics_heat.compared, found.distances, first, list(found.other.names),
            (found.pairs.first, found.pairs.second), titles=titles, key="compare_heat",
            selection="pair", field="cell", now=cell, take=partial(_take, view, found),
        )  # fmt: skip
        st.caption("Dark is near. Framed cells are the pairs, the nearest first. Click any cell.")
    with right:
        a, b = divmod(cell, len(found.other.ids))
        compare_pair.show(view, found, a, b)
    compare_table.show(view, found, titles)


def _figures(found: Compared) -> None:
    near = int((found.pairs.distance < NEAR).sum())
    alone = abs(len(found.rows) - len(found.other.ids))
    with st.container(horizontal=True, gap="medium", key="compare_scores"):
        st.metric(
            "Mean distance of pairs", f"{found.pairs.distance.mean():.3f} nats", width="content",
            help=MEAN,
        )  # fmt: skip
        st.metric("Found again", f"{near} of {len(found.pairs.distance)}", width="content",
                  help=f"Pairs nearer than {NEAR} nats.")  # fmt: skip
        if found.matched is not None and found.together is not None:
            st.metric("Documents agree", f"{found.matched.same:.1%}", width="content", help=AGREE)
            st.metric("NMI of both", f"{found.together.nmi:.3f}", width="content", help=NMI)
    lines = []
    if alone:
        lines.append(
            f"{alone} topic{'s' * (alone != 1)} of the one with more found no partner: see "
            "the end of the table."
        )
    if found.labels is not None:
        here, there = found.labels
        lines.append(
            f"With the labels of the documents: NMI {here.nmi:.3f} here and {there.nmi:.3f} there, purity "
            f"{here.purity:.1%} and {there.purity:.1%}."
        )
    if lines:
        st.markdown(" ".join(lines))


def _take(view: View, found: Compared, cell: Any) -> None:
    compare_found.choose(view, found, int(cell))
