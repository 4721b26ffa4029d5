"""Charts against every tree there is, and against the known numbers of the course's grammar."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import cky, compiled, counting
from core.parsing.all_trees import all_trees, catalan
from core.parsing.chart import Chart, Engine
from core.parsing.grammar import Grammar, Symbol, build, normalised
from core.parsing.grammar_text import parse
from core.parsing.k_best import k_best, ranked
from core.parsing.normal_form import normal, strict
from core.parsing.score import score
from tests.oracles import parsing as oracle

COURSE = parse(PRESETS["course_pcfg"].text).grammar
NOUNS = ("telescope", "woman", "man", "telescope", "woman")


@pytest.fixture(scope="module", autouse=True)
def compile_once() -> None:
    compiled.warm()


def sentence(k: int) -> tuple[str, ...]:
    """The course's sentence with k prepositional phrases."""
    words = ["the", "man", "saw", "the", "woman"]
    for n in range(k):
        words += ["with" if n % 2 == 0 else "in", "the", NOUNS[n % 5]]
    return tuple(words)


def chart_of(grammar: Grammar, words) -> Chart:
    return Engine(normal(grammar)).chart(tuple(words))


@pytest.mark.parametrize(
    ("k", "best", "inside"),
    [
        (0, 5.04e-3, 5.04e-3),
        (1, 5.292e-5, 6.804e-5),
        (2, 1.11132e-6, 2.9484e-6),
        (5, 1.8010885e-11, 1.02027e-9),
    ],
)
def test_the_known_numbers(k: int, best: float, inside: float) -> None:
    chart = chart_of(COURSE, sentence(k))
    assert math.exp(chart.log_best) == pytest.approx(best, rel=1e-6)
    assert math.exp(chart.log_inside) == pytest.approx(inside, rel=1e-5)


def test_numbers_of_trees_are_catalan_s_and_so_are_the_ties() -> None:
    charts = [chart_of(COURSE, sentence(k)) for k in range(6)]
    assert [chart.count for chart in charts] == [catalan(k + 1) for k in range(6)]
    assert [chart.ties for chart in charts] == [1, 1, 2, 5, 14, 42]
    for k, chart in enumerate(charts):
        distinct = {f"{tree.log_p:.9f}" for tree in all_trees(chart)}
        assert len(distinct) == k + 1


def test_41_words_and_many_more() -> None:
    assert chart_of(COURSE, sentence(12)).count == 742_900
    long = chart_of(COURSE, sentence(40))
    assert long.count == catalan(41) > 2**53
    assert long.ties == catalan(40)


