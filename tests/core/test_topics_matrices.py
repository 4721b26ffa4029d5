"""The three matrices in blocks: means of the whole, in an order that shows the topics."""

from __future__ import annotations

import numpy as np
import pytest

from core.topics.counts import from_matrix
from core.topics.matrices_whole import whole
from core.topics.topics import Topics

r = np.random.default_rng(0)
N = r.integers(0, 3, (7, 9)) * r.integers(0, 2, (7, 9))
N[2] = 0  # a document of which no word is left
DATA = from_matrix(N, [f"w{w}" for w in range(9)])
TOPICS = Topics(
    model="plsa", topic_word=r.dirichlet(np.ones(9), 3).astype(np.float32),
    doc_topic=r.dirichlet(np.ones(3), 7).astype(np.float32), alpha=np.ones(3) / 3,
    vocabulary=DATA.vocabulary,
)  # fmt: skip


def test_a_block_a_cell_is_the_whole_in_another_order() -> None:
    found = whole(TOPICS, DATA, (2, 0, 1))
    assert sorted(found.documents) == list(range(7)) and sorted(found.words) == list(range(9))
    assert np.allclose(found.doc_topic, TOPICS.doc_topic[found.documents][:, [2, 0, 1]])
    assert np.allclose(found.topic_word, TOPICS.topic_word[[2, 0, 1]][:, found.words])
    p = TOPICS.doc_topic.astype(float) @ TOPICS.topic_word
    assert np.allclose(found.p, p[np.ix_(found.documents, found.words)])
    seen = N / np.maximum(N.sum(axis=1, keepdims=True), 1)
    assert np.allclose(found.seen, seen[np.ix_(found.documents, found.words)])


def test_documents_and_words_go_by_their_main_topic() -> None:
    found = whole(TOPICS, DATA, (2, 0, 1))
    main = found.doc_topic.argmax(axis=1)
    assert (np.diff(main) >= 0).all()
    most = found.doc_topic.max(axis=1)
    assert all((np.diff(most[main == z]) <= 0).all() for z in range(3))
    said = TOPICS.prevalence(DATA.per_document())[[2, 0, 1], None] * found.topic_word
    assert (np.diff(said.argmax(axis=0)) >= 0).all()


@pytest.mark.parametrize("blocks", [(3, 4), (7, 2), (1, 1)])
def test_blocks_are_means(blocks: tuple[int, int]) -> None:
    cells, found = whole(TOPICS, DATA, (0, 1, 2)), whole(TOPICS, DATA, (0, 1, 2), blocks=blocks)
    down, across = (
        np.linspace(0, n, k + 1).astype(int) for n, k in zip((7, 9), blocks, strict=True)
    )
    for name in ("p", "seen"):
        small, large = getattr(found, name), getattr(cells, name)
        assert small.shape == blocks
        means = [
            [large[a:b, c:d].mean() for c, d in zip(across[:-1], across[1:], strict=True)]
            for a, b in zip(down[:-1], down[1:], strict=True)
        ]
        assert np.allclose(small, means), name
