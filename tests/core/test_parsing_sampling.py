"""What grammars say by themselves, and learning their probabilities from bare sentences."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings

from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import inside_outside, sampling
from core.parsing.grammar_text import parse
from core.parsing.inside_outside import Bare, Config
from core.parsing.score import score
from core.rng import stream
from tests.core.test_parsing_chart import small
from tests.oracles import parsing as oracle

COURSE = parse(PRESETS["course_pcfg"].text).grammar
LOOP = parse("S -> S S [0.25] | 'a' [0.75]").grammar


def test_drawn_trees_come_as_often_as_their_probability() -> None:
    grammar = parse("S -> A A [0.6] | A [0.4]\nA -> 'a' [0.3] | 'b' [0.7]").grammar
    generator = stream(0, "sample")
    n = 6000
    drawn = Counter(sampling.sample(grammar, generator=generator) for _ in range(n))
    assert len(drawn) == 6
    for tree, count in drawn.items():
        p = score(tree, grammar).p
        assert abs(count / n - p) < 5 * math.sqrt(p * (1 - p) / n)


def test_a_tree_that_grows_too_large_is_given_up() -> None:
    trees = [sampling.sample(COURSE, generator=stream(k), most=200) for k in range(60)]
    # each NP ends with probability 3/7
    assert 10 < sum(tree is None for tree in trees) < 58
    assert all(len(list(tree.nodes())) <= 200 for tree in trees if tree)
    with pytest.raises(SettingError, match="rules for A"):
        sampling.sample(parse("S -> A").grammar, generator=stream(0))


def test_moments_by_hand() -> None:
    # trees of S -> S S | a: A = 2 * 0.25, L = 0.75 + 0.5 L
    found = sampling.moments(LOOP)
    assert found.radius == pytest.approx(0.5) and found.consistent
    assert found.length == pytest.approx(1.5)
    b = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    assert found.entropy == pytest.approx(b / 0.5)
    one = sampling.moments(parse("S -> 'a' 'b' [0.5] | 'c' [0.5]").grammar)
    assert (one.length, one.entropy, one.ends) == pytest.approx((1.5, math.log(2), 1.0))


def test_the_course_s_grammar_is_not_consistent() -> None:
    found = sampling.moments(COURSE)
    # NP ends with z = 0.3 + 0.7 z^2, z = 3/7; VP with v = 0.4 + 0.4 z + 0.2 v z
    z = 3 / 7
    v = (0.4 + 0.4 * z) / (1 - 0.2 * z)
    # r^2 = 0.7 r + 0.7: NP makes 0.7 NP, and 0.7 PP, each with an NP
    assert found.radius == pytest.approx((0.7 + math.sqrt(0.49 + 2.8)) / 2)
    assert found.ends == pytest.approx(z * v, rel=1e-9)
    assert not found.consistent and found.entropy is None and found.length is None


def test_moments_refuse() -> None:
    with pytest.raises(SettingError, match="other sums for S"):
        sampling.moments(parse("S -> 'a' [0.5]").grammar)
    never = sampling.moments(parse("S -> S 'a' [1]").grammar)
    assert never.ends == 0 and never.entropy is None


def test_the_likeliest_trees() -> None:
    listed = list(islice(sampling.likeliest(LOOP), 12))
    logs = [one.log_p for one in listed]
    assert all(a >= b - 1e-12 for a, b in zip(logs, logs[1:], strict=False))
    assert len({one.tree for one in listed}) == 12
    # a; a a; then the two of three words, the five of four
    assert [len(one.tree.words()) for one in listed] == [1, 2, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5]
    for one in listed:
        assert score(one.tree, LOOP).log_p == pytest.approx(one.log_p)
    pairs = parse("S -> A A [1]\nA -> 'a' [0.3] | 'b' [0.7]").grammar
    finite = list(sampling.likeliest(pairs))
    assert [round(math.exp(one.log_p), 9) for one in finite] == [0.49, 0.21, 0.21, 0.09]
    assert list(sampling.likeliest(parse("S -> S 'a'").grammar)) == []


SENTENCES = tuple(
    tuple(text.split())
    for text in (
        "the man sleeps",
        "the woman saw the man with the telescope",
        "the man saw the woman in the telescope",
        "the telescope sleeps with the man",
        "the bear sleeps",
    )
)


def test_the_likelihood_never_falls() -> None:
    data = Bare(COURSE, SENTENCES)
    for start in inside_outside.STARTS:
        steps = list(
            inside_outside.learn(data, Config(rounds=15, start=start), generator=stream(3))
        )
        logs = [step.log_likelihood for step in steps]
        assert len(steps) == 16 and steps[0].parsed == 4 and steps[0].sentences == 5
        assert all(b >= a - 1e-9 for a, b in zip(logs, logs[1:], strict=False))
        assert logs[-1] > logs[0] + 0.1
        for step in steps:
            np.testing.assert_allclose(COURSE.with_p(step.p).sums(), 1)


@settings(deadline=None, max_examples=40)
@given(small())
def test_rounds_against_all_trees(case) -> None:
    grammar, words = case
    config = Config(rounds=4, start="given")
    trees = oracle.trees(grammar, words)
    if not trees:
        with pytest.raises(SettingError, match="has a tree for"):
            next(inside_outside.learn(Bare(grammar, (words,)), config, generator=stream(0)))
        return
    data = Bare(grammar, (words, words[:1]))
    steps = list(inside_outside.learn(data, config, generator=stream(0)))
    for step in steps:
        own = grammar.with_p(step.p)
        sums = [oracle.inside(own, one) for one in data.sentences]
        wanted = sum(math.log(one) for one in sums if one > 0)
        assert step.log_likelihood == pytest.approx(wanted, abs=1e-8)
    logs = [step.log_likelihood for step in steps]
    assert all(b >= a - 1e-9 for a, b in zip(logs, logs[1:], strict=False))


def test_probabilities_are_found_again() -> None:
    true = parse("S -> 'a' S [0.4] | B [0.6]\nB -> 'b' B [0.2] | 'c' [0.8]").grammar
    drawn = [sampling.sample(true, generator=stream(k, "found")) for k in range(800)]
    data = Bare(true, tuple(tree.words() for tree in drawn))
    last = list(inside_outside.learn(data, Config(rounds=6), generator=stream(1)))[-1]
    np.testing.assert_allclose(last.p, true.p, atol=0.05)


def test_learning_refuses() -> None:
    with pytest.raises(SettingError, match="sentences"):
        next(inside_outside.learn(Bare(COURSE, ()), Config(), generator=stream(0)))
    for setting in ({"rounds": 0}, {"start": "nowhere"}):
        with pytest.raises(SettingError):
            Config(**setting)


def test_what_is_never_reached_does_not_count() -> None:
    text = "S -> 'a' [1]\nX -> X X [0.9] | 'x' [0.1]"
    found = sampling.moments(parse(text).grammar)
    assert found.radius == 0 and found.consistent
    assert found.length == pytest.approx(1) and found.entropy == pytest.approx(0)
