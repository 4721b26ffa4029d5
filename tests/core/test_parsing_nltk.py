"""The same grammars and sentences given to NLTK: its best tree, and all its trees."""

from __future__ import annotations

import math
import random

import nltk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.grammars import PRESETS
from core.parsing.all_trees import all_trees
from core.parsing.brackets import one_line, word
from core.parsing.chart import Engine
from core.parsing.grammar import Grammar
from core.parsing.grammar_text import cycles, parse
from core.parsing.normal_form import normal
from core.parsing.tree import Tree
from tests.core.test_parsing_chart import sentence, thrown


def theirs(grammar: Grammar) -> nltk.PCFG:
    categories = {name: nltk.Nonterminal(name) for name in grammar.categories}
    rules = [
        nltk.ProbabilisticProduction(
            categories[rule.left], [s.name if s.word else categories[s.name] for s in rule.right],
            prob=rule.p,
        )
        for rule in grammar.rules()
        if rule.p > 0
    ]  # fmt: skip
    return nltk.PCFG(categories[grammar.S], rules)


def flat(tree: nltk.Tree | str) -> str:
    if isinstance(tree, str):
        return word(tree)
    return f"({tree.label()} {' '.join(map(flat, tree))})"


def covered(grammar: Grammar, words: tuple[str, ...]) -> bool:
    return set(words) <= {s.name for r in grammar.rules() if r.p > 0 for s in r.right if s.word}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_random_grammars(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(100):  # until there is something to compare
        grammar, words = thrown(dice)
        if covered(grammar, words):
            chart = Engine(normal(grammar)).chart(words)
            if chart.count > 1:
                break
    else:
        return
    other = theirs(grammar)
    best = next(iter(nltk.ViterbiParser(other, max_time=None).parse(list(words))))
    assert best.prob() == pytest.approx(math.exp(chart.log_best), rel=1e-9)
    if not cycles(grammar) and chart.count <= 500:
        trees = {flat(tree) for tree in nltk.ChartParser(other).parse(list(words))}
        assert trees == {one_line(ranked.tree) for ranked in all_trees(chart)}


@pytest.mark.parametrize("name", ["course_pcfg", "boeing", "arithmetic", "chinese"])
def test_the_grammars_that_come_with_it(name: str) -> None:
    grammar = parse(PRESETS[name].text).grammar
    other = nltk.ViterbiParser(nltk.PCFG.fromstring(PRESETS[name].text))
    for line in PRESETS[name].sentences:
        chart = Engine(normal(grammar)).chart(line.split())
        found = list(other.parse(line.split()))
        assert len(found) == 1
        assert found[0].prob() == pytest.approx(math.exp(chart.log_best), rel=1e-9)
        if chart.ties == 1:
            assert flat(found[0]) == one_line(chart.tree())


@pytest.mark.parametrize("k", [0, 2, 5])
def test_sums_over_all_trees(k: int) -> None:
    grammar, words = parse(PRESETS["course_pcfg"].text).grammar, list(sentence(k))
    chart = Engine(normal(grammar)).chart(words)
    found = list(nltk.InsideChartParser(theirs(grammar), beam_size=0).parse(words))
    assert len(found) == chart.count
    assert math.fsum(t.prob() for t in found) == pytest.approx(math.exp(chart.log_inside), rel=1e-9)


def test_nltk_reads_what_is_written_here() -> None:
    text = "(S (NP (-LRB- -LRB-) (NN 狗)) (VP (V runs)))"
    tree = nltk.Tree.fromstring(text)
    assert flat(tree) == one_line(Tree("S", (
        Tree("NP", (Tree("-LRB-", ("-LRB-",)), Tree("NN", ("狗",)))),
        Tree("VP", (Tree("V", ("runs",)),)),
    )))  # fmt: skip
    grammar = parse(PRESETS["chinese"].text).grammar
    again = nltk.PCFG.fromstring(grammar.text())
    assert len(again.productions()) == len(grammar)
