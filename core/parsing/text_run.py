"""The sentences of a text parsed one after another, each in a limited time.

cost(n words) = n^2 (a R + b)     seconds, about: R rules of which few meet, on an old machine
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import torch

from core.errors import require
from core.parsing import compiled, parser
from core.parsing.brackets import one_line
from core.parsing.chart import Chart
from core.parsing.k_best import ranked
from core.parsing.markov import unmarkovised
from core.parsing.parser import Parse, top_off
from core.parsing.tree import Tree
from core.parsing.treebank import Learned

VERSION = 1
WORDS = 150  # of a sentence
RULE, EACH = 1e-8, 2e-5  # a and b
LOOKED_AT = 40  # derivations a further tree is looked for among
Words = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Config:
    """So many seconds for each sentence, at most."""

    seconds: float = 5.0

    def __post_init__(self) -> None:
        require(0 < self.seconds <= 120, "seconds", wanted="above 0, to 120", given=self.seconds)


@dataclass(frozen=True, eq=False)
class Asked(Sequence[str]):
    """A grammar, and sentences to parse with it. What one iterates over is what names it: `id` of the
    grammar and a line a sentence."""

    id: str
    learned: Learned
    sentences: tuple[Words, ...]

    def __len__(self) -> int:
        return 1 + len(self.sentences)

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> list[str]: ...
    def __getitem__(self, k: int | slice) -> str | list[str]:
        return [self.id, *map("\n".join, self.sentences)][k]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A sentence and its tree."""

    number: int  # from 0
    sentences: int  # in all
    parse: Parse


@dataclass(frozen=True)
class Alternative:
    """A tree of a sentence, without memory in its labels, and log p of its likeliest derivation."""

    tree: Tree
    log_p: float


def learn(data: Asked, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """A Step a sentence. Nothing is random. Raises SettingError where one has more than WORDS words."""
    require(len(data.sentences) > 0, "text", wanted="at least one sentence", given="none")
    compiled.warm()  # else the first sentence takes the blame
    for number, words in enumerate(data.sentences):
        require(len(words) <= WORDS, "sentence", wanted=f"at most {WORDS} words", given=len(words))
        found = parser.parse(data.learned, words, seconds=config.seconds)
        yield Step(number=number, sentences=len(data.sentences), parse=found)


def cost(learned: Learned, sentences: Sequence[Words], seconds: float) -> float:
    """Seconds that parsing takes, about."""
    each = RULE * len(learned.grammar) + EACH
    return sum(min(seconds, len(words) ** 2 * each) for words in sentences)


def per_word(parse: Parse) -> float:
    """p of the tree, as the geometric mean over its words; 0 where it is pieced together."""
    return math.exp(parse.log_p / len(parse.words))


def alternatives(learned: Learned, words: Words, k: int, *, seconds: float) -> list[Alternative]:
    """The k likeliest different trees of a sentence, as far as they are found in so many seconds."""
    require(1 <= k <= LOOKED_AT, "trees", wanted=f"1 to {LOOKED_AT}", given=k)
    tags = [learned.lexicon.of(word, place == 0) for place, word in enumerate(words)]
    chart: Chart = learned.engine.chart(words, tags=tags, seconds=seconds, beam=parser.BEAM)
    if not chart.complete:
        return []
    # Derivations that differ in what rules remember only are one tree.
    found: dict[str, Alternative] = {}
    for looked, one in enumerate(ranked(chart)):
        tree = top_off(unmarkovised(one.tree))
        found.setdefault(one_line(tree), Alternative(tree, one.log_p))
        if len(found) == k or looked + 1 == LOOKED_AT:
            break
    return list(found.values())


def to_json(parses: Sequence[Parse]) -> list[dict[str, Any]]:
    """What is known of each sentence, as plain values."""
    return [
        {
            "words": list(one.words),
            "tree": one_line(one.tree),
            "how": one.how,
            "log_p": one.log_p if math.isfinite(one.log_p) else None,
            "unknown": list(one.unknown),
            "seconds": round(one.seconds, 6),
        }
        for one in parses
    ]


def unseen(learned: Learned, parse: Parse) -> frozenset[int]:
    """The places of words that are not in the treebank, whatever the case of the first."""
    known = learned.lexicon.known
    first = parse.words[0]
    lower = known(first[:1].lower() + first[1:])
    return frozenset(k for k in parse.unknown if k > 0 or not lower)
