"""Texts as sentences and words: hard cases by hand, every word in its place, nothing hostile does harm."""

from __future__ import annotations

import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import sentences, treebank
from core.datasets.sentences import CHARACTERS, LONGEST, is_chinese, split
from core.errors import SettingError

ENGLISH = [
    ["Mr. Smith went to Washington.", "He met Mrs. Jones."],
    ["The U.S. economy grew.", "It was a good year."],
    ["She lives in the U.S.", "He lives in the U.K. now."],
    ["Fruit, e.g. apples, is good.", "Eat it."],
    ["Prices rose 3.5 %.", "They fell 2.1% later."],
    ['"It works."', "She smiled."],
    ['He said, "I am tired."', "Then he slept."],
    ['"Are you sure?" she asked.', "He was."],
    ["Wait... what?", "Nothing."],
    ["J. R. R. Tolkien wrote it.", "I read it."],
    ["Dr. J. Smith, Ph.D., teaches.", "She is good."],
    ["It costs $5.99 today.", "Buy it!"],
    ["Are you there?", "Yes!", "Good."],
    ["He works at Acme Inc.", "She does not."],
    ["See Fig. 3 for details.", "It is clear."],
    ["We met at 5 p.m. on Jan. 3.", "It rained."],
    ["Use version 3.1.2 now.", "It is stable."],
    ["(It was late.)", "We went home."],
    ["“Run!” he cried.", "We ran."],
    ["He left at 3 p.m.", "She stayed."],
    ["What?!", "I can't believe it."],
    ["I like it (a lot!) and so do you.", "Do you?"],
]
CHINESE = [
    ["我喜欢学习语法。", "老师很高兴。"],
    ["你好吗？", "我很好！"],
    ["他说：“我走了。”", "她笑了。"],
    ["真的吗？！", "太好了……", "我们走吧。"],
    ["价格是3.5元。", "不贵；很好。"],
]


def parts(text: str, language: str = "english") -> list[str]:
    return [text[one.start : one.end] for one in split(text, language)]


@pytest.mark.parametrize("wanted", ENGLISH, ids=lambda one: one[0])
def test_english_sentences(wanted: list[str]) -> None:
    assert parts(" ".join(wanted)) == wanted


@pytest.mark.parametrize("wanted", CHINESE, ids=lambda one: one[0])
def test_chinese_sentences(wanted: list[str]) -> None:
    assert parts("".join(wanted), "chinese") == wanted


def test_texts_longer_than_a_window() -> None:
    wanted = [f"Mr. Smith saw {k} birds in the U.S. garden, e.g. a robin." for k in range(100)]
    assert len(" ".join(wanted)) > 1.5 * sentences.WINDOW
    assert parts(" ".join(wanted)) == wanted


def test_lines() -> None:
    assert parts("First point\nSecond point\n\nThird") == ["First point", "Second point", "Third"]
    wrapped = (
        "This is a line that was broken only because it had become so long\nas lines do. Next."
    )
    assert [" ".join(one.split()) for one in parts(wrapped)] == [
        "This is a line that was broken only because it had become so long as lines do.",
        "Next.",
    ]
    assert parts("Done.\r\nNext.\u2028Last.") == ["Done.", "Next.", "Last."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can't go.", "I ca n't go ."),
        ('"It\'s fine," she said (twice).', "`` It 's fine , '' she said -LRB- twice -RRB- ."),
        ("“Don’t — stop…”", "`` Do n't -- stop ... ''"),
        ("He paid $5.99, i.e. 3.5 % more.", "He paid $ 5.99 , i.e. 3.5 % more ."),
        ("She lives in the U.S.", "She lives in the U.S. ."),
        ("the dogs' owner's", "the dogs ' owner 's"),
    ],
)
def test_words_in_the_manner_of_the_treebank(text: str, words: str) -> None:
    (one,) = split(text)
    assert " ".join(one.words) == words


def test_chinese_words_are_cut_as_the_treebank_knows_them() -> None:
    trees = treebank.trees("chinese")
    known = {word for tree in trees for word in tree.words()}
    for tree in trees:
        (one,) = split("".join(tree.words()), "chinese", known=known)
        assert one.words == tree.words()
    # without them the dictionary has the say
    assert split("妈妈做饭。", "chinese")[0].words == ("妈妈", "做饭", "。")
    assert split("她（笑）了……", "chinese")[0].words == ("她", "（", "笑", "）", "了", "……")
    assert "-LRB-" in split("好(不)好", "chinese")[0].words


def test_which_language() -> None:
    assert is_chinese("我喜欢 cats。") and not is_chinese("I like 猫.") and not is_chinese("")


def test_nothing_is_logged_and_no_file_is_written(tmp_path, monkeypatch, caplog) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sentences._cutter.cache_clear()
    with caplog.at_level(logging.DEBUG):
        split("学生和老师。", "chinese")
    assert not caplog.records and not list(tmp_path.iterdir())


def test_bounds() -> None:
    with pytest.raises(SettingError, match="at most 20,000 characters, got 20,001"):
        split("a" * (CHARACTERS + 1))
    assert len(split("It is. " * 150)) == 100 and len(split("It is. " * 150, most=3)) == 3
    (one,) = split("x" * 500)
    assert len(one.words[0]) == LONGEST and one.words[0].endswith("x…")
    assert split("") == split(" \n\t ") == split("\x00\u202e") == []


@pytest.mark.parametrize(
    "text",
    ["." * 20_000, '"' * 20_000, "(" * 20_000, ("a. " * 7000)[:20_000], "A." * 10_000,
     "(a. " * 5_000, "1) a " * 4_000, "\n" * 20_000, "a.\n" * 6_000, "好" * 20_000],
    ids=lambda text: text[:4],
)  # fmt: skip
@pytest.mark.parametrize("language", ["english", "chinese"])
def test_hostile_texts_end_soon(text: str, language: str) -> None:
    split("warm.", language)
    began = time.process_time()
    assert len(split(text, language)) <= 100
    assert time.process_time() - began < 5


MARKS = [". ", "? ", "!", '"', "'", "(", ")", "…", "1. ", "•", "“", "”", "。", "\\", "*", "-LRB-"]
HIDDEN = ["\x00", "\ud800", "\u202e", "\n", "&ᓰ&", "∯", "ȸ"]  # the last three are pySBD's own
PIECES = ["a ", "B", "Mr. ", "U.S. ", "好", "é", "🙂", *MARKS, *HIDDEN]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.sampled_from(["english", "chinese"]),
)
def test_every_letter_is_in_one_sentence(text: str, language: str) -> None:
    found = split(text, language, most=10**6)
    covered = [k for one in found for k in range(one.start, one.end)]
    assert covered == sorted(set(covered))
    assert set(covered) >= {k for k, c in enumerate(text) if c.isalnum()}
    for one in found:
        assert one.words and all(word and not any(c.isspace() for c in word) for word in one.words)
        "".join(one.words).encode()  # no half characters
        assert not set("".join(one.words)) & set("()\x00\u202e")
