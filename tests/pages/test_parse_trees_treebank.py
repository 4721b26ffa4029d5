"""The room Treebank: what was counted, how good it is, and treebanks that somebody brings."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import treebank, treebanks, treebanks_nltk
from core.errors import UnavailableError
from core.parsing import evaluate, parser, treebank_run
from core.parsing.brackets import one_line, read
from core.parsing.treebank_run import Config
from pages._kit import play
from pages._kit.parsing import learned, treebank_score
from pages._kit.parsing.treebank_source import CHINESE, FOLDER, OWN
from pages._kit.stage.trees import Drawn

SLUG = "parse_trees"
ROOM = {"room": "Treebank"}
PARTS = ("How good it is", "Rules", "A tree on its way", "Unknown words")


@pytest.fixture(autouse=True)
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no browser that asks for news of a job: runs are learned here, at once."""
    monkeypatch.setattr(play, "IN_PLACE", math.inf)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Drawn]]:
    """The trees that were drawn, by the key of their stage."""
    held: dict[str, list[Drawn]] = {}

    def draw(shown, *, key: str, name: str, marks: str = "") -> None:
        assert name
        held[key] = list(shown)

    for module in ("treebank_errors", "treebank_rules", "treebank_way"):
        monkeypatch.setattr(f"pages._kit.parsing.{module}.trees", draw)
    return held


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption, *at.info, *at.warning))


