"""The document-word matrix: sums, slices, halves, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.rng import stream
from core.topics import settings as checks
from core.topics.counts import Counts, from_matrix, from_tokens, minibatches
from core.topics.weighting import tf_idf

X = np.array([[2, 0, 1, 0], [0, 0, 0, 0], [1, 3, 0, 0], [0, 1, 1, 5]])
DATA = from_matrix(X, "abcd")
MATRICES = st.integers(1, 5).flatmap(
    lambda V: st.lists(st.lists(st.integers(0, 4), min_size=V, max_size=V), min_size=1, max_size=6)
)


def dense(counts: Counts) -> np.ndarray:
    return counts.matrix().toarray()


def test_sums_are_those_of_the_matrix() -> None:
    assert np.array_equal(dense(DATA), X)
    assert len(DATA) == 4 and DATA.tokens == X.sum()
    assert np.array_equal(DATA.per_document(), X.sum(axis=1))
    assert np.array_equal(DATA.per_word(), X.sum(axis=0))
    assert np.array_equal(DATA.documents_per_word(), (X > 0).sum(axis=0))
    words, counts = DATA.document(3)
    assert words.tolist() == [1, 2, 3] and counts.tolist() == [1, 1, 5]


@settings(max_examples=50, deadline=None)
@given(MATRICES, st.integers(0, 5))
def test_halves_add_up_and_are_even(rows: list[list[int]], seed: int) -> None:
    data = from_matrix(np.array(rows), [str(w) for w in range(len(rows[0]))])
    first, second = data.halves(seed)
    assert np.array_equal(dense(first) + dense(second), np.array(rows))
    assert np.array_equal(first.per_document(), data.per_document() // 2)


def test_halves_are_drawn_by_the_seed_and_every_token_has_the_same_chance() -> None:
    first, second = DATA.halves(3)
    again = DATA.halves(3)
    assert np.array_equal(dense(first), dense(again[0]))
    drawn = np.mean([dense(DATA.halves(seed)[0]) for seed in range(400)], axis=0)
    # 7 tokens, 3 of them first: each with 3/7
    assert np.allclose(drawn[3], X[3] * 3 / 7, atol=0.2)


@settings(max_examples=50, deadline=None)
@given(MATRICES, st.data())
def test_taken_documents_are_rows(rows: list[list[int]], data: st.DataObject) -> None:
    counts = from_matrix(np.array(rows), [str(w) for w in range(len(rows[0]))])
    picked = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    assert np.array_equal(dense(counts.take(picked)), np.array(rows)[picked])


def test_minibatches_are_every_document_once() -> None:
    batches = list(minibatches(DATA, 3, generator=stream(0, "batches")))
    assert [len(batch) for batch in batches] == [3, 1]
    rows = sorted(map(tuple, np.concatenate([dense(batch) for batch in batches]).astype(int)))
    assert rows == sorted(map(tuple, X))
    assert np.array_equal(dense(next(minibatches(DATA, 2))), X[:2])


def test_tokens_there_and_back() -> None:
    words, rows = DATA.token_words()
    assert np.array_equal(dense(from_tokens(words, rows, 4, "abcd")), X)
    with pytest.raises(SettingError, match="whole numbers"):
        tf_idf(DATA).token_words()


def test_tf_idf_is_sklearns() -> None:
    from sklearn.feature_extraction.text import TfidfTransformer

    wanted = TfidfTransformer().fit_transform(X).toarray()
    assert np.allclose(dense(tf_idf(DATA)), wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("indptr", "words", "counts"),
    [
        ([0, 1], [0, 1], [1.0, 1.0]),
        ([1, 2], [0, 1], [1.0, 1.0]),
        ([0, 2, 1, 2], [0, 1], [1.0, 1.0]),
        ([0, 2], [0, 4], [1.0, 1.0]),
        ([0, 2], [0, -1], [1.0, 1.0]),
        ([0, 2], [0, 1], [1.0, 0.0]),
        ([0, 2], [0, 1], [1.0, np.nan]),
        ([0, 2], [0, 1], [1.0, np.inf]),
        ([], [], []),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    indptr: list[int], words: list[int], counts: list[float]
) -> None:
    with pytest.raises(SettingError, match="counts"):
        Counts(
            np.array(indptr, np.int64), np.array(words, np.int32), np.array(counts, np.float32),
            tuple("abcd"),
        )  # fmt: skip


def test_nothing_to_learn_from_is_told() -> None:
    with pytest.raises(SettingError, match="documents"):
        checks.ready(DATA.take([]))
    with pytest.raises(SettingError, match="words"):
        checks.ready(DATA.take([1]))
    with pytest.raises(SettingError, match="vocabulary"):
        from_matrix(X, "abc")
