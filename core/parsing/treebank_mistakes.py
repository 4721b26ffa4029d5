"""Where a guessed tree differs from the gold tree, by the rules of core.parsing.evaluate.

missed      a bracket of gold that the guess lacks
invented    a bracket of the guess that gold lacks
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.parsing.cleaning import TOPS, category
from core.parsing.evaluate import PUNCTUATION, SAME, Bracket, brackets
from core.parsing.tree import Tree, spans

Node = tuple[str, int, int]  # label, first word, last word, as the tree has them


@dataclass(frozen=True)
class Differences:
    """Nodes that are wrong, in either tree; words whose tag is."""

    missed: frozenset[Node]  # of gold
    invented: frozenset[Node]  # of the guess
    labels_missed: Counter[str]
    labels_invented: Counter[str]
    tags: Counter[tuple[str, str]]  # gold and guessed tag of words that have another


def differences(gold: Tree, guess: Tree) -> Differences:
    """Of two trees over the same words, both without traces."""
    golden, guessed = gold.tagged(), guess.tagged()
    dropped = frozenset(k for k, (_, tag) in enumerate(golden) if tag in PUNCTUATION)
    wanted, given = brackets(gold, dropped), brackets(guess, dropped)
    missed, invented = wanted - given, given - wanted
    wrong = Counter(
        (category(a), category(b))
        for k, ((_, a), (_, b)) in enumerate(zip(golden, guessed, strict=True))
        if k not in dropped and category(a) != category(b)
    )
    return Differences(
        _nodes(gold, missed, dropped), _nodes(guess, invented, dropped),
        _labels(missed), _labels(invented), wrong,
    )  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """How often a category was missed and invented."""

    label: str
    gold: int
    right: int
    missed: int
    invented: int

    @property
    def f1(self) -> float:
        # 2 right / (gold + guessed)
        return 2 * self.right / (self.gold + self.right + self.invented)


def habits(pairs: Iterable[tuple[Tree, Tree]]) -> tuple[list[Habit], list[tuple[str, str, int]]]:
    """By category, those that cost most first; and the tags that are confused most."""
    wanted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    tags: Counter[tuple[str, str]] = Counter()
    for gold, guess in pairs:
        dropped = frozenset(k for k, (_, tag) in enumerate(gold.tagged()) if tag in PUNCTUATION)
        wanted += _labels(brackets(gold, dropped))
        found = differences(gold, guess)
        missed += found.labels_missed
        invented += found.labels_invented
        tags += found.tags
    of = [
        Habit(label, wanted[label], wanted[label] - missed[label], missed[label], invented[label])
        for label in {*wanted, *invented}
    ]
    of.sort(key=lambda one: (-one.missed - one.invented, one.label))
    return of, [(a, b, count) for (a, b), count in tags.most_common()]


def _labels(some: Counter[Bracket]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (label, _, _), count in some.items():
        found[label] += count
    return found


def _nodes(tree: Tree, wrong: Counter[Bracket], dropped: frozenset[int]) -> frozenset[Node]:
    """The nodes of `tree` that have the brackets `wrong`, of several alike the upper ones."""
    left = Counter(wrong)
    before = [0]
    for k in range(len(tree.words())):
        before.append(before[-1] + (k not in dropped))
    found = set()
    for node, i, j, _ in spans(tree):
        name = category(node.label)
        if node.preterminal or name in TOPS:
            continue
        bracket = (SAME.get(name, name), before[i], before[j + 1] - 1)
        if left[bracket] > 0:
            left[bracket] -= 1
            found.add((node.label, i, j))
    return frozenset(found)
