"""Long documents cut into several: by lines, by paragraphs, or a number of words each.

A topic model takes what stands in one document to belong together; of a whole book everything does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]

from core.datasets.documents import Documents
from core.errors import require

WAYS = ("whole", "lines", "paragraphs", "words")
EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
WORD = regex.compile(r"\p{Han}{2}|[\p{L}\p{N}_][\p{L}\p{N}\p{M}_--\p{Han}]*", regex.V1)
MOST = 1_000_000  # documents
LEAST, LARGEST = 5, 100_000  # words


@dataclass(frozen=True, eq=False)
class Split:
    """The pieces, and of which document (D,) each is."""

    documents: Documents
    parents: tuple[int, ...]


def split(documents: Documents, way: str, words: int = 200) -> Split:
    """The documents cut up; paragraphs shorter than `words` stay with the next.

    Two Chinese characters count as a word. Titles get a number behind. Raises SettingError.
    """
    require(way in WAYS, "split", wanted=", ".join(WAYS), given=way)
    wanted = f"a number from {LEAST} to {LARGEST:,}"
    require(LEAST <= words <= LARGEST, "words of a piece", wanted=wanted, given=words)
    if way == "whole":
        return Split(documents, tuple(range(len(documents))))
    texts: list[str] = []
    titles: list[str] = []
    parents: list[int] = []
    for d, (text, title) in enumerate(zip(documents.texts, documents.titles, strict=True)):
        pieces = [piece for piece in _pieces(text, way, words) if piece.strip()]
        texts += pieces
        titles += (
            [f"{title} · {n}" for n in range(1, len(pieces) + 1)] if len(pieces) > 1 else [title]
        )
        parents += [d] * len(pieces)
        titles = titles[: len(texts)]
        few = len(texts) <= MOST
        require(few, "split", wanted=f"at most {MOST:,} pieces", given="more")
    labels, dates = documents.labels, documents.dates
    found = Documents(
        documents.name,
        tuple(texts),
        tuple(titles),
        None if labels is None else tuple(labels[d] for d in parents),
        None if dates is None else tuple(dates[d] for d in parents),
        documents.slips,
    )
    return Split(found, tuple(parents))


def _pieces(text: str, way: str, words: int) -> Iterator[str]:
    if way == "lines":
        yield from text.splitlines()
    elif way == "paragraphs":
        yield from _paragraphs(text, words)
    else:
        starts = [match.start() for match in WORD.finditer(text)][::words] or [0]
        for begin, end in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True):
            yield text[begin:end].rstrip()


def _paragraphs(text: str, words: int) -> Iterator[str]:
    waiting: list[str] = []
    many = 0
    for paragraph in EMPTY_LINE.split(text):
        waiting.append(paragraph)
        many += sum(1 for _ in WORD.finditer(paragraph))
        if many >= words:
            yield "\n\n".join(waiting)
            waiting, many = [], 0
    yield "\n\n".join(waiting)
