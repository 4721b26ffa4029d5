"""From texts to counts: which words are counted, step by step, and what each step takes away.

    tokens -> one way to write each -> no numbers, no short ones -> no stop words -> phrases made one
           -> n-grams beside them -> not in too few or too many documents -> the V most frequent

Cutting texts into tokens takes seconds and depends on the tokeniser alone; the steps work on numbers
and take a fraction of that, so that a word stopped by a click is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import SettingError
from core.topics import corpus_ngrams, corpus_phrases, corpus_stop, corpus_tokens
from core.topics.corpus_rules import Rules, applied, counted, phrased, renamed, words
from core.topics.corpus_run import Flags, Integers
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import Tokens
from core.topics.counts import Counts

EXAMPLES = 30
Examples = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Effect:
    """What is left after a step, and what it took away, or made: the most frequent, with counts."""

    step: str
    words: int  # distinct
    tokens: int
    examples: Examples = field(default=(), repr=False)
    made: bool = False  # it makes words


@dataclass(frozen=True)
class Word:
    """Where word number `word` of the vocabulary stands in a text."""

    start: int
    end: int
    word: int


@dataclass(frozen=True, eq=False)
class Corpus:
    """Counts of the documents, how they came about, and the same for any text."""

    counts: Counts
    effects: tuple[Effect, ...]
    rules: Rules

    @cached_property
    def empty(self) -> NDArray[np.int64]:
        """Documents of which no word is left."""
        return np.flatnonzero(np.diff(self.counts.indptr) == 0)

    def bag(self, texts: Sequence[str]) -> Counts:
        """Counts of other texts over the same vocabulary."""
        own = self.rules.settings
        return applied(corpus_tokens.tokenise(texts, own.tokeniser, own.pattern), self.rules)

    def spans(self, text: str) -> list[Word]:
        """The words of the vocabulary in a text, phrases whole; n-grams, which overlap, left out."""
        own = self.rules.settings
        places = corpus_tokens.spans(text, own.tokeniser, own.pattern)
        forms = tuple(text[start:end] for start, end in places)
        ends = np.array([0, len(forms)], np.int64)
        run = phrased(Tokens(np.arange(len(forms), dtype=np.int32), ends, forms), self.rules)
        return [
            Word(places[first][0], places[last][1], int(word))
            for first, last, word in zip(
                run.first, run.last, self.rules.final[run.ids], strict=True
            )
            if word >= 0
        ]


def prepare(tokens: Tokens, settings: Settings) -> Corpus:
    """Decides by all texts together which words are counted, and counts them.

    Raises SettingError where there is no text, or nothing is left to count.
    """
    if not len(tokens):
        raise SettingError("documents", wanted="at least one", given="none")
    names, each = _spelt(tokens, settings)
    effects = [Effect("tokens", len(names), len(tokens.ids))]
    left = np.ones(len(names), bool)
    for step, gone in _unwanted(names, settings):
        effects.append(_removing(step, names, each, left, gone))
        left &= ~gone
    base = {names[number]: place for place, number in enumerate(np.flatnonzero(left))}
    run, names, phrases = corpus_phrases.found(
        words(tokens, settings, base), list(base), total=len(tokens.ids),
        longest=settings.phrases, npmi=settings.phrase_npmi, count=settings.phrase_count,
    )  # fmt: skip
    ngrams = corpus_ngrams.learned(run, len(names), settings.ngrams)
    rows, ids = corpus_ngrams.beside(run, ngrams)
    W = len(names) + sum(len(table.keys) for table in ngrams)
    every = counted(rows, ids, len(tokens), W)
    documents, total = _sums(every, W)
    spell = corpus_ngrams.Speller(names, ngrams)
    for step, begin, end, wanted in (
        ("phrases", len(base), len(names), settings.phrases > 1),
        ("n-grams", len(names), W, settings.ngrams > 1),
    ):
        if wanted:
            effects.append(_making(step, begin, end, total[:end], spell))
    left = total > 0
    for step, gone in _rare_and_common(documents, total, len(tokens), settings, spell):
        effects.append(_removing(step, spell, total, left, gone & left))
        left &= ~gone
    chosen = np.flatnonzero(left)
    if not len(chosen):
        raise SettingError("vocabulary", wanted="words that are left", given=_why(effects))
    spelt = [spell(int(number)) for number in chosen]
    vocabulary = tuple(sorted(set(spelt)))  # an n-gram may be spelt as a word is
    place = {word: k for k, word in enumerate(vocabulary)}
    final = np.full(W, -1, np.int64)
    final[chosen] = [place[word] for word in spelt]
    rules = Rules(settings, base, phrases, ngrams, final, vocabulary)
    return Corpus(renamed(every, rules), tuple(effects), rules)


def stopped(settings: Settings, word: str) -> Settings:
    """The settings with one more stop word: a word of the vocabulary, phrases too."""
    return replace(settings, stop_words=tuple(dict.fromkeys((*settings.stop_words, word))))


def _spelt(tokens: Tokens, settings: Settings) -> tuple[list[str], Integers]:
    """The distinct words that forms count as, and how often each stands there."""
    folded = [settings.fold(form) for form in tokens.forms]
    number = {word: k for k, word in enumerate(dict.fromkeys(folded))}
    each = np.zeros(len(number), np.int64)
    times = np.bincount(tokens.ids, minlength=len(folded))
    np.add.at(each, [number[word] for word in folded], times)
    return list(number), each


def _unwanted(names: Sequence[str], settings: Settings) -> Iterator[tuple[str, Flags]]:
    """The steps that look at words alone, and which each takes."""
    if not settings.numbers:
        numbers = [not any(map(str.isalpha, name)) for name in names]
        yield "numbers", np.array(numbers, bool)
    shortest = max(1, settings.shortest)
    yield "short words", np.array([len(name) < shortest for name in names], bool)
    stop = {*settings.stop_words, *map(settings.fold, settings.stop_words)}
    stop.update(*map(corpus_stop.words, settings.stop_languages))
    yield "stop words", np.array([name in stop or name.lower() in stop for name in names], bool)


def _rare_and_common(
    documents: Integers, total: Integers, D: int, settings: Settings, spell: corpus_ngrams.Speller
) -> Iterator[tuple[str, Flags]]:
    """The steps that look at how often words stand there, and which each takes."""
    few = documents < min(settings.min_documents, D)
    yield "in too few documents", few
    common = documents > max(1.0, settings.max_share * D) if D > 1 else np.zeros(len(few), bool)
    yield "in too many documents", common
    stop = set(settings.stop_words)
    own = np.zeros(len(few), bool)
    if stop:  # phrases and n-grams among them
        still = np.flatnonzero((total > 0) & ~few & ~common)
        spelt = ((number, spell(int(number))) for number in still)
        own[[number for number, word in spelt if word in stop or word.lower() in stop]] = True
        yield "own stop words", own
    gone = few | common | own
    order = np.lexsort((np.arange(len(total)), -np.where(gone, 0, total)))
    beyond = np.ones(len(few), bool)
    beyond[order[: settings.vocabulary]] = False
    yield "beyond the vocabulary", beyond


def _sums(every: object, W: int) -> tuple[Integers, Integers]:
    """Documents with each word, and tokens of it."""
    indices, data = every.indices, every.data  # type: ignore[attr-defined]
    total = np.bincount(indices, data, minlength=W)
    return np.bincount(indices, minlength=W), np.rint(total).astype(np.int64)


def _removing(
    step: str,
    names: Sequence[str] | corpus_ngrams.Speller,
    each: Integers,
    left: Flags,
    gone: Flags,
) -> Effect:
    name = names if callable(names) else names.__getitem__
    stays = left & ~gone
    examples = _examples(np.flatnonzero(left & gone), each, name)
    return Effect(step, int(stays.sum()), int(each[stays].sum()), examples)


def _making(
    step: str, begin: int, end: int, total: Integers, spell: corpus_ngrams.Speller
) -> Effect:
    examples = _examples(begin + np.flatnonzero(total[begin:end]), total, spell)
    return Effect(step, int((total > 0).sum()), int(total.sum()), examples, made=True)


def _examples(numbers: Integers, each: Integers, name: object) -> Examples:
    best = numbers[np.argsort(-each[numbers], kind="stable")[:EXAMPLES]]
    return tuple((name(int(k)), int(each[k])) for k in best)  # type: ignore[operator]


def _why(effects: Sequence[Effect]) -> str:
    """The step after which nothing was left."""
    last = next(effect for effect in effects if not effect.words)
    return "none in the texts" if last.step == "tokens" else f"none after the step “{last.step}”"
