"""Words of all texts in a row, as numbers, and pairs of them that make a new word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Run:
    """n words: the number and text of each, and the first and last token that it stands for."""

    ids: Integers  # (n,)
    rows: Integers  # (n,)
    first: Integers  # (n,)
    last: Integers  # (n,)

    def take(self, which: NDArray) -> Run:
        """Some of the words, in order."""
        return Run(self.ids[which], self.rows[which], self.first[which], self.last[which])

    def touching(self) -> Flags:
        """(n - 1,): whether the next word follows in the same text, with no token between."""
        return (self.rows[1:] == self.rows[:-1]) & (self.first[1:] == self.last[:-1] + 1)

    def pairs(self, W: int) -> Integers:
        """(n - 1,): each word and the next, of W words that there are, as one number a * W + b."""
        return self.ids[:-1] * W + self.ids[1:]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that make a word: a * W + b = keys[k] is word made[k]."""

    W: int  # words that there were before
    keys: Integers  # ascending
    made: Integers

    def of(self, keys: Integers) -> Integers:
        """The word that each pair makes, -1 for none."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.made[at], -1)

    def merged(self, run: Run) -> Run:
        """The words with each pair made one; of pairs that overlap the first in the text."""
        if len(run.ids) < 2:
            return run
        word = np.where(run.touching(), self.of(run.pairs(self.W)), -1)
        at = np.flatnonzero(_first_of_two(word >= 0))
        ids, last = run.ids.copy(), run.last.copy()
        ids[at], last[at] = word[at], run.last[at + 1]
        kept = np.ones(len(ids), bool)
        kept[at + 1] = False
        return Run(ids, run.rows, run.first, last).take(kept)


def _first_of_two(wanted: Flags) -> Flags:
    """Of True ones side by side the first, third, fifth: two pairs can't share a word."""
    place = np.arange(len(wanted))
    before = np.maximum.accumulate(np.where(wanted, -1, place))  # the last False, or -1
    return wanted & ((place - before) % 2 == 1)
