"""Trees, brackets and what is written for other programs."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.parsing import brackets, tree_export
from core.parsing.grammar_text import parse
from core.parsing.score import score
from core.parsing.tree import Tree, depth, fold, relabel, spans

LABELS = st.sampled_from(["S", "NP", "VP-SBJ", "-LRB-", "名", "$", "X=1"])
WORDS = st.sampled_from(["the", "man", "的", "-RRB-", "$", "1.5", "`", "é"])
TREES = st.recursive(
    st.builds(lambda a, b: Tree(a, (b,)), LABELS, WORDS),
    lambda below: st.builds(lambda a, b: Tree(a, tuple(b)), LABELS,
                            st.lists(st.one_of(below, WORDS), min_size=1, max_size=4)),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(TREES, max_size=4))
def test_brackets_and_back(trees: list[Tree]) -> None:
    assert brackets.read("\n".join(map(brackets.one_line, trees))) == trees
    assert brackets.read("\n\n".join(map(brackets.lines, trees))) == trees
    assert brackets.read(" ".join(f"( {brackets.one_line(t)} )" for t in trees)) == trees


@settings(deadline=None)
@given(TREES)
def test_spans_and_words(tree: Tree) -> None:
    words = tree.words()
    for node, i, j, _ in spans(tree):
        assert words[i : j + 1] == node.words()
    assert [span.node for span in spans(tree)] == list(tree.nodes())
    assert max(span.depth for span in spans(tree)) + 1 == depth(tree)
    assert relabel(relabel(tree, lambda s: s + "!"), lambda s: s[:-1]) == tree
    read = json.loads(tree_export.to_json(tree))

    def built(node: dict) -> Tree | str:
        return (
            node["word"]
            if "word" in node
            else Tree(node["label"], tuple(map(built, node["children"])))
        )

    assert built(read) == tree
    assert read["span"] == [0, len(words) - 1]


def test_equality() -> None:
    a, b = Tree("S", (Tree("A", ("x",)), "y")), Tree("S", (Tree("A", ("x", "y")),))
    assert a != b and a == Tree("S", (Tree("A", ("x",)), "y")) and hash(a) != hash(b)
    assert a != "S"


def test_the_course_s_tree() -> None:
    text = "(S (NP (DT the) (NN man)) (VP sleeps))"
    tree = brackets.read(text)[0]
    assert str(tree) == text
    assert tree.words() == ("the", "man", "sleeps")
    assert tree.tagged() == (("the", "DT"), ("man", "NN"), ("sleeps", "VP"))
    assert brackets.lines(tree) == "(S\n  (NP (DT the) (NN man)) (VP sleeps))"
    assert tree_export.qtree(tree) == (
        "\\Tree [.{S}\n  [.{NP} [.{DT} {the} ] [.{NN} {man} ] ] [.{VP} {sleeps} ] ]\n"
    )
    assert "[{S}\n  [{NP} [{DT} [{the}]] [{NN} [{man}]]] [{VP} [{sleeps}]]]" in tree_export.forest(
        tree
    )


def test_latex_keeps_what_is_special() -> None:
    tree = Tree("NP$", (r"a_b%{}\~^&#",))
    wanted = r"{a\_b\%\{\}\textbackslash{}\textasciitilde{}\textasciicircum{}\&\#}"
    assert wanted in tree_export.forest(tree) and wanted in tree_export.qtree(tree)
    assert r"{NP\$}" in tree_export.qtree(tree)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("(S (NP a)", (1, 1), "never closed: one ) is missing"),
        ("(S\n  (NP (DT a)", (2, 3), "2 ) are missing"),
        ("(S (NP a)))", (1, 11), "no ( belongs to"),
        ("(S (NP a))\n  word", (2, 3), "“word” stands outside"),
        ("(S (NP a) (VP))", (1, 11), "this one has only “VP”"),
        ("(S\n ())", (2, 2), "this one has nothing"),
    ],
)
def test_wrong_brackets_and_their_place(text: str, place: tuple[int, int], message: str) -> None:
    _, problems = brackets.read_all(text)
    assert (problems[0].line, problems[0].column) == place
    assert message in problems[0].message
    with pytest.raises(SettingError, match=re.escape(f"line {place[0]}, column {place[1]}")):
        brackets.read(text)


def test_one_slip_does_not_cost_a_treebank() -> None:
    text = "(S (A a))\n(S (B b)\n(S (C c))\n(S (D))\n(S (E e))\n"
    trees, problems = brackets.read_all(text)
    assert [t.words() for t in trees] == [("a",), ("c",), ("e",)]
    assert [(p.line, p.column) for p in problems] == [(4, 4)]
    trees, problems = brackets.read_all(text.replace("(S (D))\n", ""))
    assert [t.words() for t in trees] == [("a",), ("c",), ("e",)]
    assert [(p.line, p.column) for p in problems] == [(2, 1)]


def test_too_long_a_text() -> None:
    with pytest.raises(SettingError, match="at most 10 characters"):
        brackets.read("(S (NP a)) ", most=10)


def test_10_000_brackets_deep() -> None:
    deep = 10_000
    text = "".join(f"(X{k % 3} " for k in range(deep)) + "a" + ")" * deep
    tree = brackets.read(text)[0]
    assert brackets.one_line(tree) == text
    assert depth(tree) == deep and len(spans(tree)) == deep
    assert tree == brackets.read(text)[0] and hash(tree) == hash(
        brackets.read(brackets.lines(tree))[0]
    )
    assert fold(tree, lambda node, below: Tree(node.label, below)) == tree
    for written in (tree_export.forest, tree_export.qtree, tree_export.to_json):
        assert written(tree).count("X0") == deep // 3 + 1
    open_only = brackets.read_all("(" * deep)
    assert open_only[0] == [] and len(open_only[1]) == 1


def test_the_probability_of_a_tree() -> None:
    grammar = parse("S -> A A [0.5] | A [0.5]\nA -> 'a' [0.2] | 'b' [0.8]").grammar
    good = score(brackets.read("(S (A a) (A b))")[0], grammar)
    assert good.p == pytest.approx(0.5 * 0.2 * 0.8) and good.missing == ()
    bad = score(brackets.read("(S (A c) (B b))")[0], grammar)
    assert bad.p == 0 and [str(r) for r in bad.missing] == ["S -> A B", "A -> 'c'", "B -> 'b'"]
