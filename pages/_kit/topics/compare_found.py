"""Two models against each other, worked out once; and which cell of their table is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.topics import edits
from core.topics.agreement import Agreement, agreement
from core.topics.align import Pairs, align
from core.topics.distances import jensen_shannon
from core.topics.edits import Edited
from core.topics.matched import Matched, matched
from pages._kit.topics import pick
from pages._kit.topics.fits import Fit
from pages._kit.topics.view import View


@dataclass(frozen=True, eq=False)
class Compared:
    """`rows`: those of the view that are seen, the first side of all tables here."""

    id: str
    rows: tuple[int, ...]
    other: Edited
    distances: NDArray[np.float64] = field(repr=False)  # (rows, other)
    pairs: Pairs  # numbers into `rows`, and rows of `other`
    matched: Matched | None = None
    together: Agreement | None = None
    labels: tuple[Agreement, Agreement] | None = None  # of both with the documents' labels


def compared(view: View, fit: Fit) -> Compared:
    """The view's topics that are seen against all of another fit of the same documents."""
    return _compared(f"{view.id} {fit.id}", view, fit)


def cell(view: View, found: Compared) -> int:
    """The cell that is looked at: the clicked one if it is of the picked topic, else its pair."""
    at = found.rows.index(pick.row(view))
    m = len(found.other.ids)
    told = st.session_state.get("compare_cell")
    if told is not None and told[0] == found.id and told[1] // m == at:
        return int(told[1])
    partner = np.flatnonzero(found.pairs.first == at)
    nearest = int(found.distances[at].argmin())
    return at * m + (int(found.pairs.second[partner[0]]) if len(partner) else nearest)


def choose(view: View, found: Compared, cell: int) -> None:
    """A callback: this pair, and its topic everywhere."""
    st.session_state["compare_cell"] = (found.id, cell)
    pick.set_topic(view.edited.ids[found.rows[cell // len(found.other.ids)]])


@st.cache_resource(max_entries=16, show_spinner="Pairing topics …")
def _compared(id: str, _view: View, _fit: Fit) -> Compared:
    rows = tuple(sorted(_view.edited.seen))
    other = edits.applied(_fit.topics, (), _view.prepared.length)
    words = _view.topics.topic_word[list(rows)]
    pairs = align(words, other.topics.topic_word)
    distances = jensen_shannon(words, other.topics.topic_word)
    theta, psi = _view.topics.doc_topic, other.topics.doc_topic
    if not len(theta) or len(theta) != len(psi):
        return Compared(id, rows, other, distances, pairs)
    # a document whose largest topic is hidden agrees with none
    of_all = Pairs(np.asarray(rows)[pairs.first], pairs.second, pairs.distance)
    known = _view.prepared.documents.labels
    return Compared(
        id, rows, other, distances, pairs,
        matched=matched(theta, psi, of_all, _view.prepared.length),
        together=agreement(theta, [str(z) for z in psi.argmax(axis=1)]),
        labels=None if known is None else (agreement(theta, known), agreement(psi, known)),
    )  # fmt: skip
