"""The room Learning, the settings of each model, and what is seen while one is fitted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.topics.counts import Counts
from core.topics.fit import MODELS, Config
from core.topics.fit_arrays import Watched
from core.topics.stream_files import ENVIRONMENT
from pages._kit import play
from pages._kit.stage import settling
from pages._kit.topics import fits, learn_k, source

SLUG, PYTHON = "topic_browser", source.PYTHON
PART = "learn_part"
EQUATIONS = {
    "lda": r"\Psi", "online_lda": r"\rho_t", "gibbs": "z_{-i}", "nmf": "H_k^", "plsa": "d, w",
    "mixture": r"\prod_{w}", "unigram": "p(w)",
}  # fmt: skip


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be a job is done at once: another process takes a while to start."""
    monkeypatch.setattr(play, "IN_PLACE", 1e12)


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, **({"room": "Learning", "corpus": PYTHON, "topics": "4"} | query)).run()
    assert not at.exception and not at.error
    return at


def until(at: AppTest, ready: Callable[[], bool], seconds: float = 60) -> AppTest:
    """Run on until it is so: jobs have no timer here."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "still at work"
        time.sleep(0.1)
        at.run()
    assert not at.exception and not at.error
    return at


def kept() -> list[fits.Fit]:
    return list(fits._kept().values())


def drawn(at: AppTest) -> dict:
    """The header of what the browser is sent."""
    found = [
        one.proto for one in at.get("bidi_component") if "settling" in one.proto.component_name
    ]
    data = found[-1].bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def told(at: AppTest) -> str:
    return "\n".join(e.value for e in [*at.caption, *at.markdown, *at.info, *at.warning])


def test_the_whole_way_of_a_model(visit) -> None:
    at = opened(visit, learn_at="3")
    (fit,) = kept()
    header = drawn(at)
    assert header["iterations"] == [step.iteration for step in fit.steps]
    assert header["at"] == 3 and "iteration 3:" in told(at)
    assert header["topics"] == 4 and len(header["picked"]) == 1
    assert header["objective"][-1] == pytest.approx(fit.steps[-1].objective)
    at.session_state["learn_at"] = "7"
    at.run()
    assert drawn(at)["at"] == 7


@pytest.mark.parametrize("at", ["99999", "-1", "x", "9" * 20])
def test_a_strange_iteration_is_the_last(visit, at: str) -> None:
    app = opened(visit, learn_at=at)
    (fit,) = kept()
    assert drawn(app)["at"] == fit.steps[-1].iteration


@pytest.mark.parametrize(
    ("model", "query", "wanted"),
    [
        ("lda", {"lda_iterations": "10", "lda_alpha": "0.1", "lda_learn_alpha": "false"},
         {"iterations": 10, "alpha": 0.1, "learn_alpha": False}),
        ("gibbs", {"gibbs_iterations": "20"}, {"iterations": 20}),
        ("online_lda", {"online_lda_batch": "32", "online_lda_kappa": "0.9"},
         {"batch": 32, "kappa": 0.9}),
        ("nmf", {"nmf_loss": "frobenius", "nmf_weights": "tf-idf"},
         {"loss": "frobenius", "weights": "tf-idf"}),
        ("mixture", {"mixture_smoothing": "0.05"}, {"smoothing": 0.05}),
        ("plsa", {"plsa_inner": "5", "plsa_tolerance": "0.001"}, {"inner": 5, "tolerance": 1e-3}),
        ("unigram", {"unigram_smoothing": "1"}, {"smoothing": 1.0}),
    ],
)  # fmt: skip
def test_settings_and_equations_of_a_model(visit, model: str, query: dict, wanted: dict) -> None:
    at = opened(visit, model=MODELS[model].title, **query)
    (fit,) = kept()
    assert fit.config == Config(model=model, topics=1 if model == "unigram" else 4, **wanted)
    lines = " ".join(one.value for one in at.latex)
    assert EQUATIONS[model] in lines
    at.button(key=f"{model}_reset").click().run()
    at.run()
    assert not at.exception
    assert kept()[-1].config == Config(model=model, topics=fit.config.topics)
    assert not set(query) & set(at.query_params)


def test_how_many_topics(visit, in_place, downloads) -> None:
    at = opened(visit, learn_part="How many topics", lda_iterations="10")
    at.multiselect(key="learn_ks").set_value([2, 5]).run()
    at.button(key="learn_k_go").click().run()
    until(at, lambda: "The curves, CSV" in downloads)
    rows = downloads["The curves, CSV"].decode().splitlines()
    assert rows[0].startswith("K,start,perplexity") and [row[:2] for row in rows[1:]] == [
        "2,",
        "5,",
    ]
    best = min(rows[1:], key=lambda row: float(row.split(",")[2])).split(",")[0]
    assert f"K = {best}" in told(at) and "unigram" in told(at)
    at.slider(key="topics").set_value(5).run()
    at.run()
    assert "The curves, CSV" in downloads and f"K = {best}" in told(at)  # another K keeps the curve


def test_a_click_on_a_number_of_topics_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict = {}
    monkeypatch.setattr(learn_k.st, "session_state", state)
    for K in (40, "40", 41, -2, None):
        learn_k._take(K)
    assert state == {"topics": 40}


def test_no_number_of_topics(visit) -> None:
    at = opened(visit, learn_part="How many topics")
    at.multiselect(key="learn_ks").set_value([]).run()
    assert at.button(key="learn_k_go").disabled and "at least one K" in told(at)
    at.selectbox(key="model").set_value(MODELS["unigram"].title).run()
    assert "one topic" in told(at.run())


def test_models_beside_each_other(visit, in_place) -> None:
    at = opened(visit, lda_iterations="10")
    at.selectbox(key="model").set_value(MODELS["nmf"].title).run()
    at.run()
    at.segmented_control(key=PART).set_value("Models so far").run()
    table = at.dataframe[0].value
    assert list(table["iterations"])[0] == 10 and len(table) == 2
    assert table["held-out perplexity"].isna().all() and table["NPMI"].between(-1, 1).all()
    at.button(key="learn_models_go").click().run()
    until(at, lambda: not at.dataframe[0].value["held-out perplexity"].isna().any())
    assert at.dataframe[0].value["held-out perplexity"].between(2, 5000).all()


def test_a_fit_that_was_stopped_is_nobody_elses(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fits.fit_arrays.watched

    def stopped(data, config, *, generator):
        for step in real(data, config, generator=generator):
            yield step
            if step.iteration == 12:
                return

    stopped.__module__, stopped.__qualname__ = real.__module__, real.__qualname__
    monkeypatch.setattr(fits.fit_arrays, "watched", stopped)
    at = opened(visit)
    assert kept() == []
    assert drawn(at)["iterations"][-1] <= 12  # what there is is shown


def test_whether_a_fit_came_to_its_end(visit) -> None:
    opened(visit)
    (fit,) = kept()
    step = replace(fit.steps[5], topics=fit.topics)
    before = replace(fit.steps[4], objective=step.objective * 1.01)
    watched = Watched(fit=Config(iterations=9), whole=(5,))
    assert not fits.ended([before, step], watched, 10)
    assert not fits.ended([before], watched, 10)
    assert fits.ended([before, step], watched, 6)  # it has done all
    assert fits.ended([before, step], Watched(fit=Config(iterations=9)), 10)  # nobody asked for one
    assert fits.ended([replace(before, objective=step.objective), step], watched, 10)  # flat


def test_a_film_of_many_topics_stays_small(visit) -> None:
    opened(visit)
    (fit,) = kept()
    steps = [fit.steps[k % len(fit.steps)] for k in range(3000)]
    film = settling.filmed("x", steps, fit.topics.vocabulary, "bound", rises=True)
    header, arrays = film.data
    assert arrays["best"].size <= settling.ENTRIES and len(header["curve"]) <= settling.POINTS
    assert len(arrays["share"]) == len(header["iterations"]) == len(film.iterations)


def test_nothing_to_stream(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert ENVIRONMENT in told(opened(visit, learn_part="Larger than memory"))


def test_a_file_is_streamed(visit, in_place, tmp_path: Path, monkeypatch, downloads) -> None:
    lines = ["lion tiger zebra giraffe", "bread butter cheese honey"] * 300
    (tmp_path / "lines.txt").write_text("\n".join(lines))
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    at = opened(visit, learn_part="Larger than memory", streamed_batch="500", topics="2")
    at.button(key="streamed_go").click().run()
    until(at, lambda: "Best words, JSON" in downloads)
    figures = {one.label: one.value for one in at.metric}
    assert figures["Documents"] == "600 of 600"
    best = json.loads(downloads["Best words, JSON"])["best_words"]
    assert {word for one in best for word in one["words"]} == set(" ".join(lines).split())


def test_a_file_that_is_gone_is_said(visit, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "nowhere"))
    at = visit(
        SLUG, room="Learning", corpus=PYTHON, learn_part="Larger than memory", topics="3"
    ).run()
    assert "names no file" in at.error[0].value and not at.exception


def test_the_pace_follows_what_is_asked() -> None:
    counts = Counts(
        np.arange(0, 5001, 5), np.tile(np.arange(5, dtype=np.int32), 1000),
        np.ones(5000, np.float32), tuple("abcde"),
    )  # fmt: skip
    short = fits.seconds(Config(topics=20), counts)
    assert 0 < short < play.IN_PLACE
    assert fits.seconds(Config(topics=80), counts) == pytest.approx(4 * short)
    assert fits.seconds(Config(topics=20, inner=20), counts) == pytest.approx(7 * short)
    online = fits.seconds(Config(model="online_lda", topics=20, batch=100), counts)
    large = fits.seconds(Config(model="online_lda", topics=20, batch=500), counts)
    assert online < large < 1.5 * online  # as much to read, in fewer steps
