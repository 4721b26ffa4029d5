"""The run that learns and evaluates; what differs between trees; which trees a rule comes from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from core.datasets import treebank as embedded
from core.errors import SettingError
from core.parsing import evaluate, parser, treebank, treebank_index, treebank_run
from core.parsing.brackets import one_line, read
from core.parsing.cleaning import cleaned
from core.parsing.markov import Markov, unmarkovised
from core.parsing.parser import top_off
from core.parsing.tree import Tree, spans
from core.parsing.treebank_functions import with_functions, without_functions
from core.parsing.treebank_mistakes import differences, habits
from core.parsing.treebank_run import Config, Step
from core.rng import stream
from tests.core.test_parsing_tree import TREES

TRAIN, TEST = embedded.trees()[:54], embedded.trees()[54:]


def text(trees: tuple[Tree, ...]) -> str:
    return "\n".join(map(one_line, trees))


def run(config: Config, train=TRAIN, test=TEST, seed: int = 0) -> list[Step]:
    data = (text(train), text(test))
    return list(treebank_run.learn(data, config, generator=stream(seed)))


def tree(line: str) -> Tree:
    return read(line)[0]


def test_the_run_tells_what_the_parts_do() -> None:
    config = Config(vertical=1, horizontal=1, keep=True)
    found = run(config)
    assert [step.phase for step in found] == ["read"] * 10 + ["learned"] + ["parsed"] * 6
    assert len(found) == treebank_run.steps(6, config)
    assert [step.trees for step in found[:10]] == [5, 11, 16, 22, 27, 32, 38, 43, 49, 54]
    learned = treebank.learn(TRAIN, Markov(vertical=1, horizontal=1))
    own = found[10].learned
    assert own is not None and own.grammar.text() == learned.grammar.text()
    assert found[10].rules == len(learned.grammar) and found[10].words == learned.words
    assert all(step.learned is None for step in found[11:])
    pairs = [(gold, parser.parse(learned, gold.words()).tree) for gold in TEST]
    for count, step in enumerate(found[11:], 1):
        score = evaluate.total(pairs[:count])
        assert step.done == count and step.sentences == 6
        assert (step.f1, step.precision, step.recall) == (score.f1, score.precision, score.recall)
        assert (step.tag_accuracy, step.exact_match) == (score.tag_accuracy, score.exact_match)
        (one,) = step.tried
        assert (tree(one.gold), tree(one.guess)) == pairs[count - 1]
        assert one.place == count - 1 and one.words == len(pairs[count - 1][0].words())
        assert one.unknown == sum(
            not learned.lexicon.known(word) for word in TEST[one.place].words()
        )
        assert one.score == evaluate.score(*pairs[count - 1])


def test_the_learning_curve() -> None:
    config = Config(vertical=1, curve=True)
    found = run(config)
    curve = [step for step in found if step.phase == "curve"]
    assert [step.trees for step in curve] == [3, 7, 14, 27, 54]
    assert len(found) == treebank_run.steps(6, config)
    last = next(step for step in reversed(found) if step.phase == "parsed")
    assert curve[-1].f1 == last.f1 and curve[-1].rules == last.rules
    rules = [step.rules for step in curve]
    assert rules == sorted(rules) and curve[0].f1 < curve[-1].f1
    other = [step for step in run(config, seed=1) if step.phase == "curve"]
    assert other[0].rules != curve[0].rules and other[-1].f1 == curve[-1].f1


def test_long_sentences_and_bare_traces_are_left_out() -> None:
    traces = tree("(S (-NONE- *T*))")
    found = run(Config(longest=8), test=(*TEST, traces))
    short = sum(len(one.words()) <= 8 for one in TEST)
    assert 0 < short < 6 and found[-1].done == found[-1].sentences == short
    none = run(Config(longest=1, curve=True))
    assert none[-1].phase == "learned" and len(none) == treebank_run.steps(0, Config(curve=True))
    alone = run(Config(evaluate=False))
    assert [step.phase for step in alone] == ["read"] * 10 + ["learned"]


def test_sentences_without_a_tree_are_counted() -> None:
    found = run(Config(), train=(tree("(S (NP (NN a)) (VP (VB b)))"),), test=TEST[:3])
    last = found[-1]
    assert last.pieced == sum(one.how != parser.WHOLE for s in found for one in s.tried) == 3
    assert run(Config())[-1].pieced == 0
    assert last.seconds == sum(one.seconds for s in found for one in s.tried) > 0


def test_many_sentences_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treebank_run, "PARSED", 4)
    parsed = [step for step in run(Config()) if step.phase == "parsed"]
    assert [step.done for step in parsed] == [2, 4, 6]
    assert [one.place for step in parsed for one in step.tried] == list(range(6))
    assert [list(part) for part in treebank_run.batches(9)] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert treebank_run.batches(0) == []


def test_bad_settings_and_no_trees() -> None:
    for wrong in ({"vertical": 0}, {"horizontal": -1}, {"longest": 0}, {"seconds": 0.0}):
        with pytest.raises(SettingError):
            Config(**wrong)
    with pytest.raises(SettingError, match="at least one tree"):
        run(Config(), train=(tree("(S (-NONE- *))"),))


def test_function_tags_kept_and_taken_off() -> None:
    raw = tree("(S (NP-SBJ-1 (-NONE- *)) (NP-TMP=2 (NN day)) (-LRB- -LRB-) (VP (VB go)))")
    kept = cleaned(with_functions(raw))
    assert str(kept) == "(S (NP‑TMP (NN day)) (-LRB- -LRB-) (VP (VB go)))"
    assert without_functions(kept) == cleaned(raw)
    assert str(with_functions(tree("(NP-SBJ-3 (NN a))"))) == "(NP‑SBJ (NN a))"
    train = tuple(
        tree(f"(S (NP-SBJ (NN {a})) (VP (VB sees) (NP-OBJ (NN {b}))))") for a, b in ("xy", "yx")
    )
    found = run(Config(functions=True, keep=True), train=train, test=train)
    learned = next(step.learned for step in found if step.learned is not None)
    assert any("NP‑SBJ" in name for name in learned.grammar.categories)
    assert found[-1].f1 == 1 and "SBJ" not in found[-1].tried[0].guess


@settings(deadline=None, max_examples=40)
@given(TREES)
def test_functions_change_nothing_where_there_are_none(one: Tree) -> None:
    if not any("-" in node.label or "=" in node.label for node in one.nodes()):
        assert with_functions(one) == one == without_functions(one)


def test_differences_by_hand() -> None:
    gold = tree(
        "(S (NP (DT the) (NN man)) (, ,) (VP (VBD saw) (NP (PRP her)) (PP (IN at) (NP (NN home)))) (. .))"
    )
    guess = tree(
        "(S (NP (DT the) (NN man)) (, ,) "
        "(VP (VBD saw) (NP (PRP$ her) (PP (IN at) (NP (NN home))))) (. .))"
    )
    found = differences(gold, guess)
    assert found.missed == {("NP", 4, 4)} and found.invented == {("NP", 4, 6)}
    assert found.labels_missed == found.labels_invented == {"NP": 1}
    assert found.tags == {("PRP", "PRP$"): 1}
    same = differences(gold, gold)
    assert not (same.missed or same.invented or same.tags)
    # where one category stands twice over the same words, the upper one is missed
    twice = differences(tree("(S (NP (NP (NN a))))"), tree("(S (NP (NN a)))"))
    assert twice.labels_missed == {"NP": 1} and twice.missed == {("NP", 0, 0)}
    # PRT counts as ADVP, the names of the nodes stay
    both = tree("(VP (VB go) (ADVP (PRT (RP up))))")
    assert differences(both, tree("(VP (VB go) (PRT (RP up)))")).missed == {("ADVP", 1, 1)}
    # a full stop more or less is no difference
    outside = tree("(S (S (NP (NN a)) (VP (VB b))) (. .))")
    inside = tree("(S (S (NP (NN a)) (VP (VB b)) (. .)))")
    assert not differences(outside, inside).missed


def test_differences_agree_with_the_scores() -> None:
    learned = treebank.learn(TRAIN[:20], Markov(vertical=1))
    pairs = [(gold, parser.parse(learned, gold.words()).tree) for gold in embedded.trees()]
    total = evaluate.total(pairs)
    found, tags = habits(pairs)
    assert sum(one.gold for one in found) == total.gold
    assert sum(one.right for one in found) == total.right
    assert sum(one.right + one.invented for one in found) == total.guessed
    assert sum(count for _, _, count in tags) == total.words - total.right_tags
    costs = [one.missed + one.invented for one in found]
    assert costs == sorted(costs, reverse=True)
    one = found[0]
    assert one.f1 == pytest.approx(2 * one.right / (2 * one.right + one.missed + one.invented))
    for gold, guess in pairs:
        differ = differences(gold, guess)
        places = {(s.node.label, s.i, s.j) for s in spans(gold)}
        assert differ.missed <= places


def test_which_trees_a_rule_comes_from() -> None:
    learned = treebank.learn(TRAIN, Markov(vertical=2, horizontal=1))
    uses = treebank_index.uses(TRAIN, learned)
    assert np.array_equal(np.diff(uses.first), learned.counts)  # each rule as often as counted
    ready = [treebank_index.as_learned(one, learned) for one in TRAIN]
    twice = (r for r, count in enumerate(learned.counts) if len(uses.of(r)) < count)
    often = next(twice)  # it stands in one of its trees more than once
    for rule in (0, 7, often, len(learned.grammar) - 1):
        at = uses.of(rule)
        assert at == [
            k for k, one in enumerate(ready)
            if treebank_index.nodes_with(one, learned.grammar, rule)
        ]  # fmt: skip
        node, *_ = treebank_index.nodes_with(ready[at[0]], learned.grammar, rule)
        assert node[0] == learned.grammar.rule(rule).left
    assert top_off(unmarkovised(ready[3])) == TRAIN[3]
    assert treebank_index.as_learned(tree("(S (-NONE- *))"), learned) is None
    words = treebank_index.lexical(learned.grammar)
    assert words.sum() == sum(rule.right[0].word for rule in learned.grammar.rules())


def test_counts_as_a_table() -> None:
    learned = treebank.learn(TRAIN, Markov(vertical=1))
    rows = list(csv.DictReader(io.StringIO(treebank_index.to_csv(learned))))
    assert len(rows) == len(learned.grammar)
    of: Counter[str] = Counter()
    for row in rows:
        of[row["left"]] += int(row["count"])
    for row in rows:
        assert int(row["count_left"]) == of[row["left"]]
        assert float(row["p"]) == pytest.approx(int(row["count"]) / int(row["count_left"]))
    assert next(row for row in rows if row["right"] == "DT NN")["left"] == "NP"


def test_the_steps_share_nothing_with_the_run() -> None:
    steps = treebank_run.learn((text(TRAIN), text(TEST)), Config(), generator=stream(0))
    first = next(steps)
    kept = replace(first)
    next(steps)
    assert first == kept
    steps.close()


def test_the_same_seed_gives_the_same_steps() -> None:
    config = Config(curve=True, timed=False)
    assert run(config) == run(config)
    assert run(config)[:-5] == run(config, seed=1)[:-5]  # chance has a part in the curve alone
