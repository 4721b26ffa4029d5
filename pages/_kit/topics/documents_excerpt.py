"""The beginning of a document, or the place where the words that were looked for stand."""

from __future__ import annotations

import re

from core.topics.corpus import Corpus

LETTERS = 170
BEFORE = 50  # of them before the first word
READ = 20_000  # of a document
RULE = re.compile(r"([^\w\s])\1{3,}")  # a line drawn with signs

Marked = list[tuple[str, bool]]  # a stretch of the text, and whether it is one of the words


def excerpt(corpus: Corpus, text: str, words: tuple[str, ...]) -> Marked:
    """One or two lines of `text`."""
    if not words:
        return [(_line(text[: 2 * LETTERS])[:LETTERS], False)]
    where = dict.fromkeys(words)
    places = [
        (word.start, word.end)
        for word in corpus.spans(text[:READ])
        if corpus.rules.vocabulary[word.word] in where
    ]
    if not places:
        return excerpt(corpus, text, ())
    begin = max(0, places[0][0] - BEFORE)
    begin += len(text[begin : places[0][0]]) - len(text[begin : places[0][0]].lstrip())
    if begin:  # not in the middle of a word, where words have spaces between
        space = text.find(" ", begin, places[0][0])
        begin = space + 1 if space >= 0 else begin
    out: Marked = [("… ", False)] if begin else []
    at, end = begin, begin + LETTERS
    for first, last in places:
        if last > end:
            break
        out += [(_line(text[at:first]), False), (text[first:last], True)]
        at = last
    return [*out, (_line(text[at:end]), False)]


def _line(text: str) -> str:
    """White space of any kind, and drawn lines, as one space."""
    inside = " ".join(RULE.sub(" ", text).split())
    if not inside:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inside}{' ' if text[-1].isspace() else ''}"
