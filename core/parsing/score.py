"""The probability of a tree: the product of p of all rules in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.parsing.grammar import Grammar, Rule, Symbol
from core.parsing.tree import Tree


@dataclass(frozen=True)
class Scored:
    """log p of a tree, and the rules in it that the grammar lacks, each once."""

    log_p: float  # -inf where a rule is missing
    missing: tuple[Rule, ...]

    @property
    def p(self) -> float:
        return math.exp(self.log_p)


def score(tree: Tree, grammar: Grammar) -> Scored:
    """The tree as the grammar sees it; its root must be the start to count as a sentence."""
    total = 0.0
    missing: dict[Rule, None] = {}
    for node in tree.nodes():
        side = tuple(
            Symbol(c, True) if isinstance(c, str) else Symbol(c.label) for c in node.children
        )
        table = {True: grammar.word_symbol, False: grammar.number}
        numbers = tuple(table[symbol.word].get(symbol.name) for symbol in side)
        left = grammar.number.get(node.label)
        r = None
        if left is not None and None not in numbers:
            r = grammar.find.get((left, numbers))  # type: ignore[arg-type]
        if r is None:
            missing[Rule(node.label, side, 0.0)] = None
            total = -math.inf
        else:
            total += math.log(grammar.p[r]) if grammar.p[r] > 0 else -math.inf
    return Scored(total, tuple(missing))
