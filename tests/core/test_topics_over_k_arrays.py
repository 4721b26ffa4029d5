"""over_k from plain arrays: the same Steps, and models that are tried on the same documents."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.errors import SettingError
from core.rng import stream
from core.topics import fit, over_k, over_k_arrays, perplexity, unigram
from core.topics.counts import Counts
from core.topics.fit_arrays import Watched, arrays, counts, now_and_then, watched
from core.topics.over_k_arrays import Several


@pytest.fixture(scope="module")
def data() -> Counts:
    dice = np.random.default_rng(0)
    p = np.full((2, 8), 0.01)
    p[0, :4], p[1, 4:] = 0.24, 0.24
    some = np.stack([dice.multinomial(30, p[d % 2]) for d in range(60)]).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum((some > 0).sum(axis=1))]).astype(np.int64)
    words = np.nonzero(some)[1].astype(np.int32)
    return Counts(indptr, words, some[some > 0], tuple("abcdefgh"))


def config(*ks: int, model: str = "lda") -> over_k.Config:
    return over_k.Config(fit=fit.Config(model=model, iterations=15), ks=ks, timed=False)


def test_the_counts_come_back(data: Counts) -> None:
    again = counts(arrays(data))
    assert again.vocabulary == data.vocabulary
    assert np.array_equal(again.matrix().todense(), data.matrix().todense())


def test_the_same_steps(data: Counts) -> None:
    here = list(over_k.learn(data, config(1, 2), generator=stream(0, "x")))
    there = list(over_k_arrays.learn(arrays(data), config(1, 2), generator=stream(0, "x")))
    assert [step.perplexity for step in here] == [step.perplexity for step in there]


def test_models_are_asked_about_the_same_documents(data: Counts) -> None:
    tried = Several(tried=(config(1), config(2, model="plsa"), config(1)))
    one, two, again = over_k_arrays.several(arrays(data), tried, generator=stream(0, "x"))
    assert one.perplexity == again.perplexity
    assert two.perplexity < one.perplexity
    beat = over_k_arrays.line_of_several(arrays(data), 0.1, generator=stream(0, "x"))
    # one topic is the unigram, up to its smoothing
    assert beat == pytest.approx(float(one.perplexity[0]), rel=0.01)
    with pytest.raises(SettingError, match="models"):
        Several(tried=())


def test_the_line_to_beat_is_of_the_documents_held_out(data: Counts) -> None:

    seed = int(torch.randint(2**62, (1,), generator=stream(3, "x")))
    parts = over_k.split(data, 0.2, seed)
    wanted = perplexity.of_halves(unigram.fit(parts.learned), parts.observed, parts.scored)
    assert over_k_arrays.line_to_beat(arrays(data), 0.2, generator=stream(3, "x")) == wanted


def test_a_watched_fit_has_models_where_they_are_wanted(data: Counts) -> None:
    plain = fit.Config(topics=2, iterations=12, tolerance=0.0)
    bare = list(fit.learn(data, plain, generator=stream(0, "x")))
    seen = list(watched(arrays(data), Watched(fit=plain, whole=(3, 7)), generator=stream(0, "x")))
    assert [step.objective for step in seen] == [step.objective for step in bare]
    assert [step.iteration for step in seen if step.topics is not None] == [3, 7, 12]
    online = fit.Config(model="online_lda", topics=2, batch=10, iterations=2)
    seen = list(watched(arrays(data), Watched(fit=online, whole=(4, 8)), generator=stream(0, "x")))
    assert [step.iteration for step in seen if step.topics is not None][:2] == [4, 8]
    assert seen[-1].topics is not None and len(seen[-1].topics.doc_topic) == len(data)


@pytest.mark.parametrize(("total", "stride"), [(6, 1), (51, 1), (101, 1), (2001, 8), (20_001, 64)])
def test_models_come_along_now_and_then(total: int, stride: int) -> None:
    at = now_and_then(total, 12, stride)
    assert 1 <= len(at) <= 12 and all(one % stride == 0 and 0 < one <= total + stride for one in at)
    assert list(np.diff(at)) == sorted(np.diff(at)) or stride == 1
    assert now_and_then(3, 12) == ()
