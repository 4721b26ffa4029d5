"""Choosing K: the planted number is found, and every number is what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.topics import coherence, fit, generate, over_k, perplexity
from core.topics.counts import Counts, from_matrix
from tests.core.test_learners import same

PLANTED = generate.documents(
    generate.random_topics(4, 60, alpha=0.1, eta=0.1, generator=stream(1, "topics")),
    300, 60, generator=stream(1, "documents"),
)  # fmt: skip
DATA = PLANTED.documents
QUICK = fit.Config(model="lda", iterations=30)


def run(data: Counts = DATA, seed: int = 0, **settings: Any) -> list[over_k.Step]:
    config = over_k.Config(**{"fit": QUICK, "timed": False} | settings)
    return list(over_k.learn(data, config, generator=stream(seed, "over k")))


def test_the_planted_number_of_topics_is_found() -> None:
    steps = run(ks=(1, 2, 4, 8), seeds=3, held_out=0.2)
    assert [step.K for step in steps] == [1, 2, 4, 8]
    one, two, four, eight = (step.perplexity.min() for step in steps)
    assert one > 1.2 * two > 1.4 * four and eight > four
    assert over_k.best(steps) == 4
    # nearly as good as the topics that made the documents
    parts = _split(DATA, 0.2, 0)
    made = perplexity.of_halves(PLANTED.topics, parts.observed, parts.scored)
    assert 0.98 * made < four < 1.03 * made
    assert max(steps, key=lambda step: step.c_v.max()).K == 4


def _split(data: Counts, share: float, seed: int) -> over_k.Split:
    drawn = int(torch.randint(2**62, (1,), generator=stream(seed, "over k")))
    return over_k.split(data, share, drawn)


def test_the_numbers_are_those_of_the_fit_itself() -> None:
    (step,) = run(ks=(3,), whole=(3,))
    parts = _split(DATA, 0.1, 0)
    assert len(parts.learned) == 270 and step.topics is not None and step.topics.K == 3
    assert len(step.topics.doc_topic) == 270 and step.iterations[0] == 30
    assert step.perplexity[0] == perplexity.of_halves(step.topics, parts.observed, parts.scored)
    order = np.argsort(-step.topics.topic_word, axis=1, kind="stable")[:, :10]
    each = [
        [measure(coherence.in_documents(parts.learned, words), words.tolist()) for words in order]
        for measure in (coherence.umass, coherence.npmi, coherence.c_v)
    ]
    wanted = np.mean(each, axis=1)
    assert np.allclose([step.umass[0], step.npmi[0], step.c_v[0]], wanted, atol=1e-12)


def test_words_are_looked_for_in_chunks_of_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    words = np.argsort(np.random.default_rng(0).random((7, 60)), axis=1)[:, :5]
    at_once = over_k.coherences(DATA, words)
    monkeypatch.setattr(over_k, "CHUNK", 2)
    assert over_k.coherences(DATA, words) == pytest.approx(at_once, abs=1e-12)


def test_another_k_in_the_list_changes_no_other() -> None:
    few, more = run(ks=(3,)), run(ks=(5, 3, 2))
    assert same(few[0], more[1])
    assert same(run(ks=(3,), seeds=2)[0].perplexity[:1], few[0].perplexity)
    assert not same(run(ks=(3,), seed=1)[0].perplexity, few[0].perplexity)


def test_models_come_only_where_asked_for_and_the_best_of_several() -> None:
    steps = run(ks=(2, 3), whole=(3,), seeds=3, seed=3)
    assert steps[0].topics is None
    parts = _split(DATA, 0.1, 3)
    assert steps[1].topics is not None and len(set(steps[1].perplexity)) == 3
    found = perplexity.of_halves(steps[1].topics, parts.observed, parts.scored)
    assert found == steps[1].perplexity[1] == steps[1].perplexity.min()


@pytest.mark.parametrize("model", [m for m in fit.MODELS if m != "unigram"])
def test_every_model_with_topics_can_be_judged(model: str) -> None:
    settings = fit.Config(model=model, iterations=10)
    steps = run(ks=(1, 4), fit=settings)
    for step in steps:
        assert 1 < step.perplexity[0] < 60 and -1 <= step.npmi[0] <= 1 and 0 <= step.c_v[0] <= 1
    assert steps[1].perplexity[0] < steps[0].perplexity[0]
    assert steps[0].seconds[0] == 0
    assert run(ks=(1,), fit=settings, timed=True)[0].seconds[0] > 0


def test_documents_are_held_out_once_and_whole() -> None:
    rows = np.random.default_rng(0).poisson(0.5, (40, 20))
    rows[::4] = 0  # documents without words are of no use to score
    data = from_matrix(rows, [f"w{w}" for w in range(20)])
    parts = over_k.split(data, 0.5, 3)
    filled = int((rows.sum(axis=1) > 0).sum())
    assert len(parts.observed) == round(0.5 * filled) and len(parts.learned) == 40 - round(
        0.5 * filled
    )
    assert (parts.observed.per_document() + parts.scored.per_document() > 0).all()
    sums = parts.learned.per_word() + parts.observed.per_word() + parts.scored.per_word()
    assert np.array_equal(sums, data.per_word())


@pytest.mark.parametrize("share", [0.01, 0.9])
def test_two_documents_are_enough(share: float) -> None:
    data = from_matrix([[2, 1, 0], [0, 0, 0], [1, 2, 2]], ["a", "b", "c"])
    (step,) = run(data, ks=(2,), held_out=share)
    assert 1 < step.perplexity[0] < 10


def test_the_best_has_the_lowest_of_all_perplexities_and_of_equals_the_smallest() -> None:
    def at(K: int, *perplexity: float) -> over_k.Step:
        zeros = np.zeros(len(perplexity))
        return over_k.Step(
            K=K, perplexity=np.array(perplexity), umass=zeros, npmi=zeros, c_v=zeros,
            objective=zeros, iterations=zeros.astype(np.int64), seconds=zeros, topics=None,
        )  # fmt: skip

    assert over_k.best([at(2, 9, 9), at(8, 5, 7), at(4, 6, 5), at(16, 6, 6)]) == 4
    with pytest.raises(SettingError, match="numbers of topics"):
        over_k.best([])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fit": fit.Config(model="unigram")}, "model"),
        ({"ks": ()}, "numbers of topics"),
        ({"ks": (0,)}, "number of topics"),
        ({"ks": (2, 2)}, "each once"),
        ({"whole": (3,)}, "whole"),
        ({"held_out": 0.0}, "held out"),
        ({"held_out": float("nan")}, "held out"),
        ({"seeds": 0}, "seeds"),
    ],
)
def test_what_it_refuses(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        over_k.Config(**settings)


def test_data_that_cannot_be_judged() -> None:
    with pytest.raises(SettingError, match="at least two that have words"):
        run(from_matrix([[1, 1], [0, 0]], ["a", "b"]))
    with pytest.raises(SettingError, match="whole numbers"):
        run(from_matrix([[0.5, 1], [0.5, 0.5]], ["a", "b"]))
