"""Preparation of texts against scikit-learn's CountVectorizer, a plain slow version, and by hand."""

from __future__ import annotations

import math
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from core.datasets import pydoc_topics
from core.datasets.documents import Documents
from core.errors import SettingError
from core.rng import stream
from core.topics import (
    corpus,
    corpus_defaults,
    corpus_pattern,
    corpus_phrases,
    corpus_split,
    corpus_stop,
    corpus_stream,
    corpus_tokens,
)
from core.topics.corpus_settings import Settings
from core.topics.corpus_tokens import tokenise

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "chinese" / "sogou_mini90.tar.xz"
ALL = Settings(
    shortest=1, stop_languages=(), numbers=True, min_documents=1, max_share=1.0, vocabulary=10**6
)


def prepared(texts: list[str], settings: Settings = ALL) -> corpus.Corpus:
    return corpus.prepare(tokenise(texts, settings.tokeniser, settings.pattern), settings)


def bags(counts) -> list[dict[str, int]]:
    found = []
    for d in range(len(counts)):
        words, times = counts.document(d)
        found.append({counts.vocabulary[w]: int(n) for w, n in zip(words, times, strict=True)})
    return found


@pytest.fixture(scope="module")
def reference() -> Documents:
    return pydoc_topics.documents()


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"ngrams": 3, "min_documents": 2},
        {"stop": True, "shortest": 2, "min_documents": 5, "max_share": 0.3},
        {"lower": False, "ngrams": 2, "max_share": 0.5},
    ],
)
def test_scikit_learn_counts_the_same(reference, choice) -> None:
    choice = dict(choice)
    stop = choice.pop("stop", False)
    pattern = r"\b\w\w+\b"
    own = replace(
        ALL, tokeniser="pattern", pattern=pattern, **choice,
        stop_words=tuple(ENGLISH_STOP_WORDS) if stop else (),
    )  # fmt: skip
    peer = CountVectorizer(
        lowercase=own.lower, token_pattern=pattern, ngram_range=(1, own.ngrams), max_df=own.max_share,
        min_df=own.min_documents, stop_words=list(ENGLISH_STOP_WORDS) if stop else None,
    )  # fmt: skip
    wanted = peer.fit_transform(reference.texts)
    found = prepared(list(reference.texts), own).counts
    names = [name.replace(" ", "_") for name in peer.get_feature_names_out()]
    totals = Counter()
    for name, total in zip(names, np.asarray(wanted.sum(axis=0)).ravel(), strict=True):
        totals[name] += int(total)  # words with _ are spelt as some n-grams are
    assert dict(zip(found.vocabulary, found.per_word().astype(int).tolist(), strict=True)) == totals
    assert np.array_equal(found.per_document(), np.asarray(wanted.sum(axis=1)).ravel())