def test_numbers_of_hundreds_of_words_are_right_to_fifteen_digits() -> None:
    engine = Engine(normal(parse(PRESETS["arithmetic_ambiguous"].text).grammar))
    for n in (99, 151, 499):
        chart = engine.chart((["1", "+"] * n)[:n])
        wanted = catalan((n - 1) // 2)
        assert abs(chart.count - wanted) * 10**14 <= wanted
        assert chart.ties == chart.count  # one operator: all trees are alike
        assert (chart.count == wanted) or n > 150


def test_numbers_beyond_all_floats() -> None:
    tags = "ABCDEFGHIJ"
    rules = ["S -> S S", *(f"S -> {X}" for X in tags), *(f"{X} -> 'w'" for X in tags)]
    chart = chart_of(parse("\n".join(rules)).grammar, ["w"] * 200)
    wanted = 10**200 * catalan(199)
    assert wanted > 10**310
    assert abs(chart.count - wanted) * 10**13 <= wanted


def test_the_two_trees_and_their_posterior() -> None:
    first, second = all_trees(chart_of(COURSE, sentence(1)))
    assert math.exp(second.log_p) == pytest.approx(1.512e-5)
    whole = math.exp(first.log_p) + math.exp(second.log_p)
    assert math.exp(first.log_p) / whole == pytest.approx(0.7778, abs=1e-4)
    low = "(VP (Vt saw) (NP (NP (DT the) (NN woman)) (PP (IN with) (NP (DT the) (NN telescope)))))"
    assert low in str(first.tree) and low not in str(second.tree)


def test_the_printed_grammar_has_no_tree_with_a_preposition() -> None:
    printed = parse(PRESETS["course_pcfg_printed"].text)
    told = " ".join(problem.message for problem in printed.problems)
    assert "P has no rules" in told and "IN is never reached" in told
    chart = chart_of(printed.grammar, sentence(1))
    assert chart.log_best == -math.inf
    assert chart.tree() is None and chart.count == 0 and all_trees(chart) == []


@st.composite
def small(draw: st.DrawFn) -> tuple[Grammar, tuple[str, ...]]:
    """A grammar of up to four categories, unit rules and circles included, and a short sentence.

    Thrown with dice until the sentence has two trees, mostly: what hypothesis draws piece by piece
    hardly ever has.
    """
    dice = random.Random(draw(st.integers(0, 10**9)))
    wanted = dice.choice([0, 1, 2, 2, 2, 5])
    for _ in range(100):
        grammar, words = thrown(dice)
        if len(oracle.trees(grammar, words)) >= wanted:
            break
    return grammar, words


def thrown(dice: random.Random) -> tuple[Grammar, tuple[str, ...]]:
    names = ["S", "A", "B", "C"][: dice.randint(1, 4)]
    words = ["a", "a", "a", "b"]
    rules = {}
    for name in names:
        rules[name, (Symbol(dice.choice(words), True),)] = dice.randint(1, 4)
        for _ in range(dice.randint(1, 4)):
            side = tuple(
                Symbol(dice.choice(words), True)
                if dice.random() < 0.15
                else Symbol(dice.choice(names))
                for _ in range(dice.choice([1, 2, 2, 2, 3]))
            )
            rules[name, side] = dice.choice([0, 1, 1, 1, 2, 3, 4])
    grammar = normalised(build((left, side, p / 4) for (left, side), p in rules.items()))
    return grammar, tuple(dice.choice(words) for _ in range(dice.choice([1, 2, 3, 3, 4, 4, 5, 5])))


@settings(max_examples=150, deadline=None)
@given(small())
def test_small_grammars_tree_by_tree(case: tuple[Grammar, tuple[str, ...]]) -> None:
    grammar, words = case
    chart = chart_of(grammar, words)
    wanted = sorted(oracle.trees(grammar, words), key=lambda pair: -pair[1])
    assert chart.count == counting.exactly(chart, only_best=False) == len(wanted)
    if not wanted:
        assert chart.tree() is None
        return
    # Viterbi, inside
    best = wanted[0][1]
    assert math.exp(chart.log_best) == pytest.approx(best, rel=1e-9)
    assert math.exp(chart.log_inside) == pytest.approx(math.fsum(p for _, p in wanted), rel=1e-9)
    probability = dict(wanted)
    assert len(probability) == len(wanted)
    assert probability[chart.tree()] == pytest.approx(best, rel=1e-9)
    ties = sum(p > best * (1 - 1e-9) for _, p in wanted)
    assert chart.ties == counting.exactly(chart, only_best=True) == ties
    # k best: the sorted list, each tree once
    listed = list(ranked(chart)) if len(wanted) <= 300 else k_best(chart, 300)
    assert len({one.tree for one in listed}) == len(listed) == min(len(wanted), 300)
    for one, (_, p) in zip(listed, wanted, strict=False):
        assert math.exp(one.log_p) == pytest.approx(p, rel=1e-9)
        assert probability[one.tree] == pytest.approx(p, rel=1e-9)
        assert score(one.tree, grammar).log_p == pytest.approx(one.log_p, abs=1e-9)
    # expected uses of each rule: the mean over all trees
    uses = np.zeros(len(grammar))
    for tree, p in wanted:
        for node in tree.nodes():
            side = tuple(
                grammar.word_symbol[c] if isinstance(c, str) else grammar.number[c.label]
                for c in node.children
            )
            uses[grammar.find[grammar.number[node.label], side]] += p
    whole = math.fsum(p for _, p in wanted)
    np.testing.assert_allclose(chart.expected(), uses / whole, rtol=1e-8, atol=1e-12)
    # normal form and back
    own = normal(grammar)
    for tree, _ in wanted[:50]:
        assert own.undo(own.apply(tree)) == tree
    other = chart_of(strict(grammar), words)
    assert other.count == chart.count
    assert other.log_best == pytest.approx(chart.log_best, abs=1e-9)
    assert other.log_inside == pytest.approx(chart.log_inside, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(small())
def test_cells_that_are_watched_are_those_of_the_chart(
    case: tuple[Grammar, tuple[str, ...]],
) -> None:
    grammar, words = case
    chart = chart_of(grammar, words)
    own = chart.normal
    cells = list(cky.fill(own, words))
    assert len(cells) == len(words) * (len(words) + 1) // 2
    for cell in cells:
        begin = int(chart.first[cell.i, cell.j])
        assert len(cell.entries) == chart.size[cell.i, cell.j]
        for entry in cell.entries:
            at = chart.find(cell.i, cell.j, own.symbols.index(entry.symbol))
            assert at is not None and at >= begin
            assert chart.items["w"][at] == entry.log_w
            assert chart.items["made"][at] == entry.log_made
            best = entry.candidates[entry.best]
            assert best.log_product == entry.log_w
            assert (chart.items["chain"][at] >= 0) == best.chain
            if best.chain:
                assert chart.items["chain"][at] == best.rule
            elif best.split is not None:
                assert chart.items["rule"][at] == best.rule
                assert chart.items["split"][at] == best.split
            assert max(c.log_product for c in entry.candidates) <= entry.log_w + 1e-11


def test_the_posterior_of_nodes() -> None:
    chart = chart_of(COURSE, sentence(1))
    names = chart.normal.symbols
    posterior = chart.posterior
    assert posterior[0, 7, names.index("S")] == pytest.approx(1)
    assert posterior[3, 7, names.index("NP")] == pytest.approx(7 / 9)
    assert posterior[2, 4, names.index("VP")] == pytest.approx(2 / 9)
    assert posterior[5, 7, names.index("PP")] == pytest.approx(1)


def test_a_long_sentence_does_not_vanish() -> None:
    chart = chart_of(COURSE, sentence(165))
    assert len(chart.words) == 500
    assert chart.tree().words() == chart.words
    assert chart.log_best == pytest.approx(-647.13, abs=0.01)
    # 1e-9 to the 119th: float64 ends at 5e-324
    rare = parse("S -> S A [1e-9] | A [0.999999999]\nA -> 'a' [1e-9] | 'b' [0.999999999]").grammar
    long = chart_of(rare, ["a"] * 60)
    assert long.scale > 0
    assert long.log_inside == pytest.approx(long.log_best, abs=1e-6)
    assert long.log_best == pytest.approx(119 * math.log(1e-9), abs=1e-4)
    assert long.expected().sum() == pytest.approx(120)


def test_refusals() -> None:
    engine = Engine(normal(COURSE))
    with pytest.raises(SettingError, match="at least one"):
        engine.chart(())
    with pytest.raises(SettingError, match="got 742,900"):
        all_trees(engine.chart(sentence(12)))
    unknown = engine.chart(["the", "bear", "sleeps"])
    assert unknown.unknown == (1,) and unknown.tree() is None
    with pytest.raises(SettingError, match="words"):
        next(cky.fill(engine.normal, ["the"] * 61))
    stopped = engine.chart(sentence(12), seconds=0)
    assert not stopped.complete and stopped.tree() is None


def test_many_trees_best_first() -> None:
    listed = k_best(chart_of(COURSE, sentence(8)), 500)
    logs = [one.log_p for one in listed]
    assert len({one.tree for one in listed}) == 500
    assert all(a >= b - 1e-9 for a, b in zip(logs, logs[1:], strict=False))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_reads_and_parses(name: str) -> None:
    preset = PRESETS[name]
    parsed = parse(preset.text)
    if name == "course_pcfg_printed":
        return
    assert parsed.problems == ()
    for text in preset.sentences:
        chart = chart_of(parsed.grammar, text.split())
        assert chart.tree() is not None, text
        assert len(oracle.trees(parsed.grammar, tuple(text.split()))) == chart.count


def test_boeing_and_chinese() -> None:
    boeing = chart_of(
        parse(PRESETS["boeing"].text).grammar, ["Boeing", "is", "located", "in", "Seattle"]
    )
    wanted = "(S (NP (N Boeing)) (VP (V is) (VP (V located) (PP (P in) (NP (N Seattle))))))"
    assert str(boeing.tree()) == wanted
    dog = chart_of(parse(PRESETS["chinese"].text).grammar, ["咬死", "了", "猎人", "的", "狗"])
    assert dog.count == 2
