"""Inside-outside: the probabilities of a grammar learned from bare sentences, without their trees.

Baker, "Trainable grammars for speech recognition" (1979); an EM algorithm.

    E   c(X -> A) = sum over sentences of how often X -> A is used, the mean over all trees
    M   p(X -> A) = c(X -> A) / sum over B of c(X -> B)

    log likelihood = sum over sentences of log inside[0, n-1, S]       never falls
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.parsing.chart import Engine
from core.parsing.grammar import Grammar, normalised
from core.parsing.grammar_text import parse
from core.parsing.normal_form import normal

Floats = NDArray[np.float64]

VERSION = 1
STARTS = ("random", "given", "equal")


@dataclass(frozen=True, kw_only=True)
class Config:
    """So many rounds from one of STARTS."""

    rounds: int = 20
    start: str = "random"

    def __post_init__(self) -> None:
        require(1 <= self.rounds <= 1000, "rounds", wanted="1 to 1000", given=self.rounds)
        require(self.start in STARTS, "start", wanted=" or ".join(STARTS), given=self.start)


@dataclass(frozen=True)
class Bare:
    """A grammar's rules and sentences without trees."""

    grammar: Grammar
    sentences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """The probabilities after a round, and how likely they make the sentences."""

    round: int  # 0 is the start
    p: Floats  # (R,)
    expected: Floats  # (R,) uses of each rule under these probabilities
    log_likelihood: float  # nats, of the sentences that have a tree
    per_word: float  # nats
    parsed: int  # sentences that have a tree
    sentences: int


def learn(data: Bare, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """rounds + 1 Steps. Sentences without a tree are passed over, and told.

    Raises SettingError where there are no sentences, or none has a tree.
    """
    require(len(data.sentences) > 0, "sentences", wanted="at least one", given="none")
    grammar = _begin(data.grammar, config, generator)
    for k in range(config.rounds + 1):
        engine = Engine(normal(grammar))
        c = np.zeros(len(grammar))
        total, words, parsed = 0.0, 0, 0
        for sentence, times in Counter(data.sentences).items():
            chart = engine.chart(sentence)
            if chart.log_best == -np.inf:
                continue
            c += times * chart.expected()
            total += times * chart.log_inside
            words, parsed = words + times * len(sentence), parsed + times
        require(parsed > 0, "sentences", wanted="one that the grammar has a tree for", given="none")
        yield Step(
            round=k,
            p=grammar.p.copy(),
            expected=c.copy(),
            log_likelihood=float(total),
            per_word=float(total / words),
            parsed=parsed,
            sentences=len(data.sentences),
        )
        sums = np.bincount(grammar.left, c, minlength=len(grammar.categories))[grammar.left]
        # p(X -> A) = c(X -> A) / sum over B of c(X -> B);  where X was never used it stays
        p = np.where(sums > 0, c / np.where(sums > 0, sums, 1), grammar.p)
        grammar = grammar.with_p(np.minimum(p, 1.0))


def from_text(
    data: tuple[str, str], config: Config, *, generator: torch.Generator
) -> Iterator[Step]:
    """`learn` from the text of a grammar and sentences, one a line, words between spaces."""
    grammar = parse(data[0]).grammar
    require(grammar is not None, "grammar", wanted="rules that can be read", given="others")
    assert grammar is not None
    sentences = tuple(tuple(line.split()) for line in data[1].splitlines() if line.strip())
    yield from learn(Bare(grammar, sentences), config, generator=generator)


def _begin(grammar: Grammar, config: Config, generator: torch.Generator) -> Grammar:
    if config.start == "given":
        return normalised(grammar)
    if config.start == "equal":
        return normalised(grammar.with_p(np.ones(len(grammar))))
    drawn = torch.rand(len(grammar), generator=generator, dtype=torch.float64).numpy()
    return normalised(grammar.with_p(0.1 + 0.9 * drawn))