def metrics(at: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


def charts(at: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in at.get("vega_lite_chart")]


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The table that has such a column."""
    (found,) = (one.value for one in at.dataframe if column in one.value.columns)
    return found


def compared(at: AppTest) -> pd.DataFrame:
    return table(at, "tried on")


def files(count: int = 200) -> bytes:
    """A treebank of so many sentences, the embedded ones over and over."""
    trees = treebank.trees()
    return "\n".join(one_line(trees[k % 60]) for k in range(count)).encode()


def test_at_first_sight(visit, drawn) -> None:
    at = visit(SLUG, **ROOM)
    assert good(at)
    own = treebank_run.grammar(treebank.trees()[:54], Config(vertical=1))
    shown = metrics(at)
    assert (shown["Trees"], shown["Held out"]) == ("54", "6")
    assert shown["Rules"] == f"{len(own.grammar):,}" and shown["Words in them"] == f"{own.words:,}"
    pairs = [(gold, parser.parse(own, gold.words()).tree) for gold in treebank.trees()[54:]]
    score = evaluate.total(pairs)
    assert shown["F1"] == f"{100 * score.f1:.1f} %" and score.f1 > 0.6
    assert shown["Precision"] == f"{100 * score.precision:.1f} %"
    assert shown["Recall"] == f"{100 * score.recall:.1f} %"
    assert shown["Tags right"] == f"{100 * score.tag_accuracy:.1f} %"
    assert shown["Exact trees"] == f"{100 * score.exact_match:.1f} %"
    counts = {str(r): int(c) for r, c in zip(own.grammar.rules(), own.counts, strict=True)}
    nps = sum(c for rule, c in counts.items() if rule.startswith("NP -> "))
    formula = at.latex[0].value
    assert rf"\frac{{{counts['NP -> DT NN']}}}{{{nps}}}" in formula
    assert "far too little" in said(at)
    gold, guess = drawn["error_trees"]
    worst = min(pairs, key=lambda pair: evaluate.score(*pair).f1)
    assert (gold.tree, guess.tree) == worst
    assert gold.marked and guess.marked and gold.unknown
    assert len(charts(at)) == 2


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("bank", ["English, written for this project", CHINESE])
def test_every_part_of_both(visit, part: str, bank: str) -> None:
    at = visit(SLUG, **ROOM, treebank_part=part, treebank=bank)
    assert good(at) and metrics(at)["Trees"] in ("54", "18")


def test_settings_come_with_the_link_and_change_the_grammar(visit) -> None:
    at = visit(SLUG, **ROOM, vertical="2", horizontal="all", tags="false", held="50")
    assert good(at) and metrics(at)["Trees"] == metrics(at)["Held out"] == "30"
    own = treebank_run.grammar(
        treebank.trees()[:30], Config(vertical=2, horizontal=None, tags=False)
    )
    assert metrics(at)["Rules"] == f"{len(own.grammar):,}"
    at.toggle(key="tags").set_value(True).run()
    assert metrics(at)["Rules"] != f"{len(own.grammar):,}"
    at.segmented_control(key="held_how").set_value(learned.DRAWN).run()
    before = metrics(at)["Rules"]
    at.number_input(key="held_seed").set_value(5).run()
    assert good(at) and metrics(at)["Rules"] != before
    rows = compared(at)
    assert len(rows) == 4 and list(rows["v"]) == [2] * 4


def test_every_memory_side_by_side(visit) -> None:
    at = visit(SLUG, **ROOM)
    at.button(key="compare_all").click().run()
    rows = compared(at)
    assert good(at) and len(rows) == 12
    assert set(zip(rows["v"], rows["h"], strict=True)) == {
        (v, h) for v in (1, 2, 3) for h in ("0", "1", "2", "all")
    }
    own = rows[(rows["v"] == 1) & (rows["h"] == "1")].iloc[0]
    assert f"{own['F1']:.1f} %" == metrics(at)["F1"]


def test_another_sentence_is_drawn(visit, drawn) -> None:
    at = visit(SLUG, **ROOM)
    table = at.dataframe(key="error_table").value
    assert list(table["F1"]) == sorted(table["F1"]) and len(table) == 6
    at.session_state["error_table"] = {"selection": {"rows": [5], "columns": [], "cells": []}}
    at.run()
    assert good(at)
    gold, guess = drawn["error_trees"]
    assert " ".join(gold.tree.words()) == table["sentence"][5]
    assert table["F1"][5] == 100 and not gold.marked and not guess.marked


def test_short_sentences_alone(visit) -> None:
    at = visit(SLUG, **ROOM, longest="10", held="50")
    short = sum(len(tree.words()) <= 10 for tree in treebank.trees()[30:])
    assert good(at) and f"On {short} held-out sentences" in said(at) and short < 30


def test_a_rule_and_the_trees_it_comes_from(visit, drawn) -> None:
    at = visit(SLUG, **ROOM, treebank_part="Rules")
    table = at.dataframe(key="treebank_table").value
    assert list(table["count"]) == sorted(table["count"], reverse=True)
    at.selectbox(key="rules_left").set_value("PP").run()
    table = at.dataframe(key="treebank_table").value
    assert set(table["left side"]) == {"PP"}
    assert table["p"].sum() == pytest.approx(1)
    at.session_state["treebank_rule"] = ("PP", table["right side"][1])
    at.run()
    (shown,) = drawn["rule_trees"]
    assert good(at) and shown.marked and all(label == "PP" for label, _, _ in shown.marked)
    assert str(table["count"][1]) in at.latex[0].value
    number = at.number_input(key="rule_example")
    assert number.max <= table["count"][1]
    number.set_value(number.max).run()
    assert good(at) and drawn["rule_trees"][0].marked


def test_rules_are_searched(visit) -> None:
    at = visit(SLUG, **ROOM, treebank_part="Rules", rules_kind="Of words", rules_search="telescope")
    table = at.dataframe(key="treebank_table").value
    assert good(at) and list(table["left side"]) == ["NN"]
    at.text_input(key="rules_search").set_value("tele").run()
    assert list(at.dataframe(key="treebank_table").value["right side"]) == ["telescope"]
    at.text_input(key="rules_search").set_value("<b>*zzz*").run()
    assert good(at) and not len(at.dataframe(key="treebank_table").value)


def test_a_tree_on_its_way(visit, drawn) -> None:
    at = visit(SLUG, **ROOM, treebank_part="A tree on its way", way_from="Typed", vertical="2")
    raw, clean = drawn["way_cleaned"]
    ready, back = drawn["way_ready"]
    assert good(at) and "-NONE-" in str(raw.tree) and "-NONE-" not in str(clean.tree)
    assert "NP^S" in str(ready.tree) and back.tree == clean.tree and "again" in back.lines[0]
    at.text_input(key="way_text").set_value("(S (NP she)").run()
    assert "line 1, column 1" in at.error[0].value and not at.exception
    at.text_input(key="way_text").set_value("(S (-NONE- *))").run()
    assert good(at) and "but traces" in said(at)
    at.text_input(key="way_text").set_value("").run()
    assert good(at) and "Type a tree" in said(at)
    deep = "(A " * 900 + "x" + ")" * 900
    at.text_input(key="way_text").set_value(deep).run()
    assert good(at)


def test_unknown_words(visit) -> None:
    at = visit(SLUG, **ROOM, treebank_part="Unknown words")
    assert good(at) and "not in the treebank" in said(at)
    looks = table(at, "look")
    assert list(looks["look"])[1:] == ["lower-ly", "lower", "any"]
    at.text_input(key="unknown_word_english").set_value("the").run()
    assert good(at) and "was seen" in said(at)
    for odd in ("<script>", "*_[x](y)", "3.5%", "猎人"):
        at.text_input(key="unknown_word_english").set_value(odd).run()
        assert good(at)
    at.text_input(key="unknown_word_english").set_value("two words").run()
    assert good(at) and "Type one word" in said(at)


def test_own_files_stay_and_slips_are_told(visit) -> None:
    at = visit(SLUG, **ROOM, treebank=OWN)
    assert good(at) and not metrics(at) and "Bring a treebank" in said(at)
    up = at.file_uploader(key="treebank_files")
    up.upload("mine <b>.mrg", files(100) + b"\n(S (NP broken)\n", "text/plain").run()
    assert not at.exception and not at.error and metrics(at)["Trees"] == "90"
    assert "line 101, column 1" in said(at) and "100 trees were read" in said(at)
    assert "<b>" not in said(at)
    at.segmented_control(key="room").set_value("Trees").run()
    at.segmented_control(key="room").set_value("Treebank").run()
    assert not at.exception and metrics(at)["Trees"] == "90" and "Still here" in said(at)


@pytest.mark.parametrize(
    "name, data, message",
    [
        ("x.mrg", b"", "empty file"),
        ("x.mrg", b"(S (NP she)", "line 1, column 1"),
        ("x.txt", b"Once upon a time.", "outside of all brackets"),
        ("x.zip", b"PK\x03\x04 no archive", "whole"),
        ("x.mrg", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "PNG"),
        ("x.mrg", b"(S (NP she))", "two trees"),
    ],
)
def test_bad_files(visit, name: str, data: bytes, message: str) -> None:
    at = visit(SLUG, **ROOM, treebank=OWN)
    at.file_uploader(key="treebank_files").upload(name, data, "text/plain").run()
    assert not at.exception and any(message in one.value for one in at.error)
    at.file_uploader(key="treebank_files").upload("good.mrg", files(20), "text/plain").run()
    assert not at.exception and metrics(at)["Trees"] == "18"


def test_a_large_treebank_is_learned_and_tried_as_a_job(
    visit, drawn, downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "AT_ONCE", 100)
    with zipfile.ZipFile(tmp_path / "bank.zip", "w") as made:
        for k in range(12):
            made.writestr(f"{k:02}.mrg", files(20))
    monkeypatch.setenv(treebanks.ENVIRONMENT, str(tmp_path))
    monkeypatch.setattr(treebank_score, "AT_ONCE", 100)
    at = visit(SLUG, **ROOM, treebank=FOLDER, longest="10")
    assert good(at) and metrics(at)["Trees"] == "200" and metrics(at)["Held out"] == "40"
    assert "F1" not in metrics(at)
    at.button(key="evaluate_go").click().run()
    assert good(at) and at.button(key="evaluate_go").disabled
    assert float(metrics(at)["F1"].split()[0]) > 90  # it has seen these sentences
    rows = list(csv.DictReader(io.StringIO(downloads["The evaluation, CSV"].decode())))
    guesses = read(downloads["The guesses, brackets"].decode())
    assert len(rows) == len(guesses) == len(at.dataframe(key="error_table").value) > 20
    assert [one_line(guess) for guess in guesses] == [row["guess"] for row in rows]
    before = metrics(at)["F1"]
    at.segmented_control(key="vertical").set_value(3).run()
    assert good(at) and "settings have changed" in said(at) and "F1" not in metrics(at)
    assert len(compared(at)) == 1
    at.segmented_control(key="vertical").set_value(1).run()
    assert good(at) and metrics(at)["F1"] == before  # not learned twice


def test_without_a_folder_it_is_not_offered(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(treebanks.ENVIRONMENT, raising=False)
    assert FOLDER not in visit(SLUG, **ROOM).selectbox(key="treebank").options


def test_a_folder_that_is_gone(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(treebanks.ENVIRONMENT, "/nowhere/at/all")
    at = visit(SLUG, **ROOM, treebank=FOLDER)
    assert not at.exception and "is not there" in at.error[0].value


def test_nltk_s_sample(visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "treebank.zip"
    places: list[Path] = []
    monkeypatch.setattr(treebanks_nltk, "found", lambda corpus: next(iter(places), None))

    def fail(corpus) -> Path:
        raise UnavailableError("It could not be downloaded: no network.")

    monkeypatch.setattr(treebanks_nltk, "fetch", fail)
    at = visit(SLUG, **ROOM, treebank=treebanks_nltk.PENN.title)
    assert good(at) and "is not on this server" in said(at) and not metrics(at)
    at.button(key="treebank_fetch").click().run()
    assert "no network" in at.error[0].value and not at.exception

    def bring(corpus) -> Path:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("treebank/combined/wsj_0001.mrg", files(60))
        places.append(path)
        return path

    monkeypatch.setattr(treebanks_nltk, "fetch", bring)
    at.button(key="treebank_fetch").click().run()
    assert good(at) and metrics(at)["Trees"] == "54"


def test_a_rule_s_first_choice_is_a_real_one(visit) -> None:
    for v in ("1", "2", "3"):
        at = visit(SLUG, **ROOM, treebank_part="Rules", vertical=v, treebank=CHINESE)
        told = at.latex[0].value
        assert good(at) and "@" not in told and "TOP" not in told.split(r"\rightarrow")[0][:20]


def test_files_of_the_rules(visit, downloads) -> None:
    assert good(visit(SLUG, **ROOM, treebank_part="Rules"))
    rows = list(csv.DictReader(io.StringIO(downloads["Counts, CSV"].decode())))
    text = downloads["The grammar as text"].decode()
    assert len(rows) == len(re.findall(r"\[", text)) > 300
