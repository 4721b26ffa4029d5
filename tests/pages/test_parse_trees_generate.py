"""The room where a grammar speaks by itself."""

from __future__ import annotations

import csv
import io
import json

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.grammars import PRESETS
from core.parsing import grammar_link
from core.parsing.brackets import one_line, read

SLUG = "parse_trees"


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room="Generate", **query)
    assert not at.exception and not at.error
    return at


def drawn(at: AppTest) -> list[dict]:
    return [
        json.loads(e.proto.json) for e in at.get("bidi_component")
        if e.proto.component_name == "vitrine_trees"
    ]  # fmt: skip


def figure(at: AppTest, label: str) -> str:
    (found,) = [one.value for one in at.metric if one.label == label]
    return found


def told(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.warning, *at.info, *at.caption, *at.markdown])


def test_the_course_grammar_is_inconsistent_and_it_is_told(visit) -> None:
    at = opened(visit)
    assert figure(at, "A tree ends") == "26.8%" and figure(at, "Spectral radius") == "1.257"
    assert figure(at, "Expected length") == "∞" and figure(at, "Entropy of a tree") == "∞"
    assert "This grammar is inconsistent" in told(at) and "p = **0.500**" in told(at)
    assert r"\min" in at.latex[0].value and "0.429" in at.latex[0].value
    at.slider(key="p_NP").set_value(0.4).run()
    assert "The grammar is consistent" in told(at) and "1.000" in at.latex[0].value
    at.slider(key="p_NP").set_value(0.5).run()
    assert not at.exception and "On the edge itself" in told(at)


@pytest.mark.parametrize("name", [n for n in PRESETS if n != "course_pcfg_printed"])
def test_every_grammar(visit, name: str) -> None:
    at = opened(visit, grammar=PRESETS[name].title, draws="50")
    one, likely = drawn(at)
    assert one["trees"][0]["title"] == "The tree" and likely["trees"][0]["lines"]
    (table,) = [d.value for d in at.dataframe]
    assert (
        list(table["p"]) == sorted(table["p"], reverse=True) and table["sum"].iloc[-1] <= 1 + 1e-9
    )


def test_numbers_of_a_consistent_one(visit) -> None:
    at = opened(visit, grammar=PRESETS["arithmetic"].title)
    assert figure(at, "Expected length") == "8.09 words"
    assert figure(at, "Entropy of a tree") == "19.87 bits" and figure(at, "A tree ends") == "100.0%"


def test_the_derivation_step_by_step(visit) -> None:
    at = opened(visit, derived="0")
    first = drawn(at)[0]["trees"][0]
    assert [text for text, _, _ in first["nodes"]] == ["S", "NP", "VP"]
    assert first["title"] == "The derivation so far" and "**NP** **VP**" in told(at)
    at.button(key="derived_on").click().run()
    assert at.slider(key="derived").value == 1 and at.query_params["derived"] == "1"
    at.button(key="derived_back").click().run()
    at.button(key="derived_back").click().run()
    assert at.slider(key="derived").value == 0
    at.button(key="derived_play").click().run()
    at.run()
    assert at.slider(key="derived").value >= 1
    assert {one.label for one in at.button} >= {"Pause"}
    for _ in range(12):
        at.run()
    assert at.slider(key="derived").value == at.slider(key="derived").max
    assert {one.label for one in at.button} >= {"Play"}


def test_another_sentence_and_another_seed(visit) -> None:
    at = opened(visit)
    words = [h.value for h in at.markdown if h.value.startswith("### ")]
    at.button(key="draw_next").click().run()
    assert at.number_input(key="drawn_sentence").value == 2
    at.number_input(key="drawn_sentence").set_value(1).run()
    assert [h.value for h in at.markdown if h.value.startswith("### ")] == words
    found = set()
    for seed in range(4):
        at.number_input(key="seed").set_value(seed).run()
        found.add(next(h.value for h in at.markdown if h.value.startswith("### ")))
    assert len(found) > 1


def test_what_was_drawn_goes_home(visit, downloads) -> None:
    opened(visit, grammar=PRESETS["chinese"].title, draws="200")
    trees = read(downloads["Trees, brackets"].decode())
    rows = list(csv.DictReader(io.StringIO(downloads["Sentences, CSV"].decode())))
    assert len(trees) == len(rows) > 150
    assert all(one_line(t) == row["tree"] for t, row in zip(trees, rows, strict=True))
    assert all(int(row["words"]) == len(row["sentence"].split()) for row in rows)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ("S -> A S [0.5] | 'b' [0.5]\nA -> B\nB -> A\n".replace("A -> B\nB -> A", "A -> B [1]\nB -> A [1]"),
         "From A, B no words can come"),
        ("S -> S S\n", "can derive no words"),
        ("S -> 'a' S [0.2] | 'b' [0.2]\n", "divided by their sums"),
        ("S -> S S [0.95] | 'b' [0.05]\n", "inconsistent"),
        ("S -> 'a' [0.0] | 'b' [1.0]\n", "Every tree of this grammar ends"),
    ],
)  # fmt: skip
def test_own_grammars(visit, rules: str, wanted: str) -> None:
    packed = grammar_link.pack(rules)
    assert packed is not None
    at = opened(visit, rules=packed)
    assert wanted in told(at)


def test_the_printed_grammar_says_why_it_cannot(visit) -> None:
    at = opened(visit, grammar=PRESETS["course_pcfg_printed"].title)
    assert "From PP, P no words can come" in told(at)
