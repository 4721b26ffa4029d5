"""All trees of a sentence by trying every rule on every cut: straight from the rules, no chart."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.parsing.grammar import Grammar
from core.parsing.tree import Tree


def trees(grammar: Grammar, words: tuple[str, ...]) -> list[tuple[Tree, float]]:
    """Each tree with the product of its rules; chains of unit rules meet no category twice."""
    return list(_of(grammar, grammar.start, words, frozenset([grammar.start])))


def _of(
    grammar: Grammar, X: int, words: tuple[str, ...], met: frozenset[int]
) -> Iterator[tuple[Tree, float]]:
    for r in range(int(grammar.first[X]), int(grammar.first[X + 1])):
        p = float(grammar.p[r])
        side = grammar.right[grammar.ends[r] : grammar.ends[r + 1]].tolist()
        if p == 0:
            continue
        if len(side) == 1 and side[0] >= 0:
            if side[0] in met:
                continue
            options = [((tree,), q) for tree, q in _of(grammar, side[0], words, met | {side[0]})]
        else:
            options = list(_row(grammar, side, words))
        for children, q in options:
            yield Tree(grammar.categories[X], children), p * q


def _row(
    grammar: Grammar, side: list[int], words: tuple[str, ...]
) -> Iterator[tuple[tuple[Tree | str, ...], float]]:
    if not side:
        if not words:
            yield (), 1.0
        return
    first, rest = side[0], side[1:]
    for cut in range(1, len(words) - len(rest) + 1):
        if first < 0:
            if cut > 1 or words[0] != grammar.words[~first]:
                break
            heads: list[tuple[Tree | str, float]] = [(words[0], 1.0)]
        else:
            heads = list(_of(grammar, first, words[:cut], frozenset([first])))
        if not heads:
            continue
        for tail, q in _row(grammar, rest, words[cut:]):
            for head, p in heads:
                yield (head, *tail), p * q


def inside(grammar: Grammar, words: tuple[str, ...]) -> float:
    return math.fsum(p for _, p in trees(grammar, words))
