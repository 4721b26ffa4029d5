"""Parse trees as a visitor finds them: every room, the choice of grammar and sentence, the editor."""

from __future__ import annotations

import json
import math
import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.grammars import PRESETS
from core.parsing import grammar_link
from core.parsing.grammar_text import parse
from pages._kit.parsing import grammars, view
from pages._kit.parsing.rooms import ROOMS

SLUG = "parse_trees"
BROKEN = "S -> A ["
SMALL = "S -> 'a' S [0.25] | 'b' [0.5]  # mine\n"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def editor(at: AppTest) -> dict:
    (found,) = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_editor"
    ]

    return json.loads(found.json)


def write(at: AppTest, text: str) -> AppTest:
    """What the browser does half a second after the last key."""
    at.session_state["grammar_editor"] = {"written": [editor(at)["epoch"], text]}
    return at.run()


def keys(at: AppTest) -> set[str]:
    return {one.key for one in at.button}


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The one that has this column: rules have "left", steps to the normal form "kind"."""
    (found,) = [one.value for one in at.dataframe if column in one.value]
    return found


def unread(at: AppTest) -> list[str]:
    """What is said above everything where the text in the editor is no grammar."""
    return [w.value for w in at.warning if "in the editor cannot be read" in w.value]


def told(at: AppTest) -> str:
    return "\n".join(w.value for w in [*at.warning, *at.error, *at.caption, *at.markdown])


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_opens(visit, room: str) -> None:
    at = visit(SLUG, room=room)
    assert good(at)
    assert at.segmented_control(key="room").value == room


@pytest.mark.parametrize("name", PRESETS)
def test_every_grammar_opens_with_its_first_sentence(visit, name: str) -> None:
    at = visit(SLUG, grammar=PRESETS[name].title)
    assert good(at)
    assert at.selectbox(key="grammar").value == name
    assert at.text_input(key="sentence").value == PRESETS[name].sentences[0]
    shown = editor(at)
    assert shown["text"] == PRESETS[name].text
    assert shown["problems"] == [[*p] for p in parse(PRESETS[name].text).problems]
    assert "rules" not in at.query_params


def test_the_table_and_the_product(visit) -> None:
    at = visit(SLUG)
    said = told(at)
    assert "9 categories" in said and "8 words" in said and "15 rules" in said
    rules = table(at, "left")
    assert len(rules) == 15 and rules["used"].str.contains("3").sum() == 2  # DT and NP -> DT NN
    assert (rules["sum"] - 1).abs().max() < 1e-9
    (product,) = [m.value for m in at.markdown if "the product of its 15 rules" in m.value]
    assert r"= 5.292 \times 10^{-5}$" in product
    factors = product.split("rules: $")[1].split("=")[0].split(r"\cdot")
    numbers = [re.fullmatch(r"([\d.]+)(?:\^{(\d+)})?", f.strip()) for f in factors]
    total = math.prod(float(m[1]) ** int(m[2] or 1) for m in numbers if m)
    assert all(numbers) and math.isclose(total, 5.292e-5)
    at.number_input(key="rules_of").set_value(2).run()
    (product,) = [m.value for m in at.markdown if "p(tree 2)" in m.value]
    assert r"= 1.512 \times 10^{-5}$" in product


def test_switching_the_grammar_switches_the_sentence_unless_it_has_the_words(visit) -> None:
    at = visit(SLUG)
    at.text_input(key="sentence").set_value("the woman sleeps").run()
    at.selectbox(key="grammar").set_value("course_cfg").run()
    assert at.text_input(key="sentence").value == "the woman sleeps"
    at.selectbox(key="grammar").set_value("chinese").run()
    assert at.text_input(key="sentence").value == PRESETS["chinese"].sentences[0]
    at.button(key="example_1").click().run()
    assert at.text_input(key="sentence").value == PRESETS["chinese"].sentences[1]
    assert good(at)


def test_a_sentence_from_the_link_stays_even_where_words_are_unknown(visit) -> None:
    at = visit(SLUG, grammar=PRESETS["boeing"].title, sentence="Airbus is located in Seattle")
    assert at.text_input(key="sentence").value == "Airbus is located in Seattle"
    assert good(at)


def test_sentences_are_read_as_the_grammars_words(visit) -> None:
    at = visit(SLUG, grammar=PRESETS["chinese"].title, sentence="我用望远镜看见了老师。")
    assert "Read as: 我 用 望远镜 看见 了 老师" in told(at)
    at.text_input(key="sentence").set_value("我 也 漂亮").run()
    assert "Read as" not in told(at)


def test_editing_a_preset_makes_it_ones_own(visit) -> None:
    at = visit(SLUG)
    text = PRESETS["course_pcfg"].text + "NN -> 'dog' [0.5]\n"
    epoch = editor(at)["epoch"]
    write(at, text)
    assert good(at)
    assert at.selectbox(key="grammar").value == "own"
    assert at.text_input(key="sentence").value == PRESETS["course_pcfg"].sentences[0]
    # the browser keeps its text: nothing is put in its place
    assert editor(at)["epoch"] == epoch and editor(at)["text"] == text
    assert grammar_link.unpack(at.query_params["rules"]) == text
    assert [p[2] for p in editor(at)["problems"]] == [
        "the probabilities of NN sum to 1.5, not to 1."
    ]
    # the preset is as it was, and the own text is kept
    at.button(key="grammar_reset").click().run()
    assert at.selectbox(key="grammar").value == "course_pcfg"
    assert editor(at)["text"] == PRESETS["course_pcfg"].text and editor(at)["epoch"] > epoch
    assert "rules" not in at.query_params
    at.selectbox(key="grammar").set_value("own").run()
    assert editor(at)["text"] == text


def test_editing_leaves_the_sentence_alone(visit) -> None:
    at = visit(SLUG)
    write(at, PRESETS["course_pcfg"].text.replace("'telescope'", "'spyglass'"))
    assert at.text_input(key="sentence").value == PRESETS["course_pcfg"].sentences[0]
    at.text_input(key="sentence").set_value("the spyglass sleeps").run()
    write(at, PRESETS["course_pcfg"].text)
    assert at.text_input(key="sentence").value == "the spyglass sleeps"


def test_what_an_old_text_of_the_editor_says_does_not_count(visit) -> None:
    at = visit(SLUG)
    before = editor(at)["epoch"]
    at.selectbox(key="grammar").set_value("boeing").run()
    at.session_state["grammar_editor"] = {"written": [before, SMALL]}
    at.run()
    assert at.selectbox(key="grammar").value == "boeing"


def test_normalise_changes_the_numbers_alone_and_can_be_taken_back(visit) -> None:
    at = visit(SLUG)
    assert "grammar_normalise" not in keys(at)
    write(at, SMALL)
    at.button(key="grammar_normalise").click().run()
    assert good(at)
    assert editor(at)["text"] == "S -> 'a' S [0.333333333] | 'b' [0.666666667]  # mine\n"
    assert "grammar_normalise" not in keys(at)
    at.button(key="grammar_back").click().run()
    assert editor(at)["text"] == SMALL and "grammar_back" not in keys(at)


def test_what_was_written_before_is_not_lost_when_a_preset_is_edited(visit) -> None:
    at = visit(SLUG)
    write(at, SMALL)
    at.selectbox(key="grammar").set_value("boeing").run()
    write(at, PRESETS["boeing"].text + "# more\n")
    assert at.selectbox(key="grammar").value == "own"
    at.button(key="grammar_back").click().run()
    assert editor(at)["text"] == SMALL


def test_the_slip_of_the_course_is_shown_and_mended(visit) -> None:
    at = visit(SLUG, grammar=PRESETS["course_pcfg_printed"].title)
    code = [c.value for c in at.code]
    assert "PP -> P NP [1.0]" in code and "PP -> IN NP [1.0]" in code
    messages = [p[2] for p in editor(at)["problems"]]
    assert any(m.startswith("P has no rules") for m in messages)
    assert "IN is never reached from S." in messages
    at.button(key="grammar_mend").click().run()
    assert at.selectbox(key="grammar").value == "course_pcfg" and not editor(at)["problems"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the grammar has no rules"),
        (BROKEN, "is never closed"),
        ("S ->", "without a right side"),
        ("S -> 'a' [-1]", "a probability is a number from 0 to 1, not -1"),
        ("S -> A | 'a'\n| 'b' |", "without a right side"),
        ("'a' -> S", "a rule begins with a category"),
        ("<b>S</b> 'a'", "-\\> is missing after \\<b\\>S\\</b\\>"),
    ],
)
def test_a_broken_grammar_is_told_and_the_last_good_one_stays(
    visit, text: str, message: str
) -> None:
    at = visit(SLUG)
    before = table(at, "left")
    write(at, text)
    assert good(at)
    (warning,) = unread(at)
    assert message in warning and "line" in warning
    assert editor(at)["text"] == text and any(p[3] for p in editor(at)["problems"])
    assert table(at, "left").equals(before)
    write(at, SMALL)
    assert not unread(at) and len(table(at, "left")) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("S -> S 'a' | 'a'", "Left recursion (S) is welcome"),
        ("S -> A | 'a'\nA -> S", "goes round in a circle"),
        ("S -> 'a' [0] | 'b' [1]", "the probability is 0"),
        ("S -> 'a' [0.9] | 'b' [0.9]", "sum to 1.8, not to 1"),
        ("S -> S S", "can derive no words"),
    ],
)
def test_an_odd_grammar_is_used_and_told(visit, text: str, message: str) -> None:
    at = visit(SLUG, normal_form="true")
    write(at, text)
    at.text_input(key="sentence").set_value("a a <i>a</i> **b**").run()
    assert good(at) and not unread(at)
    assert message in told(at) + str(editor(at)["problems"])


def test_too_many_chains_are_told_as_what_is_wrong_with_the_text(visit, monkeypatch) -> None:
    monkeypatch.setattr("core.parsing.normal_form.CHAINS", 3)
    at = visit(SLUG)
    write(at, "S -> A | B | 'a'\nA -> B | C\nB -> C\nC -> 'c'")
    assert good(at)
    assert "chains of unit rules" in unread(at)[0]


def test_a_link_restores_grammar_sentence_and_view(visit) -> None:
    at = visit(SLUG, grammar="My own", rules=grammar_link.pack(SMALL), sentence="a b",
               normal_form="true")  # fmt: skip
    assert good(at)
    assert editor(at)["text"] == SMALL and at.text_input(key="sentence").value == "a b"
    assert any("In normal form" in m or "Each rule must be" in m for m in told(at).splitlines())


@pytest.mark.parametrize("rules", ["zzzz", "A" * 7000, "AXja"])
def test_a_link_without_a_grammar_is_refused_politely(visit, rules: str) -> None:
    at = visit(SLUG, grammar=PRESETS["boeing"].title, rules=rules)
    assert good(at)
    refused = "grammar of the link: wanted a text that this page wrote"
    assert refused in told(at)
    assert editor(at)["text"] == PRESETS["boeing"].text and "rules" not in at.query_params
    at.run()
    assert refused in told(at), "it can be read for a while"
    at.selectbox(key="grammar").set_value("chinese").run()
    assert refused not in told(at)


def test_a_link_with_a_broken_grammar_keeps_what_was_typed(visit) -> None:
    at = visit(SLUG, grammar="My own", rules=grammar_link.pack(BROKEN))
    assert good(at)
    assert editor(at)["text"] == BROKEN and unread(at)


def test_files(visit) -> None:
    at = visit(SLUG)
    nltk = "%start VP\n  S -> NP VP\n  VP -> V NP | V NP PP\n  NP -> Det N\n PP -> P NP\n" \
        ' Det -> "a" | "the"\n N -> "dog" | "park"\n V -> "saw"\n P -> "in"\n'  # fmt: skip
    at.file_uploader(key="grammar_file").upload("mine <b>.cfg", nltk.encode("utf-16")).run()
    assert good(at)
    assert at.selectbox(key="grammar").value == "own" and editor(at)["text"] == nltk
    assert at.text_input(key="sentence").value == "saw a dog"  # the likeliest of what it has
    # edits stay: the file is read once
    write(at, nltk + "# seen\n")
    at.run()
    assert editor(at)["text"] == nltk + "# seen\n"
    at.file_uploader(key="grammar_file").upload("mine.cfg", b"\x89PNG\r\n\x1a\n").run()
    assert "a PNG picture" in at.error[0].value
    assert editor(at)["text"] == nltk + "# seen\n"


def test_feature_grammars_are_told(visit) -> None:
    at = visit(SLUG)
    write(at, "S -> NP[NUM=?n] VP[NUM=?n]")
    assert "Feature grammars" in told(at) and unread(at)


def test_normal_form_rule_by_rule(visit) -> None:
    at = visit(SLUG, grammar=PRESETS["arithmetic"].title, normal_form="true", normal_step="5")
    assert good(at)
    steps = table(at, "kind")
    assert list(steps["kind"])[:2] == ["Words", "Long rules"] and len(steps) == 10
    assert "14 rules became 31" in told(at)
    code = [c.value for c in at.code]
    assert "Sum -> Product [0.6]" in code  # goes
    assert "Sum -> Product @Times_Factor: 0.6 × 0.3 = 0.18" in told(at).replace("\\", "")
    at.number_input(key="normal_step").set_value(1).run()
    assert "Words." in told(at) and good(at)


def test_a_grammar_in_normal_form_says_so(visit) -> None:
    at = visit(SLUG, normal_form="true")
    write(at, "S -> A A\nA -> 'a' | A A")
    assert [i.value for i in at.info] == ["All rules have this form already."]


@pytest.fixture
def large() -> str:
    rows = [f"A{k} -> 'w{k}x{m}' [0.04]" for k in range(250) for m in range(20)]
    rows += [f"A{k} -> A{(7 * k + m) % 250} A{m} [0.04]" for k in range(250) for m in range(5)]
    return "S -> A0 A1 [1.0]\n" + "\n".join(rows)


def test_a_large_grammar(visit, large: str) -> None:
    """As one of 100,000 rules, only smaller, so that the test is quick."""
    at = visit(SLUG)
    write(at, large)
    assert good(at)
    assert len(table(at, "left")) == 5000 and "5,000 of 6,251 rules" in told(at)
    assert "rules" not in at.query_params and "Too long for the link" in told(at)
    at.text_input(key="sentence").set_value("w0x3 w1x0").run()
    used = table(at, "left").head(3)
    assert list(used["used"]) == ["× 1"] * 3 and list(used["left"]) == ["S", "A0", "A1"]


def test_only_the_beginning_of_a_very_long_text_goes_to_the_browser(
    visit, large, monkeypatch
) -> None:
    monkeypatch.setattr("pages._kit.stage.editor.EDITABLE", 10_000)
    at = visit(SLUG)
    write(at, large)
    shown = editor(at)
    assert shown["length"] == len(large)
    assert len(shown["text"]) < 10_000 and large.startswith(shown["text"])
    at.button(key="grammar_reset").click().run()
    assert editor(at)["length"] == 0


def test_long_sentences(visit) -> None:
    at = visit(SLUG, grammar=PRESETS["arithmetic"].title)
    at.text_input(key="sentence").set_value(" ".join(["1"] + ["+ 1"] * 249)).run()  # 499 words
    assert good(at)
    at.text_input(key="sentence").set_value("1 " * (view.WORDS + 1)).run()
    assert [e.value for e in at.error] == ["sentence: wanted at most 1,000 words, got 1,001."]


def test_markup_in_words_and_categories_is_text(visit) -> None:
    at = visit(SLUG)
    write(at, "S -> '<img src=x>' :red\n:red -> '$x$' | '**b**'")
    at.text_input(key="sentence").set_value("<img src=x> **b**").run()
    assert good(at)
    listed = [m.value for m in at.markdown if "**Σ**" in m.value][0]
    assert r"\<img src=x\>" in listed and r"\$x\$" in listed and r"\*\*b\*\*" in listed
    assert r"\:red" in [m.value for m in at.markdown if "**N**" in m.value][0]


def test_no_preset_is_called_like_the_visitors_own() -> None:
    assert len(set(grammars.TITLES.values())) == len(PRESETS) + 1
