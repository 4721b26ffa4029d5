"""Sentences parsed with a learned grammar: each gets a tree, in a limited time.

Where no tree of the whole sentence is found, or not in time, the likeliest pieces are put side by
side under one S: the sentence is cut where the product of the pieces' probabilities is greatest.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import require
from core.parsing.chart import Chart
from core.parsing.markov import unmarkovised
from core.parsing.normal_form import Normal
from core.parsing.tree import Tree
from core.parsing.treebank import TOP, Learned, plain

WORDS = 500  # of a sentence, at most
PIECE = -12.0  # log probability that a further piece costs
BEAM = 16.0  # log of how far below the best of its span a category may be to be built on
WHOLE, PIECES, LATE = "whole", "pieces", "out of time"


@dataclass(frozen=True)
class Parse:
    """A sentence's tree and how it came about."""

    words: tuple[str, ...]
    tree: Tree
    how: str  # WHOLE, PIECES (the grammar has no tree for it) or LATE (time ran out)
    log_p: float  # of the tree under the learned grammar; -inf where it is pieced together
    unknown: tuple[int, ...]  # places of words that are not in the treebank
    seconds: float

    def __str__(self) -> str:
        if self.how == WHOLE:
            return "The best tree of the grammar."
        if self.how == PIECES:
            return "The grammar has no tree for this sentence: its likeliest pieces, side by side."
        return "Time ran out: the best pieces that were found, side by side."


def parse(
    learned: Learned, words: Sequence[str], *, seconds: float = 10.0, beam: float = BEAM
) -> Parse:
    """The best tree of `words` (1 to WORDS), after at most about so many seconds.

    Raises SettingError where there are no words or too many.
    """
    require(1 <= len(words) <= WORDS, "sentence", wanted=f"1 to {WORDS} words", given=len(words))
    began = time.perf_counter()
    tags = [learned.lexicon.of(word, k == 0) for k, word in enumerate(words)]
    chart = learned.engine.chart(words, tags=tags, seconds=seconds, beam=beam)
    whole = chart.tree()
    if whole is None and chart.complete and beam < np.inf:  # perhaps the beam was too narrow
        rest = seconds - (time.perf_counter() - began)
        again = learned.engine.chart(words, tags=tags, seconds=rest)
        if again.complete:
            chart, whole = again, again.tree()
    if whole is not None:
        tree, how, log_p = top_off(unmarkovised(whole)), WHOLE, chart.log_best
    else:
        tree, log_p = pieced(chart), -np.inf
        how = PIECES if chart.complete else LATE
    unknown = tuple(k for k, word in enumerate(words) if not learned.lexicon.known(word))
    return Parse(tuple(words), tree, how, log_p, unknown, time.perf_counter() - began)


def top_off(tree: Tree) -> Tree:
    """The tree below TOP."""
    child = tree.children[0]
    return child if tree.label == TOP and isinstance(child, Tree) else tree


def pieced(chart: Chart) -> Tree:
    """The likeliest pieces of a chart side by side."""
    n = len(chart.words)
    best = np.full(n + 1, -np.inf)  # of the words before each place
    best[0] = 0.0
    back = [(0, 0)] * (n + 1)  # where the last piece begins, and its symbol; ~tag of a lone word
    pieces = _pieces(chart.normal)
    for j in range(n):
        for i in range(j + 1):
            at = slice(int(chart.first[i, j]), int(chart.first[i, j] + chart.size[i, j]))
            symbols, w = chart.items["symbol"][at], chart.items["w"][at]
            w = np.where(pieces[symbols], w, -np.inf)
            if len(w) and w.max() > -np.inf:
                k = int(w.argmax())
                total, piece = best[i] + w[k] + PIECE, int(symbols[k])
                if total > best[j + 1]:
                    best[j + 1], back[j + 1] = total, (i, piece)
        if best[j + 1] == -np.inf:  # words after time ran out: the likeliest tag alone
            tags, log = chart.tags[j]
            best[j + 1] = best[j] + float(log.max()) + PIECE
            back[j + 1] = (j, ~int(tags[int(log.argmax())]))
    children: list[Tree | str] = []
    j = n
    while j > 0:
        i, piece = back[j]
        if piece < 0:
            children.append(Tree(plain(chart.normal.symbols[~piece]), (chart.words[i],)))
        else:
            tree = chart.tree(i, j - 1, piece)
            assert tree is not None
            children.append(unmarkovised(tree))
        j = i
    only = children[0]
    if len(children) == 1 and isinstance(only, Tree):
        return only
    return Tree("S", tuple(reversed(children)))


def _pieces(normal: Normal) -> np.ndarray:
    """(M,) whether a symbol may be a piece: it is no part of a longer rule."""
    return np.array(["@" not in name[1:] for name in normal.symbols])
