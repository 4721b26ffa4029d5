"""over_k for documents that come as plain arrays, as a job is given them; several models too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from core.errors import require
from core.rng import stream
from core.topics import over_k, perplexity, unigram
from core.topics.fit_arrays import Arrays, counts

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Several:
    """Models that are tried one after another on the same held-out documents."""

    tried: tuple[over_k.Config, ...]

    def __post_init__(self) -> None:
        require(len(self.tried) > 0, "models", wanted="at least one", given="none")


def learn(
    data: Arrays, config: over_k.Config, *, generator: torch.Generator
) -> Iterator[over_k.Step]:
    """As over_k.learn."""
    yield from over_k.learn(counts(data), config, generator=generator)


def several(data: Arrays, config: Several, *, generator: torch.Generator) -> Iterator[over_k.Step]:
    """The Steps of each of `config.tried`, in their order."""
    told, seed = counts(data), int(torch.randint(2**62, (1,), generator=generator))
    for one in config.tried:
        # a generator of its own each, and the same: so the documents held out are the same
        yield from over_k.learn(told, one, generator=stream(seed, "several"))


def line_to_beat(data: Arrays, held_out: float, *, generator: torch.Generator) -> float:
    """The unigram's perplexity on the documents that `learn` holds out with an equal generator."""
    seed = int(torch.randint(2**62, (1,), generator=generator))
    parts = over_k.split(counts(data), held_out, seed)
    return perplexity.of_halves(unigram.fit(parts.learned), parts.observed, parts.scored)


def line_of_several(data: Arrays, held_out: float, *, generator: torch.Generator) -> float:
    """The same, of the documents that `several` holds out."""
    seed = int(torch.randint(2**62, (1,), generator=generator))
    return line_to_beat(data, held_out, generator=stream(seed, "several"))
