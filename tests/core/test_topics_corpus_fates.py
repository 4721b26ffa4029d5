"""What becomes of every word agrees with the counts, by the steps that took it; phrases and cutting too."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.datasets import pydoc_topics
from core.errors import SettingError
from core.topics import corpus_cutting
from core.topics.corpus import prepare
from core.topics.corpus_fates import (
    BEYOND,
    COUNTED,
    FEW,
    MANY,
    NUMBER,
    PHRASED,
    SHORT,
    STOPPED,
    fates,
    pieces,
)
from core.topics.corpus_phrases_listed import listed
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import tokenise

TEXTS = pydoc_topics.documents().texts
STEPS = {
    "numbers": NUMBER, "short words": SHORT, "stop words": STOPPED, "in too few documents": FEW,
    "in too many documents": MANY, "beyond the vocabulary": BEYOND,
}  # fmt: skip


@pytest.fixture(scope="module")
def tokens():
    return tokenise(TEXTS)


def test_each_step_takes_the_words_whose_fate_it_is(tokens) -> None:
    settings = Settings(min_documents=3, max_share=0.4, vocabulary=300, stop_words=("python",))
    corpus = prepare(tokens, settings)
    found = fates(tokens, corpus)
    assert found.tokens.sum() == len(tokens.ids)
    for before, now in zip(corpus.effects, corpus.effects[1:], strict=False):
        if now.step in STEPS:
            mine = found.fate == STEPS[now.step]
            assert mine.sum() == before.words - now.words, now.step
            assert found.tokens[mine].sum() == before.tokens - now.tokens, now.step
    kept = [found.words[k] for k in np.flatnonzero(found.fate == COUNTED)]
    assert sorted(kept) == list(corpus.counts.vocabulary)
    at = [found.place[word] for word in corpus.counts.vocabulary]
    assert (found.tokens[at] == corpus.counts.per_word()).all()
    assert (found.documents[at] == corpus.counts.documents_per_word()).all()


@pytest.mark.parametrize("more", [{}, {"phrases": 3, "phrase_count": 4}, {"ngrams": 2}])
def test_the_pieces_of_a_text_are_its_counts(tokens, more) -> None:
    corpus = prepare(tokens, Settings(min_documents=2, **more))
    known = fates(tokens, corpus)
    for d in (3, 40):
        found = pieces(TEXTS[d], corpus, known)
        assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
        words, counts = corpus.counts.document(d)
        told = {corpus.counts.vocabulary[w]: n for w, n in zip(words, counts, strict=True)}
        counted = [one.word for one in found if one.fate == COUNTED]
        if "ngrams" not in more:  # they stand beside their words
            assert {word: counted.count(word) for word in counted} == told
        assert set(counted) <= set(told)
        assert all(one.fate == STOPPED for one in found if one.word == "the")


def test_a_word_of_phrases_alone_and_one_that_nobody_knows() -> None:
    tokens = tokenise(["hot dog here"] * 12 + ["nothing else at all"] * 3)
    corpus = prepare(tokens, Settings(phrases=2, phrase_npmi=0.9, min_documents=1, max_share=1))
    found = fates(tokens, corpus)
    assert found.fate[found.place["dog"]] == PHRASED
    told = [(one.word, one.fate) for one in pieces("Hot dog, dog, unheard 7", corpus, found)]
    assert told == [("hot_dog", COUNTED), ("dog", PHRASED), ("unheard", BEYOND), ("7", BEYOND)]
    (phrase,) = [one for one in listed(tokens, corpus.rules) if one.name == "hot_dog"]
    assert (phrase.together, phrase.tokens, phrase.counted) == (12, 12, True)
    assert phrase.npmi == pytest.approx(1)


def test_phrases_are_listed_with_their_counts(tokens) -> None:
    corpus = prepare(tokens, Settings(phrases=3, phrase_count=5, min_documents=1, max_share=1))
    found = listed(tokens, corpus.rules)
    assert found and all(one.npmi >= 0.4 and one.together >= 5 for one in found)
    total = dict(zip(corpus.counts.vocabulary, corpus.counts.per_word(), strict=True))
    assert all(total[one.name] == one.tokens for one in found if one.counted)
    assert any(one.name.count("_") >= 2 for one in found)
    assert listed(tokens, prepare(tokens, Settings()).rules) == []


@pytest.mark.parametrize("texts", [TEXTS, ("one",), (), ("", "猫在睡觉", "")])
def test_cut_in_parts_as_in_one(texts) -> None:
    config = corpus_cutting.Config(tokeniser="chinese")
    *some, last = corpus_cutting.learn(texts, config, generator=torch.Generator())
    assert len(some) + 1 == corpus_cutting.steps(len(texts)) <= corpus_cutting.STEPS
    whole = tokenise(texts, "chinese")
    assert last.tokens is not None and last.tokens.forms == whole.forms
    assert (last.tokens.ids == whole.ids).all() and (last.tokens.indptr == whole.indptr).all()


def test_a_pattern_that_is_none() -> None:
    config = corpus_cutting.Config(tokeniser="pattern", pattern="(")
    with pytest.raises(SettingError):
        list(corpus_cutting.learn(TEXTS, config, generator=torch.Generator()))
