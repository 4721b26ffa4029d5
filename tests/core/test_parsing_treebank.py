"""Grammars learned from trees, parsing with them, and evalb's scores."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from core.datasets import treebank as embedded
from core.errors import SettingError
from core.parsing import brackets, evaluate, parser, treebank
from core.parsing.cleaning import category, cleaned
from core.parsing.markov import Markov, markovised, unmarkovised
from core.parsing.tree import Tree
from core.parsing.unknown import signatures
from tests.core.test_parsing_tree import TREES

SHARED = Path(__file__).resolve().parents[3] / "shared/data/nltk/corpora/treebank_train.zip"


def tree(text: str) -> Tree:
    return brackets.read(text)[0]


def test_cleaning() -> None:
    raw = """( (S (NP-SBJ-1 (NP (NNP Mr.) (NNP Vinken)) (-LRB- -LRB-))
        (VP (VBD was) (VP (VBN named) (S (NP-SBJ (-NONE- *-1)) (NP-PRD (DT a) (NN director)))
        (ADVP|PRT=2 (RB up)))) (. .)) )"""
    wanted = (
        "(S (NP (NP (NNP Mr.) (NNP Vinken)) (-LRB- -LRB-)) (VP (VBD was) (VP (VBN named) "
        "(S (NP (DT a) (NN director))) (ADVP (RB up)))) (. .))"
    )
    assert str(cleaned(tree(raw))) == wanted
    assert cleaned(tree("(S (NP (-NONE- *)) (VP (-NONE- *T*-1)))")) is None
    alone = tree("(S (NP (NP-SBJ (NN a)) (SBAR (-NONE- 0))))")
    assert str(cleaned(alone)) == "(S (NP (NN a)))"
    assert str(cleaned(alone, alone=False)) == "(S (NP (NP (NN a))))"
    named = {
        "NP-SBJ": "NP",
        "-LRB-": "-LRB-",
        "NP=2": "NP",
        "=": "=",
        "PRT|ADVP": "PRT",
        "A+B": "A·B",
    }
    assert {label: category(label) for label in named} == named


def test_markovisation_by_hand() -> None:
    vp = tree("(VP (VBD a) (NP (DT b) (NN c)) (PP (IN d)) (PP (IN e)))")
    assert str(markovised(vp, Markov(vertical=1, horizontal=1))) == (
        "(VP (VBD a) (VP@VBD (NP (DT b) (NN c)) (VP@NP (PP (IN d)) (PP (IN e)))))"
    )
    assert str(markovised(vp, Markov(vertical=2, horizontal=2))) == (
        "(VP (VBD^VP a) (VP@VBD (NP^VP (DT^NP b) (NN^NP c)) "
        "(VP@VBD_NP (PP^VP (IN^PP d)) (PP^VP (IN^PP e)))))"
    )
    chain = tree("(TOP (S (VP (VB go))))")
    assert str(markovised(chain, Markov(vertical=1))) == "(TOP (S+VP (VB go)))"


@settings(deadline=None, max_examples=60)
@given(TREES)
def test_markovised_and_back(one: Tree) -> None:
    clean = cleaned(one)
    for vertical in (1, 2, 3):
        for horizontal in (0, 1, 2, None):
            for joined in (False, True):
                markov = Markov(vertical=vertical, horizontal=horizontal, joined=joined)
                ready = markovised(clean, markov)
                assert unmarkovised(ready) == clean
                assert max(len(node.children) for node in ready.nodes()) <= 2


@pytest.mark.parametrize("setting", [{"vertical": 0}, {"vertical": 5}, {"horizontal": -1}])
def test_markov_refuses(setting: dict[str, int]) -> None:
    with pytest.raises(SettingError):
        Markov(**setting)


def test_counts_divided_by_counts() -> None:
    trees = [tree("(S (NP (DT the) (NN man)) (VP (V runs)))"), tree("(S (NP (NN man)) (VP (V runs)))"),
             tree("(S (NP-SBJ (DT the) (NN dog)) (VP (V barks)))")]  # fmt: skip
    learned = treebank.learn(trees, Markov(vertical=1))
    p = {str(rule): rule.p for rule in learned.grammar.rules()}
    assert p["NP -> DT NN"] == pytest.approx(2 / 3)
    assert p["NN -> 'man'"] == pytest.approx(2 / 3)
    assert p["V -> 'barks'"] == pytest.approx(1 / 3)
    assert p["TOP -> S"] == 1
    np.testing.assert_allclose(learned.grammar.sums(), 1)
    counts = {str(r): int(c) for r, c in zip(learned.grammar.rules(), learned.counts, strict=True)}
    assert counts["S -> NP VP"] == 3 and counts["DT -> 'the'"] == 2
    assert (learned.trees, learned.words) == (3, 8)
    assert str(parser.parse(learned, ["the", "man", "barks"]).tree) == (
        "(S (NP (DT the) (NN man)) (VP (V barks)))"
    )
    with pytest.raises(SettingError, match="at least one tree"):
        treebank.learn([tree("(S (-NONE- *))")])


def test_signatures() -> None:
    assert signatures("unbelievably", False)[1] == "lower-ly"
    assert signatures("Berlin", True)[2] == "FIRST" and signatures("Berlin", False)[2] == "Capital"
    assert signatures("1,200.5", False)[2] == "NUMBER"
    assert signatures("mid-1990s", False)[2] == "lower+digit+hyphen"
    assert signatures("IBM", False)[2] == "CAPITALS"
    assert signatures("猎人", False)[2] == "characters"


def test_probabilities_of_words() -> None:
    learned = treebank.learn(embedded.trees())
    for word, first in (("the", False), ("zebras", False), ("Zanzibar", True), ("sleeps", False)):
        assert sum(learned.lexicon.given(word, first).values()) == pytest.approx(1)
    given = learned.lexicon.given("zebras", False)
    assert max(given, key=given.get).startswith("NNS")
    assert max(learned.lexicon.given("the", False).items(), key=lambda pair: pair[1])[0] == "DT^NP"


def test_the_embedded_treebanks() -> None:
    assert len(embedded.trees("english")) == 60 and len(embedded.trees("chinese")) == 20
    for language in embedded.LANGUAGES:
        trees = embedded.trees(language)
        assert all(cleaned(one) == one for one in trees)
        learned = treebank.learn(trees)
        pairs = [(gold, parser.parse(learned, gold.words()).tree) for gold in trees]
        assert all(guess.words() == gold.words() for gold, guess in pairs)
        # it was learned from these very trees
        assert evaluate.total(pairs).f1 > 0.9
    with pytest.raises(SettingError, match="language"):
        embedded.trees("latin")


def test_every_sentence_gets_a_tree() -> None:
    learned = treebank.learn(embedded.trees())
    odd = parser.parse(learned, ["?", "?", ".", ",", "the", "the", "of", "Zyx", "the"])
    assert odd.tree.words() == odd.words
    assert odd.how in (parser.WHOLE, parser.PIECES) and 7 in odd.unknown
    two = treebank.learn([tree("(S (NP (NN a)) (VP (VB b)))")])  # no other than two words
    pieces = parser.parse(two, ["a", "b", "a", "c"])
    assert pieces.unknown == (3,)
    assert pieces.how == parser.PIECES and "no tree" in str(pieces)
    assert pieces.tree.words() == pieces.words and pieces.log_p == -np.inf
    late = parser.parse(learned, ["the"] * 100, seconds=0.0)
    assert late.how == parser.LATE and late.tree.words() == late.words and "Time" in str(late)
    whole = parser.parse(learned, ["the", "man", "saw", "the", "woman", "."])
    assert whole.how == parser.WHOLE and whole.log_p < 0 and whole.unknown == ()
    for words in ([], ["a"] * 501):
        with pytest.raises(SettingError, match="1 to 500"):
            parser.parse(learned, words)


def test_evalb_by_hand() -> None:
    gold = tree(
        "(TOP (S (NP (DT the) (NN man)) (VP (VBD saw) (NP (PRP her)) (PP (IN at) (NP (NN home)))) (. .)))"
    )
    same = evaluate.score(gold, gold)
    # S, NP, VP, NP, PP, NP: TOP and tags are no brackets
    assert (same.right, same.guessed, same.gold, same.exact, same.words) == (6, 6, 6, 1, 6)
    guess = tree(
        "(S (NP (DT the) (NN man)) (VP (VBD saw) (NP (PRP$ her) (PP (IN at) (NP (NN home)))) (. .)))"
    )
    score = evaluate.score(gold, guess)
    # the NP "her" is missed, NP "her at home" is too much; the VP's full stop does not count
    assert (score.right, score.guessed, score.gold) == (5, 6, 6)
    assert score.f1 == pytest.approx(5 / 6) and score.exact == 0
    assert (score.right_tags, score.words) == (5, 6)
    assert score.crossing == 0
    crossed = tree("(S (X (DT the) (NN man) (VBD saw)) (Y (PRP her) (IN at) (NN home)) (. .))")
    assert evaluate.score(gold, crossed).crossing == 1
    none = evaluate.score(gold, None)
    assert (none.right, none.guessed, none.gold, none.f1) == (0, 0, 6, 0.0)
    both = evaluate.total([(gold, gold), (gold, guess)])
    assert both.f1 == pytest.approx(11 / 12) and both.exact_match == 0.5
    assert both.precision == both.recall == pytest.approx(11 / 12)
    assert both.tag_accuracy == pytest.approx(11 / 12)
    with pytest.raises(SettingError, match="6 words|7 words"):
        evaluate.score(gold, tree("(S (NN a))"))


def test_evalb_s_finer_rules() -> None:
    # function tags and traces go, PRT is ADVP, a bracket of punctuation alone is none, twice is twice
    gold = tree("(S (NP-SBJ (-NONE- *)) (VP (VB give) (PRT (RP up))) (X (. .)))")
    guess = tree("(S (VP (VB give) (ADVP (RB up))) (. .))")
    score = evaluate.score(gold, guess)
    assert (score.right, score.guessed, score.gold, score.exact) == (3, 3, 3, 1)
    twice = evaluate.score(tree("(S (NP (NP (NN a))))"), tree("(S (NP (NN a)))"))
    assert (twice.right, twice.guessed, twice.gold) == (2, 2, 3)


@pytest.mark.skipif(not SHARED.is_file(), reason="the treebank sample is not on this machine")
def test_a_sample_of_the_penn_treebank() -> None:
    trees = []
    with zipfile.ZipFile(SHARED) as archive:
        names = sorted(archive.namelist())
        for name in names:
            trees.append(brackets.read(archive.read(name).decode("utf-8")))
    cut = len(names) * 9 // 10
    held = [t for file in trees[cut:] for t in file if len(cleaned(t).words()) <= 40][::6]
    learned = treebank.learn([t for file in trees[:cut] for t in file])
    parses = [parser.parse(learned, cleaned(gold).words()) for gold in held]
    score = evaluate.total((gold, one.tree) for gold, one in zip(held, parses, strict=True))
    assert score.f1 > 0.74  # 0.79 on all of them, see tests/bench/bench_parsing.py
    assert score.tag_accuracy > 0.93
    assert all(one.tree.words() == one.words for one in parses)
