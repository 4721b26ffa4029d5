"""What was found as CSV, for a spreadsheet: words of topics, mixtures of documents, assignments.

Cells that somebody wrote are defused, so that none becomes a formula there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from core.datasets.cells import harmless
from core.errors import require
from core.topics.counts import Counts
from core.topics.edits import Edited
from core.topics.responsibility import all_assigned
from core.topics.topics import Floats

Row = Sequence[object]


def words(edited: Edited, many: int = 50) -> str:
    """The `many` likeliest words of each topic, and p(w | z)."""
    return "".join(_lines(("topic", "name", "rank", "word", "p"), _words(edited, many)))


def mixtures(
    edited: Edited, titles: Sequence[str], tokens: Floats, labels: Sequence[str] | None = None
) -> str:
    """A row a document: title, label if there are any, tokens, p(z | d) of each topic.

    Raises SettingError where titles, tokens or labels are not one for each document.
    """
    theta = edited.topics.doc_topic
    for name, given in (("titles", titles), ("tokens", tokens), ("labels", labels)):
        fits = given is None or len(given) == len(theta)
        require(fits, name, wanted=f"one for each of {len(theta)} documents", given=_many(given))
    columns = [f"{topic} {name}" for topic, name in zip(edited.ids, edited.names, strict=True)]
    known = [] if labels is None else ["label"]
    rows = (
        (d, titles[d], *([] if labels is None else [labels[d]]), tokens[d], *row)
        for d, row in enumerate(theta)
    )
    return "".join(_lines(("document", "title", *known, "tokens", *columns), rows))


def assignments(edited: Edited, data: Counts) -> Iterator[str]:
    """A row for each distinct word of each document: count, likeliest topic, p(z | w, d).

    Line after line, for it is as long as the corpus.
    """
    header = ("document", "word", "count", "topic", "name", "p")
    return _lines(header, _assignments(edited, data))


def _words(edited: Edited, many: int) -> Iterator[Row]:
    topics = edited.topics
    for k, (topic, name) in enumerate(zip(edited.ids, edited.names, strict=True)):
        order = np.argsort(-topics.topic_word[k], kind="stable")[:many]
        for rank, w in enumerate(order.tolist(), 1):
            yield topic, name, rank, topics.vocabulary[w], topics.topic_word[k, w]


def _assignments(edited: Edited, data: Counts) -> Iterator[Row]:
    for d, one in enumerate(all_assigned(edited.topics, data)):
        for w, n, k, p in zip(one.words, one.counts, one.topic, one.p, strict=True):
            yield d, data.vocabulary[w], n, edited.ids[k], edited.names[k], p


def _lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for row in chain([header], rows):
        writer.writerow([_cell(one) for one in row])
        yield file.getvalue()
        file.seek(0)
        file.truncate()


def _cell(value: object) -> str:
    if isinstance(value, str):
        # csv quotes a line feed and not a lone carriage return, at which readers end a row too; a
        # lone half of a surrogate pair cannot be written as UTF-8.
        plain = value.replace("\r\n", "\n").replace("\r", "\n")
        return harmless(plain.encode("utf-8", "replace").decode())
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _many(given: Sequence[str] | Floats | None) -> int:
    return 0 if given is None else len(given)