def slowly(text: str, settings: Settings, rules) -> list[tuple[int, int, str]]:
    """Start, end and name of each word: the plain version, one after another."""
    found = []
    for n, (start, end) in enumerate(corpus_tokens.spans(text, settings.tokeniser)):
        word = settings.fold(text[start:end])
        if word in rules.base:
            found.append([n, n, start, end, word])
    for pairs in rules.phrases:
        names = list(rules.base)
        made = {}
        for earlier in rules.phrases:
            for key, number in zip(earlier.keys.tolist(), earlier.made.tolist(), strict=True):
                name = f"{names[key // earlier.W]}_{names[key % earlier.W]}"
                if number == len(names):
                    names.append(name)
                if earlier is pairs:
                    made[names[key // earlier.W], names[key % earlier.W]] = name
        k = 0
        while k + 1 < len(found):
            a, b = found[k], found[k + 1]
            if b[0] == a[1] + 1 and (a[4], b[4]) in made:
                found[k : k + 2] = [[a[0], b[1], a[2], b[3], made[a[4], b[4]]]]
            k += 1
    return [(start, end, word) for _, _, start, end, word in found if word in rules.vocabulary]


FORMS = ["a", "b", "C", "the", "x_y", "a_b", "7", "don't", "é", ".", "我们", ","]
TEXTS = st.lists(
    st.lists(st.sampled_from(FORMS), max_size=14),
    min_size=1,
)


@effort(deadline=None)
@given(TEXTS, st.integers(1, 4), st.floats(-1, 1), st.integers(1, 3), st.booleans())
def test_a_plain_version_finds_the_same(texts, phrases, npmi, count, lower) -> None:
    """Fast counts, counts of the same texts anew, and the words marked in each agree with it."""
    joined = [" ".join(words) for words in texts]
    settings = replace(
        ALL, phrases=phrases, phrase_npmi=npmi, phrase_count=count, lower=lower, stop_words=("the",)
    )
    try:
        found = prepared(joined, settings)
    except SettingError:
        return
    wanted = [slowly(text, settings, found.rules) for text in joined]
    assert bags(found.counts) == [dict(Counter(word for *_, word in one)) for one in wanted]
    assert bags(found.bag(joined)) == bags(found.counts)
    for text, words in zip(joined, wanted, strict=True):
        marked = [(w.start, w.end, found.counts.vocabulary[w.word]) for w in found.spans(text)]
        assert marked == words


@effort(deadline=None)
@given(
    st.lists(st.text(max_size=60), min_size=1, max_size=4), st.sampled_from(["words", "chinese"])
)
def test_any_text_can_be_prepared(texts, tokeniser) -> None:
    tokens = tokenise(texts, tokeniser)
    for d, text in enumerate(texts):
        cut = [text[a:b] for a, b in corpus_tokens.spans(text, tokeniser)]
        assert cut == [tokens.forms[k] for k in tokens.ids[tokens.indptr[d] : tokens.indptr[d + 1]]]
    try:
        found = prepared(texts, replace(ALL, tokeniser=tokeniser))
    except SettingError:
        return
    assert bags(found.bag(texts)) == bags(found.counts)


def test_words_of_many_scripts() -> None:
    text = "don’t naïve क्या हिन्दी Übung x_1 3.5 l'état ภาษา"
    words = [text[a:b] for a, b in corpus_tokens.spans(text)]
    assert words == ["don’t", "naïve", "क्या", "हिन्दी", "Übung", "x_1", "3", "5", "l'état", "ภาษา"]
    folded = [ALL.fold(word) for word in words]
    assert folded[0] == "don't" and folded[4] == "übung" and folded[8] == "état"
    assert [ALL.fold(w) for w in ("dog's", "it's", "__init__", "Ｗｏｒｄ", "O'Neil")] == [
        "dog", "it's", "init", "word", "o'neil",
    ]  # fmt: skip


def test_chinese_is_cut() -> None:
    text = "我看见了老师，used Python在北京大学。"
    cut = [text[a:b] for a, b in corpus_tokens.spans(text, "chinese")]
    assert cut == ["我", "看见", "了", "老师", "used", "Python", "在", "北京大学"]
    assert corpus_tokens.likely_tokeniser([text]) == "chinese"
    assert corpus_tokens.likely_tokeniser(["これは日本語の文章です。"]) == "words"


def test_chinese_news() -> None:
    if not NEWS.is_file():
        pytest.skip("no Chinese news beside this checkout")
    with tarfile.open(NEWS) as archive:
        files = [one for one in archive if one.isfile() and "/Sample/" in one.name]
        texts = [archive.extractfile(one).read().decode() for one in files]
    settings = corpus_defaults.fitting(texts)
    assert settings.tokeniser == "chinese" and settings.stop_languages == ("Chinese",)
    found = prepared(texts, settings)
    assert len(found.counts) == 90 and len(found.empty) == 0 and len(found.counts.vocabulary) > 1500
    assert "公司" in found.counts.vocabulary and "的" not in found.counts.vocabulary


def test_phrases_by_hand() -> None:
    """deep learning always together; the pair stands 3 times in 9 tokens."""
    tokens = tokenise(["deep learning works", "I like deep learning", "deep learning"])
    found = corpus.prepare(tokens, replace(ALL, phrases=2, phrase_npmi=0.9, phrase_count=2))
    assert "deep_learning" in found.counts.vocabulary and "deep" not in found.counts.vocabulary
    run = corpus.words(tokens, ALL, {"deep": 0, "learning": 1, "works": 2})
    keys, npmi = corpus_phrases.scored(run, 3, 9, 1)
    assert keys.tolist() == [0 * 3 + 1, 1 * 3 + 2]
    assert npmi == pytest.approx([1.0, math.log((1 / 9) / (3 / 9 * 1 / 9)) / -math.log(1 / 9)])


def test_planted_phrases_are_found() -> None:
    generator = stream(0, "phrases")
    texts = []
    for _ in range(300):
        words = [f"w{k}" for k in torch.randint(50, (20,), generator=generator).tolist()]
        words[5:5] = ["support", "vector", "machine"]
        texts.append(" ".join(words))
    found = prepared(texts, replace(ALL, phrases=3, phrase_npmi=0.5))
    assert [word for word in found.counts.vocabulary if "_" in word] == ["support_vector_machine"]
    longer = [text.replace("machine", "machine learning") for text in texts]
    found_of_four = prepared(longer, replace(ALL, phrases=3, phrase_npmi=0.5)).counts.vocabulary
    assert [w for w in found_of_four if "_" in w] == ["machine_learning", "support_vector"]
    effect = next(one for one in found.effects if one.step == "phrases")
    assert effect.made and effect.examples == (("support_vector_machine", 300),)


def test_each_step_says_what_it_did() -> None:
    texts = ["the cat 12 sat a", "the dog 12 sat", "the bird sang"]
    found = prepared(texts, Settings(min_documents=2, max_share=0.9))
    told = [(one.step, one.words, one.tokens, dict(one.examples)) for one in found.effects]
    assert told == [
        ("tokens", 8, 12, {}),
        ("numbers", 7, 10, {"12": 2}),
        ("short words", 6, 9, {"a": 1}),
        ("stop words", 5, 6, {"the": 3}),
        ("in too few documents", 1, 2, {"cat": 1, "dog": 1, "bird": 1, "sang": 1}),
        ("in too many documents", 1, 2, {}),
        ("beyond the vocabulary", 1, 2, {}),
    ]
    assert found.counts.vocabulary == ("sat",) and found.empty.tolist() == [2]


def test_a_click_stops_a_word_or_a_phrase() -> None:
    texts = ["deep learning works well", "deep learning fails"]
    settings = replace(ALL, phrases=2, phrase_count=2)
    before = prepared(texts, settings)
    after = prepared(texts, corpus.stopped(corpus.stopped(settings, "deep_learning"), "works"))
    assert set(before.counts.vocabulary) - set(after.counts.vocabulary) == {
        "deep_learning",
        "works",
    }


def test_a_phrase_is_stopped_whatever_its_letters() -> None:
    texts = ["New York is large", "New York is far", "New York and Old Town"] * 4
    wanted = Settings(
        lower=False, stop_languages=(), phrases=2, phrase_npmi=0.1, phrase_count=3,
        min_documents=1, max_share=1.0,
    )  # fmt: skip
    tokens = tokenise(texts)
    assert "New_York" in corpus.prepare(tokens, wanted).counts.vocabulary
    stopped = replace(wanted, stop_words=("new_york",))
    assert "New_York" not in corpus.prepare(tokens, stopped).counts.vocabulary


def test_the_most_frequent_stay() -> None:
    found = prepared(["a a a b b c", "c d"], replace(ALL, vocabulary=2))
    assert found.counts.vocabulary == ("a", "b")  # of b and c, equally frequent, the first


def test_one_document_and_one_word() -> None:
    assert bags(prepared(["topic"], Settings()).counts) == [{"topic": 1}]


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([], "at least one"),
        (["", " "], "none in the texts"),
        (["... !!"], "none in the texts"),
        (["the and of"], "stop words"),
        (["12 34"], "numbers"),
        (["a b", "c d", "e f"], "too few documents"),
    ],
)
def test_nothing_left_is_told(texts, why) -> None:
    settings = Settings(shortest=1, stop_languages=("English",) if "the" in " ".join(texts) else ())
    with pytest.raises(SettingError, match=why):
        prepared(texts, settings)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tokeniser": "x"}, {"tokeniser": "pattern", "pattern": "("}, {"stop_languages": ("Klingon",)},
        {"max_share": 1.5}, {"max_share": float("nan")}, {"phrases": 9}, {"vocabulary": 0},
    ],
)  # fmt: skip
def test_settings_that_cannot_be(wrong) -> None:
    with pytest.raises(SettingError):
        Settings(**wrong)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(",
        "x" * 201,
        "(a{100}){100}",
        "((a{9}){9}){99}",
        "a(?R)b",
        "(a)(?1)",
        "(?P<x>a)(?&x)",
        "(?:a){e<=2}",
    ],
)
def test_a_pattern_that_could_do_harm(pattern) -> None:
    with pytest.raises(SettingError):
        corpus_pattern.compiled(pattern)


