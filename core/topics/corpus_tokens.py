"""Texts cut into words, each distinct form a number.

    words     runs of letters, digits and _ of any script, with an apostrophe inside: don't, naïve, x_1
    chinese   the same, and runs of Han cut by jieba: 我 看见 了 老师
    pattern   a regular expression of one's own

Forms are as they stand in the text, large letters and all: what they count as is decided in
core.topics.corpus, once a form and not once a token, so that deciding anew is quick.
"""

from __future__ import annotations

import logging
import re
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import jieba  # type: ignore[import-untyped]
import numpy as np
import regex  # type: ignore[import-untyped]
from numpy.typing import NDArray

from core.errors import require
from core.topics import corpus_pattern

TOKENISERS = ("words", "chinese", "pattern")
LATIN = re.compile(r"[A-Za-z0-9_]+(?:'[A-Za-z]+)*")  # what WORD finds in ASCII, in half the time
WORD = regex.compile(r"[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:['’][\p{L}\p{M}]+)*")
HAN = regex.compile(r"\p{Han}{1,2000}")  # jieba needs memory for every character of a run
SAMPLE = 200  # texts in which the script is looked for


@dataclass(frozen=True, eq=False)
class Tokens:
    """N tokens of D texts, in order: forms[ids[indptr[d] : indptr[d + 1]]] are those of text d."""

    ids: NDArray[np.int32]  # (N,)
    indptr: NDArray[np.int64]  # (D + 1,)
    forms: tuple[str, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def rows(self) -> NDArray[np.int64]:
        """The text of each token, (N,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))


def tokenise(texts: Iterable[str], tokeniser: str = "words", pattern: str = "") -> Tokens:
    """The tokens of all texts. Raises SettingError for another tokeniser, or a pattern that is none."""
    known(tokeniser, pattern)
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids = array("i")
    ends = [0]
    until = time.monotonic() + corpus_pattern.SECONDS
    for text in texts:
        ids.extend(map(numbers.__getitem__, _words(text, tokeniser, pattern, until)))
        ends.append(len(ids))
    return Tokens(np.array(ids, np.int32), np.array(ends, np.int64), tuple(numbers))


def spans(text: str, tokeniser: str = "words", pattern: str = "") -> list[tuple[int, int]]:
    """Start and end of each token of one text."""
    known(tokeniser, pattern)
    if tokeniser == "pattern":
        return list(corpus_pattern.spans(pattern, text))
    found = (match.span() for match in _finder(text)(text))
    if tokeniser == "words":
        return list(found)
    return [piece for start, end in found for piece in _cut(text, start, end)]


def likely_tokeniser(texts: Sequence[str]) -> str:
    """ "chinese" where a tenth of the characters are Han and hardly any kana, else "words"."""
    some = "".join(text[:2000] for text in texts[:SAMPLE])
    han = sum(len(run) for run in HAN.findall(some))
    kana = sum("\u3040" <= c <= "\u30ff" for c in some)
    return "chinese" if 10 * han > len(some) and 10 * kana < han else "words"


def known(tokeniser: str, pattern: str) -> None:
    """Raises SettingError for another tokeniser, or a pattern that is none."""
    is_one = tokeniser in TOKENISERS
    require(is_one, "tokeniser", wanted=", ".join(TOKENISERS), given=tokeniser)
    if tokeniser == "pattern":
        corpus_pattern.compiled(pattern)


def _words(text: str, tokeniser: str, pattern: str, until: float) -> Sequence[str]:
    if tokeniser == "pattern":
        return corpus_pattern.words(pattern, text, until - time.monotonic())
    if text.isascii():
        return LATIN.findall(text)
    if tokeniser == "words":
        return WORD.findall(text)
    return [text[start:end] for start, end in spans(text, tokeniser)]


def _finder(text: str) -> Callable[[str], Iterator[re.Match[str]]]:
    return LATIN.finditer if text.isascii() else WORD.finditer


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of a word: each run of Han by jieba, what stands between as it is."""
    at = start
    for run in HAN.finditer(text, start, end):
        if run.start() > at:
            yield at, run.start()
        at = run.start()
        for piece in _jieba().cut(run.group()):
            yield at, at + len(piece)
            at += len(piece)
    if at < end:
        yield at, end


@cache
def _jieba() -> jieba.Tokenizer:
    """Built here, about a second: jieba itself would trust a file in a folder where all can write."""
    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter
