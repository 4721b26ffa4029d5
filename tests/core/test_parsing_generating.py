"""Grammars at work: derivations, drawing by numbers, trees that never end; and texts parsed in turn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.datasets import treebank as small
from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing import generating, inside_outside, parser, sampling, text_run, treebank
from core.parsing.brackets import one_line, read
from core.parsing.cleaning import cleaned
from core.parsing.grammar import Grammar
from core.parsing.grammar_text import parse
from core.parsing.markov import Markov
from core.parsing.score import score
from core.parsing.text_run import Asked, Config
from core.rng import stream

ENDING = ["course_cfg", "boeing", "arithmetic", "arithmetic_ambiguous", "chinese", "course_pcfg"]


def grammar(name: str = "course_pcfg") -> Grammar:
    found = parse(PRESETS[name].text).grammar
    assert found is not None
    return found


def rule(g: Grammar, text: str) -> int:
    return [str(one) for one in g.rules()].index(text)


def test_a_derivation_by_hand() -> None:
    g = grammar()
    (tree,) = read("(S (NP (DT the) (NN man)) (VP (Vi sleeps)))")
    stages = generating.derivation(tree, g)
    assert [" ".join(one.form) for one in stages] == [
        "NP VP", "DT NN VP", "the NN VP", "the man VP", "the man Vi", "the man sleeps",
    ]  # fmt: skip
    assert [sorted(one.open) for one in stages] == [[0, 1], [0, 1, 2], [1, 2], [2], [2], []]
    assert [one.p for one in stages] == [1.0, 0.3, 1.0, 0.7, 0.4, 1.0]
    assert stages[1].rule == "NP → DT NN"
    assert math.exp(stages[-1].log_p) == pytest.approx(0.084)
    assert stages[-1].tree == tree and one_line(stages[0].tree) == "(S NP VP)"


@pytest.mark.parametrize("name", ENDING)
def test_derivations_of_drawn_trees(name: str) -> None:
    g = grammar(name)
    for tree in generating.drawn(g, 10, generator=stream(0, "test")).trees:
        stages = generating.derivation(tree, g)
        assert stages[-1].tree == tree and not stages[-1].open
        assert stages[-1].log_p == pytest.approx(score(tree, g).log_p)
        for before, after in zip(stages, stages[1:], strict=False):
            place = min(before.open)
            assert before.form[:place] == after.form[:place]
            assert (
                after.form[len(after.form) - (len(before.form) - place - 1) :]
                == before.form[place + 1 :]
            )


def test_counts_agree_with_probabilities() -> None:
    g = grammar("boeing")
    found = generating.drawn(g, 2000, generator=stream(0, "test"))
    rows = generating.often(g, found, most=100)
    assert sum(one.count for one in rows) <= 2000 and found.endless == 0
    off = [(one.count / 2000 - one.p) / one.error(2000) for one in rows if 2000 * one.p > 10]
    assert len(off) > 10 and max(map(abs, off)) < 4.5
    assert [one.count for one in rows] == sorted((one.count for one in rows), reverse=True)


def test_the_share_that_ends_is_that_of_the_equation() -> None:
    g = grammar()
    found = generating.drawn(g, 1500, generator=stream(0, "test"))
    Z = sampling.moments(g).ends
    assert pytest.approx(0.267857, abs=1e-5) == Z
    assert abs(len(found.trees) / 1500 - Z) < 4 * math.sqrt(Z * (1 - Z) / 1500)


def test_noun_phrases_end_three_times_in_seven() -> None:
    g = grammar()
    r = rule(g, "NP -> NP PP")
    assert generating.endings(g)[g.number["NP"]] == pytest.approx(3 / 7)
    assert generating.radius(g) == pytest.approx(sampling.moments(g).radius)
    assert generating.growing(g) == r and generating.edge(g, r) == pytest.approx(0.5)
    for p in (0.2, 0.4, 0.6, 0.9):
        varied = generating.varied(g, r, p)
        assert varied.p[r] == pytest.approx(p) and varied.sums()[g.number["NP"]] == pytest.approx(1)
        wanted = min(1.0, (1 - p) / p)
        assert generating.endings(varied)[g.number["NP"]] == pytest.approx(wanted)
        assert (generating.radius(varied) < 1) == (p < 0.5)


def test_what_cannot_tip_over() -> None:
    g = grammar("boeing")
    assert generating.growing(g) is None and generating.edge(g, 0) is None
    with pytest.raises(SettingError, match="another rule"):
        generating.varied(g, rule(g, "S -> NP VP"), 0.5)


def test_trees_that_end_have_other_shares() -> None:
    g = generating.ended(grammar())
    shares = {str(one): one.p for one in g.rules()}
    assert shares["NP -> NP PP"] == pytest.approx(0.3) and shares["NP -> DT NN"] == pytest.approx(
        0.7
    )
    assert g.sums()[[g.number[name] for name in ("S", "NP", "VP")]] == pytest.approx(1)
    # and they are what is counted in trees that ended
    trees = generating.drawn(grammar(), 3000, generator=stream(1, "test")).trees
    counted = generating.shares(g, generating.uses(g, trees))
    assert counted == pytest.approx(g.p, abs=0.06)
    assert np.isnan(generating.shares(g, np.zeros(len(g)))).all()


def test_short_sentences() -> None:
    found = generating.short(grammar(), 30, longest=8, generator=stream(0, "test"))
    assert len(found.trees) == 30 and found.lengths.max() <= 8 and found.endless > 0


def test_inside_outside_finds_planted_probabilities() -> None:
    g = grammar("chinese")
    hidden = generating.short(g, 300, longest=20, generator=stream(0, "test"))
    counted = generating.shares(g, generating.uses(g, hidden.trees))
    lines = "\n".join(map(" ".join, hidden.sentences))
    config = inside_outside.Config(rounds=15)
    steps = list(inside_outside.from_text((g.text(), lines), config, generator=stream(0, "test")))
    values = [one.log_likelihood for one in steps]
    assert all(b >= a - 1e-9 for a, b in zip(values, values[1:], strict=False))
    again = parse(g.text()).grammar
    assert again is not None
    learned = {str(one): p for one, p in zip(again.rules(), steps[-1].p, strict=True)}
    for r, one in enumerate(g.rules()):
        if not np.isnan(counted[r]):
            assert learned[str(one)] == pytest.approx(counted[r], abs=0.03)
    assert max(abs(steps[0].p - steps[-1].p)) > 0.2


def test_equal_sentences_count_as_often_as_they_come() -> None:
    g = grammar("boeing")
    sentence = ("Boeing", "is", "in", "Seattle")
    other = ("Seattle", "is", "in", "Boeing")
    data = inside_outside.Bare(g, (sentence, other, sentence, sentence))
    step = next(
        inside_outside.learn(
            data, inside_outside.Config(start="given"), generator=stream(0, "test")
        )
    )
    assert step.expected[rule(g, "S -> NP VP")] == pytest.approx(4)
    assert step.parsed == step.sentences == 4
    assert step.log_likelihood == pytest.approx(4 * math.log(0.25 * 0.4 * 0.6))


# Texts


@pytest.fixture(scope="module")
def learned() -> treebank.Learned:
    return treebank.learn(small.trees("english"), Markov(vertical=2))


TELESCOPE = ("The", "man", "saw", "the", "woman", "with", "the", "telescope", ".")
SENTENCES = (TELESCOPE, ("Zorbla", "sings", "."))


def test_a_text_is_parsed_in_turn(learned: treebank.Learned) -> None:
    asked = Asked("id", learned, SENTENCES)
    steps = list(text_run.learn(asked, Config(), generator=stream(0, "test")))
    assert [one.number for one in steps] == [0, 1] and {one.sentences for one in steps} == {2}
    for step, words in zip(steps, SENTENCES, strict=True):
        wanted = parser.parse(learned, words)
        assert step.parse.tree == wanted.tree and step.parse.log_p == wanted.log_p
    assert text_run.per_word(steps[0].parse) ** 9 == pytest.approx(math.exp(steps[0].parse.log_p))
    first, second = text_run.to_json([one.parse for one in steps])
    assert second["unknown"] == [0] and read(first["tree"]) == [cleaned(small.trees()[1])]


def test_a_text_is_named_by_its_content(learned: treebank.Learned) -> None:
    asked = Asked("id", learned, SENTENCES)
    assert list(asked) == ["id", "\n".join(SENTENCES[0]), "Zorbla\nsings\n."] and len(asked) == 3


def test_the_case_of_the_first_word_is_no_matter(learned: treebank.Learned) -> None:
    words = ("My", "dog", "likes", "Zorbla", ".")
    assert text_run.unseen(learned, parser.parse(learned, words)) == {3}
    words = ("Zorbla", "likes", "Dog", ".")
    assert text_run.unseen(learned, parser.parse(learned, words)) == {0, 2}


def test_alternatives_are_different_and_the_best_comes_first(learned: treebank.Learned) -> None:
    found = text_run.alternatives(learned, SENTENCES[0], 4, seconds=10)
    logs = [one.log_p for one in found]
    assert len({one_line(one.tree) for one in found}) == len(found) == 4
    assert logs == sorted(logs, reverse=True)
    best = parser.parse(learned, SENTENCES[0])
    assert found[0].tree == best.tree and found[0].log_p == pytest.approx(best.log_p)
    assert text_run.alternatives(learned, SENTENCES[0] * 8, 2, seconds=0.0) == []


def test_no_time_gives_pieces_and_a_low_price(learned: treebank.Learned) -> None:
    long = SENTENCES[0] * 8
    steps = list(
        text_run.learn(Asked("", learned, (long,)), Config(seconds=1e-4), generator=stream(0, "t"))
    )
    assert steps[0].parse.how == parser.LATE and steps[0].parse.tree.words() == long
    assert text_run.per_word(steps[0].parse) == 0
    assert text_run.to_json([steps[0].parse])[0]["log_p"] is None
    cost = text_run.cost
    assert cost(learned, [long], 10) > 10 * cost(learned, SENTENCES, 10)
    assert cost(learned, [long] * 3, 0.001) == pytest.approx(0.003)


@pytest.mark.parametrize("seconds", [0, -1, 1000, math.nan])
def test_bad_seconds(seconds: float) -> None:
    with pytest.raises(SettingError, match="seconds"):
        Config(seconds=seconds)


def test_bad_texts(learned: treebank.Learned) -> None:
    with pytest.raises(SettingError, match="at least one sentence"):
        next(text_run.learn(Asked("", learned, ()), Config(), generator=stream(0, "t")))
    with pytest.raises(SettingError, match="at most 150 words, got 151"):
        next(
            text_run.learn(Asked("", learned, (("a",) * 151,)), Config(), generator=stream(0, "t"))
        )
