"""PLSA, NMF, mixture and unigram against loops, enumeration, scikit-learn and each other; held-out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import NMF

from core.errors import SettingError
from core.rng import stream
from core.topics import (
    align,
    generate,
    gibbs,
    infer,
    lda,
    mixture,
    nmf,
    online_lda,
    perplexity,
    plsa,
    start,
    unigram,
)
from core.topics.counts import Counts, from_matrix, minibatches
from core.topics.topics import Topics, rows_to_one
from core.topics.weighting import tf_idf
from tests.oracles import topics as oracle

X = np.random.default_rng(0).poisson(0.8, (6, 8)).astype(float)
DATA = from_matrix(X, [f"w{w}" for w in range(8)])


def planted(kind: str = "lda", D: int = 400, K: int = 4, V: int = 50) -> generate.Planted:
    topics = generate.random_topics(K, V, alpha=0.2, eta=0.1, generator=stream(0, "topics"))
    if kind == "mixture":
        shares = np.array([0.4, 0.3, 0.2, 0.1])
        topics = Topics(
            model="mixture", topic_word=topics.topic_word, doc_topic=topics.doc_topic, alpha=shares,
            vocabulary=topics.vocabulary,
        )  # fmt: skip
    return generate.documents(topics, D, 60, generator=stream(0, "documents"))


@pytest.mark.parametrize("inner", [1, 2])
def test_plsa_is_the_oracles(inner: int) -> None:
    config = plsa.Config(topics=3, iterations=6, inner=inner, tolerance=0, whole_every=1)
    theta, beta = np.full((6, 3), 1 / 3), start.topics(8, 3, generator=stream(1, "plsa"))
    for step in plsa.learn(DATA, config, generator=stream(1, "plsa")):
        theta, words, likelihood = oracle.em_iteration(X, theta, beta, inner)
        wanted = likelihood + 0.05 * np.log(beta).sum()
        assert step.objective == pytest.approx(wanted / X.sum(), rel=1e-9)
        assert step.topics is not None
        assert np.allclose(step.topics.topic_word, beta.T, atol=1e-6)
        assert np.allclose(step.topics.doc_topic, theta, atol=1e-6)
        beta = (words + 0.05) / (words + 0.05).sum(axis=0)


def test_plsa_is_kullback_leibler_nmf_at_its_fixed_point() -> None:
    """One's fixed point is the other's: p(w | d) of PLSA is W H with rows of sum 1."""
    many = {"topics": 3, "iterations": 4000, "tolerance": 0.0}
    *_, one = plsa.learn(DATA, plsa.Config(smoothing=0, **many), generator=stream(0, "fit"))
    *_, two = nmf.learn(DATA, nmf.Config(**many), generator=stream(0, "fit"))
    assert one.topics is not None and two.topics is not None
    p = one.topics.doc_topic @ one.topics.topic_word
    assert np.allclose(p, two.topics.doc_topic @ two.topics.topic_word, atol=1e-4)
    # from there, scikit-learn's multiplicative updates move nothing
    peer = NMF(3, init="custom", beta_loss="kullback-leibler", solver="mu", max_iter=1, tol=0)
    W = one.topics.doc_topic * X.sum(axis=1, keepdims=True) + 1e-9
    peer.fit_transform(X, W=W.astype(float), H=one.topics.topic_word.astype(float) + 1e-9)
    H = peer.components_ / peer.components_.sum(axis=1, keepdims=True)
    assert np.allclose(H, one.topics.topic_word, atol=1e-3)
    constant = (X * np.log(np.where(X > 0, X, 1))).sum() - (
        X.sum(axis=1) * np.log(X.sum(axis=1))
    ).sum()
    assert two.objective == pytest.approx(constant / X.sum() - one.objective, abs=1e-6)


@pytest.mark.parametrize("weights", nmf.WEIGHTS)
def test_the_losses_are_those_of_the_dense_matrices(weights: str) -> None:
    dense = (tf_idf(DATA) if weights == "tf-idf" else DATA).matrix().toarray().astype(float)
    for loss, rounds in (
        ("kullback-leibler", nmf._kullback),
        ("frobenius", nmf._frobenius),
    ):
        data = from_matrix(dense, DATA.vocabulary)
        H = start.topics(8, 3, generator=stream(0, "nmf"))
        W = np.repeat(dense.sum(axis=1, keepdims=True) / 3, 3, axis=1)
        last = np.inf
        for (left, right, found), _ in zip(rounds(data, W, H, 2), range(30), strict=False):
            WH = left @ right.T
            if loss == "frobenius":
                wanted = ((dense - WH) ** 2).sum() / (dense**2).sum()
            else:
                ratio = np.where(dense > 0, dense / WH, 1)
                wanted = (dense * np.log(ratio) - dense + WH).sum() / dense.sum()
            assert found == pytest.approx(wanted, abs=1e-5)
            assert found <= last + 1e-12
            last = found


def test_more_rounds_an_iteration_lower_the_divergence_sooner() -> None:
    found = []
    for inner in (1, 2, 4):
        config = nmf.Config(topics=3, inner=inner, iterations=3, tolerance=0)
        *_, last = nmf.learn(DATA, config, generator=stream(0, "fit"))
        found.append(last.objective)
    assert found[0] > found[1] > found[2]


def test_frobenius_ends_no_worse_than_scikit_learns() -> None:
    data = tf_idf(planted().documents)
    config = nmf.Config(topics=4, loss="frobenius", iterations=300, tolerance=0)
    *_, last = nmf.learn(data, config, generator=stream(0, "fit"))
    dense = data.matrix().toarray()
    peer = NMF(4, init="nndsvda", max_iter=500, tol=1e-6, random_state=0).fit(dense)
    wanted = peer.reconstruction_err_**2 / (dense**2).sum()
    assert last.objective <= wanted * 1.01


def test_mixture_of_unigrams_by_enumeration() -> None:
    config = mixture.Config(topics=2, iterations=4, smoothing=0.3, tolerance=0, whole_every=1)
    pi, beta = np.full(2, 0.5), start.topics(8, 2, generator=stream(3, "mixture"))
    for step in mixture.learn(DATA, config, generator=stream(3, "mixture")):
        r, log_p = oracle.mixture(X, pi, beta)
        assert step.objective == pytest.approx(
            (log_p + 0.3 * np.log(beta).sum()) / X.sum(), rel=1e-9
        )
        assert step.topics is not None
        assert np.allclose(step.topics.doc_topic, r, atol=1e-6)
        assert np.allclose(step.alpha, pi)
        pi = r.mean(axis=0)
        beta = 0.3 + X.T @ r
        beta /= beta.sum(axis=0)


def test_mixture_finds_planted_topics_and_shares() -> None:
    made = planted("mixture")
    *_, last = mixture.learn(made.documents, mixture.Config(topics=4), generator=stream(0, "fit"))
    pairs = align.align(made.topics.topic_word, last.topics.topic_word)
    assert pairs.distance.max() < 0.01
    shares = made.theta.mean(axis=0)
    assert np.allclose(last.alpha[pairs.second], shares[pairs.first], atol=0.01)


@pytest.mark.parametrize(("module", "size"), [(plsa, 0.05), (nmf, 0.05)])
def test_planted_topics_come_back(module: object, size: float) -> None:
    made = planted(D=1000)
    config = module.Config(topics=4, iterations=200)  # type: ignore[attr-defined]
    *_, last = module.learn(made.documents, config, generator=stream(0, "fit"))  # type: ignore[attr-defined]
    assert align.align(made.topics.topic_word, last.topics.topic_word).distance.max() < size


def test_unigram_is_counting() -> None:
    found = unigram.fit(DATA, 0.5)
    assert np.allclose(found.topic_word[0], (X.sum(axis=0) + 0.5) / (X.sum() + 4))
    observed, scored = DATA.halves(0)
    p = 0.999 * found.topic_word[0].astype(float) + 0.001 / 8
    by_hand = np.exp(-(scored.per_word() * np.log(p)).sum() / scored.tokens)
    assert perplexity.completion(found, DATA) == pytest.approx(by_hand, rel=1e-5)
    assert np.allclose(infer.fold_in(found, observed), 1)


def test_knowing_nothing_costs_the_vocabulary() -> None:
    even = generate.planted(np.full((3, 8), 1 / 8), np.ones(3))
    assert perplexity.completion(even, DATA) == pytest.approx(8, rel=1e-5)
    with pytest.raises(SettingError, match="some with words"):
        perplexity.completion(even, DATA.take([]))


def test_perplexity_of_the_truth_is_best_and_better_models_come_near() -> None:
    made = planted(D=900)
    train, held = made.documents.take(range(700)), made.documents.take(range(700, 900))
    truth = perplexity.completion(made.topics, held)
    found = {"unigram": perplexity.completion(unigram.fit(train), held)}
    for module, config in (
        (lda, lda.Config(topics=4)), (plsa, plsa.Config(topics=4)), (nmf, nmf.Config(topics=4)),
        (gibbs, gibbs.Config(topics=4, sweeps=60, burn=30)), (mixture, mixture.Config(topics=4)),
    ):  # fmt: skip
        *_, last = module.learn(train, config, generator=stream(0, "fit"))
        found[last.topics.model] = perplexity.completion(last.topics, held)
    *_, last = online_lda.learn(
        tuple(minibatches(train, 50)), online_lda.Config(topics=4, passes=5),
        generator=stream(0, "fit"),
    )  # fmt: skip
    found["online_lda"] = perplexity.completion(last.topics, held)
    assert truth < 1.005 * min(found.values())  # found from as many documents, by chance as good
    assert truth < found["gibbs"] < 1.05 * truth and found["lda"] < 1.1 * truth
    assert max(found["plsa"], found["nmf"], found["online_lda"]) < 1.2 * truth
    assert found["mixture"] < found["unigram"]


def test_a_new_document_gets_the_mixture_the_words_say() -> None:
    topics = generate.planted(np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]), np.ones(2))
    document = infer.encode(["w0", "w1", "w0", "w2", "nothing"], topics.vocabulary)
    theta = infer.fold_in(topics, document)[0]
    # no word is in both: n + alpha = (4, 2) of 6
    assert np.allclose(theta, [4 / 6, 2 / 6], atol=1e-4)
    plain = Topics(
        model="plsa", topic_word=topics.topic_word, doc_topic=np.zeros((0, 2), np.float32),
        alpha=np.ones(2), vocabulary=topics.vocabulary,
    )  # fmt: skip
    assert np.allclose(infer.fold_in(plain, document), [[3 / 4, 1 / 4]], atol=1e-4)
    r = infer.responsibilities(topics, theta, np.array([0, 2]))
    assert np.allclose(r, np.eye(2), atol=1e-6)
    assert np.allclose(infer.responsibilities(topics, theta, np.array([], int)), np.zeros((0, 2)))
    empty = infer.encode([], topics.vocabulary)
    assert np.allclose(infer.fold_in(topics, empty), 0.5)
    assert np.allclose(infer.fold_in(plain, empty), 0.5)
    with pytest.raises(SettingError, match="the 4 words"):
        infer.fold_in(topics, DATA)


def test_responsibilities_by_hand() -> None:
    topics = generate.planted(np.array([[0.2, 0.8], [0.6, 0.4]]), np.ones(2))
    r = infer.responsibilities(topics, np.array([0.75, 0.25]), np.array([0]))
    # 0.75 x 0.2 = 0.15 and 0.25 x 0.6 = 0.15
    assert np.allclose(r, [[0.5, 0.5]], atol=1e-6)


def test_p_of_words_is_the_sum_over_topics() -> None:
    *_, last = lda.learn(DATA, lda.Config(topics=3), generator=stream(0, "fit"))
    topics = last.topics
    assert topics is not None
    by_hand = sum(
        topics.doc_topic[2, z].astype(float) * topics.topic_word[z].astype(float) for z in range(3)
    )
    assert np.allclose(topics.word_in_document(2), by_hand)
    assert topics.word_in_document(2).sum() == pytest.approx(1, abs=1e-5)
    sizes = DATA.per_document()
    assert np.allclose(topics.prevalence(sizes), sizes @ topics.doc_topic / sizes.sum(), atol=1e-6)
    assert topics.best_words(0, 1) == [topics.vocabulary[int(topics.topic_word[0].argmax())]]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda V: st.lists(
            st.lists(st.integers(0, 3), min_size=V, max_size=V), min_size=1, max_size=5
        )
    ),
    st.integers(1, 5),
)
def test_any_corpus_and_any_number_of_topics(rows: list[list[int]], K: int) -> None:
    data = from_matrix(np.array(rows), [str(w) for w in range(len(rows[0]))])
    few = {"topics": K, "iterations": 5, "tolerance": 0.0}
    runs: list[tuple[object, object]] = [
        (plsa, plsa.Config(**few)), (plsa, plsa.Config(smoothing=0, **few)),
        (nmf, nmf.Config(**few)), (nmf, nmf.Config(loss="frobenius", weights="tf-idf", **few)),
        (mixture, mixture.Config(**few)), (mixture, mixture.Config(smoothing=0, **few)),
        (lda, lda.Config(wait=1, **few)),
    ]  # fmt: skip
    for module, config in runs:
        steps = module.learn(data, config, generator=stream(0, "any"))  # type: ignore[attr-defined]
        if not len(data.words):
            with pytest.raises(SettingError):
                list(steps)
            continue
        objectives = []
        for step in steps:
            objectives.append(step.objective)
        _is_a_model(step.topics, data)
        sign = -1 if module is nmf else 1
        assert all(
            sign * (b - a) >= -1e-9 for a, b in zip(objectives[:-1], objectives[1:], strict=True)
        )
        assert np.isfinite(perplexity.completion(step.topics, data))


def _is_a_model(topics: Topics | None, data: Counts) -> None:
    assert topics is not None
    assert topics.doc_topic.shape == (len(data), topics.K)
    for rows in (topics.topic_word, topics.doc_topic):
        assert (rows >= 0).all() and np.allclose(rows.sum(axis=1), 1, atol=1e-5)


def test_rows_of_zeros_become_even() -> None:
    assert rows_to_one(np.array([[0.0, 0.0], [3.0, 1.0]])).tolist() == [[0.5, 0.5], [0.75, 0.25]]
