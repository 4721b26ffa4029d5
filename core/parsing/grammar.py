"""Context-free grammars with probabilities: N, Sigma, R, S and p.

    N      categories         R  rules X -> Y1 Y2 ... Yn, X in N, each Y in N or Sigma
    Sigma  words              S  the category a sentence has
    p      probability of each rule among those with its left side

Symbols are whole numbers: a category k >= 0 is categories[k], a symbol s < 0 is the word words[~s].
Rules are sorted by their left side; among equals the order of the text stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import require

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
# What a category cannot have in the text of a grammar, as in '' and # of the Penn Treebank: its double.
DOUBLES = str.maketrans({"'": "ʼ", '"': "ˮ", "|": "ǀ", "[": "⁅", "]": "⁆", "#": "♯", " ": "_"})


class Symbol(NamedTuple):
    """A category or a word, by name."""

    name: str
    word: bool = False

    def __str__(self) -> str:
        return quoted(self.name) if self.word else self.name


class Rule(NamedTuple):
    """left -> right, with its probability among the rules of `left`."""

    left: str
    right: tuple[Symbol, ...]
    p: float

    def __str__(self) -> str:
        return f"{self.left} -> {' '.join(map(str, self.right))}"


@dataclass(frozen=True, eq=False)
class Grammar:
    """See the top of this file; made by `build` or by core.parsing.grammar_text.parse."""

    categories: tuple[str, ...]
    words: tuple[str, ...]
    left: Integers  # (R,) sorted
    ends: Integers  # (R + 1,) right side r is right[ends[r] : ends[r + 1]]
    right: Integers  # symbols of all right sides, one after another
    p: Floats  # (R,)
    start: int
    weighted: bool = True  # False: no probabilities were given, all rules of a category are alike

    def __len__(self) -> int:
        return len(self.left)

    @property
    def N(self) -> tuple[str, ...]:
        return self.categories

    @property
    def Sigma(self) -> tuple[str, ...]:
        return self.words

    @property
    def S(self) -> str:
        return self.categories[self.start]

    @property
    def R(self) -> list[Rule]:
        return list(self.rules())

    def rules(self) -> Iterator[Rule]:
        """All rules, sorted by their left side."""
        return (self.rule(r) for r in range(len(self)))

    def rule(self, r: int) -> Rule:
        right = tuple(self.symbol(int(s)) for s in self.right[self.ends[r] : self.ends[r + 1]])
        return Rule(self.categories[self.left[r]], right, float(self.p[r]))

    def symbol(self, s: int) -> Symbol:
        return Symbol(self.categories[s]) if s >= 0 else Symbol(self.words[~s], True)

    @cached_property
    def first(self) -> Integers:
        """(N + 1,) the rules of category X are first[X] to first[X + 1] - 1."""
        return np.searchsorted(self.left, np.arange(len(self.categories) + 1))

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each category."""
        return {name: k for k, name in enumerate(self.categories)}

    @cached_property
    def word_symbol(self) -> dict[str, int]:
        """The symbol of each word, below 0."""
        return {name: ~k for k, name in enumerate(self.words)}

    @cached_property
    def find(self) -> dict[tuple[int, tuple[int, ...]], int]:
        """The rule with this left and right side; of several alike the likeliest."""
        found: dict[tuple[int, tuple[int, ...]], int] = {}
        left, ends, right = self.left.tolist(), self.ends.tolist(), self.right.tolist()
        for r in range(len(left)):
            key = (left[r], tuple(right[ends[r] : ends[r + 1]]))
            if key not in found or self.p[r] > self.p[found[key]]:
                found[key] = r
        return found

    def sums(self) -> Floats:
        """(N,) the probabilities of each left side together; 0 where it has no rules."""
        sums = np.bincount(self.left, weights=self.p, minlength=len(self.categories))
        return sums.astype(np.float64)

    def with_p(self, p: Floats) -> Grammar:
        """The same rules with other probabilities (R,)."""
        return replace(self, p=np.asarray(p, np.float64), weighted=True)

    def text(self) -> str:
        """As it can be typed: a line for each category, see core.parsing.grammar_text and DOUBLES."""
        start = self.S.translate(DOUBLES)
        rows = [] if len(self) and self.left[0] == self.start else [f"%start {start}"]
        for X in range(len(self.categories)):
            of = range(self.first[X], self.first[X + 1])
            if of:
                name = self.categories[X].translate(DOUBLES)
                rows.append(f"{name} -> " + " | ".join(map(self._right, of)))
        return "\n".join(rows) + "\n"

    def _right(self, r: int) -> str:
        rule = self.rule(r)
        p = f" [{rule.p!r}]" if self.weighted else ""
        names = (str(s) if s.word else s.name.translate(DOUBLES) for s in rule.right)
        return " ".join(names) + p


def quoted(word: str) -> str:
    """A word between quotes; the quote itself is written twice."""
    if "'" in word and '"' not in word:
        return f'"{word}"'
    return "'" + word.replace("'", "''") + "'"


def build(
    rules: Iterable[tuple[str, tuple[Symbol, ...], float]],
    start: str | None = None,
    *,
    weighted: bool = True,
) -> Grammar:
    """A grammar of `rules` (left, right, p); the first left side is the start where none is named.

    Raises SettingError where there is no rule, a right side is empty, or p is not from 0 to 1.
    """
    categories: dict[str, int] = {}
    words: dict[str, int] = {}
    left, right, sizes, p = [], [], [], []
    for name, side, share in rules:
        require(len(side) > 0, f"rule {name} ->", wanted="a right side", given="nothing")
        require(0 <= share <= 1, f"rule {name} ->", wanted="a probability from 0 to 1", given=share)
        left.append(categories.setdefault(name, len(categories)))
        sizes.append(len(side))
        p.append(share)
        for symbol, word in side:
            if word:
                right.append(~words.setdefault(symbol, len(words)))
            else:
                right.append(categories.setdefault(symbol, len(categories)))
    require(len(left) > 0, "grammar", wanted="at least one rule", given="none")
    first = categories.setdefault(start, len(categories)) if start is not None else left[0]
    order = np.argsort(np.array(left), kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.array(sizes)[order])])
    begins = np.concatenate([[0], np.cumsum(sizes)])[:-1][order]
    # places in the old `right` of what comes after one another in the new one
    places = np.repeat(begins - ends[:-1], np.array(sizes)[order]) + np.arange(len(right))
    return Grammar(
        categories=tuple(categories),
        words=tuple(words),
        left=np.array(left, np.int64)[order],
        ends=ends.astype(np.int64),
        right=np.array(right, np.int64)[places],
        p=np.array(p, np.float64)[order],
        start=first,
        weighted=weighted,
    )


def normalised(grammar: Grammar) -> Grammar:
    """Each rule's probability divided by the sum of its left side; alike where that is 0."""
    total = grammar.sums()[grammar.left]
    count = np.bincount(grammar.left)[grammar.left]
    # p(X -> A) / sum of p(X -> B) over all B
    p = np.where(total > 0, grammar.p / np.where(total > 0, total, 1), 1 / count)
    return grammar.with_p(p)
