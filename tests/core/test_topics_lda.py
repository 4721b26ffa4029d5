"""LDA: variational EM against loops, scikit-learn and planted topics; online; Gibbs exactly."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import digamma
from sklearn.decomposition import LatentDirichletAllocation

from core.errors import SettingError
from core.rng import stream
from core.topics import align, bars, compiled, generate, gibbs, lda, online_lda, prior, start
from core.topics.counts import from_matrix, from_tokens, minibatches
from core.topics.one_document import Document, of, rounds, samples
from core.topics.topics import rows_to_one
from tests.oracles import topics as oracle

X = np.random.default_rng(0).poisson(0.7, (7, 9)).astype(float)
X[2] = 0
DATA = from_matrix(X, [f"w{w}" for w in range(9)])


def drawn(D: int = 300, K: int = 5, V: int = 60, words: int = 80) -> generate.Planted:
    topics = generate.random_topics(K, V, alpha=0.2, eta=0.1, generator=stream(0, "topics"))
    return generate.documents(topics, D, words, generator=stream(0, "documents"))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.005, 1e4))
def test_fast_digamma_is_scipys(x: float) -> None:
    assert compiled.digamma(x) == pytest.approx(digamma(x), rel=1e-10, abs=1e-10)
    assert np.log(compiled.exp_digamma(x)) == pytest.approx(digamma(x), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("inner", [1, 3])
def test_every_iteration_is_the_oracles(inner: int) -> None:
    config = lda.Config(
        topics=3, iterations=5, inner=inner, alpha=0.3, eta=0.2,
        learn_alpha=False, learn_eta=False, tolerance=0, whole_every=1,
    )  # fmt: skip
    steps = list(lda.learn(DATA, config, generator=stream(4, "lda")))
    alpha = np.full(3, 0.3)
    lam = 0.2 + start.topics(9, 3, generator=stream(4, "lda")) * X.sum() / 3
    gamma = alpha + np.repeat(X.sum(axis=1, keepdims=True) / 3, 3, axis=1)
    for k, step in enumerate(steps):
        wanted = oracle.lda_iteration(X, lam, gamma, alpha, 0.2, inner)
        assert step.objective == pytest.approx(wanted.bound / X.sum(), rel=1e-9)
        assert step.iteration == k and step.documents == 7 * k
        assert step.topics is not None
        assert np.allclose(step.topics.topic_word, (lam / lam.sum(axis=0)).T, atol=1e-6)
        assert np.allclose(step.topics.doc_topic, rows_to_one(wanted.gamma), atol=1e-6)
        assert np.allclose(step.share, wanted.words.sum(axis=0) / X.sum())
        order = np.argsort(-lam / lam.sum(axis=0), axis=0)
        assert np.array_equal(step.best[:, 0], order[0])
        gamma, lam = wanted.gamma, 0.2 + wanted.words


def test_the_e_step_is_scikit_learns() -> None:
    peer = LatentDirichletAllocation(
        3, doc_topic_prior=0.4, topic_word_prior=0.2, max_doc_update_iter=500, mean_change_tol=1e-9,
        random_state=0,
    )  # fmt: skip
    peer.fit(X)
    theta, statistics = peer._e_step(X, cal_sstats=True, random_init=False)
    beta = np.ascontiguousarray(peer.exp_dirichlet_component_.T)
    gamma = np.ones((7, 3))
    found = lda.e_step(DATA, np.full(3, 0.4), beta, gamma, 500, 1e-9)
    assert np.allclose(gamma, theta, atol=1e-6)
    assert np.allclose(found.word_topic, statistics.T, atol=1e-6)
    assert np.allclose(lda.expected_topics(peer.components_.T.copy()), beta, rtol=1e-8)


@pytest.mark.parametrize("inner", [1, 2, 10])
def test_the_bound_never_falls(inner: int) -> None:
    data = drawn().documents
    config = lda.Config(topics=6, iterations=60, inner=inner, wait=3, tolerance=0)
    bounds = [step.objective for step in lda.learn(data, config, generator=stream(1, "lda"))]
    assert all(b >= a - 1e-12 for a, b in zip(bounds[:-1], bounds[1:], strict=True))
    assert bounds[-1] > bounds[0] + 0.1


def test_parts_of_a_corpus_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(100).documents
    beta = lda.expected_topics(
        1 + data.per_word()[:, None] * np.random.default_rng(1).random((60, 5))
    )
    alpha, one, many = np.full(5, 0.2), np.ones((100, 5)), np.ones((100, 5))
    whole = lda.e_step(data, alpha, beta, one, 3)
    monkeypatch.setattr("core.topics.spread.WORTH", 500)
    monkeypatch.setattr("torch.get_num_threads", lambda: 3)
    parts = lda.e_step(data, alpha, beta, many, 3)
    assert np.array_equal(one, many)
    assert np.allclose(whole.word_topic, parts.word_topic)
    assert np.allclose(whole.log_theta, parts.log_theta)
    assert parts.likelihood == pytest.approx(whole.likelihood)
    assert parts.priors == pytest.approx(whole.priors)
    assert whole.documents == parts.documents == 100


def test_planted_topics_come_back() -> None:
    made = drawn(1000, K=5, V=100, words=100)
    for module, config in (
        (lda, lda.Config(topics=5, iterations=100)),
        (gibbs, gibbs.Config(topics=5, sweeps=120, burn=60)),
    ):
        *_, last = module.learn(made.documents, config, generator=stream(2, "fit"))
        pairs = align.align(made.topics.topic_word, last.topics.topic_word)
        assert pairs.distance.max() < (0.02 if module is lda else 0.005)
        theta = last.topics.doc_topic[:, pairs.second]
        assert np.abs(theta - made.theta[:, pairs.first]).mean() < 0.05
        # both were drawn with: alpha 0.2
        assert np.allclose(last.alpha, 0.2, atol=0.04 if module is gibbs else 0.12)
        if module is lda:
            assert last.eta == pytest.approx(0.1, abs=0.1)


def test_the_bars_come_back() -> None:
    made = bars.pictures(5, 1000, 100, generator=stream(0, "bars"))
    *_, last = gibbs.learn(
        made.documents, gibbs.Config(topics=10, sweeps=150, burn=100),
        generator=stream(0, "fit"),
    )  # fmt: skip
    pairs = align.align(made.topics.topic_word, last.topics.topic_word)
    assert pairs.distance.max() < 0.02
    picture = bars.as_pictures(last.topics.topic_word)[pairs.second[pairs.first == 0]][0]
    assert picture[0].sum() > 0.9 and picture.shape == (5, 5)


def test_learned_priors_are_at_the_top() -> None:
    rng = np.random.default_rng(0)
    theta = rng.dirichlet([0.3, 1.0, 4.0], 400)
    S = np.log(theta).sum(axis=0)
    found = prior.asymmetric(np.full(3, 0.05), S, 400)
    peer = minimize(
        lambda a: -prior.value(np.exp(a), S, 400), np.zeros(3), method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 5000},
    )  # fmt: skip
    assert np.allclose(found, np.exp(peer.x), rtol=1e-4)
    assert np.allclose(found, [0.3, 1.0, 4.0], rtol=0.2)
    log_beta = np.log(rng.dirichlet(np.full(50, 0.7), 30)).sum()
    eta = prior.symmetric(0.01, log_beta, 30, 50)
    near = [prior.shared(eta * f, log_beta, 30, 50) for f in (0.999, 1.0, 1.001)]
    assert max(near) == near[1] and eta == pytest.approx(0.7, rel=0.1)


def test_learned_alpha_of_gibbs_is_at_the_top() -> None:
    rng = np.random.default_rng(0)
    counts = np.array([rng.multinomial(60, p) for p in rng.dirichlet([0.2, 2.0], 2000)], np.int32)
    found = gibbs.learned_alpha(counts, np.ones(2), rounds=200)
    assert np.allclose(found, [0.2, 2.0], rtol=0.1)


def test_gibbs_draws_the_exact_posterior() -> None:
    documents, alpha, eta = [[0, 0, 1], [1, 2]], np.array([0.5, 1.0]), 0.4
    exact = oracle.collapsed(documents, 3, alpha, eta)
    words = np.array([w for document in documents for w in document])
    rows = np.array([0, 0, 0, 1, 1])
    state = gibbs.begun(from_tokens(words, rows, 2, "abc"), 2, generator=stream(0, "gibbs"))
    met: Counter[tuple[int, ...]] = Counter()
    n = 60_000
    for _ in range(n):
        state.sweep(alpha, eta)
        met[tuple(state.z.tolist())] += 1
    distance = sum(abs(met[z] / n - p) for z, p in exact.items()) / 2
    assert distance < 0.02  # of independent draws about 0.008
    assert np.array_equal(state.in_topic, np.bincount(state.z, minlength=2))
    assert np.array_equal(state.in_word.sum(axis=1), np.bincount(words))


def test_log_joint_of_gibbs_is_the_exact_one_up_to_a_constant() -> None:
    documents, alpha, eta = [[0, 0, 1], [1, 2]], np.array([0.5, 1.0]), 0.4
    exact = oracle.collapsed(documents, 3, alpha, eta)
    data = from_tokens(np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1]), 2, "abc")
    found = []
    for seed in range(6):
        state = gibbs.begun(data, 2, generator=stream(seed, "gibbs"))
        log_p = gibbs.log_joint(state, alpha, eta)
        found.append(log_p - np.log(exact[tuple(state.z.tolist())]))
    assert np.allclose(found, found[0])


def test_a_whole_corpus_at_once_is_one_batch_step() -> None:
    # 7 of 70 documents: what is found in them counts ten times
    config = online_lda.Config(
        documents=70, topics=3, tau=0, kappa=1, inner=1, learn_eta=False, eta=0.2, alpha=0.4
    )
    step = next(online_lda.learn([DATA], config, generator=stream(0, "online")))
    lam = 9 * start.topics(9, 3, generator=stream(0, "online"))
    gamma = 0.4 + np.repeat(X.sum(axis=1, keepdims=True) / 3, 3, axis=1)
    wanted = 0.2 + 10 * oracle.lda_iteration(X, lam, gamma, np.full(3, 0.4), 0.2, 1).words
    assert np.allclose(step.best_p[:, 0], (wanted / wanted.sum(axis=0)).max(axis=0), atol=1e-6)


def test_a_stream_learns_planted_topics_with_one_look_at_each_document() -> None:
    made = drawn(4000, K=4, V=60, words=40)
    read = iter(minibatches(made.documents, 100))  # no len, no second reading
    steps = list(online_lda.learn(read, online_lda.Config(topics=4), generator=stream(1, "online")))
    assert len(steps) == 41 and steps[-1].documents == 4000
    assert steps[-2].topics is None and steps[-1].topics is not None
    assert align.align(made.topics.topic_word, steps[-1].topics.topic_word).distance.max() < 0.02
    with pytest.raises(SettingError, match="words"):
        list(online_lda.learn([], online_lda.Config(), generator=stream(0, "online")))
    other = from_matrix(X, [f"x{w}" for w in range(9)])
    with pytest.raises(SettingError, match="one vocabulary"):
        list(online_lda.learn([DATA, other], online_lda.Config(), generator=stream(0, "online")))


def test_one_document_round_by_round() -> None:
    topics = drawn().topics
    document = of(topics, np.array([1, 5, 30]), np.array([2.0, 1.0, 1.0]))
    trace = list(rounds(document, 200, 1e-10))
    bounds = [r.bound for r in trace]
    assert all(b >= a - 1e-12 for a, b in zip(bounds[:-1], bounds[1:], strict=True))
    assert trace[-1].change < 1e-10 and np.allclose(trace[-1].phi.sum(axis=1), 1)
    exact, log_p = oracle.one_document([0, 0, 1, 2], document.beta, document.alpha)
    assert bounds[-1] < log_p < bounds[-1] + 1.5
    # at its end the bound is that of the whole model's E-step
    data = from_tokens(np.array([1, 1, 5, 30]), np.zeros(4, np.int64), 1, topics.vocabulary)
    gamma = np.ones((1, 5))
    beta = topics.topic_word.T.astype(np.float64) + 1e-12
    found = lda.e_step(data, document.alpha, beta, gamma, 500, 1e-12)
    assert bounds[-1] == pytest.approx(found.likelihood + found.priors, abs=1e-8)
    assert np.allclose(gamma[0], trace[-1].gamma, atol=1e-6)
    *_, last = samples(document, 20_000, generator=stream(0, "samples"))
    assert np.allclose(last.mean, exact, atol=0.015)
    assert last.in_topic.sum() == len(last.z) == 4


def test_one_topic_is_known_exactly() -> None:
    document = Document(
        np.array([0, 1]), np.array([3.0, 1.0]), np.array([0.7]), np.array([[0.2], [0.5]])
    )
    *_, last = rounds(document)
    assert last.bound == pytest.approx(3 * np.log(0.2) + np.log(0.5))
    with pytest.raises(SettingError, match="known word"):
        of(drawn().topics, np.array([], np.int64), np.array([]))


@pytest.mark.parametrize("module", [lda, gibbs])
def test_edge_corpora(module: object) -> None:
    many = {"sweeps": 4} if module is gibbs else {"iterations": 4}
    for rows in ([[1]], [[3, 0]], [[0, 0], [5, 1]]):
        data = from_matrix(np.array(rows), [str(w) for w in range(len(rows[0]))])
        config = module.Config(topics=4, **many)  # type: ignore[attr-defined]
        *_, last = module.learn(data, config, generator=stream(0, "edge"))  # type: ignore[attr-defined]
        assert np.allclose(last.topics.topic_word.sum(axis=1), 1, atol=1e-5)
        assert np.allclose(last.topics.doc_topic.sum(axis=1), 1, atol=1e-5)
        assert np.isfinite(last.objective)
