"""Brute force counted by doing it; one cell, and the sums of a chart, against every tree."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from core.charts import brute as charts
from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import brute, cky, compiled, log_sums, one_cell
from core.parsing.chart import Chart, Engine
from core.parsing.grammar import Grammar, Symbol, build
from core.parsing.grammar_text import parse
from core.parsing.normal_form import normal
from core.parsing.tree import spans
from tests.core.test_parsing_chart import small
from tests.oracles import parsing as oracle

COURSE = parse(PRESETS["course_pcfg"].text).grammar
TELESCOPE = tuple(PRESETS["course_pcfg"].sentences[0].split())
PAIRS = [(preset.text, one) for preset in PRESETS.values() for one in preset.sentences]


@pytest.fixture(scope="module", autouse=True)
def compile_once() -> None:
    compiled.warm()


def chart_of(grammar: Grammar, words) -> Chart:
    return Engine(normal(grammar)).chart(tuple(words))


def labelled(n: int, categories: str) -> list[object]:
    """Every binary tree over n words with a category on each node."""
    if n == 1:
        return [(label,) for label in categories]
    return [
        (label, left, right)
        for size in range(1, n)
        for left, right in itertools.product(labelled(size, categories), labelled(n - size, categories))
        for label in categories
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "categories"), [(1, "SX"), (2, "SXY"), (3, "SXY"), (4, "SX"), (5, "S")]
)
def test_the_trees_to_try_are_as_many_as_are_made(n: int, categories: str) -> None:
    trees = [tree for tree in labelled(n, categories) if tree[0] == "S"]
    counted = brute.cost(n, len(categories), 7)
    assert counted.labelled == len(trees) == len(set(trees))
    assert counted.bracketings == len(labelled(n, "S"))
    spans_and_splits = [(i, s, j) for i in range(n) for j in range(i, n) for s in range(i, j)]
    assert counted.combinations == len(spans_and_splits)
    assert counted.bound == 7 * n**3


def test_the_telescope() -> None:
    own = normal(COURSE)
    counted = brute.costs(own, 8)[-1]
    assert counted.bracketings == 429 and counted.labelled == 429 * 9**14
    tried = brute.tried(cky.fill(own, TELESCOPE), 8)
    assert tried[-1] == 18 <= counted.bound


def test_no_words_cost_nothing_that_can_be_told() -> None:
    with pytest.raises(SettingError, match="words"):
        brute.cost(0, 3, 3)


def test_the_chart_of_a_beginning_is_a_part_of_the_chart() -> None:
    own = normal(COURSE)
    whole = brute.tried(cky.fill(own, TELESCOPE), 8)
    for n in range(1, 9):
        assert whole[n - 1] == sum(cell.tried for cell in cky.fill(own, TELESCOPE[:n]))


def test_numbers_are_written_however_large() -> None:
    wanted = {
        0: "0", 999_999_999: "999,999,999", 10**9: "1.00 × 10⁹", 999_999_999_999: "1.00 × 10¹²",
        429 * 9**14: "9.81 × 10¹⁵", 9**9999: "2.96 × 10⁹⁵⁴¹",
    }  # fmt: skip
    assert [brute.written(number) for number in wanted] == list(wanted.values())


def test_the_chart_of_growth_is_a_chart() -> None:
    own = normal(COURSE)
    tried = brute.tried(cky.fill(own, TELESCOPE), 8)
    made = charts.growth(brute.costs(own, 60), tried, 8).to_dict()
    (rows,) = made["datasets"].values()
    here = {row["of"]: row["number"] for row in rows if row["words"] == 8}
    assert here[charts.TRIED] == "18" and here[charts.LABELLED] == "9.81 × 10¹⁵"
    assert max(row["power"] for row in rows) > 100  # beyond what a float could hold as a number


@pytest.mark.parametrize(("text", "sentence"), PAIRS)
def test_one_cell_is_that_of_the_watched_chart(text: str, sentence: str) -> None:
    chart = chart_of(parse(text).grammar, sentence.split())
    for cell in cky.fill(chart.normal, chart.words):
        assert one_cell.cell(chart, cell.i, cell.j) == cell


@settings(max_examples=60, deadline=None)
@given(small())
def test_one_cell_of_any_grammar(given_: tuple[Grammar, tuple[str, ...]]) -> None:
    grammar, words = given_
    chart = chart_of(grammar, words)
    for cell in cky.fill(chart.normal, words):
        assert one_cell.cell(chart, cell.i, cell.j) == cell


@settings(max_examples=60, deadline=None)
@given(small())
def test_the_posterior_is_the_share_of_the_trees_with_the_node(
    given_: tuple[Grammar, tuple[str, ...]],
) -> None:
    grammar, words = given_
    chart = chart_of(grammar, words)
    known = log_sums.sums(chart)
    nodes: Counter[tuple[int, int, str]] = Counter()
    total = 0.0
    for tree, p in oracle.trees(grammar, words):
        total += p
        for place in {(span.i, span.j, span.node.label) for span in spans(tree)}:
            nodes[place] += p
    n = len(words)
    for X, name in enumerate(grammar.categories):
        for i in range(n):
            for j in range(i, n):
                share = nodes[i, j, name] / total if total else 0.0
                assert math.exp(known.posterior[i, j, X]) == pytest.approx(share, abs=1e-9)


def test_inside_times_outside_where_unit_rules_do_not_go_in_circles() -> None:
    words = ("the", "man", "sleeps")
    chart = chart_of(COURSE, words)
    known = log_sums.sums(chart)
    X = COURSE.number["Vi"]
    assert math.exp(known.posterior[2, 2, X]) == pytest.approx(1)  # though a unit rule stands on it
    # outside of Vi: S -> NP VP, p(VP -> Vi) and the man: 1.0 * 0.4 * 0.21
    assert math.exp(known.outside[2, 2, X]) == pytest.approx(0.084)
    assert known.outside_whole[2, 2, X] == -math.inf
    for text, sentence in PAIRS:
        grammar = parse(text).grammar
        chart = chart_of(grammar, sentence.split())
        known = log_sums.sums(chart)
        if chart.log_best == -math.inf:
            assert (known.posterior == -math.inf).all()
            continue
        there = np.isfinite(known.posterior)
        product = known.inside[there] + known.outside[there] - chart.log_inside
        np.testing.assert_allclose(product, known.posterior[there], atol=1e-9)


def test_long_sentences_do_not_vanish() -> None:
    words = [*TELESCOPE, *(["with", "the", "woman"] * 150)]
    chart = chart_of(COURSE, words)
    assert chart.scale > 0 and log_sums.quick(chart)
    known = log_sums.sums(chart)
    S = COURSE.number["S"]
    assert known.inside[0, -1, S] == pytest.approx(chart.log_inside)
    assert known.outside[0, -1, S] == pytest.approx(0)
    assert known.inside[0, 0, COURSE.number["DT"]] == pytest.approx(0)
    assert math.exp(known.posterior[0, 1, COURSE.number["NP"]]) == pytest.approx(1)
    assert math.isfinite(known.outside[1, 1, COURSE.number["NN"]])


def test_what_would_take_too_long_is_known_before() -> None:
    rules = [("S", (Symbol("S"), Symbol(f"A{k}")), 0.0001) for k in range(9_000)]
    words = [(f"A{k}", (Symbol("a", True),), 1.0) for k in range(9_000)]
    engine = Engine(normal(build([*rules, *words])))
    assert log_sums.quick(engine.chart(["b"] * 20))
    assert not log_sums.quick(engine.chart(["b"] * 60))
