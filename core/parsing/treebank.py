"""A grammar learned from trees: p(A -> B) = count(A -> B) / count(A).

Trees are cleaned, given their surroundings and binarised (core.parsing.cleaning, .markov); then
every rule is counted. Words have a model of their own, for those that were seldom or never seen:

    p(tag -> word) = p(tag | word) p(word) / p(tag)
    p(tag | word)  = (count(tag, word) + k p(tag | how the word looks)) / (count(word) + k)

with p(tag | look) from words seen once or twice, smoothed towards ever plainer looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import require
from core.parsing.chart import Engine, Tags
from core.parsing.cleaning import cleaned
from core.parsing.grammar import Grammar, Symbol, build
from core.parsing.markov import UP, Markov, markovised
from core.parsing.normal_form import Normal, normal
from core.parsing.tree import Tree
from core.parsing.unknown import signatures

Floats = NDArray[np.float64]

TOP = "TOP"
RARE = 2  # words seen at most so often teach how unknown words look
PULL = 1.0  # k, in words: how far known words are drawn to their look
LOOK_PULL = 3.0  # the same for a look and the plainer one behind it
UNSEEN = 0.5  # words of each kind that are not in the treebank
SMALL = 1e-7  # of p(tag | word), what is below is left out


@dataclass(frozen=True, eq=False)
class Learned:
    """A grammar and what it needs to read any sentence."""

    markov: Markov
    grammar: Grammar  # its rules are binarised, its words are those of the treebank
    normal: Normal
    engine: Engine
    counts: NDArray[np.int64]  # (R,) of each rule, in the trees
    lexicon: Lexicon
    trees: int
    words: int


def rules(tree: Tree) -> Iterable[tuple[str, tuple[Symbol, ...]]]:
    """Left and right side of every node."""
    for node in tree.nodes():
        yield (
            node.label,
            tuple(
                Symbol(c, True) if isinstance(c, str) else Symbol(c.label) for c in node.children
            ),
        )


def learn(trees: Sequence[Tree], markov: Markov | None = None) -> Learned:
    """Count the rules of `trees`, as they stand in the treebank or cleaned.

    Raises SettingError where no tree has a word.
    """
    markov = markov or Markov()
    counts: Counter[tuple[str, tuple[Symbol, ...]]] = Counter()
    pairs: list[list[tuple[str, str]]] = []
    for tree in trees:
        clean = cleaned(tree)
        if clean is None:
            continue
        ready = markovised(Tree(TOP, (clean,)), markov)
        counts.update(rules(ready))
        pairs.append(list(ready.tagged()))
    require(len(pairs) > 0, "treebank", wanted="at least one tree with words", given="none")
    left: Counter[str] = Counter()
    for (name, _), count in counts.items():
        left[name] += count
    # p(A -> B) = count(A -> B) / count(A)
    ordered = sorted(
        counts.items(), key=lambda rule: (rule[0][0] != TOP, rule[0][0], -rule[1], rule[0][1])
    )
    grammar = build(((n, side, count / left[n]) for (n, side), count in ordered), TOP)
    # the grammar's rules are sorted by the numbers of their left sides
    places = np.argsort([grammar.number[name] for (name, _), _ in ordered], kind="stable")
    made = normal(grammar, best_chains=True)
    lexicon = Lexicon(pairs, {name: k for k, name in enumerate(made.symbols)})
    return Learned(
        markov=markov,
        grammar=grammar,
        normal=made,
        engine=Engine(made, prior=_prior(made, counts)),
        counts=np.array([count for _, count in ordered], np.int64)[places],
        lexicon=lexicon,
        trees=len(pairs),
        words=sum(map(len, pairs)),
    )


def _prior(made: Normal, counts: Counter[tuple[str, tuple[Symbol, ...]]]) -> Floats:
    """(M,) log of how frequent each symbol is, for the beam."""
    number = {name: k for k, name in enumerate(made.symbols)}
    uses = np.full(len(number), 0.5)
    for (name, _), count in counts.items():
        uses[number[name]] += count
    return np.log(uses / uses.sum())


class Lexicon:
    """What tags a word may have, and log p(tag -> word)."""

    def __init__(self, sentences: list[list[tuple[str, str]]], number: dict[str, int]) -> None:
        self.pairs: dict[str, Counter[str]] = {}
        self.tags: Counter[str] = Counter()
        for sentence in sentences:
            for word, tag in sentence:
                self.pairs.setdefault(word, Counter())[tag] += 1
                self.tags[tag] += 1
        self.number = number
        self.total = sum(self.tags.values())
        self.looks: dict[str, Counter[str]] = {}
        for sentence in sentences:
            for k, (word, tag) in enumerate(sentence):
                if self.pairs[word].total() <= RARE:
                    for look in signatures(word, k == 0):
                        self.looks.setdefault(look, Counter())[tag] += 1

    def known(self, word: str) -> bool:
        return word in self.pairs

    def look(self, word: str, first: bool) -> dict[str, float]:
        """p(tag | how the word looks)."""
        p: dict[str, float] = {}
        for name in reversed(signatures(word, first)):
            seen = self.looks.get(name)
            if seen is None:
                continue
            size = seen.total()
            # p(tag | look) = (count(tag, look) + k p(tag | plainer look)) / (count(look) + k)
            pull = LOOK_PULL if p else 0.0
            p = {tag: (seen[tag] + pull * p.get(tag, 0.0)) / (size + pull) for tag in {*seen, *p}}
        return p

    def given(self, word: str, first: bool) -> dict[str, float]:
        """p(tag | word)."""
        seen = self.pairs.get(word)
        look = self.look(word, first)
        if seen is None:
            return look
        size = seen.total()
        # p(tag | word) = (count(tag, word) + k p(tag | look)) / (count(word) + k)
        pull = PULL / size if size > RARE else PULL
        return {
            tag: (seen[tag] + pull * look.get(tag, 0.0)) / (size + pull) for tag in {*seen, *look}
        }

    def of(self, word: str, first: bool) -> Tags:
        """The tags of a word and log p(tag -> word), never none."""
        if first and not self.known(word) and self.known(word[:1].lower() + word[1:]):
            word = word[:1].lower() + word[1:]
        seen = self.pairs.get(word)
        share = (UNSEEN if seen is None else seen.total()) / self.total
        found = {tag: p for tag, p in self.given(word, first).items() if p > SMALL}
        ordered = sorted(found)
        # p(tag -> word) = p(tag | word) p(word) / p(tag)
        log = [np.log(found[tag] * share / (self.tags[tag] / self.total)) for tag in ordered]
        return np.array([self.number[tag] for tag in ordered], np.int64), np.array(log)


def plain(tag: str) -> str:
    """A tag without its ancestors."""
    return tag[:1] + tag[1:].split(UP)[0]
