"""One door to all topic models: the same Steps as their own, and settings that are theirs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from core.errors import SettingError
from core.rng import stream
from core.topics import bars, fit, gibbs, lda, mixture, nmf, online_lda, plsa, topics
from core.topics.counts import Counts, minibatches
from core.topics.infer import fold_in
from tests.core.test_learners import same

DATA = bars.pictures(3, 50, 20, generator=stream(0, "documents")).documents
OWN: dict[str, tuple[Any, Any]] = {
    "mixture": (mixture.learn, mixture.Config(topics=3, iterations=4)),
    "plsa": (plsa.learn, plsa.Config(topics=3, iterations=4)),
    "lda": (lda.learn, lda.Config(topics=3, iterations=4)),
    "gibbs": (gibbs.learn, gibbs.Config(topics=3, sweeps=4, burn=2)),
    "nmf": (nmf.learn, nmf.Config(topics=3, iterations=4)),
}


def run(data: Counts = DATA, **settings: Any) -> list[Any]:
    return list(fit.learn(data, fit.Config(**settings), generator=stream(5, "fit")))


@pytest.mark.parametrize("model", OWN)
def test_steps_are_the_models_own(model: str) -> None:
    learn, config = OWN[model]
    theirs = list(learn(DATA, config, generator=stream(5, "fit")))
    mine = run(model=model, topics=3, iterations=4)
    assert same(mine, theirs)
    assert len(mine) <= fit.Config(model=model, topics=3, iterations=4).steps(len(DATA)) == 5


@pytest.mark.parametrize("model", fit.MODELS)
def test_every_model_ends_with_all_documents_and_keeps_its_promises(model: str) -> None:
    steps = run(model=model, topics=1 if model == "unigram" else 3)
    last = steps[-1].topics
    assert last is not None and last.model == model
    assert last.doc_topic.shape == (50, last.K) and np.allclose(last.doc_topic.sum(axis=1), 1)
    assert np.allclose(last.topic_word.sum(axis=1), 1, atol=1e-5)
    assert len(steps) <= fit.Config(model=model).steps(len(DATA))
    about = fit.MODELS[model]
    first, end = steps[0].objective, steps[-1].objective
    assert end >= first if about.rises else end < first
    assert about.title and about.paper and about.objective
    names = {f.name for f in dataclasses.fields(fit.Config)} - {"model", "whole_every"}
    assert set(about.settings) <= names


def test_the_table_names_every_setting_of_every_model() -> None:
    assert tuple(fit.MODELS) == topics.MODELS
    for model, about in fit.MODELS.items():
        if about.own is None:
            continue
        theirs = {f.name for f in dataclasses.fields(about.own)}  # type: ignore[arg-type]
        aside = {"whole_every", "documents", "every", about.iterations}
        assert theirs - aside == set(about.settings) - {"iterations", "batch"}, model


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"model": "lda", "alpha": 0.3, "eta": 0.2, "learn_alpha": False, "learn_eta": False,
          "inner": 5, "wait": 7, "tolerance": 0.0}, lda.Config(
              alpha=0.3, eta=0.2, learn_alpha=False, learn_eta=False, inner=5, wait=7, tolerance=0)),
        ({"model": "nmf", "loss": "frobenius", "weights": "tf-idf", "iterations": 9},
         nmf.Config(loss="frobenius", weights="tf-idf", iterations=9)),
        ({"model": "gibbs", "iterations": 31}, gibbs.Config(sweeps=31, burn=15)),
        ({"model": "gibbs", "iterations": 31, "burn": 4}, gibbs.Config(sweeps=31, burn=4)),
        ({"model": "gibbs"}, gibbs.Config()),
        ({"model": "online_lda", "iterations": 3, "tau": 5.0, "kappa": 0.9, "batch": 10},
         online_lda.Config(passes=3, tau=5, kappa=0.9)),
        ({"model": "plsa", "smoothing": 0.0}, plsa.Config(smoothing=0)),
    ],
)  # fmt: skip
def test_settings_reach_the_model(settings: dict[str, Any], named: Any) -> None:
    assert fit.Config(**settings).own() == named


def test_online_sees_all_documents_in_minibatches_of_a_size() -> None:
    steps = run(model="online_lda", topics=3, iterations=2, batch=20)
    assert [step.documents for step in steps] == [20, 40, 50, 70, 90, 100, 100]
    config = fit.Config(model="online_lda", topics=3, iterations=2, batch=20)
    assert len(steps) == config.steps(50)
    found = steps[-1].topics
    assert np.allclose(found.doc_topic, fold_in(found, DATA), atol=1e-6)
    assert all(step.topics is None for step in steps[:-1])
    # D is the corpus', and each pass has an order of its own
    generator = stream(5, "fit")
    whole = online_lda.Config(topics=3, passes=2, documents=50)
    batches = fit._Batches(DATA, 20, generator)
    theirs = list(online_lda.learn(batches, whole, generator=generator))
    assert np.array_equal(found.topic_word, theirs[-1].topics.topic_word)  # type: ignore[union-attr]
    plain = tuple(minibatches(DATA, 20))
    other = list(online_lda.learn(plain, whole, generator=stream(5, "fit")))
    assert not np.allclose(found.topic_word, other[-1].topics.topic_word)  # type: ignore[union-attr]


def test_the_unigram_is_one_step_of_known_likelihood() -> None:
    (step,) = run(model="unigram", smoothing=0.0)
    p = DATA.per_word() / DATA.tokens
    assert step.objective == pytest.approx(float(p[p > 0] @ np.log(p[p > 0])), rel=1e-6)
    assert step.topics.K == 1 and fit.Config(model="unigram").steps(50) == 1
    assert step.share.tolist() == [1] and step.documents == 50


@pytest.mark.parametrize("model", fit.MODELS)
def test_the_whole_model_comes_where_it_is_asked_for(model: str) -> None:
    steps = run(model=model, topics=1 if model == "unigram" else 2, whole_every=1)
    assert all(step.topics is not None and len(step.topics.doc_topic) == 50 for step in steps)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": "bert"}, "model: wanted unigram or mixture"),
        ({"model": "plsa", "alpha": 0.1}, "alpha: wanted nothing: PLSA has none, got 0.1"),
        ({"model": "lda", "burn": 3}, "burn"),
        ({"model": "lda", "alpha": -1.0}, "alpha"),
        ({"model": "unigram", "smoothing": -1.0}, "smoothing"),
        ({"model": "unigram", "iterations": 3}, "iterations"),
        ({"model": "gibbs", "iterations": 0}, "sweeps"),
        ({"model": "online_lda", "batch": 0}, "batch"),
        ({"model": "nmf", "loss": "hinge"}, "loss"),
        ({"topics": 0}, "topics"),
        ({"whole_every": -1}, "whole every"),
    ],
)
def test_what_it_refuses(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        fit.Config(**settings)


@pytest.mark.parametrize("model", fit.MODELS)
def test_no_words_are_refused_by_all(model: str) -> None:
    none = Counts(np.zeros(3, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32), ("a",))
    with pytest.raises(SettingError, match="words"):
        run(none, model=model)
