"""The room that parses texts: at once and as a job, in two languages, whatever is typed."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.sentences import CHARACTERS
from core.parsing.brackets import read
from pages._kit.parsing import parse_text_input, parse_text_run
from pages._kit.parsing.parse_text_input import SAMPLES
from pages._kit.parsing.treebank_source import CHINESE

SLUG = "parse_trees"


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room="Parse text", **query)
    assert not at.exception and not at.error
    return at


def table(at: AppTest):
    (found,) = [one.value for one in at.dataframe if "p per word" in one.value]
    return found


def drawn(at: AppTest) -> dict:
    (found,) = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_trees"
    ]
    return json.loads(found.json)


def labels(tree: dict) -> list[str]:
    return [text for text, _, _ in tree["nodes"]]


def told(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.warning, *at.info, *at.caption, *at.markdown])


def test_the_first_sight(visit, downloads) -> None:
    at = opened(visit)
    rows = table(at)
    assert list(rows["words"]) == [9, 13, 13] and list(rows["tree"]) == ["whole"] * 3
    assert list(rows["unknown"]) == [0, 0, 2]
    best, second = drawn(at)["trees"]
    assert labels(best)[:3] == ["S", "NP", "DT"] and best["title"] == "The best tree"
    assert "times less likely" in second["lines"][1] and second["marked"]
    assert "227 words from 54 sentences" in told(at)
    assert len(read(downloads["Trees, brackets"].decode())) == 3
    whole = json.loads(downloads["Trees, JSON"])
    assert whole[2]["unknown"] == [1, 9] and whole[0]["how"] == "whole"
    lines = list(csv.DictReader(io.StringIO(downloads["Table, CSV"].decode())))
    assert [one["unknown"] for one in lines] == ["0", "0", "2"]
    assert float(lines[0]["p_per_word"]) ** 9 == pytest.approx(
        2.718281828 ** float(lines[0]["log_p"]), rel=1e-3
    )


def test_unknown_words_are_marked_and_explained(visit) -> None:
    at = opened(visit)
    at.button(key="sample_Words it never saw").click().run()
    at.session_state["text_table"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    at.run()
    assert not at.exception
    assert "**2.** :orange-background[Zorbla]" in told(at)
    assert ":orange-background[Zorbla] was taken for **" in told(at)
    assert drawn(at)["trees"][0]["unknown"] == [0, 2, 4]
    assert "Most of these words" in told(at)


@pytest.mark.parametrize("sample", SAMPLES["chinese"])
def test_chinese(visit, sample: str) -> None:
    at = opened(visit, treebank=CHINESE)
    at.button(key=f"sample_{sample}").click().run() if not at.button(
        key=f"sample_{sample}"
    ).disabled else None
    assert not at.exception and not at.error
    assert labels(drawn(at)["trees"][0])[0] == "IP" and len(table(at)) == 3
    assert "larger treebank" in told(at)
    at.text_area(key="text_chinese").set_value("This is English.").run()
    assert "This grammar is of Chinese" in told(at)


def test_each_language_keeps_its_text_and_rooms_forget_nothing(visit) -> None:
    at = opened(visit)
    at.text_area(key="text_english").set_value("The dog sleeps.").run()
    assert at.query_params["text_english"] == "The dog sleeps."
    at.selectbox(key="treebank").set_value(CHINESE).run()
    assert "text_english" not in at.query_params
    at.segmented_control(key="room").set_value("Trees").run()
    at.segmented_control(key="room").set_value("Parse text").run()
    at.selectbox(key="treebank").set_value("English, written for this project").run()
    assert at.text_area(key="text_english").value == "The dog sleeps." and len(table(at)) == 1


def test_the_link_restores_it(visit) -> None:
    at = opened(visit, text_english="Is it so? It is.", text_seconds="0.5", readings="3")
    assert len(table(at)) == 2 and at.select_slider(key="text_seconds").value == 0.5
    assert len(drawn(at)["trees"]) == 3


def test_a_long_text_is_not_in_the_link(visit) -> None:
    at = opened(visit)
    at.text_area(key="text_english").set_value("The dog sleeps. " * 500).run()
    assert "text_english" not in at.query_params and "too long for the link" in told(at)
    assert len(table(at)) == 100 and "Only the first 100 sentences" in told(at)


def test_words_of_another_script(visit) -> None:
    at = opened(visit, text_english="我喜欢学习语法。")
    assert "Most of this text is Chinese" in told(at) and "Most of these words are guessed" in told(
        at
    )


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script> **bold** $x$ [a](b) :red[c]", "\x00\u202e(((", ")", "....", "🙂🙂 🙂",
     "\\", "'", '"', "The `dog` sleeps.", "x" * 3000, "( S ) ( NP ) -LRB-"],
)  # fmt: skip
def test_odd_texts(visit, text: str, downloads) -> None:
    at = opened(visit)
    at.text_area(key="text_english").set_value(text).run()
    assert not at.exception and not at.error
    for one in at.markdown:
        assert "[a](b)" not in one.value and "**bold**" not in one.value
    if "p per word" in str([list(d.value) for d in at.dataframe]):
        assert read(downloads["Trees, brackets"].decode())


def test_marks_of_markdown_are_words_like_others(visit) -> None:
    at = opened(visit, text_english="The *dog* _sleeps_ `here` .")
    (line,) = [one.value for one in at.markdown if one.value.startswith("**1.**")]
    assert (
        r":orange-background[\*] dog" in line and r"[\_sleeps\_]" in line and "`here`" not in line
    )


def test_nothing_to_parse(visit) -> None:
    at = opened(visit)
    at.text_area(key="text_english").set_value(" \n ").run()
    assert "Type a sentence" in told(at) and not at.dataframe


def test_a_sentence_without_end(visit) -> None:
    at = opened(visit, text_english="The dog sleeps. " + "very " * 200)
    assert "more than 150 words" in told(at) and len(table(at)) == 1


def test_no_time(visit) -> None:
    at = opened(visit, text_english="The man saw the woman " + "with the telescope " * 40 + ".",
                text_seconds="0.01")  # fmt: skip
    assert list(table(at)["tree"]) == ["out of time"]
    assert "Time ran out in 1 of 1" in told(at) and "Ask for more seconds" in told(at)
    assert labels(drawn(at)["trees"][0])[0] == "S"


def test_more_work_is_a_job(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_text_run, "AT_ONCE", 0.0)
    at = opened(visit)
    end = time.monotonic() + 60
    while not at.dataframe or len(table(at)) < 3 or not at.get("download_button"):
        assert time.monotonic() < end
        time.sleep(0.2)
        at.run()
        assert not at.exception and not at.error
    assert list(table(at)["tree"]) == ["whole"] * 3


def test_a_text_from_a_file(visit) -> None:
    at = opened(visit)
    at.file_uploader(key="text_file").upload(
        "a.txt", "Café naïve. Der Hund schläft.".encode(), "text/plain"
    ).run()
    assert at.text_area(key="text_english").value == "Café naïve. Der Hund schläft."
    at.file_uploader(key="text_file").upload("b.txt", b"a. " * 10_000, "text/plain").run()
    assert len(at.text_area(key="text_english").value) == CHARACTERS
    assert "10,000 were left out" in told(at)
    at.file_uploader(key="text_file").upload(
        "c.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "text/plain"
    ).run()
    assert any("PNG" in one.value for one in at.error)
    assert len(at.text_area(key="text_english").value) == CHARACTERS


def test_doubts() -> None:
    assert not parse_text_input.doubts("The dog.", "english")
    assert not parse_text_input.doubts("狗。", "chinese")
