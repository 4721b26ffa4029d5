"""Texts cut into tokens as a learner, to be watched as a job: jieba takes seconds for a megabyte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.topics import corpus_tokens
from core.topics.corpus_tokens import Tokens

STEPS = 40  # at most
# characters a second
ASCII, OTHER, CHINESE, PATTERN = 2e7, 4e6, 2e5, 4e6


@dataclass(frozen=True, kw_only=True)
class Config:
    """As corpus_tokens.tokenise is told."""

    tokeniser: str = "words"
    pattern: str = ""


@dataclass(frozen=True)
class Step:
    """So many texts are done; all tokens come with the last."""

    done: int
    tokens: Tokens | None = None


def seconds(texts: Sequence[str], tokeniser: str) -> float:
    """About how long it takes."""
    plain = sum(len(text) for text in texts if text.isascii())
    other = sum(map(len, texts)) - plain
    if tokeniser == "pattern":
        return (plain + other) / PATTERN
    return plain / ASCII + other / (CHINESE if tokeniser == "chinese" else OTHER)


def steps(many: int) -> int:
    """How many Steps there are of so many texts."""
    return max(1, min(STEPS, many))


def learn(texts: Sequence[str], config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """Nothing is left to chance. Raises as corpus_tokens.tokenise does."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids: list[np.ndarray] = [np.zeros(0, np.int32)]
    ends: list[np.ndarray] = [np.zeros(1, np.int64)]
    edges = np.linspace(0, len(texts), steps(len(texts)) + 1).astype(int).tolist()
    for begin, end in zip(edges, edges[1:], strict=False):
        part = corpus_tokens.tokenise(texts[begin:end], config.tokeniser, config.pattern)
        place = np.array([numbers[form] for form in part.forms], np.int32)
        ids.append(place[part.ids])
        ends.append(ends[-1][-1] + part.indptr[1:])
        if end < len(texts):
            yield Step(end)
    yield Step(len(texts), Tokens(np.concatenate(ids), np.concatenate(ends), tuple(numbers)))
