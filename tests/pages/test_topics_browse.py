"""The room Topics: the map and its words, changes of topics, what leads elsewhere, what is taken home."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.topics import edits_link, saved
from core.topics.edits import Hide, Merge, Rename
from pages._kit import catalogue
from pages._kit.topics import fits
from pages._kit.topics.source import PYTHON
from tests.pages.conftest import ROOT

SLUG = "topic_browser"


def room(**query: str) -> AppTest:
    """The room as a new visitor finds it, with five topics of a small corpus."""
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    at.query_params.update({"room": "Topics", "corpus": PYTHON, "topics": "5"} | query)
    at.switch_page(catalogue.find(SLUG).path).run()
    # a model that is fitted in this run is looked at in the next
    return at if any(one.key == "topic_box" for one in at.selectbox) else at.run()


def edited(at: AppTest) -> str | None:
    """What the link says of changes."""
    told = at.query_params.get("edits")
    return told[0] if isinstance(told, list) else told


def good(at: AppTest) -> AppTest:
    assert not at.exception and not at.error
    return at


def fit() -> fits.Fit:
    return list(fits._kept().values())[-1]


def chart(at: AppTest, name: str) -> list[dict]:
    """Rows of one of the datasets of the map."""
    protos = [one.proto for one in at.get("vega_lite_chart") + at.get("arrow_vega_lite_chart")]
    for proto in protos:
        for held in proto.datasets:
            if held.name == name:
                return pa.ipc.open_stream(held.data.data).read_all().to_pylist()
    raise AssertionError(f"no chart has {name}")


def labels(at: AppTest) -> list[str]:
    return [one["word"] for one in chart(at, "words")]


def test_the_first_sight() -> None:
    at = room()
    topics = chart(at, "topics")
    assert len(topics) == 5 and [one["lit"] for one in topics].count(True) == 1
    # the largest is looked at
    assert topics[0]["lit"] and topics[0]["prevalence"] == max(one["prevalence"] for one in topics)
    assert len(labels(at)) == 20 and all(one["all_tokens"] > 0 for one in chart(at, "words"))
    assert {one["word"] for one in chart(at, "of")} <= set(labels(at))
    assert [one.label for one in at.metric] == ["Share", r"$\alpha_z$", "NPMI"]
    assert len([one for one in at.button if one.key.startswith("browse_open_")]) == 5


def test_relevance_and_number_of_words() -> None:
    at = room(relevance="1.0", browse_words="30")
    z = int(at.selectbox(key="topic_box").value)
    assert labels(at) == fit().topics.best_words(z, 30)
    at.slider(key="relevance").set_value(0.0).run()
    assert labels(at) != fit().topics.best_words(z, 30)
    parts = [one["part"] for one in chart(at, "words")]
    # at 0 the order is that of p(w | z) / p(w), which is that of the part of the word's uses
    assert parts == sorted(parts, reverse=True)


def test_a_word_is_spread_and_leads_on() -> None:
    at = room()
    word = labels(at)[3]
    at = room(word=word)
    rows = [one for one in chart(at, "of") if one["word"] == word]
    assert rows and all(one["lit"] for one in rows)
    assert sum(one["share"] for one in rows) == pytest.approx(1, abs=0.05)
    assert all(one["ring"] for one in chart(at, "topics"))
    at.button(key="browse_no_word").click().run()
    assert not any(one["ring"] for one in chart(at, "topics"))
    assert at.session_state["picked_word"] is None


def test_a_word_leads_to_its_documents() -> None:
    at = room(word="class")
    at.button(key="browse_with").click().run()
    assert good(at).segmented_control(key="room").value == "Documents"
    assert at.session_state["picked_word"] == "class"


def test_a_word_is_stopped() -> None:
    at = room(word="class")
    at.button(key="browse_stop").click().run()
    good(at.run())
    assert "class" not in fit().topics.vocabulary and at.text_area(key="stop").value == "class"


def test_rename_and_the_own_name_again() -> None:
    at = room(topic="2")
    own = at.text_input(key="browse_name").value
    at.text_input(key="browse_name").set_value("  <b>My</b> *topic*  ").run()
    assert {one["number"]: one["name"] for one in chart(good(at), "topics")}[
        "2"
    ] == "<b>My</b> *topic*"
    assert edits_link.unpacked(edited(at) or "") == (
        fit().id,
        (Rename(2, "  <b>My</b> *topic*  "),),
    )
    # it stays in other rooms
    at.segmented_control(key="room").set_value("Compare").run()
    at.segmented_control(key="room").set_value("Topics").run()
    assert good(at).text_input(key="browse_name").value == "<b>My</b> *topic*"
    at.text_input(key="browse_name").set_value("").run()
    assert good(at).text_input(key="browse_name").value == own


def test_merge_hide_show_undo() -> None:
    at = room(topic="3")
    shares = {one["number"]: one["prevalence"] for one in chart(at, "topics")}
    at.multiselect(key="browse_merge").set_value([1]).run()
    at.button(key="browse_merge_now").click().run()
    now = {one["number"]: one["prevalence"] for one in chart(good(at), "topics")}
    assert set(now) == {"0", "1", "2", "4"} and now["1"] == pytest.approx(shares["1"] + shares["3"])
    assert at.session_state["picked_topic"] == "1"
    assert at.multiselect(key="browse_merge").value == []
    at.button(key="browse_hide").click().run()
    assert {one["number"] for one in chart(good(at), "topics")} == {"0", "2", "4"}
    at.button(key="browse_show_1").click().run()
    assert {one["number"] for one in chart(good(at), "topics")} == {"0", "1", "2", "4"}
    for _ in range(3):
        at.button(key="browse_undo").click().run()
    assert len(chart(good(at), "topics")) == 5
    assert edited(at) is None and at.button(key="browse_undo").disabled


def test_the_last_topic_cannot_be_hidden() -> None:
    at = room(topics="2")
    at.button(key="browse_hide").click().run()
    assert good(at).button(key="browse_hide").disabled


def test_a_link_brings_changes_back() -> None:
    room()
    text = edits_link.packed(fit().id, [Rename(0, "first"), Merge((1, 2)), Hide(4)])
    at = room(edits=text)
    assert sorted(one["number"] for one in chart(at, "topics")) == ["0", "1", "3"]
    assert "first" in [one["name"] for one in chart(at, "topics")]
    assert edited(at) == text
    # it speaks of that model alone
    at.slider(key="topics").set_value(6).run()
    good(at.run())
    assert len(chart(at, "topics")) == 6 and edited(at) is None


@pytest.mark.parametrize("what", [[Hide(77)], [Merge((1,))], [Hide(k) for k in range(5)]])
def test_changes_that_cannot_be_are_told_and_nothing_is_lost(what: list) -> None:
    room()
    told = edits_link.packed(fit().id, what)
    at = room(edits=told)
    assert not at.exception and len(at.error) == 1
    assert len(chart(at, "topics")) == 5 and edited(at) is None
    good(at.run())


def test_documents_open() -> None:
    at = room()
    button = next(one for one in at.button if one.key.startswith("browse_open_"))
    button.click().run()
    assert good(at).segmented_control(key="room").value == "Documents"
    assert at.session_state["picked_document"] == button.key.removeprefix("browse_open_")


def test_all_topics_and_what_is_taken_home(downloads: dict[str, bytes]) -> None:
    told = '=1+1 <img src=x onerror="alert(1)">'
    room()
    at = room(edits=edits_link.packed(fit().id, [Rename(0, told), Merge((1, 2)), Hide(4)]))
    (table,) = [one.value for one in at.dataframe if "npmi" in one.value]
    assert list(table["topic"])[-1] == 4 and list(table["hidden"]) == [False] * 3 + [True]
    assert table["share"].sum() == pytest.approx(1)
    html = downloads["Report, HTML"].decode()
    assert "&lt;img src=x" in html and "<img" not in html
    rows = list(csv.reader(io.StringIO(downloads["Words, CSV"].decode())))
    assert {row[0] for row in rows[1:]} == {"0", "1", "3", "4"}
    assert {row[1] for row in rows if row[0] == "0"} == {f"'{told}"}
    mixtures = list(csv.reader(io.StringIO(downloads["Mixtures, CSV"].decode())))
    assert len(mixtures) == 80 and sum(map(float, mixtures[1][-4:])) == pytest.approx(1, abs=1e-4)
    assert downloads["Assignments, CSV"].startswith(b"document,word,count,topic,name,p\n")
    assert saved.from_file(downloads["Model, safetensors"], "topics").K == 4
    known = json.loads(downloads["Model, JSON"])
    assert known["made_of"] == [[0], [1, 2], [3], [4]] and known["names"][0] == told


@pytest.mark.parametrize("model", ["A word’s unigram", "NMF"])
def test_models_without_a_prior(model: str) -> None:
    titles = {title.lower(): title for title in fits.TITLES}
    name = next(title for low, title in titles.items() if model.lower().split()[-1] in low)
    at = room(topics="3", model=name)
    assert [one.label for one in good(at).metric][1] == r"Mean $p(z \mid d)$"
