"""What the room of trees shows: differences, pieces, growing sentences, JSON read back, numbers."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import ambiguity
from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import growth
from core.parsing.all_trees import all_trees, catalan
from core.parsing.brackets import one_line, read
from core.parsing.chart import Chart, Engine
from core.parsing.compare_trees import differing
from core.parsing.grammar_text import parse
from core.parsing.k_best import k_best
from core.parsing.normal_form import normal
from core.parsing.pieces import pieces
from core.parsing.quantity import figure
from core.parsing.tree import Tree
from core.parsing.tree_export import all_to_json, from_json, to_json


def chart_of(name: str, sentence: str) -> Chart:
    return Engine(normal(parse(PRESETS[name].text).grammar)).chart(sentence.split())


SEEN = "the man saw the woman with the telescope"
labels = st.text("NPVS-", min_size=1, max_size=3)
words = st.text('abc(狗 "\\', min_size=1, max_size=4).filter(str.strip)


@st.composite
def grown(draw: st.DrawFn) -> Tree:
    """A tree of up to about twelve words."""
    leaf = st.builds(lambda label, word: Tree(label, (word,)), labels, words)

    def above(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        children = st.lists(below, min_size=1, max_size=3).map(tuple)
        return st.builds(Tree, labels, children)

    return draw(st.recursive(leaf, above, max_leaves=12))


def test_the_two_readings_differ_in_one_node_each() -> None:
    best, other = (one.tree for one in k_best(chart_of("course_pcfg", SEEN), 2))
    assert differing([best, other]) == [{("NP", 3, 7)}, {("VP", 2, 4)}]
    assert differing([best, best]) == [frozenset(), frozenset()]
    assert differing([best]) == [frozenset()]
    assert differing([]) == []


def test_what_only_some_of_three_trees_have_stands_out() -> None:
    found = [one.tree for one in all_trees(chart_of("course_pcfg", SEEN + " in the woman"))]
    marked = differing(found)
    for tree, marks in zip(found, marked, strict=True):
        for mark in marks:
            assert any(mark not in other for other in map(of, found) if other != of(tree))
        assert all(mark in of(tree) for mark in marks)


def of(tree: Tree) -> set[tuple[str, int, int]]:
    found, at = set(), 0
    for node in tree.nodes():  # by counting the words before and below each node
        size = len(node.words())
        found.add((node.label, at, size))
        at += isinstance(node.children[0], str)
    return {(label, first, first + size - 1) for label, first, size in found}


def test_pieces_of_a_sentence_without_a_tree() -> None:
    found = pieces(chart_of("course_pcfg", "the dog saw the woman"))
    assert [(i, j, one_line(tree)) for i, j, tree in found] == [
        (0, 0, "(DT the)"),
        (2, 4, "(VP (Vt saw) (NP (DT the) (NN woman)))"),
    ]
    assert pieces(chart_of("course_pcfg", "nothing of it")) == []
    whole = pieces(chart_of("course_pcfg", SEEN))
    assert [(i, j) for i, j, _ in whole] == [(0, 7)]


def test_the_course_s_sentence_grows_and_shrinks() -> None:
    assert " ".join(growth.lengthened(1)) == SEEN
    for k in range(14):
        assert growth.phrases(growth.lengthened(k)) == k
    assert len(growth.lengthened(12)) == 41
    assert growth.phrases(["the", "man", "sleeps"]) is None
    assert growth.phrases(SEEN.split()[:-1]) is None
    assert growth.phrases(["the", "man", "saw", "the", "woman", "with", "the", "dog"]) is None
    chart = Engine(normal(parse(PRESETS["course_pcfg"].text).grammar)).chart(growth.lengthened(4))
    assert chart.count == catalan(5)


@given(grown())
def test_json_and_back(tree: Tree) -> None:
    json.loads(to_json(tree))
    assert from_json(to_json(tree)) == [tree]


def test_a_list_of_trees_as_json() -> None:
    found = k_best(chart_of("course_pcfg", SEEN), 2)
    text = all_to_json(found)
    assert [row["log_p"] for row in json.loads(text)] == [one.log_p for one in found]
    assert from_json(text) == [one.tree for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1, column 2"),
        ("[]", "an empty list"),
        ("7", "7"),
        ('{"word": "alone"}', "alone"),
        ('{"label": "S", "children": []}', "nothing below S"),
        ('{"label": "S", "children": 3}', "nothing below S"),
        ('{"label": "S", "children": ["man"]}', "'man'"),
        ('{"children": [{"word": "x"}]}', "children"),
        ("[" * 100_000, "too deeply"),
    ],
)
def test_what_is_no_tree_in_json_is_refused(text: str, told: str) -> None:
    with pytest.raises(SettingError, match="JSON: wanted trees") as raised:
        from_json(text)
    assert told in str(raised.value)


def test_deep_brackets_become_json_that_can_be_written() -> None:
    tree = read("(X " * 10_000 + "x" + ")" * 10_000)[0]
    assert to_json(tree).count('"label"') == 10_000


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (5.292e-5, "5.292 × 10⁻⁵"),
        (0.21, "0.21"),
        (0.00504, "0.00504"),
        (0.001, "0.001"),
        (1.0, "1"),
        (9.99996e-5, "1 × 10⁻⁴"),
        (1.8010885e-11, "1.801 × 10⁻¹¹"),
    ],
)
def test_probabilities_in_words(p: float, told: str) -> None:
    assert figure(math.log(p)) == told


def test_probabilities_that_no_float_holds() -> None:
    assert figure(-math.inf) == "0"
    assert figure(-1000 * math.log(10) + math.log(2.5)) == "2.5 × 10⁻¹⁰⁰⁰"


def test_the_chart_of_growing_sentences() -> None:
    spec = ambiguity.growth([1, 2, 5], [1, 1, 2], here=1).to_dict()
    rows = next(iter(spec["datasets"].values()))
    assert {(row["phrases"], row["of"]): row["trees"] for row in rows} == {
        (0, ambiguity.ALL): 1, (1, ambiguity.ALL): 2, (2, ambiguity.ALL): 5,
        (0, ambiguity.TIED): 1, (1, ambiguity.TIED): 1, (2, ambiguity.TIED): 2,
    }  # fmt: skip
    assert spec["layer"][0]["encoding"]["x"] == {"datum": 1}
