"""Documents that the fitted model makes: told from real ones, compared with them, learned from anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial

import numpy as np
import streamlit as st

from core.datasets.cells import harmless
from core.topics.generate import Planted
from pages._kit import choose, take
from pages._kit.topics import stories_made_compared, stories_made_guess, stories_recover
from pages._kit.topics.stories_made_documents import made
from pages._kit.topics.view import View, once

MANY = (50, 100, 200, 500, 1000, 2000, 5000)
LONGEST = 500  # words of a document, on average
TOKENS = 500_000  # of all made documents


def show(view: View) -> None:
    """This part of the room."""
    seed = int(st.session_state.get("seed", 0))
    stories_made_guess.show(view, seed)
    st.markdown("#### Many documents")
    left, right = st.columns(2, gap="medium")
    with left:
        many = choose.slide("Documents to make", MANY, 1000, key="made_documents")
    with right:
        mean = float(view.prepared.length.mean()) if len(view.prepared.length) else 50.0
        words = st.slider(
            "Words of each, on average", 1, LONGEST, max(1, min(LONGEST, round(mean))),
            key="made_words", bind="query-params",
        )  # fmt: skip
    if many * words > TOKENS:
        many = max(1, TOKENS // words)
        st.caption(f"{many:,} documents are made: all together have at most {TOKENS:,} words here.")
    found = once(view, made, many, words, seed)
    stories_made_compared.show(view, many, words, seed)
    take.home(
        {"made_documents.csv": partial(table, view, found)}, labels={"csv": "Made documents, CSV"}
    )
    stories_recover.show(view, many, words, seed)


def table(view: View, found: Planted) -> str:
    """A row a document: its largest topic and how much there is of it, and its words."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["document", "tokens", "topic", "name", "share", "words"])
    writer.writerows(_rows(view, found))
    return file.getvalue()


def _rows(view: View, found: Planted) -> Iterator[list[object]]:
    vocabulary = view.prepared.vocabulary
    for d in range(len(found.documents)):
        words, counts = found.documents.document(d)
        z = int(found.theta[d].argmax())
        told = " ".join(vocabulary[w] for w in np.repeat(words, counts.astype(int)))
        yield [
            d + 1, int(counts.sum()), view.edited.ids[z], _cell(view.edited.names[z]),
            f"{found.theta[d, z]:.4f}", _cell(told),
        ]  # fmt: skip


def _cell(text: str) -> str:
    return harmless(text.encode("utf-8", "replace").decode())
