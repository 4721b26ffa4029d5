"""Stories that are told, the distributions of the course, files."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.errors import SettingError, UploadError
from core.rng import stream
from core.topics import bars, dirichlet, generate, saved
from core.topics.topics import Topics
from core.weights import to_safetensors

TOPICS = Topics(
    model="lda",
    topic_word=np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]], np.float32),
    doc_topic=np.array([[0.25, 0.75], [1.0, 0.0]], np.float32),
    alpha=np.array([0.6, 0.2]),
    eta=0.1,
    vocabulary=("one", "two", "<b>three</b>"),
)


def test_each_story_draws_what_its_plates_say() -> None:
    drawn = {
        kind: list(generate.story(TOPICS, 3, kind=kind, generator=stream(0, kind)))
        for kind in generate.STORIES
    }
    names = {kind: [d.what for d in draws] for kind, draws in drawn.items()}
    assert names["unigram"] == ["w"] * 3
    assert names["mixture"] == ["z", "w", "w", "w"]
    assert names["plsa"] == ["document"] + ["z", "w"] * 3
    assert names["lda"] == ["theta"] + ["z", "w"] * 3
    for draws in drawn.values():
        assert all(d.chances.sum() == pytest.approx(1, abs=1e-6) for d in draws)
        assert all(d.chances[d.value] > 0 for d in draws if d.what in "zw")
    theta, z, w = drawn["lda"][:3]
    assert np.array_equal(z.chances, theta.chances)
    assert np.allclose(w.chances, TOPICS.topic_word[z.value])
    assert np.allclose(
        drawn["unigram"][0].chances, 0.75 * TOPICS.topic_word[0] + 0.25 * TOPICS.topic_word[1]
    )
    with pytest.raises(SettingError, match="story"):
        next(generate.story(TOPICS, 3, kind="tale", generator=stream(0)))
    with pytest.raises(SettingError, match="documents"):
        next(generate.story(bars.bars(2), 3, kind="plsa", generator=stream(0)))


def test_drawn_words_come_as_often_as_they_should() -> None:
    n = 4000
    words = [
        d.value
        for k in range(n // 10)
        for d in generate.story(TOPICS, 10, kind="unigram", generator=stream(k, "unigram"))
    ]
    p = 0.75 * TOPICS.topic_word[0] + 0.25 * TOPICS.topic_word[1]
    assert np.allclose(np.bincount(words, minlength=3) / n, p, atol=0.03)


@pytest.mark.parametrize("model", ["lda", "mixture", "plsa"])
def test_many_documents_have_the_moments_of_the_model(model: str) -> None:
    topics = Topics(
        model=model, topic_word=TOPICS.topic_word, doc_topic=TOPICS.doc_topic, alpha=TOPICS.alpha,
        vocabulary=TOPICS.vocabulary,
    )  # fmt: skip
    made = generate.documents(topics, 5000, 20, generator=stream(0, model), poisson=False)
    assert (made.documents.per_document() == 20).all()
    share = TOPICS.doc_topic.mean(axis=0) if model == "plsa" else TOPICS.alpha / TOPICS.alpha.sum()
    assert np.allclose(made.theta.mean(axis=0), share, atol=0.02)
    p = share @ TOPICS.topic_word
    assert np.allclose(made.documents.per_word() / made.documents.tokens, p, atol=0.01)
    # each document's words follow its own theta
    own = made.documents.matrix().toarray() / 20
    assert np.abs(own - made.theta @ TOPICS.topic_word).mean() < 0.1
    if model == "mixture":
        assert set(made.theta.ravel().tolist()) == {0.0, 1.0}


def test_lengths_vary_where_asked() -> None:
    made = generate.documents(TOPICS, 2000, 9, generator=stream(0))
    sizes = made.documents.per_document()
    assert sizes.mean() == pytest.approx(9, abs=0.3) and sizes.var() == pytest.approx(9, abs=1)


def test_bars_are_rows_and_columns() -> None:
    topics = bars.bars(3)
    assert topics.K == 6 and np.allclose(topics.topic_word.sum(axis=1), 1)
    pictures = bars.as_pictures(topics.topic_word)
    assert np.allclose(pictures[1], [[0, 0, 0], [1 / 3] * 3, [0, 0, 0]])
    assert np.allclose(pictures[3], np.array([[1, 0, 0]] * 3) / 3)
    assert topics.vocabulary[5] == "(1, 2)"


def test_binomial_and_multinomial_are_scipys() -> None:
    for n, p in ((0, 0.3), (7, 0.3), (50, 0.0), (50, 1.0), (5000, 0.5)):
        assert np.allclose(dirichlet.binomial(n, p), stats.binom.pmf(np.arange(n + 1), n, p))
    p3 = [0.2, 0.3, 0.5]
    x = np.array([[1, 2, 3], [0, 0, 4], [0, 0, 0]])
    assert np.allclose(
        dirichlet.multinomial(x, p3), [stats.multinomial.pmf(r, r.sum(), p3) for r in x]
    )
    assert dirichlet.multinomial([1, 1], [0.5, 0.5]) == pytest.approx(0.5)
    with pytest.raises(SettingError, match="sum 1"):
        dirichlet.multinomial([1, 1], [0.5, 0.6])
    with pytest.raises(SettingError, match="p: "):
        dirichlet.binomial(3, 1.5)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.05, 50), st.floats(0.05, 50), st.floats(0.01, 0.99))
def test_beta_is_scipys_and_dirichlet_of_two(a: float, b: float, x: float) -> None:
    assert dirichlet.beta(x, a, b) == pytest.approx(stats.beta.pdf(x, a, b), rel=1e-8)


def test_dirichlet_is_scipys_with_edges() -> None:
    alpha = [0.5, 2.0, 3.0]
    x = dirichlet.triangle(7)
    assert np.allclose(dirichlet.dirichlet(x, alpha), stats.dirichlet.pdf(x.T, alpha))
    assert dirichlet.dirichlet([0.0, 0.5, 0.5], alpha) == np.inf
    assert dirichlet.dirichlet([0.5, 0.0, 0.5], alpha) == 0
    assert dirichlet.dirichlet([0.0, 0.0, 1.0], alpha) in (0.0, np.inf)
    assert dirichlet.dirichlet([1.0, 0.0, 0.0], [1, 1, 1]) == pytest.approx(2)
    for bad in ([], [1.0, 0.0], [1.0, np.inf], [[1.0]]):
        with pytest.raises(SettingError, match="alpha"):
            dirichlet.dirichlet([0.5, 0.5], bad)


def test_the_triangle_is_covered_evenly() -> None:
    x = dirichlet.triangle(20)
    assert len(x) == 400 and np.allclose(x.sum(axis=1), 1) and (x > 0).all()
    assert np.allclose(x.mean(axis=0), 1 / 3)
    # the integral over the plane of the first two coordinates, of area 1/2
    assert dirichlet.dirichlet(x, [2, 3, 4]).mean() / 2 == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("alpha", [[0.3, 1.0, 2.5], [0.01, 0.01, 0.02]])
def test_draws_have_the_moments_of_the_distribution(alpha: list[float]) -> None:
    x = dirichlet.draw(alpha, 20_000, generator=stream(0, "draw"))
    a = np.array(alpha)
    mean = a / a.sum()
    assert np.allclose(x.sum(axis=1), 1) and (x >= 0).all()
    assert np.allclose(x.mean(axis=0), mean, atol=0.015)
    assert np.allclose(x.var(axis=0), mean * (1 - mean) / (a.sum() + 1), atol=0.01)


def test_counts_are_added_to_parameters() -> None:
    found = dirichlet.update([1.0, 1.0], [3, 1])
    assert found.after.tolist() == [4, 2] and np.allclose(found.mean, [4 / 6, 2 / 6])
    # by Bayes on a fine grid
    x = (np.arange(2000) + 0.5) / 2000
    posterior = dirichlet.beta(x, 1, 1) * x**3 * (1 - x)
    assert np.allclose(posterior / posterior.mean(), dirichlet.beta(x, 4, 2), atol=1e-3)
    assert found.log_evidence == pytest.approx(math.log(posterior.mean()), abs=1e-6)
    with pytest.raises(SettingError, match="counts"):
        dirichlet.update([1.0, 1.0], [3, -1])
    with pytest.raises(SettingError, match="counts"):
        dirichlet.update([1.0, 1.0], [3])


def test_a_saved_model_comes_back() -> None:
    found = saved.from_file(saved.to_file(TOPICS, {"seed": 3}), "model.safetensors")
    assert found.vocabulary == TOPICS.vocabulary and found.model == "lda" and found.eta == 0.1
    for name in ("topic_word", "doc_topic", "alpha"):
        assert np.array_equal(getattr(found, name), getattr(TOPICS, name))
    told = json.loads(saved.to_json(TOPICS, {"seed": 3}))
    assert told["seed"] == 3 and list(told["best_words"][0]["words"]) == list(TOPICS.vocabulary)


def _file(**changes: object) -> bytes:
    arrays = {
        "topic_word": TOPICS.topic_word, "doc_topic": TOPICS.doc_topic, "alpha": TOPICS.alpha,
    }  # fmt: skip
    about: dict[str, object] = {"model": "lda", "eta": 0.1, "vocabulary": list(TOPICS.vocabulary)}
    for key, value in changes.items():
        (arrays if key in arrays else about)[key] = value  # type: ignore[index]
    return to_safetensors(arrays, about)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model at all",
        saved.to_file(TOPICS)[:-5],
        to_safetensors({"x": np.zeros(3)}, {"model": "lda"}),
        (2**62).to_bytes(8, "little") + b"{}",
        _file(model="oracle"),
        _file(vocabulary=["a", "b"]),
        _file(vocabulary=3),
        _file(eta="much"),
        _file(eta=None),
        _file(alpha=np.array([0.5])),
        _file(alpha=np.array([0.5, np.nan])),
        _file(topic_word=np.full((2, 3), np.nan, np.float32)),
        _file(topic_word=np.full((2, 3), 2.0, np.float32)),
        _file(doc_topic=np.full((2, 3), 1 / 3, np.float32)),
        _file(doc_topic=np.array([[-1.0, 2.0]], np.float32)),
        _file(topic_word=np.zeros(3, np.float32)),
    ],
)
def test_files_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(UploadError, match="bad.safetensors: wanted a topic model"):
        saved.from_file(data, "bad.safetensors")
