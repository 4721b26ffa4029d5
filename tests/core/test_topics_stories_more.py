"""How likely a story is, planted topics found again, and what is counted of made documents."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from core.charts import topics_stories
from core.errors import SettingError
from core.rng import stream
from core.topics import bars, fit, generate, stories_draws, stories_recover
from core.topics.counts import from_tokens
from core.topics.stories_joint import log_density, log_factors
from core.topics.stories_rarefied import rarefied
from core.topics.topics import Topics

TOPICS = Topics(
    model="lda",
    topic_word=np.array([[0.7, 0.2, 0.1], [0.1, 0.4, 0.5]], np.float32),
    doc_topic=np.array([[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]], np.float32),
    alpha=np.array([0.6, 0.2]),
    vocabulary=("one", "two", "three"),
)


def test_the_factors_are_those_of_the_joint() -> None:
    draws = list(generate.story(TOPICS, 3, kind="lda", generator=stream(1)))
    theta, beta = draws[0].chances, TOPICS.topic_word
    wanted = [stats.dirichlet.logpdf(theta, TOPICS.alpha)]
    for z, w in itertools.pairwise(draws[1:]):
        if z.what == "z":
            wanted += [np.log(theta[z.value]), np.log(beta[z.value, w.value])]
    assert log_factors(draws, TOPICS) == pytest.approx(wanted, rel=1e-6)
    d, z, _ = generate.story(TOPICS, 1, kind="plsa", generator=stream(1))
    told = log_factors([d, z], TOPICS)
    assert told == pytest.approx([-np.log(3), np.log(TOPICS.doc_topic[d.value, z.value])])


def test_a_share_that_is_nought_is_still_a_number() -> None:
    assert np.isfinite(log_density(np.array([1.0, 0.0]), TOPICS.alpha))


@pytest.mark.parametrize("model", ["lda", "gibbs", "plsa", "nmf"])
def test_planted_bars_are_found_again(model: str) -> None:
    planted = bars.pictures(4, 300, 80, generator=stream(0, "bars"))
    config = stories_recover.Config(
        model=fit.Config(model=model, topics=8, iterations=80), whole=True
    )
    data = stories_recover.data(planted.documents, planted.topics.topic_word)
    steps = list(stories_recover.learn(data, config, generator=stream(0)))
    assert len(steps) <= stories_recover.steps(config, 300)
    first, last = steps[0], steps[-1]
    assert first.error > 0.4 and last.error < 0.15
    assert last.error == pytest.approx(last.distance.mean()) and last.step.topics is None
    # every topic has one partner; where it is near, its pixels are those of the bar
    assert sorted(last.planted) == sorted(last.found) == list(range(8))
    best = last.topic_word[last.found[0]].argsort()[-4:]
    assert set(best) == set(np.flatnonzero(planted.topics.topic_word[last.planted[0]]))


def test_a_mixture_of_unigrams_finds_no_bars_and_looks_are_counted() -> None:
    planted = bars.pictures(4, 200, 80, generator=stream(0, "bars"))
    config = stories_recover.Config(model=fit.Config(model="mixture", topics=6), every=5)
    data = stories_recover.data(planted.documents, planted.topics.topic_word)
    steps = list(stories_recover.learn(data, config, generator=stream(0)))
    assert steps[-1].error > 0.15 and len(steps[-1].planted) == 6
    assert steps[-1].topic_word is None and steps[1].step.iteration == 5
    assert len(steps) <= stories_recover.steps(config, 200)
    with pytest.raises(SettingError, match="every"):
        stories_recover.Config(every=0)


def test_different_words_among_few_by_enumeration() -> None:
    # documents a a a b c and a b
    counts = from_tokens(np.array([0, 0, 0, 1, 2, 0, 1]), np.array([0] * 5 + [1] * 2), 2, "abc")
    some = list(itertools.combinations("aaabc", 3))
    wanted = np.mean([len(set(one)) for one in some])
    found = rarefied(counts, 3)
    assert found[0] == pytest.approx(wanted) and np.isnan(found[1])
    assert rarefied(counts, 2)[1] == pytest.approx(2)


def test_draws_of_counts_come_as_often_as_they_should() -> None:
    drawn = stories_draws.multinomial(5, [0.5, 0.3, 0.2], 20_000, generator=stream(0))
    assert (drawn.sum(axis=1) == 5).all()
    assert drawn.mean(axis=0) == pytest.approx([2.5, 1.5, 1.0], abs=0.04)
    all_counts = stories_draws.triples(5)
    assert len({tuple(row) for row in all_counts.tolist()}) == 21
    p = stats.multinomial.pmf(all_counts, 5, [0.5, 0.3, 0.2])
    assert stories_draws.times(drawn, all_counts) / 20_000 == pytest.approx(p, abs=0.01)
    ones = stories_draws.multinomial(4, [1.0, 0.0], 3, generator=stream(0))
    assert ones.tolist() == [[4, 0]] * 3
    with pytest.raises(SettingError, match="sum 1"):
        stories_draws.multinomial(4, [0.5, 0.1], 3, generator=stream(0))


def test_topics_in_like_shares() -> None:
    theta = np.array([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]])
    assert stories_draws.alike(theta) == pytest.approx([1, 4, 2])


def rows(chart, *columns: str) -> list[tuple]:
    [data] = [d for d in chart.to_dict()["datasets"].values() if set(columns) <= set(d[0])]
    return [tuple(row[column] for column in columns) for row in data]


def test_histograms_share_their_bins() -> None:
    found = rows(topics_stories.histograms([0, 0, 24], [12.0], title="x"), "documents", "left", "p")
    assert len(found) == 2 * topics_stories.BINS
    real = [p for name, _, p in found if name == "real"]
    assert real[0] == pytest.approx(2 / 3) and sum(real) == pytest.approx(1)
    [made] = [left for name, left, p in found if name == "made" and p]
    assert made == pytest.approx(12, abs=1)
    assert rows(topics_stories.histograms([], [], title="x"), "p")  # nothing is drawn, and drawn


def test_shares_stand_in_the_order_of_the_real_ones() -> None:
    chart = topics_stories.shares([0.2, 0.8], [0.6, 0.4], ["a", "b"])
    assert rows(chart, "documents", "topic", "p") == [
        ("real", "b", 0.8), ("real", "a", 0.2), ("made", "b", 0.4), ("made", "a", 0.6),
    ]  # fmt: skip


def test_mixtures_from_the_largest_topic_down() -> None:
    found = rows(topics_stories.mixtures([[0.1, 0.2, 0.3, 0.05, 0.25, 0.1]]), "topic", "p")
    assert [name for name, _ in found] == list(topics_stories.RANKS)
    assert [p for _, p in found] == pytest.approx([0.3, 0.25, 0.2, 0.1, 0.15])
    few = rows(topics_stories.mixtures([[0.9, 0.1]]), "topic", "p")
    assert sum(p for _, p in few) == pytest.approx(1)


def test_the_error_and_where_it_is_looked_at() -> None:
    chart = topics_stories.error([0, 5], [0.6, 0.1], now=5)
    assert rows(chart, "iteration", "error") == [(0, 0.6), (5, 0.1)]
    assert [layer["mark"]["type"] for layer in chart.to_dict()["layer"]] == ["line", "rule"]
    assert len(topics_stories.error([0], [0.5]).to_dict()["layer"]) == 1


def test_tiles_reach_from_light_to_dark() -> None:
    tiles = topics_stories.tiles([[[0, 2.0]], [[0, 0]]])
    light, dark = topics_stories.RAMP[0].tolist(), topics_stories.RAMP[-1].tolist()
    assert tiles.tolist() == [[[light, dark]], [[light, light]]]
