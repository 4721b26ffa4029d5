"""Coherence against numbers by hand and gensim's; distances, alignment, agreement, relevance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import normalized_mutual_info_score

from core.errors import SettingError
from core.rng import stream
from core.topics import agreement, align, coherence, distances, relevance
from core.topics.counts import from_matrix
from core.topics.dirichlet import draw
from tests.oracles import topics as oracle

TEXTS = [
    text.split()
    for text in (
        "human interface computer",
        "survey user computer system response time",
        "eps user interface system",
        "system human trees eps",
        "user response time",
        "trees",
        "graph trees",
        "graph minors trees",
        "graph minors survey",
    )
]
VOCABULARY = sorted({word for text in TEXTS for word in text})
CODES = [np.array([VOCABULARY.index(word) for word in text]) for text in TEXTS]
TOPICS = [
    [VOCABULARY.index(word) for word in words.split()]
    for words in ("human computer system interface", "graph minors trees eps")
]
EVERY = [word for topic in TOPICS for word in topic]
DATA = from_matrix(
    np.array([np.bincount(codes, minlength=len(VOCABULARY)) for codes in CODES]), VOCABULARY
)

# gensim 4.4.0, CoherenceModel.get_coherence_per_topic; its windows of 10 and 110 hold whole texts.
# No text has a word twice: gensim then forgets the second with the first that leaves the window.
GENSIM = {
    ("u_mass", 0): (-0.7607246985689725, -9.258287384046978),
    ("c_npmi", 3): (0.06747828871959405, -0.060932774353619386),
    ("c_npmi", 10): (0.2768026848266368, -0.11495433794882631),
    ("c_v", 3): (0.5922058371239184, 0.4427196319034159),
    ("c_v", 110): (0.8175699493307136, 0.4129426190271237),
    ("c_npmi", 2): (-0.005764756307611893, -0.13272437174632976),
}


@pytest.mark.parametrize(("measure", "window"), GENSIM)
def test_coherence_is_gensims(measure: str, window: int) -> None:
    for topic, wanted in zip(TOPICS, GENSIM[measure, window], strict=True):
        if measure == "u_mass":
            # gensim adds 1e-12 to the share of documents, where Mimno et al. add 1 document
            together = coherence.in_documents(DATA, EVERY)
            found = coherence.umass(together, topic, smoothing=1e-12 * len(TEXTS))
        else:
            together = coherence.in_windows(CODES, EVERY, window)
            found = (coherence.npmi if measure == "c_npmi" else coherence.c_v)(together, topic)
        assert found == pytest.approx(wanted, abs=1e-9)


def test_umass_by_hand() -> None:
    # "graph" in 3 documents, "minors" in 2 (both with graph), "trees" in 4 (graph 2, minors 1)
    together = coherence.in_documents(DATA, EVERY)
    by_hand = (math.log(3 / 3) + math.log(3 / 3) + math.log(2 / 2)) / 3
    assert coherence.umass(together, TOPICS[1][:3]) == pytest.approx(by_hand)
    # human 2, computer 2, together 1: (1 + 1) / 2
    assert coherence.umass(together, TOPICS[0][:2]) == pytest.approx(0.0)


def test_windows_by_counting_them() -> None:
    texts = [*CODES, np.array([EVERY[0], 0, EVERY[0], 3, 3, EVERY[1]]), np.array([], np.int64)]
    for size in (2, 3, 4, 6):
        shown = [
            set(codes[i : i + size].tolist())
            for codes in texts
            if len(codes)
            for i in range(max(len(codes) - size, 0) + 1)
        ]
        together = coherence.in_windows(texts, EVERY, size)
        assert together.windows == len(shown)
        for a, i in enumerate(together.words):
            assert together.each[a] == sum(i in window for window in shown)
            for b, j in enumerate(together.words):
                assert together.pairs[a, b] == sum(i in w and j in w for w in shown)


def test_words_that_always_stand_together_and_never() -> None:
    data = from_matrix(np.array([[1, 1, 0], [2, 1, 0], [0, 0, 3], [0, 0, 1]]), "abc")
    together = coherence.in_documents(data, [0, 1, 2])
    assert coherence.npmi(together, [0, 1]) == pytest.approx(1.0)
    assert coherence.npmi(together, [0, 2]) == pytest.approx(-1.0, abs=0.06)
    assert coherence.npmi(together, [0]) == 0.0
    with pytest.raises(SettingError, match="window"):
        coherence.in_windows([np.array([0, 1])], [0], 1)


def test_jensen_shannon_is_the_oracles_and_scipys() -> None:
    p = draw(np.full(7, 0.3), 4, generator=stream(0, "p"))
    p[0, 2] = 0.0
    p[0] /= p[0].sum()
    found = distances.jensen_shannon(p)
    for i in range(4):
        for j in range(4):
            assert found[i, j] == pytest.approx(oracle.jensen_shannon(p[i], p[j]), abs=1e-12)
            assert found[i, j] == pytest.approx(jensenshannon(p[i], p[j]) ** 2, abs=1e-12)
    apart = distances.jensen_shannon(np.eye(3))
    assert np.allclose(apart, (1 - np.eye(3)) * math.log(2))


def test_the_map_gives_back_places_on_a_plane() -> None:
    rng = np.random.default_rng(0)
    places = rng.normal(size=(9, 2))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    found = distances.plane(apart)
    assert np.allclose(np.linalg.norm(found[:, None] - found[None], axis=2), apart)
    assert found[:, 0].var() >= found[:, 1].var()
    assert np.allclose(found, distances.plane(apart))
    assert distances.topic_map(np.ones((1, 4)) / 4).tolist() == [[0.0, 0.0]]
    assert np.allclose(distances.topic_map(np.ones((3, 4)) / 4), 0)


def test_alignment_undoes_a_shuffle() -> None:
    topics = draw(np.full(40, 0.1), 6, generator=stream(1, "topics"))
    order = np.array([3, 0, 5, 1, 4, 2])
    pairs = align.align(topics, topics[order])
    assert np.array_equal(order[pairs.second], pairs.first)
    assert np.allclose(pairs.distance, 0, atol=1e-12)
    few = align.align(topics, topics[order[:2]])
    assert set(few.first.tolist()) == {3, 0}
    with pytest.raises(SettingError, match="wanted 40 words"):
        align.align(topics, topics[:, :5])


def test_the_least_sum_is_found_where_the_nearest_first_would_not() -> None:
    first = np.array([[0.5, 0.5, 0.0], [0.6, 0.4, 0.0]])
    second = np.array([[0.55, 0.45, 0.0], [0.0, 0.4, 0.6]])
    cost = distances.jensen_shannon(first, second)
    pairs = align.align(first, second)
    assert pairs.distance.sum() == pytest.approx(
        min(cost[0, 0] + cost[1, 1], cost[0, 1] + cost[1, 0])
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=40))
def test_agreement_is_sklearns(pairs: list[tuple[int, int]]) -> None:
    labels, topics = [f"l{a}" for a, _ in pairs], [b for _, b in pairs]
    found = agreement.agreement(np.eye(5)[topics], labels)
    assert found.nmi == pytest.approx(normalized_mutual_info_score(labels, topics), abs=1e-9)
    largest = sum(
        max(sum(a == label and b == z for a, b in zip(labels, topics, strict=True)) for label in labels)
        for z in set(topics)
    )  # fmt: skip
    assert found.purity == pytest.approx(largest / len(labels))


def test_agreement_of_soft_topics_and_bad_labels() -> None:
    soft = np.array([[0.5, 0.5], [1.0, 0.0]])
    found = agreement.agreement(soft, ["a", "b"], hard=False)
    assert found.labels == ("a", "b") and found.table.tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert found.purity == pytest.approx(0.75)
    with pytest.raises(SettingError, match="one for each of 2"):
        agreement.agreement(soft, ["a"])


def test_relevance_at_its_ends_and_between() -> None:
    p = np.array([[0.7, 0.2, 0.1, 0.0], [0.7, 0.0, 0.1, 0.2]])
    p_word = p.mean(axis=0)
    assert np.allclose(relevance.relevance(p, p_word, 1.0)[0, :3], np.log(p[0, :3]))
    assert np.allclose(relevance.relevance(p, p_word, 0.0)[0, :3], np.log((p[0] / p_word)[:3]))
    half = relevance.relevance(p, p_word, 0.6)
    assert half[0, 1] == pytest.approx(0.6 * math.log(0.2) + 0.4 * math.log(0.2 / 0.1))
    assert half[0, 3] == -np.inf
    assert relevance.relevant(p, p_word, 1.0, 2).tolist() == [[0, 1], [0, 3]]
    assert relevance.relevant(p, p_word, 0.0, 1).tolist() == [[1], [3]]
    with pytest.raises(SettingError, match="relevance"):
        relevance.relevance(p, p_word, 1.5)


def test_saliency_by_hand() -> None:
    p, p_topic = np.array([[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]]), np.array([0.5, 0.5])
    found = relevance.saliency(p, p_topic)
    # the first word tells nothing; the others are of one topic: log (1 / 0.5), a quarter of all
    assert found == pytest.approx([0.0, 0.25 * math.log(2), 0.25 * math.log(2)])
    assert np.allclose(relevance.topic_given_word(p, p_topic), [[0.5, 0.5], [1, 0], [0, 1]])
