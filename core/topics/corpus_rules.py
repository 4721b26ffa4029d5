"""What was decided from a corpus about its words, to do the same with any text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from core.topics import corpus_ngrams
from core.topics.corpus_run import Integers, Pairs, Run
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import Tokens
from core.topics.counts import Counts, from_matrix


@dataclass(frozen=True, eq=False)
class Rules:
    """Words have numbers: those of `base`, then the phrases, then the n-grams."""

    settings: Settings
    base: Mapping[str, int] = field(repr=False)  # words that are counted, or part of a phrase
    phrases: tuple[Pairs, ...]  # round after round
    ngrams: tuple[Pairs, ...]  # of two words, of three
    final: Integers = field(repr=False)  # place in the vocabulary of each, or -1
    vocabulary: tuple[str, ...] = field(repr=False)


def words(tokens: Tokens, settings: Settings, base: Mapping[str, int]) -> Run:
    """The tokens that count as a word of `base`."""
    of_form = np.array([base.get(settings.fold(form), -1) for form in tokens.forms], np.int64)
    ids = of_form[tokens.ids] if len(of_form) else np.zeros(0, np.int64)
    at = np.flatnonzero(ids >= 0)
    return Run(ids[at], tokens.rows()[at], at, at)


def phrased(tokens: Tokens, rules: Rules) -> Run:
    """The same with phrases made one."""
    run = words(tokens, rules.settings, rules.base)
    for pairs in rules.phrases:
        run = pairs.merged(run)
    return run


def applied(tokens: Tokens, rules: Rules) -> Counts:
    """Counts of the vocabulary in texts."""
    rows, ids = corpus_ngrams.beside(phrased(tokens, rules), rules.ngrams)
    every = counted(rows, ids, len(tokens), len(rules.final))
    return renamed(every, rules)


def counted(rows: Integers, ids: Integers, documents: int, W: int) -> sparse.csr_array:
    """How often each word stands in each text, (documents, W)."""
    ones = np.ones(len(ids), np.float32)
    found = sparse.coo_array((ones, (rows, ids)), shape=(documents, W)).tocsr()
    found.sum_duplicates()
    return found


def renamed(every: sparse.csr_array, rules: Rules) -> Counts:
    """The words of the vocabulary among all that were counted, by their places in it."""
    place = rules.final[every.indices]
    kept = place >= 0
    rows = np.repeat(np.arange(every.shape[0]), np.diff(every.indptr))[kept]
    shape = (every.shape[0], len(rules.vocabulary))
    return from_matrix(
        sparse.coo_array((every.data[kept], (rows, place[kept])), shape=shape), rules.vocabulary
    )
