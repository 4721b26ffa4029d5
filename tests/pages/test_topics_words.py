"""The room Words: what each step takes away, words stopped and counted again, the parts below."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import pydoc_topics
from core.datasets.documents import Documents
from core.topics.corpus_stop import words as stop_list
from pages._kit.stage import words_sieve
from pages._kit.topics import prepared, source, words_document, words_fates, words_table

SLUG = "topic_browser"
LINK = {"room": "Words", "corpus": source.PYTHON}
SCRIPT = "<script>alert(1)</script> *bold* $x$ sat [here](http://evil)"


@pytest.fixture
def opened(visit, monkeypatch):
    """The room, of these texts or of the language reference."""

    def open_room(texts: tuple[str, ...] = (), **query: Any) -> AppTest:
        if texts:
            titles = tuple(f"{n} {text[:40]}" for n, text in enumerate(texts))
            made = source.Source("test", source.PYTHON, Documents("test", texts, titles))
            monkeypatch.setattr(source, "_python", lambda: made)
        return visit(SLUG, **(LINK | query))

    return open_room


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption, *at.info))


def component(at: AppTest, name: str) -> dict[str, Any]:
    """What a component is given."""
    every = [one.proto for one in at.get("bidi_component")]
    return json.loads(next(one.json for one in every if name in one.component_name))


def steps(at: AppTest) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in component(at, "words_sieve")["rows"]}


def fates(at: AppTest) -> dict[str, str]:
    """The words of the document that is shown, and what becomes of each."""
    told = component(at, "words_text")
    return {word: told["fates"][fate]["told"] for _, _, word, fate in told["said"]}


def test_each_step_leaves_what_the_next_begins_with(opened) -> None:
    at = opened()
    assert good(at)
    rows = component(at, "words_sieve")["rows"]
    assert [row["title"] for row in rows][:4] == [
        "All texts",
        "Numbers",
        "Short words",
        "Stop words",
    ]
    for before, now in zip(rows, rows[1:-1], strict=False):
        assert now["tokens"] == before["tokens"] - now["taken_tokens"]
        assert now["words"] == before["words"] - now["taken_words"]
    last = rows[-1]
    assert last["last"] and (last["tokens"], last["words"]) == (
        rows[-2]["tokens"],
        rows[-2]["words"],
    )
    assert f"V = {last['words']:,} words" in said(at) and f"{rows[0]['tokens']:,} tokens" in said(
        at
    )
    assert dict(steps(at)["Stop words"]["examples"])["the"] > 100


def test_a_word_is_stopped_and_counts_again(opened) -> None:
    at = opened(stop="class")
    assert fates(at).get("class", "a stop word") == "a stop word"
    assert steps(at)["Stop words"]["own"] == ["class"]
    before = steps(at)["The vocabulary"]["words"]
    at.text_area(key="stop").set_value("").run()
    assert steps(at)["The vocabulary"]["words"] == before + 1
    at.text_input(key="kept_words").set_value("the").run()
    assert good(at)
    assert "the" not in dict(steps(at)["Stop words"]["examples"])
    assert "of" in dict(steps(at)["Stop words"]["examples"])


@pytest.mark.parametrize(
    ("act", "word", "before", "after"),
    [
        ("stop", "cat", ("dog", ""), ("dog cat", "")),
        ("stop", "dog", ("dog", ""), ("dog", "")),
        ("stop", "the", ("", "the of"), ("the", "of")),
        ("keep", "dog", ("dog cat", ""), ("cat", "")),
        ("keep", "the", ("", "of"), ("", "of the")),
        ("keep", "the", ("the cat", ""), ("cat", "the")),
        ("keep", "The", ("the", ""), ("", "The")),
        ("stop", "x" * 20_001, ("dog", ""), ("dog", "")),
        ("hack", "cat", ("dog", ""), ("dog", "")),
        ("stop", "", ("dog", ""), ("dog", "")),
        ("stop", 7, ("dog", ""), ("dog", "")),
    ],
)
def test_what_a_click_does(monkeypatch, act, word, before, after) -> None:
    held: dict[str, Any] = {
        "stop": before[0],
        "kept_words": before[1],
        "stop_languages": ["English"],
    }
    held["sieve"] = SimpleNamespace(clicked=[act, word, 1])
    for module in (words_sieve, prepared):
        monkeypatch.setattr(module.st, "session_state", held)
    words_sieve.heard("sieve", words_fates.take)()
    assert (held["stop"], held["kept_words"]) == after
    assert "the" in stop_list("English")


def test_one_document_word_by_word(opened) -> None:
    texts = ("The cat, 7 cats & a dog sat.", "the dog ran", SCRIPT, "the cat ran", "dog the")
    at = opened(texts, document="0", most="70")
    assert good(at)
    told = component(at, "words_text")
    shown = "".join(gap + word for gap, word, *_ in told["said"]) + told["rest"]
    assert shown == texts[0]
    assert fates(at) == {
        "the": "a stop word", "cat": "counted", "7": "a number", "cats": "counted", "a": "too short",
        "dog": "counted", "sat": "counted",
    }  # fmt: skip
    at.slider(key="most").set_value(50).run()
    assert fates(at)["dog"] == "in too many documents"
    at.number_input(key="least").set_value(2).run()
    assert fates(at)["cats"] == "in too few documents"
    at.button(key="words_next").click().run()
    assert component(at, "words_text")["said"][1][1] == "dog" and at.query_params["document"] == "1"
    at.text_input(key="words_title").set_value("script").run()
    assert at.selectbox(key="words_document").options[1].startswith("2 <script>")
    at.selectbox(key="words_document").set_value(2).run()
    told = component(at, "words_text")
    assert "".join(gap + word for gap, word, *_ in told["said"]) + told["rest"] == SCRIPT
    assert good(at)


def test_a_long_document_is_cut(opened, monkeypatch) -> None:
    monkeypatch.setattr(words_document, "MOST", 10)
    at = opened(("cat dog bird fish", "cat"), document="0")
    assert "Only its first 10 of 17 characters" in said(at)
    assert list(fates(at)) == ["cat", "dog", "bi"]


def test_documents_without_a_word_left_are_told(opened) -> None:
    at = opened(("cat dog", "the of *and*", "cat bird", "is it"))
    assert [one.label for one in at.expander if "no word left" in one.label] == [
        "2 documents have no word left: no topic can be told for them"
    ]
    assert "- 1 the of \\*and\\*" in said(at)
    at.button(key="words_empty").click().run()
    assert set(fates(at).values()) == {"a stop word"} and good(at)


def test_the_vocabulary_is_searched_and_taken_home(opened, downloads) -> None:
    texts = ("=cat category the", "cat dog dog", "=cat")
    at = opened(
        texts, words_part="Vocabulary", tokeniser="A pattern of my own", pattern="[^ ]+", most="100",
        stop_languages="English",
    )  # fmt: skip
    table = at.dataframe[0].value
    assert list(table["word"]) == ["=cat", "dog", "cat", "category"]
    assert list(table["tokens"]) == [2, 2, 1, 1] and list(table["documents"]) == [2, 1, 1, 1]
    rows = list(csv.reader(io.StringIO(downloads["The vocabulary, CSV"].decode())))
    assert rows[:2] == [["word", "tokens", "documents"], ["'=cat", "2", "2"]]
    at.text_input(key="words_search").set_value("CAT").run()
    assert list(at.dataframe[0].value["word"]) == ["=cat", "cat", "category"]
    at.text_input(key="words_search").set_value("zebra").run()
    assert "No such word." in said(at)
    at.text_input(key="words_search").set_value("").run()
    at.selectbox(key="words_which").set_value("A stop word").run()
    assert list(at.dataframe[0].value["word"]) == ["the"] and good(at)
    at.selectbox(key="words_which").set_value("Part of a phrase").run()
    assert "No word is." in said(at)


def test_rows_that_are_chosen_are_stopped() -> None:
    words_table.st.session_state["stop"] = ""
    words_table._all(words_sieve.STOP, ("cat", "dog"))
    assert prepared.stopped() == ("cat", "dog")
    words_table._all(words_sieve.KEEP, ("cat",))
    assert prepared.stopped() == ("dog",)


def test_phrases_are_looked_for_when_asked(opened) -> None:
    at = opened(("hot dog stand", "a hot dog", "hot dog here", "dog", "hot"), words_part="Phrases")
    at.button(key="words_look").click().run()
    assert at.slider(key="phrases").value == 3
    assert "None stands there often enough" in said(at)
    at.number_input(key="together").set_value(3).run()
    table = at.dataframe[0].value
    assert list(table["phrase"]) == ["hot_dog"] and list(table["side by side"]) == [3]
    row = steps(at)["Phrases"]
    assert row["taken_tokens"] == 3 and good(at)


def test_the_matrix_and_how_often(opened) -> None:
    at = opened(words_part="Matrix")
    figures = {one.label: one.value for one in at.metric}
    D = len(pydoc_topics.documents())
    assert figures["Documents × words"].startswith(f"{D} × ") and figures["Zeros"].endswith("%")
    assert len(at.get("vega_lite_chart")) == 1
    at.session_state["picked_word"] = "the"
    at.segmented_control(key="words_part").set_value("How often").run()
    assert "**the**: " in said(at) and "a stop word." in said(at)
    at.button(key="words_zipf_act").click().run()
    assert at.text_input(key="kept_words").value == "the"
    assert good(at)


def test_settings_follow_the_cut_and_go_back(opened) -> None:
    animals = ("cat", "dog", "bird", "fish", "frog")
    text = "\n\n".join(
        f"{animals[n % 5]} and {animals[n % 3]} sat near {n % 7}" for n in range(100)
    )
    at = opened((text, text))
    assert at.number_input(key="least").value == 1
    at.selectbox(key="split").set_value("Paragraphs").run()
    at.number_input(key="piece").set_value(5).run()
    at.slider(key="most").set_value(60).run()
    assert good(at) and "in 200 documents" in said(at)
    assert at.number_input(key="least").value == 5  # as for 200 documents
    at.text_area(key="stop").set_value("cat").run()
    at.slider(key="shortest").set_value(4).run()
    at.button(key="words_reset").click().run()
    assert good(at)
    assert at.text_area(key="stop").value == "" and at.slider(key="shortest").value == 2
    assert at.selectbox(key="split").value == "Whole"
    assert not [one for one in at.button if one.key == "words_reset"]


def test_a_bad_pattern_is_a_message(opened) -> None:
    at = opened(tokeniser="A pattern of my own", pattern="(")
    assert "pattern for words" in at.error[0].value and not at.exception
    at.text_input(key="pattern").set_value("[a-z]+").run()
    assert good(at)


def test_settings_in_a_strange_link(opened) -> None:
    at = opened(least="99999", most="1", vocabulary="7", kept_words="<b>", words_part="Nowhere")
    assert not at.exception
    assert "vocabulary: wanted" in at.error[0].value  # words of at most one per cent
    assert at.number_input(key="least").max == len(pydoc_topics.documents())
    at.slider(key="most").set_value(50).run()
    assert good(at)
