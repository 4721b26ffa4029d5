"""Words in a row counted together, beside each alone: two as machine_learning, three in the same way.

As scikit-learn's CountVectorizer does, after stop words are gone: what stood between does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.topics.corpus_run import Integers, Pairs, Run


def learned(run: Run, W: int, longest: int) -> tuple[Pairs, ...]:
    """All n-grams of 2 to `longest` of W words, as pairs of a shorter one and a word."""
    tables: list[Pairs] = []
    for _ in range(longest - 1):
        keys = np.unique(_keys(run, tables, W))
        tables.append(Pairs(W, keys, W + np.arange(len(keys))))
        W += len(keys)
    return tuple(tables)


def beside(run: Run, tables: Sequence[Pairs]) -> tuple[Integers, Integers]:
    """Text and number of each word and each known n-gram."""
    rows, ids = [run.rows], [run.ids]
    for n, table in enumerate(tables, 1):
        made = table.of(_keys(run, tables[: n - 1], table.W))
        same = run.rows[n:][_inside(run, n)]
        rows.append(same[made >= 0])
        ids.append(made[made >= 0])
    return np.concatenate(rows), np.concatenate(ids)


def _inside(run: Run, n: int) -> Integers:
    """Where n + 1 words in a row, beginning there, are of one text."""
    return np.flatnonzero(run.rows[n:] == run.rows[: len(run.rows) - min(n, len(run.rows))])


def _keys(run: Run, tables: Sequence[Pairs], W: int) -> Integers:
    """The n-gram that begins at each place as a pair of all but its last word, and that."""
    n = len(tables) + 1
    at = _inside(run, n)
    front = run.ids[at]
    for k, table in enumerate(tables, 1):
        front = table.of(np.where(front >= 0, front * table.W + run.ids[at + k], -1))
    return np.where(front >= 0, front * W + run.ids[at + n], -1)


@dataclass(frozen=True, eq=False)
class Speller:
    """The name of a word or n-gram by its number."""

    names: Sequence[str]
    tables: Sequence[Pairs]

    def __call__(self, number: int) -> str:
        if number < len(self.names):
            return self.names[number]
        table = next(one for one in reversed(self.tables) if number >= one.W)
        key = int(table.keys[number - table.W])
        return f"{self(key // table.W)}_{self(key % table.W)}"