def test_a_pattern_that_takes_for_ever() -> None:
    with pytest.raises(SettingError, match="longer"):
        corpus_pattern.words("(a|aa)+$", "a" * 60 + "b", seconds=0.05)


def test_ones_own_pattern() -> None:
    own = replace(ALL, tokeniser="pattern", pattern=r"(#)\w+|")
    assert prepared(["#one two #Three"], own).counts.vocabulary == ("#one", "#three")


def test_stop_words() -> None:
    assert {"the", "don't", "it's"} <= corpus_stop.words("English") and "的" in corpus_stop.words(
        "Chinese"
    )
    assert all(corpus_stop.words(language) for language in corpus_stop.LANGUAGES)
    assert corpus_stop.own("One, two  three，四\none") == ("one", "two", "three", "四")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the cat sat on the mat and it was not very happy about that", "English"),
        ("le chat est sur la table et il ne veut pas en descendre avec nous", "French"),
        ("die Katze sitzt auf dem Tisch und sie will nicht von ihm herunter", "German"),
        ("кошка сидит на столе и не хочет с него уходить, потому что там тепло", "Russian"),
        ("x = numpy.zeros; y = foo(bar)", None),
        ("", None),
    ],
)
def test_the_language_of_stop_words(text, language) -> None:
    assert corpus_stop.likely_language(text.replace(";", "").split()) == language


