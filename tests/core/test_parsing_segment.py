"""A sentence as typed becomes the grammar's words; probabilities in a text are made to sum to one."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.grammars import PRESETS
from core.parsing.chart import Engine
from core.parsing.grammar import normalised
from core.parsing.grammar_text import parse
from core.parsing.k_best import k_best
from core.parsing.normal_form import normal
from core.parsing.normalised_text import normalised_text
from core.parsing.rules_used import left_recursive, rules_used
from core.parsing.segment import LONGEST, segment


def grammar(text: str):
    made = parse(text).grammar
    assert made is not None
    return made


@cache
def words(name: str) -> frozenset[str]:
    return frozenset(grammar(PRESETS[name].text).words)


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("course_pcfg", "The man saw the woman.", "the man saw the woman"),
        ("course_pcfg", "  the\tdog   sleeps ", "the dog sleeps"),
        ("course_pcfg", "the dinosaur, sleeps", "the dinosaur sleeps"),
        ("course_pcfg", "theman saw", "theman saw"),  # letters are not cut
        ("course_pcfg", "man,woman", "man woman"),
        ("boeing", "boeing is located in SEATTLE!", "Boeing is located in Seattle"),
        ("arithmetic", "(1+x)*3-2", "( 1 + x ) * 3 - 2"),
        ("arithmetic", "1+y", "1 + y"),
        ("arithmetic", "( 1 )", "( 1 )"),
        ("chinese", "我用望远镜看见了老师。", "我 用 望远镜 看见 了 老师"),
        ("chinese", "学生和老师的狗，很漂亮", "学生 和 老师 的 狗 很 漂亮"),
        ("chinese", "我用显微镜看见了老师", "我 用 显微镜 看见 了 老师"),
        ("chinese", "我 用望远镜 看见 了老师", "我 用 望远镜 看见 了 老师"),
        ("chinese", "。", "。"),
        ("chinese", "", ""),
    ],
)
def test_sentences(name: str, typed: str, wanted: str) -> None:
    assert segment(typed, words(name)) == tuple(wanted.split())


def test_known_words_are_left_alone() -> None:
    known = {"The", "the", "a.", ".", "U.S."}
    assert segment("The the a. U.S. .", known) == ("The", "the", "a.", "U.S.", ".")
    assert segment("THE. .", known) == ("the", ".", ".")  # a mark that is a word stays one
    assert segment("anything goes.", ()) == ("anything", "goes")


def test_the_longest_word_first_is_not_always_right() -> None:
    assert segment("天地人口", {"天地人", "天地", "人口"}) == ("天地", "人口")
    assert segment("天地人口", {"天地人", "天地", "人"}) == ("天地人", "口")


def test_what_is_very_long_is_not_cut() -> None:
    assert segment("狗" * LONGEST, {"狗"}) == ("狗",) * LONGEST
    assert segment("狗" * (LONGEST + 1), {"狗"}) == ("狗" * (LONGEST + 1),)


@settings(deadline=None)
@given(
    st.text("天地人口", min_size=1, max_size=7),
    st.frozensets(st.text("天地人口", min_size=1, max_size=3), min_size=1, max_size=6),
)
def test_cut_leaves_least_over_and_then_makes_fewest(typed: str, known: frozenset[str]) -> None:
    def left(parts: tuple[str, ...]) -> int:
        return sum(len(part) for part in parts if part not in known)

    # every way to cut the text, one for each set of places between its characters
    ways = []
    for many in range(len(typed)):
        for places in itertools.combinations(range(1, len(typed)), many):
            ends = [0, *places, len(typed)]
            ways.append(tuple(typed[a:b] for a, b in itertools.pairwise(ends)))
    found = segment(typed, known)
    assert "".join(found) == typed
    assert left(found) == min(map(left, ways))
    if not left(found):
        assert len(found) == min(len(way) for way in ways if not left(way))


TEXT = """\
# Animals [0.9]
S  -> A B   [1.0]  # one rule
A  -> 'a' [0.5] | "b # [3]" [1.0]
   | 'c'  [0.5]
B -> '[0.1]' [0] | 'y' [0]
%start S # [0.7]
"""


def test_only_the_numbers_change() -> None:
    assert normalised_text(TEXT) == TEXT.replace("'a' [0.5]", "'a' [0.25]").replace(
        '[3]" [1.0]', '[3]" [0.5]'
    ).replace("'c'  [0.5]", "'c'  [0.25]").replace("[0] | 'y' [0]", "[0.5] | 'y' [0.5]")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("STU"), st.sampled_from("abcde"), st.floats(0, 1)), min_size=1
    )
)
def test_it_is_what_normalising_the_grammar_gives(rules) -> None:
    text = "".join(f"{left} -> '{word}' [{p!r}]\n" for left, word, p in rules)
    before, after = parse(text).grammar, parse(normalised_text(text)).grammar
    assert before is not None and after is not None
    assert before.left.tolist() == after.left.tolist()
    np.testing.assert_allclose(after.sums()[after.left], 1, atol=1e-6)
    twice = len({rule[:2] for rule in rules}) < len(rules)
    if (
        not twice
    ):  # rules written twice are added up, at most to one, before the grammar is normalised
        np.testing.assert_allclose(after.p, normalised(before).p, atol=1e-6)
    assert not any("sum to" in problem.message for problem in parse(normalised_text(text)).problems)


def test_rules_of_a_tree_multiply_to_its_probability() -> None:
    made = grammar(PRESETS["course_pcfg"].text)
    chart = Engine(normal(made)).chart(PRESETS["course_pcfg"].sentences[0].split())
    for one in k_best(chart, 2):
        used = rules_used(one.tree, made)
        assert len(used) == 15
        np.testing.assert_allclose(np.log(made.p[used]).sum(), one.log_p)
    # the reference's numbers
    best = [float(np.exp(one.log_p)) for one in k_best(chart, 2)]
    np.testing.assert_allclose(best, [5.292e-5, 1.512e-5])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("S -> S 'a' | 'a'", ["S"]),
        ("S -> A 'x'\nA -> B 'x'\nB -> S 'y' | 'z'", ["S", "A", "B"]),
        ("S -> 'a' S | 'a'", []),
        ("S -> A S | 'a'\nA -> 'x'", []),
    ],
)
def test_left_recursion(text: str, wanted: list[str]) -> None:
    assert left_recursive(grammar(text)) == wanted
