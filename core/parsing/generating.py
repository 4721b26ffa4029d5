"""Grammars at work: derivations step by step, many sentences at once, and trees that never end.

    Z[X] = sum of p(X -> ..) prod of Z[Y]                 the probability that a tree of X ends
    p'(X -> Y ..) = p(X -> Y ..) prod of Z[Y] / Z[X]      the rules of those trees that do

With NP -> NP PP [p], NP -> DT NN [q] and PP -> IN NP [1]:  Z = q + p Z^2,  so Z = min(1, q / p).
Booth & Thompson, "Applying probability measures to abstract languages" (1973); Chi, "Statistical
properties of probabilistic context-free grammars" (1999).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.parsing.chart import Engine
from core.parsing.grammar import Grammar
from core.parsing.normal_form import normal
from core.parsing.sampling import mean_uses, sample
from core.parsing.tree import Tree

Floats = NDArray[np.float64]
NODES = 200  # of a tree; what has more is taken to have no end
DRAWS = 10_000
TRIES = 20  # drawings for each short sentence that is wanted
WORDS = 60  # of a sentence whose probability is summed over all its trees


@dataclass(frozen=True)
class Stage:
    """A derivation after a rule: the leftmost category was replaced. Open categories are leaves."""

    tree: Tree
    rule: str
    p: float  # of the rule
    log_p: float  # of all rules until now
    open: frozenset[int]  # places of open categories among the leaves

    @property
    def form(self) -> tuple[str, ...]:
        """The sentential form: words and categories."""
        return self.tree.words()


def derivation(tree: Tree, grammar: Grammar) -> list[Stage]:
    """The leftmost derivation of a tree of `grammar`, a Stage a rule."""
    nodes = list(tree.nodes())
    stages: list[Stage] = []
    total = 0.0
    order = {id(node): k for k, node in enumerate(nodes)}
    for k, node in enumerate(nodes):
        side = tuple(c if isinstance(c, str) else c.label for c in node.children)
        numbers = tuple(
            grammar.word_symbol[c] if isinstance(c, str) else grammar.number[c.label]
            for c in node.children
        )
        r = grammar.find[grammar.number[node.label], numbers]
        p = float(grammar.p[r])
        total += math.log(p) if p > 0 else -math.inf
        partial, leaves = _cut(tree, order, k)
        stages.append(Stage(partial, f"{node.label} → {' '.join(side)}", p, total, leaves))
    return stages


def _cut(tree: Tree, order: dict[int, int], last: int) -> tuple[Tree, frozenset[int]]:
    """The tree without what comes from nodes after number `last`; and which leaves are open."""
    open_: set[int] = set()
    count = 0
    out: list[list[Tree | str]] = [[]]
    tasks: list[Tree | str | tuple[str]] = [tree]
    while tasks:
        task = tasks.pop()
        if isinstance(task, tuple):
            children = tuple(out.pop())
            out[-1].append(Tree(task[0], children))
        elif isinstance(task, str):
            out[-1].append(task)
            count += 1
        elif order[id(task)] > last:
            out[-1].append(task.label)
            open_.add(count)
            count += 1
        else:
            out.append([])
            tasks.append((task.label,))
            tasks.extend(reversed(task.children))
    whole = out[0][0]
    assert isinstance(whole, Tree)
    return whole, frozenset(open_)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Trees drawn from a grammar: those that ended within NODES, and how many did not."""

    trees: tuple[Tree, ...]
    endless: int

    @property
    def count(self) -> int:
        return len(self.trees) + self.endless

    @property
    def sentences(self) -> list[tuple[str, ...]]:
        return [tree.words() for tree in self.trees]

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.array([len(words) for words in self.sentences], np.int64)


def drawn(grammar: Grammar, count: int, *, generator: torch.Generator) -> Drawn:
    """`count` trees. Raises SettingError as `sample` does."""
    require(1 <= count <= DRAWS, "sentences", wanted=f"1 to {DRAWS:,}", given=count)
    found = [sample(grammar, generator=generator, most=NODES) for _ in range(count)]
    trees = tuple(tree for tree in found if tree is not None)
    return Drawn(trees, count - len(trees))


def short(grammar: Grammar, count: int, *, longest: int, generator: torch.Generator) -> Drawn:
    """`count` trees of at most `longest` words, or fewer where TRIES times as many drawings do not do.

    `endless` are those that were too long, or had no end. Raises SettingError as `sample` does.
    """
    require(1 <= count <= DRAWS, "sentences", wanted=f"1 to {DRAWS:,}", given=count)
    trees: list[Tree] = []
    tried = 0
    while len(trees) < count and tried < TRIES * count:
        tried += 1
        tree = sample(grammar, generator=generator, most=10 * longest)
        if tree is not None and len(tree.words()) <= longest:
            trees.append(tree)
    return Drawn(tuple(trees), tried - len(trees))


