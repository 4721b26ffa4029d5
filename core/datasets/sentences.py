"""A text as sentences, and sentences as words, in the manner of the Penn treebanks.

Sentence boundaries are found by pySBD (Sadvilkar & Neumann 2020), English words by NLTK's tokeniser,
Chinese words by jieba. Characters that cannot be seen never reach a tree.

    can't "so" (or)     becomes     ca n't `` so '' -LRB- or -RRB-
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any

from core.errors import require

CHARACTERS = 20_000  # of a text
SENTENCES = 100  # that are told
LONGEST = 80  # characters of a word; what is longer is cut off
WINDOW = 3_000  # characters that pySBD sees at once: its time grows with their square
WRAPPED = 60  # characters of a line that may have been broken for its length alone

UNSEEN = re.compile(
    r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
ENDS = re.compile(r"[.!?:;…。！？；：][\"'”’»」』)\]）》]*$")
CHINESE = re.compile(r".*?(?:(?:[。！？!?]|……|⋯⋯)+[”’」』）》】\"']*|$)", re.DOTALL)
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
OTHER = re.compile(r"[^\W\d_\u3400-\u9fff\uf900-\ufaff]+")
WORDY = re.compile(r"[^\W_]")
INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")  # U.S, without its last point
PENN = {"(": "-LRB-", ")": "-RRB-"}
QUOTES = {"“": "``", "”": "''", "„": "``", "«": "``", "»": "''", "‘": "`"}


@dataclass(frozen=True)
class Sentence:
    """Its words, and where it stands in the text: text[start:end]."""

    words: tuple[str, ...]
    start: int
    end: int


def split(
    text: str, language: str = "english", *, known: Collection[str] = (), most: int = SENTENCES
) -> list[Sentence]:
    """The first `most` sentences of `text`; `language` is chinese, or another that has spaces.

    Chinese words are cut as in `known`, where it has them. Raises SettingError where the text has
    more than CHARACTERS.
    """
    require(len(text) <= CHARACTERS, "text", wanted=f"at most {CHARACTERS:,} characters",
            given=f"{len(text):,}")  # fmt: skip
    chinese = language == "chinese"
    words: Callable[[str], list[str]] = (lambda s: _chinese(s, known)) if chinese else _penn
    found = _sentences(text, _chinese_ends if chinese else _ends, words)
    return list(islice(found, most))


def is_chinese(text: str) -> bool:
    """Whether a text has more Chinese characters than words of other scripts."""
    return len(HAN.findall(text)) > len(OTHER.findall(text))


def _sentences(
    text: str, cut: Callable[[str], Iterator[int]], words: Callable[[str], list[str]]
) -> Iterator[Sentence]:
    # every character stays in its place
    clean = UNSEEN.sub(" ", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    at = 0
    for line in _lines(clean):
        start = 0
        for end in chain(cut(line) if line.strip() else (), [len(line)]):
            part = line[start:end]
            # marks that stand alone belong to what is before them
            if not WORDY.search(part) and end < len(line):
                continue
            found = tuple(map(_short, words(part.strip()))) if part.strip() else ()
            if found:
                first = at + start + len(part) - len(part.lstrip())
                yield Sentence(found, first, first + len(part.strip()))
            start = end
        at += len(line)


def _short(word: str) -> str:
    return word if len(word) <= LONGEST else word[: LONGEST - 1] + "…"


def _lines(text: str) -> Iterator[str]:
    """Parts of the text that sentences do not reach across, all characters in order."""
    part = ""
    for line in text.splitlines(keepends=True):
        part += line
        bare = line.strip()
        if len(bare) >= WRAPPED and not ENDS.search(bare):
            continue
        yield part
        part = ""
    if part:
        yield part


def _ends(line: str) -> Iterator[int]:
    """Where sentences end inside of a line, by pySBD."""
    at = 0
    while at < len(line):
        window = line[at : at + WINDOW].replace("\n", " ")
        last = at + WINDOW >= len(line)
        starts = []
        place = 0
        for piece in _segmenter().segment(window):
            # It may change what it gives back; what is not found in the text is no boundary.
            found = window.find(piece.strip(), place) if piece.strip() else -1
            if found >= 0:
                starts.append(found)
                place = found + len(piece.strip())
        starts = [start for start in starts if start > 0]
        if last:
            yield from (at + start for start in starts)
            return
        # the last piece may go on behind the window
        step = starts[-1] if starts else WINDOW
        yield from (at + start for start in starts)
        at += step


def _chinese_ends(line: str) -> Iterator[int]:
    return (match.end() for match in CHINESE.finditer(line) if 0 < match.end() < len(line))


def _penn(sentence: str) -> list[str]:
    for mark, plain in (("’", "'"), ("—", " -- "), ("…", " ... ")):
        sentence = sentence.replace(mark, plain)
    words = [QUOTES.get(word, word) for word in _tokeniser().tokenize(sentence, True)]
    if len(words) > 1 and words[-1] == "." and INITIALS.fullmatch(words[-2]):
        words[-2] += "."  # the point of U.S. is its own, and the sentence's too
    return words


def _chinese(sentence: str, known: Collection[str]) -> list[str]:
    words: list[str] = []
    for word in _cutter()(sentence):
        if word.strip():
            words += _parted(word, known)
    for k in range(len(words) - 2, -1, -1):
        pair = words[k] + words[k + 1]
        if pair in ("……", "——") or _is_one(words[k], words[k + 1], known):
            words[k : k + 2] = [pair]
    return [PENN.get(word, word) for word in words]


def _is_one(first: str, second: str, known: Collection[str]) -> bool:
    return first + second in known and not (first in known and second in known)


def _parted(word: str, known: Collection[str]) -> list[str]:
    """The two known words that an unknown one is made of; itself where it is not."""
    if word not in known:
        for k in range(1, len(word)):
            if word[:k] in known and word[k:] in known:
                return [word[:k], word[k:]]
    return [word]


# The libraries are asked for when they are needed: together their imports take a second or two.


@cache
def _segmenter() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its regular expressions, on newer Pythons
        from pysbd import Segmenter  # type: ignore[import-untyped]
    return Segmenter(language="en", clean=False)


@cache
def _tokeniser() -> Any:
    from nltk.tokenize import NLTKWordTokenizer  # type: ignore[import-untyped]

    return NLTKWordTokenizer()


@cache
def _cutter() -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # type: ignore[import-untyped]
    jieba.setLogLevel(logging.WARNING)
    own = jieba.Tokenizer()
    # Left to itself it would keep its dictionary in a folder that all users of the machine share.
    own.FREQ, own.total = own.gen_pfdict(own.get_dict_file())
    own.initialized = True
    return own.lcut
