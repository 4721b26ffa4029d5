"""The room Inside: rounds that can be stepped through, sampling beside them, and every odd document."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.charts import topics_inside
from core.topics.fit import MODELS
from pages._kit.topics import inside_rounds, source

SLUG, ROOM = "topic_browser", "Inside"


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room=ROOM, corpus=source.PYTHON, **{"topics": "3"} | query)
    until = time.monotonic() + 60
    while not any("differ by" in one.value for one in at.markdown) and time.monotonic() < until:
        time.sleep(0.05)
        at.run()
    assert not at.exception and not at.error
    return at


def sent(at: AppTest) -> dict:
    (data,) = (
        json.loads(one.proto.json)
        for one in at.get("bidi_component")
        if one.proto.component_name == "vitrine_phi"
    )
    shape = len(data["words"]), len(data["topics"])
    data["phi"] = np.array(data["phi"]).reshape(shape)
    return data


def latex(at: AppTest, beginning: str) -> str:
    return next(
        one.value
        for one in at.get("latex")
        if re.search(rf"(& |^\$\$\s*){re.escape(beginning)}", one.value) and "mathbf" in one.value
    )


def bold(text: str) -> float:
    return float(re.search(r"mathbf\{([-\d.{},]+?)\}(?=\s|$)", text)[1].replace("{,}", ""))


def told(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.info, *at.caption])


def test_the_rounds_from_knowing_nothing(visit) -> None:
    at = opened(visit, inside_round="0")
    first = sent(at)
    assert first["round"] == 0 and np.allclose(first["phi"], 1 / 3, atol=1e-4)
    assert bold(latex(at, r"\phi_{nk}")) == pytest.approx(1 / 3, abs=1e-4)
    at.button(key="inside_round_on").click().run()
    second = sent(at)
    assert second["round"] == 1 and second["bounds"][1] > second["bounds"][0]
    assert not np.allclose(second["phi"], first["phi"], atol=1e-3)
    assert np.allclose(second["phi"].sum(axis=1), 1, atol=1e-3)
    i, k = second["lit"]
    assert bold(latex(at, r"\phi_{nk}")) == pytest.approx(second["phi"][i, k], rel=1e-3, abs=1e-4)
    assert bold(latex(at, r"\gamma_k = ")) == pytest.approx(second["gamma"][k], rel=1e-3)
    assert (np.diff(second["bounds"]) >= -1e-4).all()


def test_a_click_lights_word_and_topic(visit, monkeypatch) -> None:
    at = opened(visit)
    shown = sent(at)
    said, real = [(4, 1)], inside_rounds.phi

    def clicked(*args: object, take, **more: object) -> None:
        if said:
            take(*said.pop())
            st.rerun()
        real(*args, take=take, **more)

    monkeypatch.setattr(inside_rounds, "phi", clicked)
    at.run()
    assert not at.exception and sent(at)["lit"] == [4, 1]
    assert at.session_state["picked_word"] == shown["words"][4][0]
    assert at.session_state["picked_topic"] == str(shown["topics"][1][0])
    said.append((400, 100))
    at.run()
    assert not at.exception and sent(at)["lit"] == [4, 1]


def test_few_words_are_counted_out_and_the_bound_stays_below(visit) -> None:
    at = opened(visit, inside_words="5")
    said = told(at)
    assert "**5** words of" in said
    log_p = float(re.search(r"beta\) = (-[\d.]+)\$", said)[1])
    gap = float(re.search(r"The bound is \*\*([\d.]+)\*\* below", said)[1])
    assert gap >= 0 and log_p - gap == pytest.approx(sent(at)["bounds"][-1], abs=2e-3)
    assert "From the true mixture" in said
    away = re.search(r"variational EM is ([\d.]+)% away and Gibbs ([\d.]+)%", said)
    assert float(away[2]) < 5


def test_a_sample_is_weighed_and_its_terms_make_the_sum(visit) -> None:
    at = opened(visit, inside_words="8", inside_sweep="7")
    text = latex(at, r"\log p(\theta, z, w")
    terms = [float(one) for one in re.findall(r"underbrace\{\(?(-?[\d.]+)\)?\}", text)]
    assert len(terms) == 3 and sum(terms) == pytest.approx(bold(text), abs=0.02)
    table = next(d.value for d in at.dataframe if "topics z drawn for it" in d.value)
    assert table["times"].sum() == 8
    drawn = [int(n) for one in table["topics z drawn for it"] for n in re.findall(r"× (\d+)", one)]
    assert sum(drawn) == 8


def test_a_long_document_is_sampled_while_one_waits(visit, monkeypatch) -> None:
    monkeypatch.setattr("pages._kit.topics.inside_gibbs.AT_ONCE", 0.0)
    monkeypatch.setattr("pages._kit.topics.inside_gibbs.ALWAYS", 0.0)  # a process takes its time
    at = opened(visit, inside_words="4", inside_sweeps="20")
    assert "of the mixture" in told(at)
    monkeypatch.setattr("pages._kit.topics.inside_gibbs.MOST", 10)
    at.run()
    assert "take fewer sweeps" in told(at) and not at.exception


@pytest.mark.parametrize("model", ["unigram", "mixture", "plsa", "nmf"])
def test_models_without_a_dirichlet_say_so(visit, model: str) -> None:
    at = opened(visit, model=MODELS[model].title, inside_words="6")
    assert f"**{MODELS[model].title}.**" in told(at)
    if model == "unigram":
        assert "nothing to find out" in told(at)
        at.button(key="inside_lda").click().run()
        assert at.selectbox(key="model").value == MODELS["lda"].title and not at.exception


def test_when_to_stop(visit) -> None:
    at = opened(visit, inside_most="2", inside_tolerance="-8")
    assert len(sent(at)["bounds"]) == 3
    table = next(d.value for d in at.dataframe if "nats" in d.value)
    assert list(table["nats"]) == [*topics_inside.TERMS, "the bound"]
    last = table.iloc[:, 2]
    assert (
        last[:5].sum() == pytest.approx(last[5]) == pytest.approx(sent(at)["bounds"][-1], abs=1e-4)
    )
