"""How many topics? The same model fitted with K of them, for several K, and judged by three measures.

    perplexity   of documents held out, by completion: core.topics.perplexity      lower is better
    coherence    UMass, NPMI, C_v of the best words, mean over topics              higher is better

Documents held out, and their halves, are the same for every K. Each fit has a stream of random
numbers of its own, so that another K in the list changes no other. Counts know no order of words:
the windows of NPMI and C_v are whole documents, those that are learned from.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import require
from core.rng import stream
from core.topics import coherence, fit, perplexity
from core.topics.counts import Counts
from core.topics.settings import between, ready
from core.topics.step import Step as FitStep
from core.topics.topics import Floats, Topics

VERSION = 1
WORDS = 10  # of each topic, for the coherences
CHUNK = 50  # topics whose words are looked for together


@dataclass(frozen=True, kw_only=True)
class Config:
    """`fit` with each K of `ks` in place of its topics."""

    fit: fit.Config = field(default_factory=fit.Config)
    ks: tuple[int, ...] = (5, 10, 20, 40)
    held_out: float = 0.1  # share of the documents that have words
    seeds: int = 1  # fits of each K, from other starts
    whole: tuple[int, ...] = ()  # those K whose fitted models come along
    timed: bool = True  # False: seconds are 0, so that equal seeds give equal Steps

    def __post_init__(self) -> None:
        known = "topics" in fit.MODELS[self.fit.model].settings
        require(known, "model", wanted="one with topics to choose", given=self.fit.model)
        require(len(self.ks) > 0, "numbers of topics", wanted="at least one", given="none")
        for K in self.ks:
            between("number of topics", K, 1, 1000, whole=True)
        once = len(set(self.ks)) == len(self.ks)
        require(once, "numbers of topics", wanted="each once", given=self.ks)
        listed = set(self.whole) <= set(self.ks)
        require(listed, "whole", wanted=f"some of {self.ks}", given=self.whole)
        between("held out", self.held_out, 0.01, 0.9)
        between("seeds", self.seeds, 1, 100, whole=True)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One K, fitted `seeds` times (S)."""

    K: int
    perplexity: Floats  # (S,) of held-out documents
    umass: Floats  # (S,)
    npmi: Floats  # (S,) -1 to 1
    c_v: Floats  # (S,)
    objective: Floats  # (S,) of the last step of each fit, see fit.MODELS
    iterations: NDArray[np.int64]  # (S,) done
    seconds: Floats  # (S,) that each fit took, without its judgement
    topics: Topics | None  # of the fit with the lowest perplexity, where it was asked for


@dataclass(frozen=True)
class Split:
    """Documents to learn from, and those held out, dealt out in two."""

    learned: Counts
    observed: Counts
    scored: Counts


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """A Step for each K, in the order of `ks`.

    Raises SettingError where fewer than two documents have words, or counts are not whole.
    """
    seed = int(torch.randint(2**62, (1,), generator=generator))
    parts = split(data, config.held_out, seed)
    for K in config.ks:
        settings = dataclasses.replace(config.fit, topics=K, whole_every=0)
        fits = [_fit(parts, settings, seed, s) for s in range(config.seeds)]
        yield _step(K, fits, parts, config)


def split(data: Counts, share: float, seed: int) -> Split:
    """`share` of the documents that have words held out, at least one and never all of them."""
    ready(data)
    filled = np.flatnonzero(np.diff(data.indptr))
    wanted = "at least two that have words"
    require(len(filled) >= 2, "documents", wanted=wanted, given=len(filled))
    many = min(max(round(share * len(filled)), 1), len(filled) - 1)
    mixed = torch.randperm(len(filled), generator=stream(seed, "held out")).numpy()
    held = np.sort(filled[mixed[:many]])
    rest = np.setdiff1d(np.arange(len(data)), held)
    return Split(data.take(rest), *data.take(held).halves(seed))


def coherences(data: Counts, best: NDArray[np.integer]) -> tuple[float, float, float]:
    """UMass, NPMI and C_v of topics with the words `best` (K, k), means over topics."""
    measures = (coherence.umass, coherence.npmi, coherence.c_v)
    each = []
    for begin in range(0, len(best), CHUNK):
        some = best[begin : begin + CHUNK]
        together = coherence.in_documents(data, some.ravel())
        each += [[measure(together, words) for measure in measures] for words in some.tolist()]
    umass, npmi, c_v = np.mean(each, axis=0).tolist()
    return umass, npmi, c_v


def best(steps: Sequence[Step]) -> int:
    """The K of the fit with the lowest perplexity; of equals, the smallest.

    Not of the mean over starts: some of them end where others do not, and those are not used.
    """
    require(len(steps) > 0, "numbers of topics", wanted="at least one", given="none")
    return min(steps, key=lambda step: (float(step.perplexity.min()), step.K)).K


def _fit(parts: Split, settings: fit.Config, seed: int, s: int) -> tuple[FitStep, float]:
    """The last step of one fit, and its seconds."""
    begun = time.perf_counter()
    own = stream(seed, "fit", settings.topics, s)
    *_, last = fit.learn(parts.learned, settings, generator=own)
    return last, time.perf_counter() - begun


def _step(K: int, fits: list[tuple[FitStep, float]], parts: Split, config: Config) -> Step:
    scores, triples, models = [], [], []
    for last, _ in fits:
        assert last.topics is not None
        models.append(last.topics)
        scores.append(perplexity.of_halves(last.topics, parts.observed, parts.scored))
        triples.append(coherences(parts.learned, last.best[:, :WORDS]))
    umass, npmi, c_v = np.array(triples).T
    return Step(
        K=K,
        perplexity=np.array(scores),
        umass=umass.copy(),
        npmi=npmi.copy(),
        c_v=c_v.copy(),
        objective=np.array([last.objective for last, _ in fits]),
        iterations=np.array([last.iteration for last, _ in fits], np.int64),
        seconds=np.array([seconds if config.timed else 0.0 for _, seconds in fits]),
        topics=models[int(np.argmin(scores))] if K in config.whole else None,
    )
