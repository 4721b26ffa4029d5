"""Browsing a fitted model: edits, names, prevalence, neighbours, search, words by topic, matrices."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from core.errors import SettingError
from core.topics import (
    corpus,
    corpus_tokens,
    correlations,
    edits,
    matrices,
    naming,
    neighbours,
    prevalence,
    responsibility,
    search,
)
from core.topics.corpus_settings import Settings
from core.topics.counts import Counts, from_matrix
from core.topics.edits import Hide, Merge, Rename, Show
from core.topics.topics import Topics

WORDS = ("ball", "goal", "bread", "oven", "the")
# Topics 0 and 2 are both of sport.
TOPICS = Topics(
    model="lda",
    topic_word=np.array(
        [[0.5, 0.25, 0, 0, 0.25], [0, 0, 0.5, 0.25, 0.25], [0, 0.75, 0, 0, 0.25]], np.float32
    ),
    doc_topic=np.array([[0.5, 0.25, 0.25], [0, 1, 0], [0.25, 0.5, 0.25], [0, 0, 1]], np.float32),
    alpha=np.array([0.5, 0.25, 0.125]),
    eta=0.01,
    vocabulary=WORDS,
)
TOKENS = np.array([4.0, 2, 4, 6])
DATA = from_matrix(
    np.array([[2, 1, 0, 0, 1], [0, 0, 1, 1, 0], [1, 0, 2, 0, 1], [0, 6, 0, 0, 0]]), WORDS
)


def drawn(seed: int, D: int, K: int, V: int) -> Topics:
    random = np.random.default_rng(seed)
    return Topics(
        model="lda",
        topic_word=random.dirichlet(np.full(V, 0.2), K).astype(np.float32),
        doc_topic=random.dirichlet(np.full(K, 0.3), D).astype(np.float32),
        alpha=random.uniform(0.1, 1, K),
        vocabulary=tuple(f"w{w}" for w in range(V)),
    )


def test_merged_topics_are_the_sum_of_theirs_by_hand() -> None:
    # p(z) by tokens: (3, 5, 8) / 16
    now = edits.applied(TOPICS, [Merge((2, 0))], TOKENS)
    assert now.members == ((0, 2), (1,)) and now.ids == (0, 1)
    assert np.allclose(now.share, [11 / 16, 5 / 16])
    # (3 * .5, 3 * .25 + 8 * .75, 3 * .25 + 8 * .25) / 11
    assert np.allclose(now.topics.topic_word[0], [1.5 / 11, 6.75 / 11, 0, 0, 2.75 / 11])
    assert np.allclose(now.topics.doc_topic[:, 0], [0.75, 0, 0.5, 1])
    assert now.topics.alpha.tolist() == [0.625, 0.25]
    assert now.names[0].split(", ")[0] == "goal"
    # Without tokens each document weighs the same: p(z) = (.75, 1.75, 1.5) / 4
    even = edits.applied(TOPICS, [Merge((0, 2))])
    assert even.topics.topic_word[0, 0] == pytest.approx(0.5 * 0.75 / 2.25)
    assert TOPICS.K == 3 and TOPICS.doc_topic.shape == (4, 3), "the fitted model stays as it is"


def test_edits_speak_of_the_models_own_numbers_and_are_undone_by_leaving_them_away() -> None:
    todo = [Merge((0, 1)), Rename(2, "  Foot \n ball "), Hide(2), Rename(0, "<b>"), Show(2)]
    now = edits.applied(TOPICS, todo)
    assert now.names == ("<b>", "Foot ball") and now.hidden == frozenset()
    before = edits.applied(TOPICS, todo[:-1])
    assert before.hidden == {2} and before.seen == (0,)
    first = edits.applied(TOPICS, todo[:1])
    assert edits.applied(TOPICS, [*todo, Rename(0, ""), Rename(2, " ")]).names == first.names
    none = edits.applied(TOPICS, [])
    assert none.seen == (1, 2, 0) and none.members == ((0,), (1,), (2,))


def test_a_merged_topic_is_hidden_only_where_all_of_it_was() -> None:
    assert edits.applied(TOPICS, [Hide(0), Merge((0, 2))]).hidden == frozenset()
    assert edits.applied(TOPICS, [Hide(2), Hide(0), Merge((0, 2))]).hidden == {0}
    assert edits.applied(TOPICS, [Hide(2), Hide(0), Merge((0, 2)), Show(0)]).seen == (0, 1)


@pytest.mark.parametrize(
    ("todo", "said"),
    [
        ([Merge((1,))], "topics to merge: wanted at least two, got 1"),
        ([Merge((1, 1))], "at least two"),
        ([Merge((0, 2)), Rename(2, "x")], "topic: wanted one of 0, 1, got 2"),
        ([Hide(7)], "topic"),
        ([Rename(0, "x" * 81)], "name: wanted at most 80 letters, got 81"),
        ([Hide(0), Hide(1), Hide(2)], "hidden topics: wanted at least one left"),
    ],
)
def test_an_edit_that_cannot_be_is_told(todo: list[edits.Edit], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        edits.applied(TOPICS, todo)


@given(
    seed=st.integers(0, 1000),
    K=st.integers(2, 7),
    merges=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=5),
    weighted=st.booleans(),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_whatever_is_merged_sums_stay(
    seed: int, K: int, merges: list[tuple[int, int]], weighted: bool
) -> None:
    topics = drawn(seed, 6, K, 9)
    tokens = np.random.default_rng(seed).integers(0, 9, 6) + 1.0 if weighted else None
    todo: list[edits.Edit] = []
    for pair in merges:
        ids = edits.applied(topics, todo).ids
        picked = sorted({ids[z % len(ids)] for z in pair})
        todo += [Merge(tuple(picked))] if len(picked) > 1 else []
    now = edits.applied(topics, todo, tokens)
    assert sorted(z for group in now.members for z in group) == list(range(K))
    assert np.allclose(now.topics.topic_word.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(now.topics.doc_topic.sum(axis=1), 1, atol=1e-5)
    assert now.share.sum() == pytest.approx(1)
    assert now.topics.alpha.sum() == pytest.approx(topics.alpha.sum())
    # p(w) of the corpus, and each share as the documents have it
    p_word = topics.prevalence(tokens) @ topics.topic_word
    assert np.allclose(now.share @ now.topics.topic_word, p_word, atol=1e-5)
    assert np.allclose(now.share, now.topics.prevalence(tokens), atol=1e-5)
    assert len(set(now.names)) == len(now.names) == now.topics.K
    # In one go or step by step, in whatever order: the same topics.
    at_once = [Merge(group) for group in reversed(now.members) if len(group) > 1]
    again = edits.applied(topics, at_once, tokens)
    assert again.members == now.members
    assert np.allclose(again.topics.topic_word, now.topics.topic_word, atol=1e-5)


def test_a_model_without_documents_is_merged_by_its_prior() -> None:
    stream = replace(TOPICS, doc_topic=np.zeros((0, 3), np.float32))
    now = edits.applied(stream, [Merge((0, 2))])
    assert np.allclose(now.share, [5 / 7, 2 / 7])
    assert now.topics.topic_word[0, 0] == pytest.approx(0.5 * 0.5 / 0.625)
    assert now.topics.doc_topic.shape == (0, 2)


def test_names_pass_over_what_all_topics_have_and_what_repeats() -> None:
    vocabulary = ("the", "sparse_matrix", "sparse", "solver", "csr")
    p = np.array([[0.4, 0.2, 0.19, 0.11, 0.1], [0.9, 0.025, 0.025, 0.025, 0.025]])
    p_word = np.array([0.9, 0.03, 0.03, 0.02, 0.02])
    assert naming.name(p[0], vocabulary, p_word) == "sparse_matrix, solver, csr"
    assert naming.name(np.array([0, 0, 0, 1.0, 0]), vocabulary, p_word) == "solver"


def test_names_of_topics_differ() -> None:
    vocabulary = ("a", "b", "c", "d", "e")
    p = np.array([[0.4, 0.3, 0.2, 0.1, 0], [0.4, 0.3, 0.2, 0, 0.1], [0.4, 0.3, 0.2, 0.1, 0]])
    even = np.full(5, 0.2)
    found = naming.names(p, vocabulary, even)
    assert found == ("a, b, c, d", "a, b, c, e", "a, b, c, d (2)")


def test_shares_of_labels_by_hand() -> None:
    found = prevalence.by_label(TOPICS.doc_topic, TOKENS, ["b", "a", "b", "c"])
    assert found.groups == ("a", "b", "c")
    assert np.allclose(found.share, [[0, 1, 0], [3 / 8, 3 / 8, 2 / 8], [0, 0, 1]])
    assert found.tokens.tolist() == [2, 8, 6] and found.documents.tolist() == [1, 2, 1]
    total = found.tokens / found.tokens.sum() @ found.share
    assert np.allclose(total, TOPICS.prevalence(TOKENS))
    with pytest.raises(SettingError, match="labels: wanted one for each of 4 documents, got 1"):
        prevalence.by_label(TOPICS.doc_topic, TOKENS, ["b"])


def test_time_in_bins_of_the_calendar() -> None:
    dates = prevalence.to_dates(["2020-01-31", "2020-03-01T09:00", "once", "2020/01/02"])
    found = prevalence.by_time(TOPICS.doc_topic, TOKENS, dates, most=20)
    # 60 days: 9 or 10 weeks from the Monday before
    assert found.width == "week" and found.undated == 1
    assert found.groups[0] == "2019-12-30" and len(found.groups) == 9
    assert found.documents.tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    assert np.isnan(found.share[1]).all() and found.share[0].tolist() == [0, 0, 1]
    years = np.array(["1987", "1995", "2004", "2020"], "datetime64[Y]")
    decades = prevalence.by_time(TOPICS.doc_topic, TOKENS, years, most=20)
    assert decades.width == "2 years" and decades.groups[0] == "1986"
    assert decades.groups[-1] == "2020" and decades.documents.sum() == 4
    months = np.array(["2001-02", "2001-11", "2002-03", "2002-03"], "datetime64[M]")
    monthly = prevalence.by_time(TOPICS.doc_topic, TOKENS, months, most=20)
    assert monthly.width == "month" and monthly.groups[0] == "2001-02"
    assert np.allclose(monthly.share[-1], [0.1, 0.2, 0.7])
    with pytest.raises(SettingError, match="dates"):
        prevalence.by_time(TOPICS.doc_topic, TOKENS, prevalence.to_dates(["?"] * 4))


def test_dates_are_read_or_left_out() -> None:
    cells = [
        "1998",
        " 1998-05 ",
        "1998-13",
        "1998-04-31",
        "19980",
        "1998-05-311",
        "",
        "-5",
        "v1998",
    ]
    days = prevalence.to_dates(cells)
    assert days[:2].astype(str).tolist() == ["1998-01-01", "1998-05-01"]
    assert np.isnat(days[2:]).all()


@given(years=st.lists(st.integers(1, 9999), min_size=1, max_size=8), most=st.integers(20, 60))
@hypothesis_settings(max_examples=40, deadline=None)
def test_any_dates_fit_into_the_bins(years: list[int], most: int) -> None:
    dates = prevalence.to_dates([f"{year:04}-07-04" for year in years])
    theta = np.ones((len(years), 1))
    found = prevalence.by_time(theta, np.ones(len(years)), dates, most)
    assert len(found.groups) <= most and found.documents.sum() == len(years)
    assert found.documents[0] > 0 and found.documents[-1] > 0
    assert found.starts[0] <= dates.min() and found.starts[-1] <= dates.max()
    assert (np.diff(found.starts.astype(int)) > 0).all()


def test_correlations_are_numpys_and_pmi_by_hand() -> None:
    theta = drawn(3, 50, 4, 5).doc_topic
    assert np.allclose(correlations.pearson(theta), np.corrcoef(theta.T.astype(float)), atol=1e-6)
    flat = np.array([[0.5, 0.5, 0], [0.5, 0.1, 0.4]])
    assert np.allclose(correlations.pearson(flat), [[1, 0, 0], [0, 1, -1], [0, -1, 1]])
    # Four documents: topic 0 in two, 1 in three, both in two. p = 2.5 / 5, 3.5 / 5.
    found = correlations.pmi(TOPICS.doc_topic)
    assert found[0, 1] == pytest.approx(math.log((2 + 0.35) / 5 / 0.35))
    assert np.array_equal(found, found.T) and not found.diagonal().any()
    apart = correlations.pmi(np.eye(2))
    assert apart[0, 1] == pytest.approx(math.log(1 / 3))
    pairs = correlations.strongest(np.array([[0, 0.1, -0.5], [0.1, 0, 0.2], [-0.5, 0.2, 0]]), 2)
    assert pairs == [(0, 2, -0.5), (1, 2, 0.2)]
    with pytest.raises(SettingError, match="documents"):
        correlations.pearson(theta[:1])


def test_independent_shares_correlate_as_the_legend_says() -> None:
    theta = np.random.default_rng(0).dirichlet(np.ones(5), 20_000)
    off = correlations.pearson(theta)[np.triu_indices(5, 1)]
    assert np.allclose(off, -1 / 4, atol=0.03)


def test_neighbours_by_hand() -> None:
    found = neighbours.similar(TOPICS.doc_topic, 0)
    assert found.documents.tolist() == [2, 1, 3]  # the last two are as far: in their order
    # 1 - (sqrt(1/8) + sqrt(1/8) + 1/4);  1 - sqrt(1/4)
    assert found.values[0] == pytest.approx(math.sqrt(0.75 - 2 * math.sqrt(1 / 8)))
    assert found.values[1] == pytest.approx(math.sqrt(0.5))
    js = neighbours.similar(TOPICS.doc_topic, 1, 2, distance="jensen_shannon")
    assert js.documents.tolist() == [2, 0]
    m = (TOPICS.doc_topic[1] + TOPICS.doc_topic[2]) / 2
    kl = stats.entropy(TOPICS.doc_topic[1], m) + stats.entropy(TOPICS.doc_topic[2], m)
    assert js.values[0] == pytest.approx(math.sqrt(kl / 2))
    far = neighbours.nearest(TOPICS.doc_topic, np.array([0, 0, 1.0]), 4)
    assert far.documents[0] == 3 and far.values[0] == 0 and far.values[-1] == 1
    same = neighbours.similar(np.ones((5, 1)), 4, 2)
    assert same.documents.tolist() == [0, 1] and not same.values.any()
    for wrong in ({"d": 4}, {"d": -1}, {"d": 0, "distance": "miles"}):
        with pytest.raises(SettingError):
            neighbours.similar(TOPICS.doc_topic, **wrong)  # type: ignore[arg-type]


def test_top_documents_are_neither_the_shortest_nor_the_longest() -> None:
    theta = np.array([[1, 0], [0.8, 0.2], [0.05, 0.95], [1, 0], [0.5, 0.5]])
    tokens = np.array([3.0, 200, 2000, 0, 100])
    # .8 sqrt(160) = 10.1;  .05 sqrt(100) = .5;  1 sqrt(3) = 1.7;  .5 sqrt(50) = 3.5
    found = neighbours.top_documents(theta, 0, tokens)
    assert found.documents.tolist() == [1, 4, 0, 2] and found.values.tolist() == [0.8, 0.5, 1, 0.05]
    assert neighbours.top_documents(theta, 0, tokens, 2, by="share").documents.tolist() == [0, 1]
    with pytest.raises(SettingError, match="topic: wanted 0 to 1"):
        neighbours.top_documents(theta, 2, tokens)


def test_search_ranks_as_bm25_by_hand() -> None:
    found = search.search(DATA, ["ball", "oven", "ball", "moon"])
    assert found.known == ("ball", "oven") and found.unknown == ("moon",)
    # lengths 4, 2, 4, 6, mean 4; ball in 2 of 4: log (1 + 2.5 / 2.5); oven in 1: log (1 + 3.5 / 1.5)
    ball = math.log(2)
    two, one = ball * 2 * 2.2 / 3.2, ball * 2.2 / 2.2
    oven = math.log(1 + 3.5 / 1.5) * 2.2 / (1 + 1.2 * (0.25 + 0.75 / 2))
    assert found.documents.tolist() == [1, 0, 2]
    assert np.allclose(found.scores, [oven, two, one])
    assert search.search(DATA, ["ball"], 1).documents.tolist() == [0]
    assert not len(search.search(DATA, ["moon"]).documents)
    empty = Counts(np.array([0]), np.zeros(0, np.int32), np.zeros(0, np.float32), WORDS)
    assert not len(search.search(empty, ["ball"]).documents)


def test_each_word_has_its_likeliest_topic() -> None:
    found = responsibility.assigned(TOPICS, DATA, 0)
    # theta (.5, .25, .25): goal .125 : 0 : .1875;  the .125 : .0625 : .0625
    assert found.words.tolist() == [0, 1, 4] and found.topic.tolist() == [0, 2, 0]
    assert np.allclose(found.p, [1, 0.6, 0.5]) and found.counts.tolist() == [2, 1, 1]
    every = list(responsibility.all_assigned(TOPICS, DATA))
    assert [one.topic.tolist() for one in every] == [[0, 2, 0], [1, 1], [0, 1, 1], [2]]
    stream = replace(TOPICS, doc_topic=np.zeros((0, 3), np.float32))
    folded = list(responsibility.all_assigned(stream, DATA))
    assert len(folded) == 4 and folded[1].topic.tolist() == [1, 1]
    assert np.allclose(folded[1].p, responsibility.assigned(stream, DATA, 1).p)


def test_a_text_comes_apart_whole() -> None:
    texts = ["ball goal ball", "bread oven bread", "goal ball <b>", "oven bread"]
    rules = Settings(min_documents=1, max_share=1.0, stop_languages=())
    own = corpus.prepare(corpus_tokens.tokenise(texts, rules.tokeniser), rules)
    words = own.counts.vocabulary
    beta = [[1.0 if w in pair else 0 for w in words] for pair in (("ball", "goal"), ("bread",))]
    topics = Topics(
        model="lda",
        topic_word=(np.array(beta) / np.sum(beta, axis=1, keepdims=True)).astype(np.float32),
        doc_topic=np.zeros((0, 2), np.float32),
        alpha=np.array([0.1, 0.1]),
        vocabulary=words,
    )
    told = "A goal; ball, GOAL <script> & bread!"
    theta, pieces = responsibility.read(topics, own, told)
    assert "".join(piece.text for piece in pieces) == told
    coloured = [(piece.text, piece.topic) for piece in pieces if piece.word >= 0]
    assert coloured == [("goal", 0), ("ball", 0), ("GOAL", 0), ("bread", 1)]
    assert all(piece.topic == -1 and piece.p == 0 for piece in pieces if piece.word < 0)
    assert theta[0] > theta[1] and theta.sum() == pytest.approx(1)
    assert responsibility.read(topics, own, "")[1] == []
    assert [piece.text for piece in responsibility.read(topics, own, "?!")[1]] == ["?!"]


def test_the_product_of_the_course_by_hand() -> None:
    found = matrices.terms(TOPICS, DATA, 0, 1)
    assert found.word_given_topic.tolist() == [0.25, 0, 0.75]
    assert found.topic_given_document.tolist() == [0.5, 0.25, 0.25]
    assert found.product.tolist() == [0.125, 0, 0.1875]
    assert found.p == 0.3125 and found.seen == 0.25
    assert found.p == pytest.approx(TOPICS.word_in_document(0)[1])
    for d, w in ((4, 0), (0, 5), (-1, 0)):
        with pytest.raises(SettingError):
            matrices.terms(TOPICS, DATA, d, w)
    with pytest.raises(SettingError, match="documents: wanted those the model was fitted to"):
        matrices.terms(TOPICS, DATA.take([0, 1]), 0, 0)


def test_the_small_matrices_are_cut_from_the_large_ones() -> None:
    found = matrices.matrices(TOPICS, DATA, 2, 4, documents=3, words=4)
    # Documents: 2 (of topic 1), then the best of topics 0 and 1; words: "the" and three best.
    assert found.documents.tolist() == [0, 1, 2] and found.size == (4, 5, 3)
    assert found.words.tolist() == [0, 4, 2, 1]
    whole = TOPICS.doc_topic.astype(float) @ TOPICS.topic_word
    assert np.allclose(found.p, whole[np.ix_(found.documents, found.words)])
    assert np.allclose(found.doc_topic @ found.topic_word, found.p)
    assert np.allclose(found.seen, [[0.5, 0.25, 0, 0.25], [0, 0, 0.5, 0], [0.25, 0.25, 0.5, 0]])
    one = matrices.matrices(TOPICS, DATA, 3, 0, documents=1, words=1)
    assert one.documents.tolist() == [3] and one.words.tolist() == [0]


@given(seed=st.integers(0, 500), d=st.integers(0, 11), w=st.integers(0, 8), m=st.integers(1, 20))
@hypothesis_settings(max_examples=30, deadline=None)
def test_the_chosen_document_and_word_are_always_among_them(
    seed: int, d: int, w: int, m: int
) -> None:
    topics = drawn(seed, 12, 4, 9)
    n = np.random.default_rng(seed).integers(0, 3, (12, 9))
    found = matrices.matrices(topics, from_matrix(n, topics.vocabulary), d, w, documents=m, words=m)
    assert d in found.documents and w in found.words
    assert len(set(found.documents.tolist())) == len(found.documents) == min(m, 12)
    assert len(set(found.words.tolist())) == len(found.words) == min(m, 9)
    top = topics.doc_topic[found.documents].argmax(axis=1)
    assert m < 12 or set(top) == set(topics.doc_topic.argmax(axis=1))
