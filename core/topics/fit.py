"""All topic models by one door: `learn(data, Config(model="lda", topics=20), generator=...)`.

MODELS says of each what it is called, whose it is, what its Steps' objective is, and which settings
it has. A setting left at None is the model's own default. Online LDA is given the documents in
minibatches, and finds their mixtures once the topics are there.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from core.errors import require
from core.topics import gibbs, lda, mixture, nmf, online_lda, plsa, topics, unigram
from core.topics.counts import Counts, minibatches
from core.topics.infer import fold_in
from core.topics.settings import between, ready
from core.topics.step import Step, step

VERSION = 1
SMOOTHING = 0.05  # of the unigram
BATCH = 256  # documents of a minibatch


@dataclass(frozen=True)
class Model:
    """What there is to know of a model before it is fitted."""

    title: str
    paper: str
    objective: str  # what a Step's objective is
    rises: bool  # whether the objective does
    settings: tuple[str, ...]  # fields of Config that it has
    own: Callable[..., Any] | None = None  # its own Config
    learn: Callable[..., Iterator[Step]] | None = None
    iterations: str = "iterations"  # what its own Config calls them


EM = ("topics", "iterations", "tolerance")
MODELS = {
    "unigram": Model(
        "Unigram", "Course, chapter 9.3", "log likelihood a word", True, ("smoothing",)
    ),
    "mixture": Model(
        "Mixture of unigrams", "Nigam, McCallum, Thrun & Mitchell (2000)",
        "log likelihood a word", True, (*EM, "smoothing"), mixture.Config, mixture.learn,
    ),
    "plsa": Model(
        "PLSA", "Hofmann (1999)",
        "log likelihood a word", True, (*EM, "inner", "smoothing"), plsa.Config, plsa.learn,
    ),
    "lda": Model(
        "LDA, variational EM", "Blei, Ng & Jordan (2003)", "bound a word", True,
        (*EM, "inner", "alpha", "eta", "learn_alpha", "learn_eta", "wait"), lda.Config, lda.learn,
    ),
    "online_lda": Model(
        "LDA, online", "Hoffman, Blei & Bach (2010)", "bound a word of the minibatch", True,
        ("topics", "iterations", "inner", "alpha", "eta", "learn_eta", "batch", "tau", "kappa"),
        online_lda.Config, online_lda.learn, "passes",
    ),
    "gibbs": Model(
        "LDA, Gibbs sampling", "Griffiths & Steyvers (2004)", "log p(w, z) a word", True,
        ("topics", "iterations", "burn", "alpha", "eta", "learn_alpha"),
        gibbs.Config, gibbs.learn, "sweeps",
    ),
    "nmf": Model(
        "NMF", "Lee & Seung (2001); Cichocki & Phan (2009)", "divergence", False,
        (*EM, "inner", "loss", "weights"), nmf.Config, nmf.learn,
    ),
}  # fmt: skip
assert tuple(MODELS) == topics.MODELS
ASIDE = ("model", "batch")  # fields that no model's own Config has


@dataclass(frozen=True, kw_only=True)
class Config:
    """One of MODELS and its settings; None: as the model has it.

    Raises SettingError for a setting that the model does not have. The unigram has one topic,
    whatever `topics` is.
    """

    model: str = "lda"
    topics: int = 20
    iterations: int | None = None  # Gibbs: sweeps; online: passes over the documents
    inner: int | None = None
    tolerance: float | None = None
    smoothing: float | None = None
    alpha: float | None = None
    eta: float | None = None
    learn_alpha: bool | None = None
    learn_eta: bool | None = None
    wait: int | None = None
    burn: int | None = None  # None: half of the sweeps
    batch: int | None = None  # documents of a minibatch
    tau: float | None = None
    kappa: float | None = None
    loss: str | None = None
    weights: str | None = None
    whole_every: int = 0

    def __post_init__(self) -> None:
        wanted = " or ".join(MODELS)
        require(self.model in MODELS, "model", wanted=wanted, given=self.model)
        between("topics", self.topics, 1, 1000, whole=True)
        between("whole every", self.whole_every, 0, 10_000, whole=True)
        has = MODELS[self.model].settings
        for name in given(self):
            title = MODELS[self.model].title
            require(name in has, name, wanted=f"nothing: {title} has none", given=given(self)[name])
        if self.smoothing is not None:
            between("smoothing", self.smoothing, 0, 1e3)
        if self.batch is not None:
            between("batch", self.batch, 1, 10**9, whole=True)
        if self.model != "unigram":
            self.own()

    def own(self, documents: int = 0) -> Any:
        """The Config of the model itself. Raises SettingError as that does."""
        model = MODELS[self.model]
        require(model.own is not None, "model", wanted="one with topics", given=self.model)
        assert model.own is not None
        passed = {name: value for name, value in given(self).items() if name not in ASIDE}
        if "iterations" in passed:
            passed[model.iterations] = passed.pop("iterations")
            if self.model == "gibbs" and self.burn is None:
                passed["burn"] = passed["sweeps"] // 2
        if self.model == "online_lda":
            passed["documents"] = documents
        return model.own(topics=self.topics, whole_every=self.whole_every, **passed)

    def steps(self, documents: int) -> int:
        """At most so many Steps, where so many documents are learned from."""
        if self.model == "unigram":
            return 1
        rounds = int(getattr(self.own(), MODELS[self.model].iterations))
        if self.model == "online_lda":
            rounds *= math.ceil(documents / (self.batch or BATCH))
        return rounds + 1


def given(config: Config) -> dict[str, Any]:
    """Those settings of one model or another that are not None."""
    always = ("model", "topics", "whole_every")
    values = {f.name: getattr(config, f.name) for f in dataclasses.fields(config)}
    return {name: v for name, v in values.items() if v is not None and name not in always}


def learn(data: Counts, config: Config, *, generator: torch.Generator) -> Iterator[Step]:
    """Steps as the model's own `learn` has them, config.steps(len(data)) at most.

    Where a Step has the whole model, it has the mixtures of all documents. Raises SettingError
    where there is nothing to learn from.
    """
    ready(data)
    model = MODELS[config.model]
    if model.learn is None:
        yield _unigram(data, SMOOTHING if config.smoothing is None else config.smoothing)
        return
    own = config.own(len(data))
    if config.model != "online_lda":
        yield from model.learn(data, own, generator=generator)
        return
    for one in model.learn(
        _Batches(data, config.batch or BATCH, generator), own, generator=generator
    ):
        found = one.topics
        if found is not None:
            theta = fold_in(found, data).astype(np.float32)
            one = dataclasses.replace(one, topics=dataclasses.replace(found, doc_topic=theta))
        yield one


@dataclass(frozen=True)
class _Batches:
    """The documents in minibatches, in another order each time they are gone through."""

    data: Counts
    size: int
    generator: torch.Generator

    def __iter__(self) -> Iterator[Counts]:
        return minibatches(self.data, self.size, generator=self.generator)


def _unigram(data: Counts, smoothing: float) -> Step:
    fitted = unigram.fit(data, smoothing)
    p = fitted.topic_word.astype(np.float64)
    n = data.per_word()
    # sum over w of n(w) log p(w)
    log_p = float(n[n > 0] @ np.log(p[0, n > 0]))
    return step(
        0, log_p / data.tokens, p, None, alpha=fitted.alpha, eta=smoothing, share=np.ones(1),
        documents=len(data), whole=lambda: fitted,
    )  # fmt: skip
