"""What the room Inside looks at: a document, or its first words alone, and every round of its inference."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.topics.one_document import Document, Round, of, rounds
from core.topics.one_document_exact import Exact, exact, possible
from core.topics.one_document_word import weights
from core.topics.topics import DIRICHLET, Floats, rows_to_one
from pages._kit import choose
from pages._kit.topics import choosers
from pages._kit.topics.view import View, once

TOPICS = 8  # that have a column of their own
LEAST_ALPHA = 1e-3
TAKEN = (None, 1, 2, 3, 4, 5, 6, 8, 10, 20, 50)
ABOUT_TAKEN = """Of a few words the true posterior can be counted out, over every way to give each a
topic, and the bound compared with the log-likelihood it stays below."""


@dataclass(frozen=True, eq=False)
class Inside:
    """The document, its rounds, and the true posterior where it can be counted out."""

    d: int
    document: Document = field(repr=False)
    words: tuple[str, ...] = field(repr=False)  # (n,) of the document
    trace: tuple[Round, ...] = field(repr=False)  # without phi
    exact: Exact | None
    columns: tuple[int, ...]  # rows of topics that are shown, the largest first

    def phi(self, at: int) -> Floats:
        """Of round `at`, (n, K)."""
        if at == 0:
            return np.full(self.document.beta.shape, 1 / len(self.document.alpha))
        return rows_to_one(weights(self.document, self.trace[at - 1].gamma))

    @property
    def tokens(self) -> int:
        return int(self.document.n.sum())


def chosen(view: View) -> Inside | None:
    """The visitor's choice. None where the document has no word that counts, which has been said then."""
    left, middle, right = st.columns([5, 4, 3])
    with middle:
        choosers.topic(view)
    with left:
        d = choosers.document(view)
    with right:
        taken = choose.slide(
            "Only its first words", TAKEN, None, key="inside_words", help=ABOUT_TAKEN
        )
    most, tolerance = _patience()
    if not len(once(view, _tokens, d, 1)[0]):
        st.info("No word of this document counts. Choose another one.", icon=":material/info:")
        return None
    return once(view, _found, d, taken, most, tolerance)


def _patience() -> tuple[int, float]:
    """Rounds at most, and when to stop, below the document."""
    with st.popover("When to stop", icon=":material/timer:"):
        most = st.slider("Rounds at most", 1, 200, 100, key="inside_most", bind="query-params")
        power = st.slider(
            "Tolerance, 10 to the power of", -8, 0, -3, key="inside_tolerance", bind="query-params",
            help="The end is when a round changes the γ of topics by less than this on average.",
        )  # fmt: skip
    return most, 10.0**power


def _tokens(view: View, d: int, taken: int | None) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Words and their counts, of the whole document or of its first `taken` tokens."""
    words, counts = view.prepared.corpus.counts.document(d)
    if taken is None or taken >= counts.sum():
        return words.astype(np.int64), counts.astype(np.float64)
    spans = view.prepared.corpus.spans(view.prepared.documents.texts[d])
    first = [one.word for one in spans if one.word in set(words.tolist())][:taken]
    # documents of n-grams alone have no spans
    numbers, each = np.unique(np.array(first or words[:1], np.int64), return_counts=True)
    return numbers, each.astype(np.float64)


def _found(view: View, d: int, taken: int | None, most: int, tolerance: float) -> Inside:
    words, counts = _tokens(view, d, taken)
    order = np.argsort(-counts, kind="stable")
    document = of(view.topics, words[order], counts[order])
    if view.topics.model not in DIRICHLET:
        # a share of the corpus may be 0, a Dirichlet's parameter not
        alpha = np.maximum(document.alpha, LEAST_ALPHA)
        document = Document(document.words, document.n, alpha, document.beta)
    # phi follows from the gamma before: all of them would be a few hundred MB for a long document
    none = np.empty((0, view.topics.K))
    trace = tuple(replace(one, phi=none) for one in rounds(document, most, tolerance))
    few = possible(int(counts.sum()), view.topics.K)
    seen = np.array(view.edited.seen)
    largest = np.max([trace[1 if len(trace) > 1 else 0].theta, trace[-1].theta], axis=0)
    columns = seen[np.argsort(-largest[seen], kind="stable")][:TOPICS]
    return Inside(
        d, document, tuple(view.prepared.vocabulary[w] for w in document.words), trace,
        exact(document) if few else None, tuple(int(k) for k in columns),
    )  # fmt: skip
