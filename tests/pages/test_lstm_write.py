"""Write on the page: it goes on as the engine does, stops where it is told to, and says what it holds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.rng import stream
from core.sequence import defaults, model, reader, sample, trace
from core.sequence.model import Config
from core.sequence.saved import Saved
from core.sequence.trace import Clamp
from pages._kit.sequence import models, writing
from pages._kit.sequence.view import View

SLUG = "lstm_explorer"
PART = {"part": "Write", "text": "Write", "own": "aaaX", "at": "3"}


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def heads(at: AppTest) -> list[dict]:
    found = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_reader"
    ]
    return [json.loads(o.bytes[4 : 4 + int.from_bytes(o.bytes[:4], "little")]) for o in found]


def written(at: AppTest) -> str:
    return "".join(map(chr, heads(at)[1]["text"]))


def engine(given: str, length: int, *, heat: float = 0.8, seed: int = 0, stop: str = "") -> str:
    net = defaults.load("counter")
    steps = sample.write(
        net.reader, net.vocabulary.encode(given), length, temperature=heat,
        generator=stream(seed, "write"),
        stop=int(net.vocabulary.encode(stop)[0]) if stop else None,
    )  # fmt: skip
    return given + net.vocabulary.decode(step.code for step in steps)


def test_a_counter_writes_as_many_b_as_it_read_a_and_stops(visit) -> None:
    at = visit(SLUG, **PART, write_way="The likeliest", write_stop="true")
    assert good(at)
    assert written(at) == "aaaXbbb\n"


def test_every_control_reaches_the_engine(visit) -> None:
    at = visit(SLUG, **PART)
    assert written(at) == engine("aaaX", 200) and heads(at)[1]["grows"]
    at.select_slider(key="write_length").set_value(50).run()
    assert written(at) == engine("aaaX", 50)
    at.select_slider(key="write_heat").set_value(2.0).run()
    assert written(at) == engine("aaaX", 50, heat=2.0)
    at.number_input(key="write_seed").set_value(5).run()
    assert written(at) == engine("aaaX", 50, heat=2.0, seed=5)
    at.toggle(key="write_stop").set_value(True).run()
    assert written(at) == engine("aaaX", 50, heat=2.0, seed=5, stop="\n")
    at.select_slider(key="write_heat").set_value(0.0).run()
    assert written(at) == "aaaXbbb\n"
    assert good(at)


def test_what_it_cost_is_told(visit) -> None:
    at = visit(SLUG, **PART, write_length="50")
    net = defaults.load("counter")
    codes = net.vocabulary.encode(written(at))
    p = reader.expected(net.reader, trace.trace(net.reader.stack, codes))
    cost = np.mean(reader.losses(p, codes)[4:])
    assert any(f"**50** characters, at **{cost:.2f}** bits" in one.value for one in at.markdown)


@pytest.mark.parametrize("width", ["1", "3", "16"])
def test_beams_are_told_with_their_likelihood(visit, width: str) -> None:
    at = visit(
        SLUG, **PART, write_way="Beam", write_width=width, write_length="20", write_stop="true"
    )
    assert good(at)
    net = defaults.load("counter")
    stop = int(net.vocabulary.encode("\n")[0])
    found = sample.beams(net.reader, net.vocabulary.encode("aaaX"), 20, width=int(width), stop=stop)
    table = at.dataframe[0].value
    assert len(table) == len(found) <= int(width)
    np.testing.assert_allclose(table["log p, nats"], [beam.score for beam in found])
    np.testing.assert_allclose(
        table["bits a character"],
        [-beam.score / np.log(2) / len(beam.codes) for beam in found],
    )
    assert table["continuation"][0] == "bbb⏎"
    assert written(at) == "aaaXbbb\n"


def test_it_is_written_once(visit, monkeypatch) -> None:
    calls = []
    real = sample.write
    monkeypatch.setattr(sample, "write", lambda *a, **k: calls.append(a) or real(*a, **k))
    at = visit(SLUG, **PART)
    assert len(calls) == 1
    at.multiselect(key="units_counter").set_value(["0", "1"]).run()
    assert len(calls) == 1 and len(heads(at)[1]["tracks"]) == 2
    at.number_input(key="write_seed").set_value(1).run()
    assert len(calls) == 2


def net_of(config: Config, characters: str = "counter") -> Saved:
    known = defaults.RECIPES[characters].vocabulary
    params = model.start(config, len(known), generator=stream(1, "net"))
    return Saved("mine", config, known, params)


def test_a_net_that_reads_backwards_cannot(visit, monkeypatch) -> None:
    net = net_of(Config(units=3, bidirectional=True))
    monkeypatch.setattr(models, "trained", lambda: {models.HERE: net})
    at = visit(SLUG, **PART)
    at.selectbox(key="net").set_value(models.HERE).run()
    assert good(at) and any("cannot write" in one.value for one in at.info)
    assert len(heads(at)) == 1


def test_a_net_without_line_ends_is_not_asked_to_stop_there(visit, monkeypatch) -> None:
    from core.sequence.vocabulary import of

    net = net_of(Config(units=3))
    known = of("abX")
    params = model.start(net.config, len(known), generator=stream(1, "net"))
    monkeypatch.setattr(
        models, "trained", lambda: {models.HERE: replace(net, vocabulary=known, params=params)}
    )
    at = visit(SLUG, **PART)
    at.selectbox(key="net").set_value(models.HERE).run()
    assert good(at) and "write_stop" not in [one.key for one in at.toggle]


def test_a_very_large_net_writes_less_at_once() -> None:
    net = net_of(Config(units=4))
    assert writing.bounded(net, 1000, 1, beam=False) == 1000
    assert writing.bounded(net, 1000, 16, beam=True) == writing.MOST_BEAMED
    large = replace(net, params=net.params.new_empty(30_000_000))
    assert writing.bounded(large, 1000, 1, beam=False) == 100
    assert writing.bounded(large, 1000, 10, beam=True) == 10
    assert writing.bounded(replace(net, params=net.params.new_empty(1)), 1, 1, beam=False) == 1


def view(*clamps: Clamp) -> View:
    net = defaults.load("counter")
    codes = net.vocabulary.encode("aaXbb")
    layers = trace.trace(net.reader.stack, codes)
    return View("counter", net, "aaXbb", codes, layers, clamps, (), 0, None)


def test_what_is_held_throughout_is_held_while_writing() -> None:
    whole, named = Clamp("s", 1, 0.5), Clamp("s", 2, 0.5, last=5)
    part, late = Clamp("s", 3, 0.5, last=4), Clamp("s", 4, 0.5, first=1)
    held = writing.throughout(view(whole, named, part, late))
    assert held == (whole, named._replace(last=None))


def test_held_numbers_change_what_is_written(monkeypatch) -> None:
    """The page holds nothing in this part today, so the part is shown by itself."""
    script = """
import streamlit as st
from pages._kit.sequence import writing
from tests.pages.test_lstm_write import view
from core.sequence.trace import Clamp
with st.container():
    writing.show(view(Clamp("b", 0, 1.0), Clamp("b", 1, -1.0)))
"""
    at = AppTest.from_string(script, default_timeout=60).run()
    assert good(at)
    assert any("2 numbers are held while it writes" in one.value for one in at.caption)
    net = defaults.load("counter")
    held = [Clamp("b", 0, 1.0), Clamp("b", 1, -1.0)]
    steps = sample.write(
        net.reader, net.vocabulary.encode("a"), 200, temperature=0.8,
        generator=stream(0, "write"), clamps=held,
    )  # fmt: skip
    text = "a" + net.vocabulary.decode(step.code for step in steps)
    assert "".join(map(chr, heads(at)[0]["text"])) == text != engine("a", 200)
