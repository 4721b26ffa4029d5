"""Chomsky normal form: every rule is X -> Y Z or X -> word, and the way back.

    words    X -> w Y        becomes  X -> @w Y,  @w -> w
    long     X -> A B C      becomes  X -> A @B_C,  @B_C -> B C
    unit     X -> Y          goes; for every chain X => Y and rule Y -> beta that is not unit,
                             X -> beta comes, with p(X => Y) p(Y -> beta)

A chain is a way of unit rules from X to Y that meets no category twice; its probability is the
product of its rules. Trees that go round in a circle are therefore left out, everywhere alike.
The chart (core.parsing.chart) takes the first two changes and keeps chains beside the rules, as
multiplying them out makes large grammars much larger; it comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.parsing.grammar import Grammar, Rule, Symbol, build
from core.parsing.tree import Tree, fold

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

CHAINS = 200_000  # of a grammar, at most
JOINERS = "+⇒⊕⊳∘\ue000"


@dataclass(frozen=True, eq=False)
class Normal:
    """A grammar of binary rules, words and chains; categories first, then what was made.

    Log probabilities are natural. Rules of probability 0 are left out.
    """

    grammar: Grammar
    symbols: tuple[str, ...]  # (M,) the categories of the grammar, then the made ones
    X: Integers  # (B,) binary rules X -> Y Z, sorted by Y, then Z
    Y: Integers
    Z: Integers
    log_p: Floats
    origin: Integers  # (B,) the rule of the grammar whose probability it carries, or -1
    tag: Integers  # (L,) rules tag -> word, sorted by word
    word: Integers  # (L,) index in `grammar.words`
    tag_log_p: Floats
    tag_origin: Integers
    chain_from: Integers  # (C,) chains top => bottom, sorted by bottom, shortest first
    chain_to: Integers
    chain_log_p: Floats
    chain_rules: tuple[tuple[int, ...], ...]  # the unit rules of each

    @property
    def start(self) -> int:
        return self.grammar.start

    @cached_property
    def lexicon(self) -> dict[str, slice]:
        """The entries of tag, word, tag_log_p that belong to each word."""
        ends = np.searchsorted(self.word, np.arange(len(self.grammar.words) + 1))
        return {w: slice(int(ends[k]), int(ends[k + 1])) for k, w in enumerate(self.grammar.words)}

    @cached_property
    def joiner(self) -> str:
        """Stands between the categories of a chain in the label of a tree in normal form."""
        return next(j for j in JOINERS if not any(j in name for name in self.symbols))

    @cached_property
    def _parts(self) -> dict[tuple[Symbol, ...], str]:
        names: dict[tuple[Symbol, ...], str] = {}
        _binary(self.grammar, names)
        return names

    def apply(self, tree: Tree) -> Tree:
        """A tree of the grammar as one of the normal form; a chain X => Y is one node X+Y."""
        parts = self._parts

        def symbol(child: Tree | str) -> Symbol:
            if isinstance(child, str):
                return Symbol(child, True)
            return Symbol(child.label.split(self.joiner)[0])

        def join(node: Tree, below: tuple[Tree | str, ...]) -> Tree:
            if len(below) == 1:
                only = below[0]
                if isinstance(only, str):
                    return Tree(node.label, below)
                return Tree(node.label + self.joiner + only.label, only.children)
            side = tuple(map(symbol, below))
            nodes = [
                Tree(parts[(s,)], (child,)) if isinstance(child, str) else child
                for s, child in zip(side, below, strict=True)
            ]
            rest = nodes[-1]
            for k in range(len(nodes) - 2, 0, -1):
                rest = Tree(parts[side[k:]], (nodes[k], rest))
            return Tree(node.label, (nodes[0], rest))

        return fold(tree, join)

    def undo(self, tree: Tree) -> Tree:
        """The way back: what `apply` was given."""
        made = set(self.symbols[len(self.grammar.categories) :])

        def join(node: Tree, below: tuple[list[Tree | str] | str, ...]) -> list[Tree | str]:
            children: list[Tree | str] = []
            for part in below:
                children.extend([part] if isinstance(part, str) else part)
            if node.label in made:
                return children
            for label in reversed(node.label.split(self.joiner)):
                children = [Tree(label, tuple(children))]
            return children

        whole = fold(tree, join)[0]
        assert isinstance(whole, Tree)
        return whole


def normal(grammar: Grammar, *, best_chains: bool = False) -> Normal:
    """Turn a grammar into what the chart works with.

    `best_chains` keeps only the likeliest chain between two categories: enough for the best tree
    and all that a large grammar can afford. Raises SettingError where there are too many chains.
    """
    names: dict[tuple[Symbol, ...], str] = {}
    binary, lexical = _binary(grammar, names)
    number = dict(grammar.number)
    for name in names.values():
        number.setdefault(name, len(number))
    with np.errstate(divide="ignore"):
        log = np.log(grammar.p)

    def weight(origin: int) -> float:
        return float(log[origin]) if origin >= 0 else 0.0

    rows = sorted(
        (number[y], number[z], number[x], o) for x, y, z, o in binary if weight(o) > -np.inf
    )
    words = {name: k for k, name in enumerate(grammar.words)}
    tags = sorted((words[w], number[x], o) for x, w, o in lexical if weight(o) > -np.inf)
    chains = _best_chains(grammar, log) if best_chains else _chains(grammar, log)
    chains.sort(key=lambda chain: (chain[1], len(chain[3]), chain[0], chain[3]))
    y, z, x, origin = np.array(rows, np.int64).reshape(-1, 4).T.copy()
    w, tag, tag_origin = np.array(tags, np.int64).reshape(-1, 3).T.copy()
    return Normal(
        grammar=grammar,
        symbols=tuple(number),
        X=x,
        Y=y,
        Z=z,
        log_p=np.array([weight(o) for o in origin.tolist()], np.float64),
        origin=origin,
        tag=tag,
        word=w,
        tag_log_p=np.array([weight(o) for o in tag_origin.tolist()], np.float64),
        tag_origin=tag_origin,
        chain_from=np.array([c[0] for c in chains], np.int64),
        chain_to=np.array([c[1] for c in chains], np.int64),
        chain_log_p=np.array([c[2] for c in chains], np.float64),
        chain_rules=tuple(c[3] for c in chains),
    )


def _binary(
    grammar: Grammar, names: dict[tuple[Symbol, ...], str]
) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, str, int]]]:
    """Rules (X, Y, Z, origin) and (X, word, origin); `names` is filled with what had to be made."""
    taken = set(grammar.categories)
    binary: list[tuple[str, str, str, int]] = []
    lexical: list[tuple[str, str, int]] = []

    def made(side: tuple[Symbol, ...]) -> str:
        """The category that derives just `side`, made where it is new."""
        if len(side) == 1 and not side[0].word:
            return side[0].name
        if side not in names:
            name = "@" + "_".join(symbol.name for symbol in side)
            while name in taken:
                name += "'"
            taken.add(name)
            names[side] = name
            if len(side) == 1:
                lexical.append((name, side[0].name, -1))
            else:
                binary.append((name, made(side[:1]), made(side[1:]), -1))
        return names[side]

    for r, rule in enumerate(grammar.rules()):
        if len(rule.right) > 1:
            binary.append((rule.left, made(rule.right[:1]), made(rule.right[1:]), r))
        elif rule.right[0].word:
            lexical.append((rule.left, rule.right[0].name, r))
    return binary, lexical


Chain = tuple[int, int, float, tuple[int, ...]]


def _unit_rules(grammar: Grammar, log: Floats) -> dict[int, list[tuple[int, int]]]:
    """The unit rules (Y, rule) of each X, those to itself and of probability 0 left out."""
    single = np.flatnonzero((np.diff(grammar.ends) == 1) & (grammar.right[grammar.ends[:-1]] >= 0))
    steps: dict[int, list[tuple[int, int]]] = {}
    for r in single.tolist():
        X, Y = int(grammar.left[r]), int(grammar.right[grammar.ends[r]])
        if X != Y and log[r] > -np.inf:
            steps.setdefault(X, []).append((Y, r))
    return steps


def _chains(grammar: Grammar, log: Floats) -> list[Chain]:
    """Every chain that meets no category twice."""
    steps = _unit_rules(grammar, log)
    found: list[Chain] = []
    for top in steps:
        stack: list[tuple[int, float, tuple[int, ...], frozenset[int]]]
        stack = [(top, 0.0, (), frozenset([top]))]
        while stack:
            X, total, rules, met = stack.pop()
            for Y, r in steps.get(X, ()):
                if Y not in met:
                    longer = (Y, total + float(log[r]), (*rules, r), met | {Y})
                    found.append((top, *longer[:3]))
                    stack.append(longer)
            require(len(found) <= CHAINS, "grammar", wanted=f"at most {CHAINS:,} chains of unit rules",
                    given="more")  # fmt: skip
    return found


def _best_chains(grammar: Grammar, log: Floats) -> list[Chain]:
    """The likeliest chain between any two categories."""
    steps = _unit_rules(grammar, log)
    found: list[Chain] = []
    for top in steps:
        best: dict[int, tuple[float, tuple[int, ...]]] = {top: (0.0, ())}
        todo = [top]
        while todo:
            X = todo.pop(0)
            total, rules = best[X]
            for Y, r in steps.get(X, ()):
                better = total + float(log[r])
                if Y not in best or better > best[Y][0] + 1e-12:
                    best[Y] = (better, (*rules, r))
                    todo.append(Y)
        found.extend((top, Y, total, rules) for Y, (total, rules) in best.items() if top != Y)
    return found


@dataclass(frozen=True)
class Change:
    """One step of the conversion."""

    kind: str  # "words", "long" or "unit"
    before: tuple[Rule, ...]  # the rules that go; for a chain the unit rules it is made of
    after: tuple[Rule, ...]  # the rules that come


def changes(grammar: Grammar) -> Iterator[Change]:
    """The conversion rule by rule: words out of long rules, then long rules, then unit rules."""
    names: dict[tuple[Symbol, ...], str] = {}
    _binary(grammar, names)
    told: set[str] = set()
    for rule in grammar.rules():
        words = [s for s in dict.fromkeys(rule.right) if s.word] if len(rule.right) > 1 else []
        if words:
            side = tuple(Symbol(names[(s,)]) if s.word else s for s in rule.right)
            new = [Rule(names[(s,)], (s,), 1.0) for s in words if names[(s,)] not in told]
            told.update(names[(s,)] for s in words)
            yield Change("words", (rule,), (Rule(rule.left, side, rule.p), *new))
    for rule in grammar.rules():
        if len(rule.right) > 2:
            plain = Rule(
                rule.left,
                tuple(Symbol(names[(s,)]) if s.word else s for s in rule.right),
                rule.p,
            )
            after, left, p = [], rule.left, rule.p
            for k in range(len(rule.right) - 1):
                rest = rule.right[k + 1 :]
                last = plain.right[-1] if len(rest) == 1 else Symbol(names[rest])
                if left not in told:
                    after.append(Rule(left, (plain.right[k], last), p))
                if k:
                    told.add(left)
                left, p = last.name, 1.0
            yield Change("long", (plain,), tuple(after))
    chart = normal(grammar)
    of = _derived(chart)
    for k, rules in enumerate(chart.chain_rules):
        top, p = int(chart.chain_from[k]), float(np.exp(chart.chain_log_p[k]))
        new = [
            Rule(chart.symbols[top], side, p * q) for side, q in of.get(int(chart.chain_to[k]), ())
        ]
        yield Change("unit", tuple(grammar.rule(r) for r in rules), tuple(new))


def _derived(chart: Normal) -> dict[int, list[tuple[tuple[Symbol, ...], float]]]:
    """The right sides of each symbol, unit rules left out, with their probabilities."""
    of: dict[int, list[tuple[tuple[Symbol, ...], float]]] = {}
    for x, y, z, log in zip(
        chart.X.tolist(), chart.Y.tolist(), chart.Z.tolist(), chart.log_p, strict=True
    ):
        side = (Symbol(chart.symbols[y]), Symbol(chart.symbols[z]))
        of.setdefault(x, []).append((side, float(np.exp(log))))
    for x, w, log in zip(chart.tag.tolist(), chart.word.tolist(), chart.tag_log_p, strict=True):
        word = Symbol(chart.grammar.words[w], True)
        of.setdefault(x, []).append(((word,), float(np.exp(log))))
    return of


def strict(grammar: Grammar) -> Grammar:
    """The grammar in Chomsky normal form. A rule that comes from several chains is there once a chain."""
    chart = normal(grammar)
    of = _derived(chart)
    rules = [(chart.symbols[x], side, p) for x, sides in of.items() for side, p in sides]
    for k in range(len(chart.chain_rules)):
        top, p = chart.symbols[chart.chain_from[k]], float(np.exp(chart.chain_log_p[k]))
        rules.extend((top, side, p * q) for side, q in of.get(int(chart.chain_to[k]), ()))
    rules.sort(key=lambda rule: rule[0] != grammar.S)
    return build(rules, grammar.S, weighted=grammar.weighted)
