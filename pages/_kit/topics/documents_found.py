"""Which documents are listed, and in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.topics.neighbours import top_documents
from core.topics.search import search
from pages._kit.topics import documents_words
from pages._kit.topics.view import View, once

LISTED = 2000  # nobody turns more pages
LABELS = 500


@dataclass(frozen=True, eq=False)
class Found:
    """At most LISTED of `total` documents, the best first."""

    documents: NDArray[np.int32]
    total: int
    words: tuple[str, ...] = ()  # that were looked for
    unknown: tuple[str, ...] = ()  # and those nobody can find


def found(view: View, row: int, by: str, label: str | None, text: str) -> Found:
    """Of a label, if one is given, and with words of `text`; else ordered by topic `row`."""
    if text.strip():
        order, words, unknown = once(view, _searched, text)
    else:
        order, words, unknown = once(view, _ranked, row, by), (), ()
    if label is not None:
        order = order[once(view, _labelled, label)[order]]
    return Found(order[:LISTED], len(order), words, unknown)


def labels(view: View) -> list[str]:
    """Each label once, the LABELS most frequent ones of many."""
    return once(view, _labels)


def _searched(view: View, text: str) -> tuple[NDArray[np.int32], tuple[str, ...], tuple[str, ...]]:
    corpus = view.prepared.corpus
    result = search(corpus.counts, documents_words.known(corpus, text))
    missing = tuple(documents_words.unknown(corpus, text))
    return result.documents.astype(np.int32), result.known, missing


def _ranked(view: View, row: int, by: str) -> NDArray[np.int32]:
    everything = len(view.prepared.documents)
    order = top_documents(view.topics.doc_topic, row, view.prepared.length, everything, by=by)
    without = np.flatnonzero(view.prepared.length <= 0)  # any words: of no topic, and last
    return np.concatenate([order.documents, without]).astype(np.int32)


def _labels(view: View) -> list[str]:
    often = Counter(label for label in view.prepared.documents.labels or () if label)
    return sorted(label for label, _ in often.most_common(LABELS))


def _labelled(view: View, label: str) -> NDArray[np.bool_]:
    given = view.prepared.documents.labels or ()
    return np.fromiter((one == label for one in given), bool, len(given))
