"""The room where probabilities are learned from bare sentences."""

from __future__ import annotations

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.grammars import PRESETS
from core.parsing import grammar_link
from core.parsing.grammar_text import parse
from pages._kit.parsing import learn_run

SLUG = "parse_trees"


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room="Learn", **query)
    assert not at.exception and not at.error
    return at


def table(at: AppTest):
    (found,) = [one.value for one in at.dataframe if "expected uses" in one.value]
    return found.set_index("rule")


def told(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.warning, *at.info, *at.caption, *at.markdown])


def figure(at: AppTest, label: str) -> str:
    (found,) = [one.value for one in at.metric if one.label == label]
    return found


def test_the_truth_comes_back(visit, downloads) -> None:
    at = opened(visit)
    rows = table(at)
    assert rows.loc["DT -> 'the'", "round 20"] == 1
    for rule in ("NP -> DT NN", "VP -> Vi", "NN -> 'man'"):
        assert rows.loc[rule, "round 20"] == pytest.approx(rows.loc[rule, "hidden trees"], abs=0.05)
        assert rows.loc[rule, "begin"] != pytest.approx(rows.loc[rule, "round 20"], abs=0.05)
    assert list(rows["the grammar"][["NP -> DT NN", "NP -> NP PP"]]) == [0.3, 0.7]
    assert "The truth came back" in told(at) and "only trees that ended" in told(at)
    learned = parse(downloads["The grammar, text"].decode()).grammar
    assert learned is not None
    got = {str(one): one.p for one in learned.rules()}
    assert got == pytest.approx(dict(rows["round 20"]))


def test_a_rule_written_out(visit) -> None:
    at = opened(visit, round="1")
    rows = table(at)
    formula = at.latex[0].value
    used, of = (
        float(part.split("}")[0]) for part in formula.rsplit(r"\frac", 1)[1].split("{")[1:3]
    )
    assert rows.loc["NP -> NP PP", "round 1"] == pytest.approx(used / of, abs=1e-3)
    at.selectbox(key="learn_rule_S").set_value("VP -> Vi").run()
    assert "Vi" in at.latex[0].value
    at.slider(key="round").set_value(0).run()
    assert "to begin with" in at.latex[0].value and list(table(at)["round 0"]) == list(
        table(at)["begin"]
    )


def test_likelihood_never_falls(visit) -> None:
    at = opened(visit, grammar=PRESETS["arithmetic_ambiguous"].title, learn_rounds="10")
    seen = []
    for k in range(0, 11, 2):
        at.slider(key="round").set_value(k).run()
        seen.append(float(figure(at, "Log likelihood").replace(",", "")))
    assert seen == sorted(seen) and seen[0] < seen[-1]


def test_typed_sentences(visit) -> None:
    at = opened(visit, learn_from="Typed")
    assert figure(at, "With a tree") == "4 of 4" and "hidden trees" not in table(at)
    at.text_area(key="learn_text_course_pcfg").set_value("the man sleeps\nthe dog *barks*\n").run()
    assert figure(at, "With a tree") == "1 of 2" and r"\*barks\*, dog" in told(at)
    assert table(at).loc["Vi -> 'sleeps'", "expected uses"] == 1
    at.text_area(key="learn_text_course_pcfg").set_value("sleeps man the").run()
    assert any("one that the grammar has a tree for" in e.value for e in at.error)
    at.text_area(key="learn_text_course_pcfg").set_value(" \n").run()
    assert "Type a sentence" in told(at)
    at.text_area(key="learn_text_course_pcfg").set_value(
        "the man sleeps\n" * 600 + "the " * 100
    ).run()
    assert "101 of 601 lines are left out" in told(at) and figure(at, "With a tree") == "500 of 500"


@pytest.mark.parametrize("start", ["Random", "All alike", "The grammar's own"])
def test_starts(visit, start: str) -> None:
    rows = table(opened(visit, learn_start=start, learn_count="20", learn_rounds="5"))
    begin = rows.loc["VP -> Vi", "begin"]
    assert {"All alike": begin == pytest.approx(1 / 3), "The grammar's own": begin == 0.4}.get(
        start, True
    )


@pytest.mark.parametrize("name", [n for n in PRESETS if n != "course_pcfg_printed"])
def test_every_grammar(visit, name: str) -> None:
    at = opened(visit, grammar=PRESETS[name].title, learn_count="20", learn_rounds="5")
    (shown,) = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_trees"
    ]
    assert [one["title"] for one in json.loads(shown.json)["trees"]] == ["Before", "After"]


def test_a_grammar_that_says_nothing(visit) -> None:
    packed = grammar_link.pack("S -> S S\n")
    assert packed is not None
    at = visit(SLUG, room="Learn", rules=packed)
    assert not at.exception
    assert "No sentence was drawn" in told(at) or at.error


def test_the_learned_grammar_can_be_used(visit) -> None:
    at = opened(visit, learn_count="20", learn_rounds="5")
    at.button(key="learn_use").click().run()
    assert not at.exception and at.selectbox(key="grammar").value == "own"
    assert at.segmented_control(key="learn_from").value == "Drawn from the grammar"


def test_more_work_is_a_job(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = table(opened(visit, learn_count="20", learn_rounds="5"))
    monkeypatch.setattr(learn_run, "AT_ONCE", 0.0)
    at = opened(visit, learn_count="20", learn_rounds="5")
    end = time.monotonic() + 60
    while "round 5" not in str([list(d.value) for d in at.dataframe]):
        assert time.monotonic() < end
        time.sleep(0.2)
        at.run()
        assert not at.exception and not at.error
    assert table(at).equals(at_once)
