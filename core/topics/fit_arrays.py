"""A fit whose documents come as plain arrays, as a job is given them and a fingerprint is made of.

`watched` has the whole model now and then, so that there is one when somebody stops it; more often at
first, when an iteration changes more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from core.topics import fit
from core.topics.counts import Counts
from core.topics.step import Step

Arrays = tuple[Any, Any, Any, str]  # indptr, words, counts, the vocabulary as JSON
EARLIEST = 5  # iterations until there is a model worth a look


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A fit, and the iterations after which the whole model comes along; it does after the last."""

    fit: fit.Config = field(default_factory=fit.Config)
    whole: tuple[int, ...] = ()


def arrays(counts: Counts) -> Arrays:
    """What `learn` takes, of counts."""
    return counts.indptr, counts.words, counts.counts, json.dumps(counts.vocabulary)


def counts(data: Arrays) -> Counts:
    """The counts again."""
    indptr, words, times, vocabulary = data
    return Counts(indptr, words, times, tuple(json.loads(vocabulary)))


def now_and_then(total: int, many: int, stride: int = 1) -> tuple[int, ...]:
    """About `many` iterations of `total`, multiples of `stride`, ever further apart."""
    if total <= EARLIEST:
        return ()
    at = np.geomspace(EARLIEST, total, max(many, 1)) / stride
    return tuple(int(one) * stride for one in np.unique(at.round()) if one > 0)


def learn(data: Arrays, config: fit.Config, *, generator: torch.Generator) -> Iterator[Step]:
    """As fit.learn."""
    yield from fit.learn(counts(data), config, generator=generator)


def watched(data: Arrays, config: Watched, *, generator: torch.Generator) -> Iterator[Step]:
    """The same Steps, with models where they are wanted; each a step late, as the last is known then."""
    # its mixtures of documents would be found each time
    dear = config.fit.model == "online_lda"
    every = max(1, config.whole[0]) if dear and config.whole else 1
    before = None
    for step in fit.learn(
        counts(data), replace(config.fit, whole_every=every), generator=generator
    ):
        if before is not None:
            yield before if before.iteration in config.whole else replace(before, topics=None)
        before = step
    if before is not None:
        yield before
