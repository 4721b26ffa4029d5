"""One document: its posterior counted out, chains of samples and what they weigh, and their charts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.charts import topics_inside
from core.errors import SettingError
from core.rng import stream
from core.topics import one_document_chains as chains
from core.topics.one_document import Document, rounds, samples
from core.topics.one_document_exact import exact, possible
from core.topics.one_document_word import weights
from tests.oracles import topics as oracle


def drawn(K: int, n: list[int], seed: int = 0) -> Document:
    r = np.random.default_rng(seed)
    beta = r.dirichlet(np.ones(20), K).T[: len(n)]
    return Document(np.arange(len(n)), np.array(n, float), r.random(K) + 0.05, beta)


@pytest.mark.parametrize(("K", "n"), [(1, [2]), (2, [3, 1]), (3, [1, 2, 1]), (5, [1, 1, 1])])
def test_the_posterior_counted_out(K: int, n: list[int]) -> None:
    document = drawn(K, n)
    found = exact(document)
    words = np.repeat(np.arange(len(n)), n).tolist()
    theta, log_p = oracle.one_document(words, document.beta, document.alpha)
    assert np.allclose(found.theta, theta) and found.log_p == pytest.approx(log_p)


def test_bounds_stay_below_what_is_counted_out_of_a_whole_document() -> None:
    document = drawn(3, [30, 20, 10, 40])
    found = exact(document)
    *_, last = rounds(document, 500, 1e-9)
    assert last.bound < found.log_p < last.bound + 5
    *_, swept = chains.learn(_data(document), chains.Config(sweeps=2000), generator=stream(0, "x"))
    assert np.allclose(swept.mean.mean(axis=0), found.theta, atol=0.02)


def test_too_much_to_count_out_is_told() -> None:
    assert possible(4, 20) and not possible(40, 20)
    with pytest.raises(SettingError, match="fewer of them for 20 topics, got 40"):
        exact(drawn(20, [40]))
    with pytest.raises(SettingError, match="whole numbers"):
        exact(Document(np.array([0]), np.array([0.5]), np.ones(2), np.ones((1, 2))))


def _data(document: Document) -> chains.Arrays:
    return document.words, document.n, document.alpha, document.beta


def test_chains_differ_and_come_again_by_their_seed() -> None:
    document = drawn(4, [3, 2, 1])
    config = chains.Config(sweeps=5, chains=2)
    one, again = (
        list(chains.learn(_data(document), config, generator=stream(3, "chains"))) for _ in range(2)
    )
    assert [s.sweep for s in one] == list(range(6))
    assert one[-1].mean.shape == (2, 4) and one[-1].z.shape == (6,)
    assert all(np.array_equal(a.mean, b.mean) for a, b in zip(one, again, strict=True))
    assert not np.allclose(one[-1].mean[0], one[-1].mean[1])
    assert np.allclose(one[-1].mean, np.mean([s.theta for s in one[1:]], axis=0))
    # number for number as one_document.samples draws
    seeds = torch.randint(2**62, (2,), generator=stream(3, "chains")).tolist()
    for c, seed in enumerate(seeds):
        plain = samples(document, 5, generator=torch.Generator().manual_seed(seed))
        for sample, swept in zip(plain, one, strict=True):
            assert np.allclose(sample.theta, swept.theta[c])
            assert c or np.array_equal(sample.z, swept.z)
    with pytest.raises(SettingError, match="sweeps"):
        chains.Config(sweeps=0)


def test_what_a_sample_weighs() -> None:
    document = drawn(2, [2, 1])
    theta, z = np.array([0.3, 0.7]), np.array([0, 1, 1])
    prior, topics, words = chains.joint(document, theta, z)
    a, b = document.alpha
    density = 0.3 ** (a - 1) * 0.7 ** (b - 1) * math.gamma(a + b) / math.gamma(a) / math.gamma(b)
    assert prior == pytest.approx(math.log(density))
    assert topics == pytest.approx(math.log(0.3 * 0.7 * 0.7))
    beta = document.beta
    assert words == pytest.approx(math.log(beta[0, 0] * beta[0, 1] * beta[1, 1]))


def test_phi_follows_from_gamma() -> None:
    document = drawn(3, [2, 1, 4])
    trace = list(rounds(document))
    for before, after in zip(trace[:-1], trace[1:], strict=True):
        each = weights(document, before.gamma)
        assert np.allclose(each / each.sum(axis=1, keepdims=True), after.phi)


def rows(chart: object) -> list[dict]:
    (data,) = chart.to_dict()["datasets"].values()
    return data


def test_the_terms_of_the_bound_from_round_nought() -> None:
    document = drawn(3, [2, 1, 4])
    trace = list(rounds(document))
    found = rows(topics_inside.terms([one.terms for one in trace]))
    assert len(found) == 6 * len(trace)
    last = {one["term"]: one for one in found if one["round"] == len(trace) - 1}
    total = last[topics_inside.SUM]
    assert total["value"] == pytest.approx(trace[-1].bound)
    assert total["gain"] == pytest.approx(trace[-1].bound - trace[0].bound) and total["gain"] > 0
    parts = [last[term]["gain"] for term in topics_inside.TERMS]
    assert total["gain"] == pytest.approx(sum(parts))


def test_answers_side_by_side() -> None:
    found = rows(
        topics_inside.ways({"one": [0.9, 0.1], "many": [[0.5, 0.5], [0.6, 0.4]]}, ["a", "b"])
    )
    told = {(one["way"], one["seed"], one["name"]): one["theta"] for one in found}
    assert told[("one", 1, "a")] == 0.9 and told[("many", 2, "b")] == 0.4 and len(told) == 6