@dataclass(frozen=True)
class Often:
    """How often a sentence came, beside its probability: the sum over all its trees."""

    words: tuple[str, ...]
    count: int
    p: float

    def error(self, draws: int) -> float:
        """The binomial standard error of count / draws."""
        # sqrt(p (1 - p) / N)
        return math.sqrt(self.p * (1 - self.p) / draws)


def often(grammar: Grammar, found: Drawn, *, most: int = 12) -> list[Often]:
    """The sentences that came most often, and how often they should."""
    engine = Engine(normal(grammar))
    counts = Counter(words for words in found.sentences if len(words) <= WORDS)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:most]
    return [Often(words, n, math.exp(engine.chart(words).log_inside)) for words, n in ranked]


def uses(grammar: Grammar, trees: Sequence[Tree]) -> Floats:
    """(R,) how often each rule stands in trees of the grammar."""
    counts = np.zeros(len(grammar))
    for tree in trees:
        for node in tree.nodes():
            side = tuple(
                grammar.word_symbol[c] if isinstance(c, str) else grammar.number[c.label]
                for c in node.children
            )
            counts[grammar.find[grammar.number[node.label], side]] += 1
    return counts


def shares(grammar: Grammar, counts: Floats) -> Floats:
    """(R,) p(A -> B) = count(A -> B) / count(A); nan where A was never seen."""
    sums = np.bincount(grammar.left, counts, minlength=len(grammar.categories))[grammar.left]
    return np.where(sums > 0, counts / np.where(sums > 0, sums, 1), np.nan)


def endings(grammar: Grammar, *, rounds: int = 20_000) -> Floats:
    """(N,) Z, the smallest solution, by iteration from 0."""
    Z = np.zeros(len(grammar.categories))
    inside = grammar.right >= 0
    places = np.where(inside, grammar.right, 0)
    for _ in range(rounds):
        # Z[X] = sum of p(X -> ..) prod of Z[Y]
        product = np.multiply.reduceat(np.where(inside, Z[places], 1.0), grammar.ends[:-1])
        after = np.bincount(grammar.left, grammar.p * product, minlength=len(Z)).astype(np.float64)
        done = abs(after - Z).max() < 1e-13
        Z = after
        if done:
            break
    return Z


def ended(grammar: Grammar) -> Grammar:
    """The grammar of those trees that end. Raises SettingError where none does."""
    Z = endings(grammar)
    require(Z[grammar.start] > 0, "grammar", wanted="trees that end", given="none")
    inside = grammar.right >= 0
    factor = np.where(inside, Z[np.where(inside, grammar.right, 0)], 1.0)
    # p'(X -> Y ..) = p(X -> Y ..) prod of Z[Y] / Z[X]
    p = grammar.p * np.multiply.reduceat(factor, grammar.ends[:-1])
    own = Z[grammar.left]
    return grammar.with_p(np.minimum(1.0, np.where(own > 0, p / np.where(own > 0, own, 1), 0.0)))


def varied(grammar: Grammar, r: int, p: float) -> Grammar:
    """The same grammar with p for rule r; the others of its left side share the rest as before."""
    require(0 <= p <= 1, "p", wanted="0 to 1", given=p)
    own = slice(int(grammar.first[grammar.left[r]]), int(grammar.first[grammar.left[r] + 1]))
    rest = grammar.p.copy()
    rest[r] = 0.0
    total = rest[own].sum()
    require(total > 0, "rule", wanted="another rule of its left side", given=str(grammar.rule(r)))
    rest[own] *= (1 - p) / total
    rest[r] = p
    return grammar.with_p(np.minimum(rest, 1.0))


def radius(grammar: Grammar) -> float:
    """The largest |eigenvalue| of A[X, Y], how many Y the rules of X make on average.

    Of categories that the start reaches.
    """
    A, _ = mean_uses(grammar)
    return float(abs(np.linalg.eigvals(A)).max())


def edge(grammar: Grammar, r: int) -> float | None:
    """The p of rule r from which on trees may grow for ever; None where there is no such p."""
    low, high = 0.001, 0.999
    own = grammar.p[grammar.first[grammar.left[r]] : grammar.first[grammar.left[r] + 1]]
    if own.sum() - grammar.p[r] <= 0:
        return None
    if radius(varied(grammar, r, low)) >= 1 or radius(varied(grammar, r, high)) <= 1:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if radius(varied(grammar, r, middle)) < 1 else (low, middle)
    return (low + high) / 2


def growing(grammar: Grammar) -> int | None:
    """The likeliest rule whose p decides whether trees end: one that has its left side twice over.

    None where every tree ends whatever the probabilities of single rules.
    """
    found = [r for r in range(len(grammar)) if edge(grammar, r) is not None]
    return max(found, key=lambda r: float(grammar.p[r]), default=None)


def filled(grammar: Grammar, p: Floats) -> Floats:
    """(R,) `p`, with the grammar's own where it is nan."""
    return np.where(np.isnan(p), grammar.p, p)
