"""The room Stories: plates, made documents, chances, bars."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.rng import stream
from core.topics import generate
from core.topics.dirichlet import binomial
from core.topics.fit import MODELS
from pages._kit.topics import source
from pages._kit.topics.stories import PARTS
from pages._kit.topics.stories_number import tex

SLUG, PYTHON = "topic_browser", source.PYTHON


@pytest.fixture
def room(visit):
    def open_room(**query: Any) -> AppTest:
        told = {"room": "Stories", "corpus": PYTHON, "topics": "5", "iterations": "20"} | query
        return settled(visit(SLUG, **told))

    return open_room


def settled(at: AppTest) -> AppTest:
    """The fit is there, and the room with it."""
    at.run()
    assert not at.exception and not at.error
    return at


def plates(at: AppTest) -> dict[str, Any]:
    """What the component is given."""
    [found] = [
        one for one in at.get("bidi_component") if "vitrine_plates" in one.proto.component_name
    ]
    return json.loads(found.proto.json)


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption, *at.latex))


@pytest.mark.parametrize("model", ["unigram", "plsa"])
def test_every_part_opens_for_every_model(room, model: str) -> None:
    at = room(model=MODELS[model].title, story_model="All four", bars_documents="50")
    for part in PARTS:
        at.segmented_control(key="story").set_value(part)
        settled(at.run())


def test_the_plates_tell_what_was_drawn(room) -> None:
    at = room(story_words="7", story_document="4", seed="3")
    data = plates(at)
    [story] = data["stories"]
    assert story["kind"] == "lda" and data["words"] == 7 and len(story["draws"]) == 15
    view = the_view(at)
    wanted = list(
        generate.story(view.topics, 7, kind="lda", generator=stream(3, "story", "lda", 4))
    )
    assert [draw[2] for draw in story["draws"] if draw[0] == "z"] == [
        one.value for one in wanted if one.what == "z"
    ]
    words = [view.prepared.vocabulary[one.value] for one in wanted if one.what == "w"]
    assert [draw[4] for draw in story["draws"] if draw[0] == "w"] == words
    assert story["shares"] == pytest.approx(wanted[0].chances, rel=5e-3, abs=1e-12)
    # a longer document begins as the shorter one, and another one does not
    at.slider(key="story_words").set_value(8).run()
    longer = plates(at)
    assert longer["base"] == data["base"]
    assert longer["stories"][0]["draws"][:15] == story["draws"]
    at.number_input(key="story_document").set_value(5).run()
    assert plates(at)["base"] != data["base"]


def test_all_four_stories_have_their_draws(room) -> None:
    at = room(story_model="All four", story_words="3")
    kinds = {one["kind"]: [d[0] for d in one["draws"]] for one in plates(at)["stories"]}
    assert kinds == {
        "unigram": ["w"] * 3, "mixture": ["z", *"www"], "plsa": ["document", *"zwzwzw"],
        "lda": ["theta", *"zwzwzw"],
    }  # fmt: skip


def test_a_guess_is_told_and_counted(room) -> None:
    at = room(story="Made documents")
    real = at.session_state["guess"]
    at.button(key="guess_0").click().run()
    assert len(real["guess_answers"]) == 1
    right = real["guess_answers"][0]
    assert right == ("**A was made**" in said(at)) and ("Right!" in said(at)) == right
    assert f"{int(right)} of 1 right" in said(at)
    assert "was made" in said(at) and "is real" in said(at)
    at.button(key="guess_next").click().run()
    assert at.button(key="guess_0").label == "A was made"
    at.button(key="guess_1").click().run()
    at.button(key="guess_read").click().run()
    assert at.segmented_control(key="room").value == "Documents"
    assert at.query_params["document"]


def test_made_documents_are_taken_home(room, downloads: dict[str, bytes]) -> None:
    room(story="Made documents", made_documents="50", made_words="6")
    rows = list(csv.DictReader(io.StringIO(downloads["Made documents, CSV"].decode())))
    assert len(rows) == 50
    assert all(len(row["words"].split()) == int(row["tokens"]) for row in rows)
    assert 4 < sum(int(row["tokens"]) for row in rows) / 50 < 8


def test_the_planted_topics_are_found_again(room) -> None:
    at = room(story="Made documents", made_documents="200", made_words="80", made_recover="true")
    at.run()
    assert re.search(r"\*\*[3-5] of [3-5] topics\*\* are found again", said(at))
    [table] = [one.value for one in at.dataframe if "planted" in one.value]
    assert 3 <= len(table) <= 5 and table["error"].is_monotonic_increasing


def test_chances_are_written_with_their_numbers(room) -> None:
    at = room(
        story="Chances", chances="Binomial", binomial_n="10", binomial_p="0.25", binomial_k="3"
    )
    assert f"\\mathbf{{{tex(float(binomial(10, 0.25)[3]))}}}" in said(at)
    at.slider(key="binomial_n").set_value(2).run()  # k follows
    assert at.number_input(key="binomial_k").value == 2
    at.segmented_control(key="chances").set_value("Multinomial").run()
    assert r"\frac{8!}{4!\,2!\,2!}" in said(at) and r"\mathbf{0.0945}" in said(at)
    for i in range(3):
        at.slider(key=f"multinomial_p{i + 1}").set_value(0)
    settled(at.run())
    assert "above 0" in at.info[0].value
    at.segmented_control(key="chances").set_value("Beta").run()
    # Beta(2, 2) at 0.6, then 6 successes and 2 failures
    assert r"\mathbf{1.44}" in said(at) and r"\mathrm{Beta}(8,\ 4)" in said(at)
    assert "0.667" in said(at)


def test_alpha_is_preset_and_counts_are_added(room) -> None:
    at = room(story="Chances", dirichlet_x1="3")
    assert r"\mathrm{Dirichlet}(2 + 3, 2 + 0, 2 + 0)" in said(at)
    at.button(key="dirichlet_flat").click().run()
    assert r"\mathbf{2}" in said(at)  # the density is 2 everywhere
    at.button(key="dirichlet_own").click().run()
    view = the_view(at)
    total = sum(at.slider(key=f"dirichlet_a{i}").value for i in (1, 2, 3))
    assert total == pytest.approx(view.topics.alpha.sum(), abs=0.02)


def test_bars_are_found(room) -> None:
    at = room(story="Bars", bars_model=MODELS["plsa"].title, bars_side="4", bars_documents="200")
    at.run()
    assert "8 of 8 bars found" in said(at)
    last = at.slider(key="bars_step").value
    at.slider(key="bars_step").set_value(0).run()
    assert "iteration 0" in said(at) and "8 of 8" not in said(at) and last > 10
    at.selectbox(key="bars_topics").set_value("Two fewer").run()
    settled(at)
    assert "8 of 8" not in said(at)


def the_view(at: AppTest):
    """The view that the room was given."""
    from pages._kit.topics import fits, view

    [fit] = fits._kept().values()
    with_it = [one for one in CREATED if one.fit is fit]
    assert with_it, view
    return with_it[-1]


CREATED: list[Any] = []


@pytest.fixture(autouse=True)
def views_are_noted(monkeypatch: pytest.MonkeyPatch):
    """Every view that is made."""
    from pages._kit.topics import view

    real = view.View.__init__

    def noted(self, *args, **more) -> None:
        real(self, *args, **more)
        CREATED.append(self)

    CREATED.clear()
    monkeypatch.setattr(view.View, "__init__", noted)
    st.cache_resource.clear()