def test_defaults_leave_something_of_little() -> None:
    for D in (1, 2, 5, 12):
        texts = [f"the cat number {n} sat with its friends" for n in range(D)]
        assert len(prepared(texts, corpus_defaults.fitting(texts)).counts.vocabulary) > 0


def test_documents_are_split() -> None:
    documents = Documents("x", ("a b\n\nc d\n \ne f g h i", "one"), ("t", "u"), ("l", "m"))
    lines = corpus_split.split(documents, "lines")
    assert lines.documents.texts == ("a b", "c d", "e f g h i", "one") and lines.parents == (
        0,
        0,
        0,
        1,
    )
    assert lines.documents.titles == ("t · 1", "t · 2", "t · 3", "u")
    assert lines.documents.labels == ("l", "l", "l", "m")
    five = corpus_split.split(documents, "paragraphs", 5).documents.texts
    assert five == ("a b\n\nc d\n\ne f g h i", "one")
    assert corpus_split.split(documents, "words", 5).documents.texts == (
        "a b\n\nc d\n \ne",
        "f g h i",
        "one",
    )
    assert corpus_split.split(documents, "whole").documents is documents
    exact = Documents("x", ("a b c d e\n\nf g h i j",), ("t",))
    assert len(corpus_split.split(exact, "paragraphs", 5).documents) == 2
    with pytest.raises(SettingError):
        corpus_split.split(documents, "chapters")


@given(st.text(), st.sampled_from(corpus_split.WAYS), st.integers(5, 9))
def test_nothing_is_lost_by_splitting(text, way, words) -> None:
    found = corpus_split.split(Documents("x", (text,), ("t",)), way, words).documents
    assert "".join("".join(found.texts).split()) == "".join(text.split())
    assert len(found.titles) == len(found.texts)


def test_a_stream_is_counted_as_the_whole(reference) -> None:
    found = prepared(list(reference.texts))
    parts = list(corpus_stream.minibatches(iter(reference.texts), found.rules, 30))
    assert [len(part) for part in parts] == [30, 30, len(reference) - 60]
    assert [bag for part in parts for bag in bags(part)] == bags(found.counts)


def test_a_sample_is_fair() -> None:
    """Each of 40 documents is among 10 kept ones in a quarter of 2,000 draws."""
    generator = stream(0, "sample")
    drawn = Counter()
    for _ in range(2000):
        kept, many = corpus_stream.sample(map(str, range(40)), 10, generator=generator)
        assert len(set(kept)) == 10 and many == 40
        drawn.update(kept)
    counts = np.array([drawn[str(n)] for n in range(40)])
    # variance of a count: 2000 * 1/4 * 3/4
    assert (((counts - 500) ** 2) / 375).sum() < 80  # chi-squared, 39 degrees: p < 0.0002
    assert corpus_stream.sample(["a"], 10, generator=generator) == (["a"], 1)
