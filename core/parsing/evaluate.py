"""How good guessed trees are, by the rules of evalb with Collins' settings.

    precision = right brackets / guessed      recall = right brackets / gold
    F1 = 2 precision recall / (precision + recall)

A bracket is a category with its span; tags are not brackets. Punctuation is dropped before spans
are counted, as are TOP and function tags; PRT counts as ADVP. Numbers are added up over all
sentences before they are divided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import require
from core.parsing.cleaning import TOPS, category, cleaned
from core.parsing.tree import Tree, spans

PUNCTUATION = frozenset({",", ":", "``", "''", "."})  # tags
SAME = {"PRT": "ADVP"}

Bracket = tuple[str, int, int]  # category, first word, last word, punctuation not counted


@dataclass(frozen=True)
class Score:
    """Numbers of one sentence or of many."""

    right: int
    guessed: int
    gold: int
    right_tags: int
    words: int  # punctuation left out
    exact: int  # sentences with all brackets right
    sentences: int
    crossing: int  # guessed brackets that cross one of gold

    @property
    def precision(self) -> float:
        return self.right / self.guessed if self.guessed else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        # 2 P R / (P + R)
        return 2 * self.right / (self.guessed + self.gold) if self.guessed + self.gold else 0.0

    @property
    def tag_accuracy(self) -> float:
        return self.right_tags / self.words if self.words else 0.0

    @property
    def exact_match(self) -> float:
        return self.exact / self.sentences if self.sentences else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in Score.__match_args__))


NOTHING = Score(0, 0, 0, 0, 0, 0, 0, 0)


def brackets(tree: Tree, dropped: frozenset[int]) -> Counter[Bracket]:
    """The brackets of `tree`, the words at the places `dropped` not being there."""
    before = [0]
    for k in range(len(tree.words())):
        before.append(before[-1] + (k not in dropped))
    found: Counter[Bracket] = Counter()
    for node, i, j, _ in spans(tree):
        name = category(node.label)
        if node.preterminal or name in TOPS or before[i] == before[j + 1]:
            continue
        found[SAME.get(name, name), before[i], before[j + 1] - 1] += 1
    return found


def score(gold: Tree, guess: Tree | None) -> Score:
    """One sentence; no guess gets nothing right. Raises SettingError where the words differ."""
    whole = cleaned(gold, alone=False)
    require(whole is not None, "gold tree", wanted="at least one word", given="only traces")
    assert whole is not None
    tags = whole.tagged()
    dropped = frozenset(k for k, (_, tag) in enumerate(tags) if tag in PUNCTUATION)
    wanted = brackets(whole, dropped)
    words = len(tags) - len(dropped)
    if guess is None:
        return Score(0, 0, wanted.total(), 0, words, 0, 1, 0)
    own = guess.tagged()
    require(len(own) == len(tags), "guessed tree", wanted=f"{len(tags)} words", given=len(own))
    given = brackets(guess, dropped)
    right = (wanted & given).total()
    right_tags = sum(
        category(a) == category(b)
        for k, ((_, a), (_, b)) in enumerate(zip(tags, own, strict=True))
        if k not in dropped
    )
    crossing = sum(
        times
        for (_, i, j), times in given.items()
        if any(i < a <= j < b or a < i <= b < j for _, a, b in wanted)
    )
    exact = int(right == wanted.total() == given.total())
    return Score(right, given.total(), wanted.total(), right_tags, words, exact, 1, crossing)


def total(pairs: Iterable[tuple[Tree, Tree | None]]) -> Score:
    """All sentences (gold, guess) together."""
    scores = (score(gold, guess) for gold, guess in pairs)
    return sum(scores, NOTHING)
