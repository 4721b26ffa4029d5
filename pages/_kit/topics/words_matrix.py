"""The document-word matrix: its size, its zeros, and what it takes to keep it."""

from __future__ import annotations

import streamlit as st

from core.charts import topics_corpus
from pages._kit import show as shown
from pages._kit.topics.prepared import Prepared

FLOAT = 4  # bytes


def show(prepared: Prepared) -> None:
    """The part of the room."""
    counts = prepared.corpus.counts
    D, V, some = len(counts), len(counts.vocabulary), len(counts.words)
    sparse = counts.indptr.nbytes + counts.words.nbytes + counts.counts.nbytes
    dense = FLOAT * D * V
    with st.container(horizontal=True, gap="medium", key="words_matrix_figures"):
        for name, told, about in (
            ("Documents × words", f"{D:,} × {V:,}", "D rows and V columns."),
            ("Not 0", f"{some:,}", "Entries n(d, w): how often word w stands in document d."),
            ("Zeros", f"{1 - some / max(1, D * V):.1%}", "Words that a document does not have."),
            ("Kept as", _size(sparse), "Each entry’s word and count, and where documents end."),
            ("With zeros", _size(dense), "All D × V as numbers of 4 bytes."),
        ):  # fmt: skip
            st.metric(name, told, width="content", help=about)
    shown.chart(topics_corpus.matrix, counts.rows(), counts.words, many=(D, V))
    times = dense / max(sparse, 1)
    saved = f" Without its zeros it takes {times:,.0f} times less memory." if times >= 2 else ""
    st.caption(
        "Each block is a share of the matrix, darker where fewer entries are 0. Common words are at "
        f"the left. Models read only what is not 0.{saved}"
    )


def _size(many: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if many < 1000:
            return f"{many:.0f} {unit}" if unit == "bytes" or many >= 100 else f"{many:.1f} {unit}"
        many /= 1000
    return f"{many:,.1f} GB"
