"""Labels and what topics their documents have: the largest ones, the rest as one row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.topics.agreement import Agreement, agreement
from core.topics.prevalence import Shares, by_label
from pages._kit.topics.view import View, once

MOST = 24  # rows of their own
NONE = "(no label)"


@dataclass(frozen=True, eq=False)
class Table:
    """Shares of the topics that are seen: `rows` in the order of the columns."""

    labels: tuple[str, ...]
    share: NDArray[np.float64] = field(repr=False)  # (labels, rows)
    documents: NDArray[np.int64] = field(repr=False)
    rows: tuple[int, ...]  # of the view, those of the first label first
    others: bool  # whether the last label is all the rest


def every(view: View) -> Shares:
    """Of all labels, in alphabetical order."""
    return once(view, _every)


def largest(view: View, also: str) -> Table:
    """Of the MOST largest labels, the largest first, and of `also`."""
    names = [name for name, _ in once(view, _counted)]
    return once(view, _largest, "" if also in names[:MOST] else also)


def names(view: View) -> list[str]:
    """All labels, the largest first."""
    return [name for name, _ in once(view, _counted)]


def agreed(view: View) -> Agreement:
    """With each document in its largest topic."""
    return once(view, _agreed, True)


def expected(view: View) -> Agreement:
    """With each document in all of its topics, as much as it has of each."""
    return once(view, _agreed, False)


def _told(view: View) -> list[str]:
    assert view.prepared.documents.labels is not None
    return [label or NONE for label in view.prepared.documents.labels]


def _counted(view: View) -> list[tuple[str, int]]:
    return Counter(_told(view)).most_common()


def _every(view: View) -> Shares:
    return by_label(view.topics.doc_topic, view.prepared.length, _told(view))


def _agreed(view: View, hard: bool) -> Agreement:
    return agreement(view.topics.doc_topic, _told(view), hard=hard)


def _largest(view: View, also: str) -> Table:
    found = every(view)
    listed = names(view)
    kept = listed[:MOST] + ([also] if also else [])
    at = {name: g for g, name in enumerate(found.groups)}
    share = np.nan_to_num(found.share[[at[name] for name in kept]])
    documents = found.documents[[at[name] for name in kept]]
    rest = [at[name] for name in listed if name not in set(kept)]
    if rest:
        tokens = found.tokens[rest]
        weighed = tokens @ np.nan_to_num(found.share[rest]) / max(float(tokens.sum()), 1e-300)
        share = np.vstack([share, weighed])
        documents = np.append(documents, found.documents[rest].sum())
        many = len(rest)
        kept.append(f"{many:,} other labels" if many > 1 else "1 other label")
    seen = np.array(sorted(view.edited.seen))
    # those most at home in the first label come first, so that the table has a diagonal
    home = share[:, seen].argmax(axis=0)
    order = seen[np.lexsort((-view.edited.share[seen], home))]
    return Table(
        tuple(kept), share[:, order], documents, tuple(int(k) for k in order), bool(rest)
    )  # fmt: skip
