"""The topic browser as a visitor finds it: every room, every model, links that bring a view back."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import docstrings
from core.errors import JobError
from core.topics.fit import MODELS
from pages._kit import play
from pages._kit.topics import ahead, fits, source
from pages._kit.topics.rooms import ROOMS
from pages._kit.topics.warm import warm

SLUG = "topic_browser"
PYTHON = source.PYTHON


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def settled(at: AppTest, fits: int, seconds: float = 60) -> AppTest:
    """Run on until so many models are there: jobs have no timer here."""
    until = time.monotonic() + seconds
    while len(fitted()) < fits:
        assert time.monotonic() < until, "still at work"
        time.sleep(0.1)
        at.run()
    return at


def fitted() -> list[fits.Fit]:
    return list(fits._kept().values())


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_opens(visit, room: str) -> None:
    at = visit(SLUG, room=room, corpus=PYTHON)
    assert good(at)
    at.run()
    assert good(at)
    assert at.segmented_control(key="room").value == room


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_fitted_and_opens_in_every_room(visit, model: str) -> None:
    at = visit(SLUG, corpus=PYTHON, model=MODELS[model].title, topics="4")
    assert good(at)
    at.run()
    assert [fit.config.model for fit in fitted()] == [model]
    assert (1 if model == "unigram" else 4) == fitted()[0].topics.K
    for room in ROOMS:
        at.segmented_control(key="room").set_value(room).run()
        assert good(at), room


def test_the_link_restores_corpus_settings_topic_and_document(visit) -> None:
    at = visit(
        SLUG, corpus=PYTHON, topics="6", seed="3", topic="2", document="5", stop="object", least="4"
    )  # fmt: skip
    at.run()
    assert good(at)
    (fit,) = fitted()
    assert (fit.config.topics, fit.seed) == (6, 3)
    assert at.selectbox(key="corpus").value == PYTHON
    assert at.session_state["picked_topic"] == "2"
    assert "object" not in fit.topics.vocabulary
    assert at.number_input(key="least").value == 4
    at.segmented_control(key="room").set_value("Documents").run()
    assert at.session_state["picked_document"] == "5"


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "99", "document": "100000"},
        {"topic": "-1", "document": "x", "word": "<script>alert(1)</script>"},
        {"topic": "٣", "document": "1e9", "word": "%00"},
        {"edits": "AAAA", "room": "Nowhere"},
        {"topics": "100000", "seed": "99999999999999999999"},
        {"model": "none", "corpus": "none", "packages": "os"},
    ],
)
def test_a_strange_link_still_opens(visit, query: dict[str, str]) -> None:
    at = visit(SLUG, **({"corpus": PYTHON} | query))
    if query.get("corpus") == "none":
        at.selectbox(key="corpus").set_value(PYTHON).run()
    at.run()
    assert not at.exception
    assert len(fitted()) == 1
    for room in ("Documents", "Matrices"):
        at.segmented_control(key="room").set_value(room).run()
        assert good(at), room


def test_a_fit_is_made_once_for_all_visitors(visit, monkeypatch) -> None:
    at = visit(SLUG, corpus=PYTHON).run()
    (first,) = fitted()
    at.segmented_control(key="room").set_value("Words").run()
    monkeypatch.setattr(play, "play", None)  # nothing is learned any more
    at.segmented_control(key="room").set_value("Topics").run()
    assert good(at) and fitted() == [first]


def test_settings_begin_anew_with_other_documents(visit, monkeypatch) -> None:
    monkeypatch.setattr(docstrings, "packages", lambda: ["networkx"])
    at = visit(SLUG, corpus=PYTHON, least="7")
    assert at.number_input(key="least").value == 7
    at.selectbox(key="corpus").set_value(source.DOCSTRINGS).run()
    settled(at, 2)
    assert at.number_input(key="least").value == 5  # what fits a thousand documents
    assert good(at)


def test_a_stopped_word_is_gone_from_every_topic(visit) -> None:
    at = visit(SLUG, corpus=PYTHON).run()
    (before,) = fitted()
    word = before.topics.best_words(0, 1)[0]
    at.text_area(key="stop").set_value(word).run()
    at.run()
    assert good(at)
    assert word in before.topics.vocabulary and word not in fitted()[-1].topics.vocabulary
    assert at.text_area(key="stop").value == word


def test_the_first_view_is_made_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docstrings, "packages", lambda: ["networkx"])
    warm()
    (fit,) = fitted()
    assert fit.config.model == "lda" and len(fit.topics.doc_topic) > 900
    assert fit.steps[-1].topics is None  # the model itself is kept once


def test_who_comes_while_the_first_model_is_made_watches(visit, monkeypatch) -> None:
    class Making(dict):
        """Whatever is asked for is being made."""

        def __contains__(self, name: object) -> bool:
            return True

        def get(self, name: str, default: object = None) -> object:
            return SimpleNamespace(snapshot=lambda since: SimpleNamespace(progress=0.4, steps=()))

    monkeypatch.setattr(ahead, "_jobs", Making())
    at = visit(SLUG, corpus=PYTHON).run()
    assert good(at) and not fitted()
    (shown,) = at.get("progress")
    assert (shown.proto.value, shown.proto.text) == (40, "Fitting the first model")
    monkeypatch.setattr(ahead, "_jobs", {})
    at.run().run()
    assert good(at) and len(fitted()) == 1


def test_what_failed_ahead_is_no_longer_waited_for() -> None:
    with pytest.raises(JobError), ahead.made("it", SimpleNamespace()):
        assert "it" in ahead._jobs
        raise JobError("died")
    assert not ahead._jobs


def test_a_hidden_or_missing_topic_gives_way_to_the_largest(visit) -> None:
    at = visit(SLUG, corpus=PYTHON, topics="4", topic="2").run()
    assert at.selectbox(key="topic_box").value == 2
    at.button(key="browse_hide").click().run()
    box = at.selectbox(key="topic_box")
    assert box.value != 2 and len(box.options) == 3
    assert not any(option.startswith("2 ·") for option in box.options)
    assert good(at)


def test_no_package_is_said(visit) -> None:
    at = visit(SLUG)
    at.multiselect(key="packages").set_value([]).run()
    assert [one.value for one in at.info] == ["Choose at least one package in the sidebar."]
    assert good(at)
