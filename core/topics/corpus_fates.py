"""What becomes of every word of the documents, and, where it is not counted, for what reason.

Reasons are tried in the order of the steps in core.topics.corpus: a number that is also rare is a
number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.topics import corpus_stop, corpus_tokens
from core.topics.corpus import Corpus
from core.topics.corpus_rules import counted, phrased
from core.topics.corpus_run import Integers
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import Tokens

COUNTED, NUMBER, SHORT, STOPPED, PHRASED, FEW, MANY, BEYOND = range(8)
TOLD = (
    "counted", "a number", "too short", "a stop word", "part of a phrase", "in too few documents",
    "in too many documents", "beyond the vocabulary",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fates:
    """W distinct words before any step: tokens, documents with it, and what becomes of each."""

    words: tuple[str, ...] = field(repr=False)
    tokens: Integers  # (W,)
    documents: Integers  # (W,)
    fate: NDArray[np.int8]  # (W,) place in TOLD

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each word stands."""
        return {word: k for k, word in enumerate(self.words)}


@dataclass(frozen=True)
class Piece:
    """A token of a text, or a phrase: what it counts as, or would count as but for its fate."""

    start: int
    end: int
    word: str
    fate: int


def fates(tokens: Tokens, corpus: Corpus) -> Fates:
    """Of all words in the texts that `corpus` was prepared from."""
    rules = corpus.rules
    settings = rules.settings
    folded = [settings.fold(form) for form in tokens.forms]
    words = tuple(dict.fromkeys(folded))
    place = {word: k for k, word in enumerate(words)}
    ids = np.array([place[word] for word in folded], np.int64)[tokens.ids]
    every = counted(tokens.rows(), ids, len(tokens), len(words))
    documents = np.bincount(every.indices, minlength=len(words))
    fate = np.array([_by_itself(word, settings) for word in words], np.int8)
    _stop(words, fate, settings)
    _by_numbers(tokens, corpus, words, fate)
    return Fates(words, np.bincount(ids, minlength=len(words)), documents, fate)


def pieces(text: str, corpus: Corpus, known: Fates) -> list[Piece]:
    """The words of a text in order, phrases whole."""
    settings = corpus.rules.settings
    vocabulary = corpus.rules.vocabulary
    found: list[Piece] = []
    whole = iter([*corpus.spans(text), None])
    now = next(whole)
    for start, end in corpus_tokens.spans(text, settings.tokeniser, settings.pattern):
        while now is not None and now.end <= start:
            now = next(whole)
        if now is not None and now.start <= start:
            if now.start == start:  # else it is a later part of a phrase
                found.append(Piece(now.start, now.end, vocabulary[now.word], COUNTED))
            continue
        word = settings.fold(text[start:end])
        at = known.place.get(word)
        fate = BEYOND if at is None else int(known.fate[at])
        found.append(Piece(start, end, word, PHRASED if fate == COUNTED else fate))
    return found


def _by_itself(word: str, settings: Settings) -> int:
    if not settings.numbers and not any(map(str.isalpha, word)):
        return NUMBER
    return SHORT if len(word) < max(1, settings.shortest) else COUNTED


def _stop(words: tuple[str, ...], fate: NDArray[np.int8], settings: Settings) -> None:
    stop = {*settings.stop_words, *map(settings.fold, settings.stop_words)}
    stop.update(*map(corpus_stop.words, settings.stop_languages))
    stopped = np.array([word in stop or word.lower() in stop for word in words], bool)
    fate[stopped & (fate == COUNTED)] = STOPPED


def _by_numbers(
    tokens: Tokens, corpus: Corpus, words: tuple[str, ...], fate: NDArray[np.int8]
) -> None:
    """Words that are as they should be, but not in the vocabulary: the reason is how often they stand
    there once phrases have been made one."""
    rules = corpus.rules
    settings, D = rules.settings, len(tokens)
    left = np.flatnonzero(fate == COUNTED)
    if not len(left):
        return
    number = np.array([rules.base[words[k]] for k in left], np.int64)
    run = phrased(tokens, rules)
    each = counted(run.rows, run.ids, D, len(rules.final))
    documents = np.bincount(each.indices, minlength=len(rules.final))[number]
    few = documents < min(settings.min_documents, D)
    many = documents > max(1.0, settings.max_share * D) if D > 1 else np.zeros(len(few), bool)
    why = np.select([documents == 0, few, many], [PHRASED, FEW, MANY], BEYOND)
    fate[left] = np.where(rules.final[number] >= 0, COUNTED, why)
