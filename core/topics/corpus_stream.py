"""Corpora larger than memory: rules from a fair sample of the documents, counts a minibatch at a time.

sampled = sample(texts(path), 50_000, generator)      one pass over the file
rules   = prepare(tokenise(sampled), settings).rules
for counts in minibatches(texts(path), rules, 5_000)  one pass an epoch
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

import torch

from core.errors import require
from core.topics.corpus_rules import Rules, applied
from core.topics.corpus_tokens import tokenise
from core.topics.counts import Counts

SAMPLE = 50_000
LONGEST = 20_000  # characters of a document that is sampled


def sample(
    texts: Iterable[str], size: int = SAMPLE, *, generator: torch.Generator
) -> tuple[list[str], int]:
    """`size` of the documents, each as likely as another, and how many there are.

    J. S. Vitter (1985), algorithm R: document n takes the place of one with probability size / n.
    """
    require(size > 0, "sample", wanted="at least one document", given=size)
    dice = Random(int(torch.randint(2**62, (), generator=generator)))
    kept: list[str] = []
    many = 0
    for many, text in enumerate(texts, 1):  # noqa: B007, counted for the caller
        if len(kept) < size:
            kept.append(text[:LONGEST])
        elif (place := dice.randrange(many)) < size:
            kept[place] = text[:LONGEST]
    return kept, many


def minibatches(texts: Iterable[str], rules: Rules, size: int = 5_000) -> Iterator[Counts]:
    """Counts of `size` documents at a time, of the last what is left. Memory is that of one batch."""
    require(size > 0, "minibatch", wanted="at least one document", given=size)
    rest = iter(texts)
    own = rules.settings
    while batch := list(islice(rest, size)):
        yield applied(tokenise(batch, own.tokeniser, own.pattern), rules)
