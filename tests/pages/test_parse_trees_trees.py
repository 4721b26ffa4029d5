"""The room of trees: what is drawn, ties, what has no tree, trees of one's own, files."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.parsing import log_sums
from core.parsing.brackets import one_line, read
from core.parsing.growth import lengthened
from core.parsing.tree_export import from_json

SLUG = "parse_trees"
SEEN = "the man saw the woman with the telescope"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def drawn(at: AppTest, place: int = 0) -> list[dict]:
    """The trees of a component on the page."""
    found = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_trees"]
    return json.loads(found[place].json)["trees"]


def said(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.markdown, *at.caption, *at.warning, *at.info, *at.error])


def words(tree: dict) -> str:
    return " ".join(text for text, _, word in tree["nodes"] if word)


def test_the_first_look_is_the_two_readings(visit) -> None:
    at = visit(SLUG)
    assert good(at)
    best, other = drawn(at)
    assert words(best) == words(other) == SEEN
    assert best["lines"] == ["p = 5.292 × 10⁻⁵", "77.78% of the sentence"]
    assert other["lines"] == ["p = 1.512 × 10⁻⁵", "22.22% of the sentence"]
    for tree, marked in ((best, "NP"), (other, "VP")):
        assert [tree["nodes"][k][0] for k in tree["marked"]] == [marked]
    assert "**2 trees**" in said(at) and "6.804 × 10⁻⁵" in said(at) and "tie" not in said(at)


def test_more_phrases_tie(visit) -> None:
    at = visit(SLUG)
    for trees, ties in ((5, 2), (14, 5), (42, 14)):
        at.button(key="phrase_more").click().run()
        assert good(at)
        assert f"**{trees} trees**" in said(at)
        assert f"**A tie:** {ties} trees" in said(at)
    at.number_input(key="shown").set_value(42).run()
    assert good(at) and len(drawn(at)) == 42
    assert sum("as likely as the first" in tree["lines"] for tree in drawn(at)) == 13
    at.button(key="phrase_less").click().run()
    assert len(drawn(at)) == 14  # not more than there are


def test_one_tree_can_be_lengthened(visit) -> None:
    at = visit(SLUG, sentence="the man saw the woman")
    assert "**1 tree**, counted by the chart in" in said(at)
    assert at.button(key="phrase_less").disabled
    at.button(key="phrase_more").click().run()
    assert good(at) and len(drawn(at)) == 2


def test_each_node_has_the_p_of_its_rule(visit) -> None:
    (best, _) = drawn(visit(SLUG))
    labels = [label for label, _, word in best["nodes"] if not word]
    assert labels[:6] == ["S", "NP", "DT", "NN", "VP", "Vt"]
    assert best["notes"][:6] == ["p = 1", "p = 0.3", "p = 1", "p = 0.7", "p = 0.4", "p = 1"]
    assert len(best["notes"]) == len(labels)


def test_what_takes_too_long_to_count_is_parsed_all_the_same(visit, monkeypatch) -> None:
    monkeypatch.setattr(log_sums, "WORK", 0)
    at = visit(SLUG)
    assert good(at)
    assert "to count all its trees. The best has p = **5.292 × 10⁻⁵**" in said(at)
    assert [tree["lines"] for tree in drawn(at)] == [["p = 5.292 × 10⁻⁵"], ["p = 1.512 × 10⁻⁵"]]


def test_742_900_trees_are_counted_not_drawn(visit) -> None:
    at = visit(SLUG, sentence=" ".join(lengthened(12)))
    assert good(at)
    assert "**742,900 trees**" in said(at)
    assert "742,898 more are not drawn" in said(at)
    assert at.button(key="phrase_more").disabled


def test_hundreds_of_ambiguous_words(visit) -> None:
    sentence = " ".join((["1", "+"] * 250)[:499])
    at = visit(SLUG, grammar="Arithmetic, ambiguous", sentence=sentence)
    assert good(at)
    assert "× 10¹⁴⁶ trees**" in said(at)  # Catalan(249)
    assert len(drawn(at)) == 2


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"sentence": "the dog saw the woman"}, "does not know this word: **dog**"),
        ({"sentence": "the man the woman"}, "no rules make them one S"),
        ({"grammar": "The same as printed, with its slip"}, "no rules make them one S"),
        ({"grammar": "The course's grammar without probabilities"}, "has no probabilities"),
    ],
)
def test_what_has_no_tree_or_no_probability_is_told(visit, query, told) -> None:
    at = visit(SLUG, **query)
    assert good(at)
    assert told in said(at)
    assert drawn(at)  # as far as it goes


def test_no_sentence_is_no_error(visit) -> None:
    at = visit(SLUG)
    at.text_input(key="sentence").set_value("  ").run()
    assert good(at)
    assert "Type a sentence" in said(at)


def test_markup_in_words_stays_text(visit) -> None:
    at = visit(SLUG)
    at.text_input(key="sentence").set_value("the <b>man</b> **saw** `x`").run()
    assert good(at)
    assert "\\<b\\>man" in said(at) and "**saw**" not in said(at).replace("\\*\\*saw\\*\\*", "")


def own(at: AppTest, text: str) -> AppTest:
    at.session_state["own_tree"] = True
    at.run()
    return at.text_area(key="own_brackets").set_value(text).run()


def test_a_tree_of_one_s_own_is_judged(visit) -> None:
    at = own(visit(SLUG), "(S (NP (DT the) (NN man)) (VP (Vi sleeps)))")
    assert good(at)
    assert "**0.084**" in said(at)  # 1.0 0.3 1.0 0.7 0.4 1.0
    at = own(at, "(S (NP (DT the) (NN man)) (VP (Vt saw)))")
    assert "p = **0**: the grammar lacks 1 of its rules" in said(at) and "VP -\\> Vt" in said(at)
    (tree,) = drawn(at, 1)
    assert [tree["nodes"][k][0] for k in tree["marked"]] == ["VP"] and not tree["unknown"]
    at = own(at, "(S (NP (DT the) (NN dog)) (VP (Vi sleeps)))")
    assert drawn(at, 1)[0]["unknown"] == [1] and not drawn(at, 1)[0]["marked"]
    at = own(at, "(NP (DT the) (NN man))")
    assert "no sentence: its root is NP" in said(at)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(S (NP the man)\n (VP sleeps", "line 2, column 2"),
        ("(S (NP)", "line 1, column 4"),
        ('{"label": "S", "children": [}', "line 1, column 29"),
        ("sleeps", "outside of all brackets"),
    ],
)
def test_a_slip_in_one_s_own_tree_has_a_place(visit, text, told) -> None:
    at = own(visit(SLUG), text)
    assert not at.exception
    assert told in said(at)
    assert at.text_area(key="own_brackets").value == text  # nothing is lost


def test_ten_thousand_brackets_are_drawn_without_an_error(visit) -> None:
    at = own(visit(SLUG), "(X " * 10_000 + "x" + ")" * 10_000)
    assert not at.exception
    assert len(drawn(at, 1)[0]["nodes"]) == 10_001


def test_more_than_can_be_drawn_is_told(visit) -> None:
    at = own(visit(SLUG), "(X" + " x" * 50_000 + ")")
    assert not at.exception
    assert "at most 40,000 nodes to draw" in said(at)
    assert at.get("bidi_component")[-1].proto.component_name == "vitrine_editor"  # all else stands


def test_json_is_read(visit) -> None:
    at = own(visit(SLUG), '{"label": "S", "children": [{"word": "狗"}]}')
    assert good(at)
    assert drawn(at, 1)[0]["nodes"] == [["S", -1, False], ["狗", 0, True]]


def test_files_hold_the_trees_that_are_shown(visit, downloads) -> None:
    visit(SLUG)
    both = read(downloads["Brackets"].decode())
    assert [" ".join(tree.words()) for tree in both] == [SEEN, SEEN]
    assert read(downloads["Brackets, indented"].decode()) == both
    assert from_json(downloads["JSON"].decode()) == both
    assert downloads["LaTeX (forest)"].decode().count("\\begin{forest}") == 2
    assert downloads["LaTeX (qtree)"].decode().count("\\Tree") == 2


def test_a_tree_changed_by_hand_is_judged(visit) -> None:
    at = visit(SLUG)
    found = next(
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_trees"
    )
    identity = json.loads(found.json)["id"]
    other = one_line(read(
        "(S (NP (DT the) (NN man)) (VP (VP (Vt saw) (NP (DT the) (NN woman)))"
        " (PP (IN with) (NP (DT the) (NN telescope)))))"
    )[0])  # fmt: skip
    at.session_state["trees"] = {"edited": [identity, other]}
    at.run()
    assert good(at)
    assert "**1.512 × 10⁻⁵**; the best has 5.292 × 10⁻⁵" in said(at)
    at.session_state["trees"] = {"edited": ["another tree", other]}
    at.run()
    assert "Under the grammar this tree has" not in said(at)


def test_growth_is_told_with_catalan_s_numbers(visit) -> None:
    at = visit(SLUG)
    at.session_state["growth"] = True
    at.run()
    assert good(at)
    table = next(d.value for d in at.dataframe if "Catalan(k + 1)" in d.value)
    assert list(table["trees"]) == list(table["Catalan(k + 1)"])
    assert list(table["as good as the best"][:6]) == [1, 1, 2, 5, 14, 42]
    assert table["trees"].iloc[-1] == 742_900
