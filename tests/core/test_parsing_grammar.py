"""Grammars as text, what is told about them, and their normal form."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import brackets
from core.parsing.grammar import Grammar, Symbol, build, normalised
from core.parsing.grammar_text import parse
from core.parsing.normal_form import changes, normal, strict


def told(text: str) -> list[tuple[int, int, str, bool]]:
    return [tuple(problem) for problem in parse(text).problems]


def only(text: str) -> str:
    problems = parse(text).problems
    assert len(problems) == 1, problems
    return str(problems[0])


def same(a: Grammar, b: Grammar) -> bool:
    return (
        sorted(map(str, a.rules())) == sorted(map(str, b.rules()))
        and a.S == b.S
        and sorted(a.p) == pytest.approx(sorted(b.p))
    )


def test_the_course_s_table() -> None:
    grammar = parse(PRESETS["course_pcfg"].text).grammar
    assert set(grammar.N) == {"S", "NP", "VP", "PP", "DT", "Vi", "Vt", "NN", "IN"}
    words = ("sleeps", "saw", "man", "woman", "telescope", "the", "with", "in")
    assert set(grammar.Sigma) == set(words)
    assert grammar.S == "S"
    assert len(grammar.R) == 15
    assert str(grammar.R[0]) == "S -> NP VP" and grammar.R[0].p == 1.0
    assert grammar.left.tolist() == sorted(grammar.left)
    np.testing.assert_allclose(grammar.sums(), 1)


@pytest.mark.parametrize("name", PRESETS)
def test_text_and_back(name: str) -> None:
    grammar = parse(PRESETS[name].text).grammar
    again = parse(grammar.text()).grammar
    assert same(grammar, again) and again.weighted == grammar.weighted


def test_every_way_to_write() -> None:
    grammar = parse(
        """
        %start Root   # not the first
        A → 'it''s' [.5] | "o'clock" [0.25]
          | B-1 '的' [2.5e-1]
        B-1 ⇒ '#' [1]  # a word, not a comment
        Root ::= A B-1 [1]
        """
    ).grammar
    assert grammar.S == "Root"
    assert set(grammar.Sigma) == {"it's", "o'clock", "的", "#"}
    assert {str(rule): rule.p for rule in grammar.rules()}["A -> B-1 '的'"] == 0.25
    assert same(grammar, parse(grammar.text()).grammar)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the grammar has no rules"),
        ("# nothing", "line 1, column 1: the grammar has no rules"),
        ("S -> 'a'\nS", "line 2, column 2: -> is missing after S"),
        ("S 'a'", "line 1, column 3: -> is missing after S"),
        ("'a' -> S", "line 1, column 1: a rule begins with a category"),
        ("| 'a'", "line 1, column 1: there is no rule before"),
        ("S -> 'a' [1.5]", "line 1, column 10: a probability is a number from 0 to 1, not 1.5"),
        ("S -> 'a' [-1]", "line 1, column 10: a probability is a number from 0 to 1, not -1"),
        ("S -> 'a' [nan]", "column 10: a probability is a number from 0 to 1, not nan"),
        ("S -> 'a' []", "not nothing"),
        ("S -> 'a' [0.5] 'b' [0.5]", "line 1, column 16: | is missing before 'b'"),
        ("S -> 'a", "line 1, column 6: the quote ' is never closed"),
        ("S -> 'a' [1", "line 1, column 10: this [ is never closed"),
        ("S -> 'a' 1]", "line 1, column 11: this ] was never opened"),
        ("S -> 'a' | ", "nothing: rules without a right side are not supported"),
        ("S -> ε", "nothing: rules without a right side are not supported"),
        ("S -> 'a' [0.5]\nS -> 'b'", "line 2, column 6: this rule of S has no probability"),
        ("%stop S\nS -> 'a'", "line 1, column 1: only %start"),
    ],
)
def test_what_cannot_be_read(text: str, message: str) -> None:
    assert parse(text).grammar is None
    assert message in only(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("S -> A 'a' | 'b'", "line 1, column 6: A has no rules: if it is a word, write 'A'"),
        ("S -> 'a'\nB -> 'b'", "line 2, column 6: B is never reached from S"),
        ("S -> 'a' | B\nB -> B 'b'", "line 2, column 6: B can derive no words"),
        ("S -> 'a' [0.5] | 'b' [0.25]", "line 1, column 6: the probabilities of S sum to 0.75"),
        ("S -> 'a' [0.9] | 'b' [0.25]", "sum to 1.15"),
        ("S -> A | 'a'\nA -> S", "S -> A => S goes round in a circle"),
        ("S -> S | 'a'", "S -> S goes round in a circle"),
        ("S -> 'a' [1] | 'b' [0]", "line 1, column 20: the probability is 0"),
        ("S -> 'a' [0.5]\nS -> 'a' [0.5]", "line 2, column 6: S -> 'a' stands in line 1 too"),
        ("%start T\nS -> 'a' T", "T has no rules"),
    ],
)  # fmt: skip
def test_what_is_odd(text: str, message: str) -> None:
    parsed = parse(text)
    assert parsed.grammar is not None
    assert any(message in str(problem) for problem in parsed.problems), parsed.problems
    assert not any(problem.fatal for problem in parsed.problems)


def test_left_recursion_is_fine() -> None:
    assert told("S -> S 'a' [0.5] | 'a' [0.5]") == []


def test_normalised() -> None:
    grammar = normalised(
        parse("S -> 'a' [0.3] | 'b' [0.1] | A [0]\nA -> 'c' [0] | 'd' [0]").grammar
    )
    assert grammar.p.tolist() == pytest.approx([0.75, 0.25, 0, 0.5, 0.5])


def test_build_refuses() -> None:
    with pytest.raises(SettingError, match="at least one rule"):
        build([])
    with pytest.raises(SettingError, match="a right side"):
        build([("S", (), 1.0)])
    with pytest.raises(SettingError, match="from 0 to 1"):
        build([("S", (Symbol("a", True),), 1.1)])


def test_100_000_rules() -> None:
    line = "X{} -> X{} 'w{}' [0.001] | 'v{}' [0.001]"
    text = "\n".join(line.format(k % 999, k * 7 % 999, k, k) for k in range(50_000))
    parsed = parse("S -> X0 [1]\n" + text)
    assert len(parsed.grammar) == 100_001
    assert parsed.problems  # sums that are not one


def test_normal_form_rule_by_rule() -> None:
    rules = "S -> 'if' C 'then' S [0.4] | V [0.6]\nC -> 'x' [1]\nV -> 'go' C [0.5] | 'wait' [0.5]"
    grammar = parse(rules).grammar
    kinds = [
        (c.kind, [str(r) for r in c.before], [str(r) for r in c.after]) for c in changes(grammar)
    ]
    assert kinds == [
        ("words", ["S -> 'if' C 'then' S"], ["S -> @if C @then S", "@if -> 'if'", "@then -> 'then'"]),
        ("words", ["V -> 'go' C"], ["V -> @go C", "@go -> 'go'"]),
        ("long", ["S -> @if C @then S"],
         ["S -> @if @C_then_S", "@C_then_S -> C @then_S", "@then_S -> @then S"]),
        ("unit", ["S -> V"], ["S -> @go C", "S -> 'wait'"]),
    ]  # fmt: skip
    cnf = strict(grammar)
    assert all(len(r.right) == 2 or r.right[0].word for r in cnf.rules())
    np.testing.assert_allclose(cnf.sums()[[cnf.number["S"], cnf.number["V"]]], 1)
    assert cnf.p[cnf.find[cnf.number["S"], (cnf.word_symbol["wait"],)]] == pytest.approx(0.3)
    tree = brackets.read("(S if (C x) then (S (V wait)))")[0]
    own = normal(grammar)
    assert (
        str(own.apply(tree)) == "(S (@if if) (@C_then_S (C x) (@then_S (@then then) (S+V wait))))"
    )
    assert own.undo(own.apply(tree)) == tree


def test_names_that_are_taken() -> None:
    grammar = parse("S -> 'a' @a | S+ 'a'\n@a -> 'b'\nS+ -> @a").grammar
    own = normal(grammar)
    assert len(set(own.symbols)) == len(own.symbols)
    tree = brackets.read("(S (S+ (@a b)) a)")[0]
    assert own.undo(own.apply(tree)) == tree
    assert own.joiner not in "".join(own.symbols)


def test_too_many_chains_are_told() -> None:
    names = [f"A{k}" for k in range(12)]
    rules = [(x, (Symbol(y),), 0.01) for x in names for y in names if x != y]
    with pytest.raises(SettingError, match="chains"):
        normal(build([*rules, ("A0", (Symbol("a", True),), 0.1)]))
    assert len(normal(build(rules), best_chains=True).chain_rules) == 12 * 11


def test_categories_of_the_penn_treebank_can_be_written_and_read() -> None:
    names = ("S", "''", "``", "#", ",", "-LRB-", "NP|<x>", "[a]", "S@,_''")
    rules = [("S", tuple(Symbol(name) for name in names[1:]), 1.0)]
    rules += [(name, (Symbol(f"word {name}", True),), 1.0) for name in names[1:]]
    grammar = build(rules)
    read = parse(grammar.text())
    assert read.grammar is not None and not read.problems
    assert len(read.grammar) == len(grammar)
    assert set(read.grammar.words) == set(grammar.words)
    assert len(set(read.grammar.categories)) == len(names)
