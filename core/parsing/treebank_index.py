"""Which trees use a rule, and the counts of all rules as a table.

uses    rule r stands in the trees tree[first[r] : first[r + 1]], each as often as it uses it
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.parsing.cleaning import cleaned
from core.parsing.grammar import Grammar
from core.parsing.markov import markovised
from core.parsing.tree import Tree, spans
from core.parsing.treebank import TOP, Learned, rules
from core.parsing.treebank_functions import with_functions

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Uses:
    """See the top of the file; trees by their place among those that were looked at."""

    first: Integers  # (R + 1,)
    tree: Integers

    def of(self, rule: int) -> list[int]:
        """The trees that use a rule, each once, in their order."""
        return np.unique(self.tree[self.first[rule] : self.first[rule + 1]]).tolist()


def as_learned(tree: Tree, learned: Learned, *, functions: bool = False) -> Tree | None:
    """A tree of the treebank as the grammar was learned from it; None where no word is left."""
    clean = cleaned(with_functions(tree) if functions else tree)
    return None if clean is None else markovised(Tree(TOP, (clean,)), learned.markov)


def uses(trees: Sequence[Tree], learned: Learned, *, functions: bool = False) -> Uses:
    """Which of `trees` use each rule of the grammar that was learned from them."""
    grammar = learned.grammar
    rule: list[int] = []
    at: list[int] = []
    for k, tree in enumerate(trees):
        ready = as_learned(tree, learned, functions=functions)
        if ready is None:
            continue
        for r in _numbers(ready, grammar):
            if r is not None:
                rule.append(r)
                at.append(k)
    numbers = np.array(rule, np.int64)
    order = np.argsort(numbers, kind="stable")
    first = np.searchsorted(numbers[order], np.arange(len(grammar) + 1))
    return Uses(first.astype(np.int64), np.array(at, np.int64)[order])


def nodes_with(ready: Tree, grammar: Grammar, rule: int) -> frozenset[tuple[str, int, int]]:
    """The nodes of a tree, as the grammar sees it, that use a rule: label, first word, last word."""
    numbers = _numbers(ready, grammar)
    return frozenset(
        (node.label, i, j)
        for (node, i, j, _), r in zip(spans(ready), numbers, strict=True)
        if r == rule
    )


def _numbers(ready: Tree, grammar: Grammar) -> list[int | None]:
    """The rule at every node, from above; None where the grammar has none."""
    found: list[int | None] = []
    for name, side in rules(ready):
        left = grammar.number.get(name)
        right = tuple(
            (grammar.word_symbol if symbol.word else grammar.number).get(symbol.name)
            for symbol in side
        )
        known = left is not None and None not in right
        found.append(grammar.find.get((left, right)) if known else None)  # type: ignore[arg-type]
    return found


def lexical(grammar: Grammar) -> NDArray[np.bool_]:
    """(R,) whether a rule makes a word."""
    return grammar.right[grammar.ends[:-1]] < 0


def to_csv(learned: Learned) -> str:
    """Every rule with its count, that of its left side, and p = count / count."""
    grammar, counts = learned.grammar, learned.counts
    of = np.bincount(grammar.left, counts, minlength=len(grammar.categories)).astype(np.int64)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["left", "right", "word", "count", "count_left", "p"])
    for r, rule in enumerate(grammar.rules()):
        right = " ".join(symbol.name for symbol in rule.right)
        word = int(any(symbol.word for symbol in rule.right))
        writer.writerow([rule.left, right, word, counts[r], of[grammar.left[r]], f"{rule.p:.10g}"])
    return file.getvalue()
