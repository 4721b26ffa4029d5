"""Planted topics, found again: a model learns from documents made of topics that are known.

After each iteration the found topics are paired with the planted ones (align.py), and

    error = mean over pairs of JS(planted, found) / log 2      0: the same, 1: no word in common
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.topics import fit
from core.topics.align import align
from core.topics.counts import Counts
from core.topics.settings import between
from core.topics.step import Step
from core.topics.topics import Floats, Small

# indptr, words, counts, the vocabulary as JSON, planted (P, V)
Data = tuple[Any, Any, Any, str, Any]


@dataclass(frozen=True, kw_only=True)
class Config:
    """A model, how often it is compared, and whether its topics come along with each comparison."""

    model: fit.Config = field(default_factory=fit.Config)
    every: int = 1
    whole: bool = False

    def __post_init__(self) -> None:
        between("every", self.every, 1, 10_000, whole=True)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found after so many iterations; P planted topics, K found ones, min(P, K) pairs."""

    step: Step  # without the whole model
    planted: NDArray[np.int64]  # (pairs,) the nearest pair first
    found: NDArray[np.int64]  # (pairs,)
    distance: Floats  # (pairs,) JS / log 2, 0 to 1
    topic_word: Small | None  # (K, V) where asked for

    @property
    def error(self) -> float:
        """Mean distance of the pairs."""
        return float(self.distance.mean())


def data(documents: Counts, planted: NDArray[np.floating]) -> Data:
    """What `learn` takes, as a job is given it."""
    words = json.dumps(documents.vocabulary)
    return (
        documents.indptr, documents.words, documents.counts, words, np.asarray(planted, np.float32)
    )  # fmt: skip


def learn(data: Data, config: Config, *, generator: torch.Generator) -> Iterator[Found]:
    """A Found each `config.every` iterations, and one at the end."""
    indptr, words, counts, vocabulary, planted = data
    documents = Counts(indptr, words, counts, tuple(json.loads(vocabulary)))
    often = replace(config.model, whole_every=config.every)
    for step in fit.learn(documents, often, generator=generator):
        if step.topics is None:
            continue
        beta = step.topics.topic_word
        pairs = align(planted, beta)
        yield Found(
            step=replace(step, topics=None), planted=pairs.first, found=pairs.second,
            distance=pairs.distance / np.log(2), topic_word=beta.copy() if config.whole else None,
        )  # fmt: skip


def steps(config: Config, documents: int) -> int:
    """At most so many Found."""
    return -(-config.model.steps(documents) // config.every) + 1
