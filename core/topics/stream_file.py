"""LDA from a file that is larger than memory: a fair sample decides which words count, then online LDA
goes over all documents a minibatch at a time. Memory is that of the sample, one minibatch and the topics.

    begun      the file is there and its documents can be read
    sampled    one pass: how many documents there are, the vocabulary from a sample of them
    learning   minibatches, each read, counted, learned from and forgotten
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from core.datasets import documents_stream
from core.errors import require
from core.topics import corpus, corpus_stream, corpus_tokens, online_lda, step
from core.topics.corpus_rules import Rules
from core.topics.corpus_settings import Settings
from core.topics.counts import Counts
from core.topics.settings import between

VERSION = 1
STEPS = 200  # of the learning, at most

Data = tuple[str, str, str]  # path, column or "" for the longest, what tells a change of the file


@dataclass(frozen=True, kw_only=True)
class Config:
    """The model, which words count, and how much is looked at together."""

    model: online_lda.Config = field(default_factory=online_lda.Config)
    words: Settings = field(default_factory=Settings)
    batch: int = 5_000  # documents of a minibatch
    sample: int = corpus_stream.SAMPLE  # documents that decide which words count
    timed: bool = True  # False: seconds are 0, so that equal seeds give equal Steps

    def __post_init__(self) -> None:
        between("minibatch", self.batch, 1, 10**6, whole=True)
        between("sample", self.sample, 1, 10**6, whole=True)


@dataclass(frozen=True, kw_only=True)
class Step:
    """How far it has come."""

    phase: str  # begun, sampled, learning
    documents: int  # that the file has; 0 while unknown
    read: int  # that were learned from so far, each as often as it was
    seconds: float  # since the phase began
    vocabulary: tuple[str, ...]  # in "sampled" alone
    learned: step.Step | None  # in "learning"


def learn(data: Data, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """At most STEPS + 3 Steps. The last has the whole model, without mixtures of documents.

    Raises UploadError for a file that is none of documents, UnavailableError, and SettingError where
    no word is left to count.
    """
    path, column, _ = data
    next(documents_stream.texts(Path(path), column or None), None)
    yield Step(phase="begun", documents=0, read=0, seconds=0.0, vocabulary=(), learned=None)
    begun = time.perf_counter()
    texts = documents_stream.texts(Path(path), column or None)
    sampled, many = corpus_stream.sample(texts, config.sample, generator=generator)
    require(many > 0, "documents", wanted="at least one", given="none")
    own = config.words
    tokens = corpus_tokens.tokenise(sampled, own.tokeniser, own.pattern)
    del sampled
    rules = corpus.prepare(tokens, own).rules
    del tokens
    yield Step(
        phase="sampled", documents=many, read=0, seconds=_since(begun, config),
        vocabulary=rules.vocabulary, learned=None,
    )  # fmt: skip
    batches = math.ceil(many / config.batch) * config.model.passes
    every = max(1, math.ceil(batches / STEPS))
    model = replace(config.model, documents=many, every=every, whole_every=0)
    begun = time.perf_counter()
    source = _Batches(path, column, rules, config.batch)
    for one in online_lda.learn(source, model, generator=generator):
        yield Step(
            phase="learning", documents=many, read=one.documents, seconds=_since(begun, config),
            vocabulary=(), learned=one,
        )  # fmt: skip


@dataclass(frozen=True)
class _Batches:
    """The file in minibatches, read anew each time it is gone through."""

    path: str
    column: str
    rules: Rules
    size: int

    def __iter__(self) -> Iterator[Counts]:
        texts = documents_stream.texts(Path(self.path), self.column or None)
        return corpus_stream.minibatches(texts, self.rules, self.size)


def _since(begun: float, config: Config) -> float:
    return time.perf_counter() - begun if config.timed else 0.0
