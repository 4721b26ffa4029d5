"""A grammar learned from a treebank and tried on the trees that were held out, told as it goes.

    read      the trees, a tenth at a time
    learned   p(A -> B) = count(A -> B) / count(A)
    parsed    held-out sentences, some a step, with the scores so far
    curve     F1 of grammars from 1/16, 1/8, 1/4, 1/2 and all of the trees

Trees travel as text, one a line in brackets, so that they can be named by their content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from core.errors import require
from core.parsing import compiled, evaluate, parser, treebank
from core.parsing.brackets import CHARACTERS, one_line, read
from core.parsing.cleaning import cleaned
from core.parsing.evaluate import Score
from core.parsing.markov import Markov
from core.parsing.tree import Tree
from core.parsing.treebank import Learned
from core.parsing.treebank_functions import with_functions, without_functions

VERSION = 1
READ = 10  # steps in which trees are read
PARSED = 200  # steps in which sentences are parsed, at most
SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2)
CURVE = 100  # sentences that a point of the curve is measured on
Data = tuple[str, str]  # trees to learn from, trees to test with


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the grammar remembers (see core.parsing.markov), and how it is tried."""

    vertical: int = 2
    horizontal: int | None = 1  # None: all
    tags: bool = True
    functions: bool = False  # whether NP-SBJ is a category of its own
    longest: int = 40  # words of a held-out sentence
    seconds: float = 10.0  # for a sentence
    evaluate: bool = True
    curve: bool = False
    timed: bool = True  # whether sentences are timed; no two runs take the same
    keep: bool = False  # whether the last step holds the grammar itself

    def __post_init__(self) -> None:
        _ = self.markov  # raises what it finds wrong
        require(1 <= self.longest <= 500, "longest", wanted="1 to 500 words", given=self.longest)
        require(self.seconds > 0, "seconds", wanted="more than 0", given=self.seconds)

    @property
    def markov(self) -> Markov:
        return Markov(vertical=self.vertical, horizontal=self.horizontal, tags=self.tags)


@dataclass(frozen=True)
class Tried:
    """A held-out sentence: its tree and the guess, one line each, without traces and functions."""

    place: int  # among the held-out trees
    words: int
    gold: str
    guess: str
    how: str  # see core.parsing.parser
    unknown: int  # words that are not in the treebank
    seconds: float
    score: Score


@dataclass(frozen=True, kw_only=True)
class Step:
    """News; numbers are of all that was done so far."""

    phase: str
    trees: int  # that were read, then that the grammar is from
    rules: int = 0
    categories: int = 0
    words: int = 0
    tried: tuple[Tried, ...] = ()  # in this step
    done: int = 0  # sentences so far
    sentences: int = 0  # to be parsed in all
    precision: float = 0.0
    recall: float = 0.0
    f1: float = 0.0  # in phase "curve" that of its point
    tag_accuracy: float = 0.0
    exact_match: float = 0.0
    pieced: int = 0  # sentences that no tree was found for: pieces of one instead
    seconds: float = 0.0  # of parsing
    learned: Learned | None = None


def learn(data: Data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """See the top of the file. Raises SettingError where no tree has a word."""
    train: list[Tree] = []
    for text in _tenths(data[0]):
        train.extend(read(text, most=max(CHARACTERS, len(text))))
        yield Step(phase="read", trees=len(train))
    learned = grammar(train, config)
    first = Step(
        phase="learned", trees=learned.trees, rules=len(learned.grammar), words=learned.words,
        categories=len(learned.grammar.categories), learned=learned if config.keep else None,
    )  # fmt: skip
    yield first
    if not config.evaluate:
        return
    golds = to_try(read(data[1], most=max(CHARACTERS, len(data[1]))), config.longest)
    compiled.warm()  # else the first sentence takes the blame
    total, pieced, seconds, done = evaluate.NOTHING, 0, 0.0, 0
    for part in batches(len(golds)):
        some = [tried(learned, golds[k], place=k, config=config) for k in part]
        for one in some:
            total += one.score
            pieced += one.how != parser.WHOLE
            seconds += one.seconds
        done += len(some)
        yield replace(
            first, phase="parsed", tried=tuple(some), done=done, sentences=len(golds),
            pieced=pieced, seconds=seconds, precision=total.precision, recall=total.recall,
            f1=total.f1, tag_accuracy=total.tag_accuracy, exact_match=total.exact_match,
            learned=None,
        )  # fmt: skip
    if config.curve and golds:
        yield from _curve(train, golds, learned, config, generator)


def grammar(trees: Sequence[Tree], config: Config) -> Learned:
    """The grammar of `trees`. Raises SettingError where none has a word."""
    if config.functions:
        trees = [with_functions(tree) for tree in trees]
    return treebank.learn(trees, config.markov)


def to_try(trees: Sequence[Tree], longest: int) -> list[Tree]:
    """Those with 1 to `longest` words, without traces and function tags."""
    clean = (cleaned(tree, alone=False) for tree in trees)
    return [tree for tree in clean if tree is not None and len(tree.words()) <= longest]


def tried(learned: Learned, gold: Tree, *, place: int, config: Config) -> Tried:
    """One sentence parsed and compared with its tree."""
    found = parser.parse(learned, gold.words(), seconds=config.seconds)
    guess = without_functions(found.tree) if config.functions else found.tree
    return Tried(
        place=place, words=len(found.words), gold=one_line(gold), guess=one_line(guess),
        how=found.how, unknown=len(found.unknown),
        seconds=found.seconds if config.timed else 0.0,
        score=evaluate.score(gold, guess),
    )  # fmt: skip


def batches(count: int) -> list[range]:
    """`count` sentences in at most PARSED steps."""
    size = max(1, -(-count // PARSED))
    return [range(k, min(k + size, count)) for k in range(0, count, size)]


def steps(sentences: int, config: Config) -> int:
    """How many steps there will be."""
    tries = len(batches(sentences)) if config.evaluate else 0
    curve = len(SHARES) + 1 if config.evaluate and config.curve and sentences else 0
    return READ + 1 + tries + curve


def _tenths(text: str) -> list[str]:
    lines = text.splitlines()
    bounds = np.linspace(0, len(lines), READ + 1).round().astype(int)
    return ["\n".join(lines[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def _curve(
    train: list[Tree], golds: list[Tree], whole: Learned, config: Config, generator: torch.Generator
) -> Iterator[Step]:
    order = torch.randperm(len(train), generator=generator).tolist()
    places = np.unique(np.linspace(0, len(golds) - 1, min(CURVE, len(golds))).round().astype(int))
    for share in (*SHARES, 1.0):
        count = max(1, round(share * len(train)))
        some = sorted(order[:count])
        learned = whole if share == 1 else grammar([train[k] for k in some], config)
        found = [tried(learned, golds[k], place=int(k), config=config) for k in places]
        score = sum((one.score for one in found), evaluate.NOTHING)
        yield Step(
            phase="curve", trees=count, rules=len(learned.grammar), words=learned.words,
            categories=len(learned.grammar.categories), done=len(found), sentences=len(found),
            precision=score.precision, recall=score.recall, f1=score.f1,
            tag_accuracy=score.tag_accuracy, exact_match=score.exact_match,
            pieced=sum(one.how != parser.WHOLE for one in found),
            seconds=sum(one.seconds for one in found),
        )  # fmt: skip
