"""A fit whose documents come as plain arrays, as a job is given them and a fingerprint is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import torch

from core.topics import fit
from core.topics.counts import Counts
from core.topics.step import Step

Arrays = tuple[Any, Any, Any, str]  # indptr, words, counts, the vocabulary as JSON


def arrays(counts: Counts) -> Arrays:
    """What `learn` takes, of counts."""
    return counts.indptr, counts.words, counts.counts, json.dumps(counts.vocabulary)


def learn(data: Arrays, config: fit.Config, *, generator: torch.Generator) -> Iterator[Step]:
    """As fit.learn."""
    indptr, words, counts, vocabulary = data
    told = Counts(indptr, words, counts, tuple(json.loads(vocabulary)))
    yield from fit.learn(told, config, generator=generator)
