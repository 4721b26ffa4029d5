"""Inside one step, back through time: the numbers are the net's, and the sentences are computed."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.rng import stream
from core.sequence import defaults, model, trace, vanishing
from core.sequence.model import Config
from core.sequence.saved import Saved
from pages._kit.sequence import inside_lines, models, through_time

SLUG = "lstm_explorer"
INSIDE, THROUGH = "Inside one step", "Back through time"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def drawn(at: AppTest) -> dict:
    """What the drawing was given."""
    (found,) = (
        one.proto for one in at.get("bidi_component") if one.proto.component_name == "vitrine_cell"
    )
    return json.loads(found.json)


def readers(at: AppTest) -> list[dict]:
    """The headers of what the readers were given."""
    found = []
    for one in at.get("bidi_component"):
        if one.proto.component_name == "vitrine_reader":
            data = one.proto.bytes
            found.append(json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")]))
    return found


def words(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.caption, *at.info])


def own(config: Config, title: str = "mine") -> Saved:
    """A fresh net for the characters of the counter."""
    known = defaults.RECIPES["counter"].vocabulary
    params = model.start(config, len(known), generator=stream(7, "net"))
    return Saved(title, config, known, params)


@pytest.fixture
def adopted(visit, monkeypatch):
    """Opens the page with a net that was trained in this visit."""

    def open_with(config: Config, part: str, **query: str) -> AppTest:
        net = own(config)
        monkeypatch.setattr(models, "trained", lambda: {models.HERE: net})
        at = visit(SLUG, part=part, **query)
        at.selectbox(key="net").set_value(models.HERE).run()
        return at

    return open_with


def test_the_cell_is_drawn_with_the_numbers_of_the_net(visit) -> None:
    at = visit(SLUG, part=INSIDE, at="20")
    assert good(at)
    told = drawn(at)
    assert told["kind"] == "lstm" and not told["peepholes"]
    forward, backward = told["passes"]
    assert [line["number"] for line in forward["lines"]] == [f"4.{n}" for n in range(2, 11)]
    assert [line["number"] for line in backward["lines"]] == [f"4.{n}" for n in range(11, 17)]
    net = defaults.load("counter")
    text = "".join(map(chr, readers(at)[0]["text"]))
    unit = int(at.multiselect(key="units_counter").value[0])
    codes = net.vocabulary.encode(text)
    layers = trace.trace(net.reader.stack, codes)
    starts = [0, *readers(at)[0]["starts"]]
    if len(set(starts)) == 1:  # the text is read in one go
        for part, signal in {"iota": "iota", "s": "s", "b": "b", "g": "g"}.items():
            assert forward["values"][part] == pytest.approx(
                float(layers[0][0].of(signal)[20, unit]), abs=1e-5
            )
    values = forward["values"]
    assert values["s"] == pytest.approx(values["kept"] + values["new"], abs=1e-12)
    assert values["b"] == pytest.approx(values["omega"] * math.tanh(values["s"]), abs=1e-12)
    # the last number of a line is what the drawing shows
    last = forward["lines"][-1]["numbers"].rpartition("= ")[2]
    assert last == inside_lines.figure(values["b"])
    assert "All 16 numbers agree" in words(at)
    table = at.dataframe[0].value
    assert len(table) == 16 and (table["difference"].map(float) < 1e-10).all()


def test_more_characters_ahead_let_more_come_back(visit) -> None:
    at = visit(SLUG, part=INSIDE, at="20")
    many = drawn(at)["passes"][1]["values"]
    at.select_slider(key="inside_ahead").set_value(1).run()
    one = drawn(at)["passes"][1]["values"]
    assert good(at) and "the next character" in words(at)
    assert one["before"] == 0 and many["before"] != 0  # the carousel


@pytest.mark.parametrize(("name", "equations", "verdict"), [
    ("counter_gru", 4, "All 4 numbers agree"), ("counter_srn", 2, "It agrees"),
])  # fmt: skip
def test_the_relatives_have_drawings_of_their_own(visit, name, equations, verdict) -> None:
    at = visit(SLUG, part=INSIDE)
    at.selectbox(key="net").set_value(name).run()
    assert good(at)
    told = drawn(at)
    assert told["kind"] == name.rpartition("_")[2]
    assert len(told["passes"]) == 1 and len(told["passes"][0]["lines"]) == equations
    assert verdict in words(at) and "By autograd ∂L/∂h" in words(at)
    assert "letters of the gates mixed" not in words(at)


def test_peepholes_stand_in_the_equations_and_are_faint_where_there_are_none(
    visit, adopted
) -> None:
    at = adopted(Config(peepholes=True), INSIDE)
    assert good(at) and drawn(at)["peepholes"]
    assert "[[" not in json.dumps(drawn(at))
    assert drawn(at)["passes"][0]["values"]["peep_omega"] != 0
    at = adopted(Config(), INSIDE)
    assert "[[ + w_{cι} s_{c}^{t−1}]]" in drawn(at)["passes"][0]["lines"][0]["symbols"]


def test_the_last_character_has_no_way_back(visit) -> None:
    at = visit(SLUG, part=INSIDE)
    last = len(readers(at)[0]["text"]) - 1
    at.number_input(key="at").set_value(last).run()
    assert good(at) and "no way back" in words(at)
    assert len(drawn(at)["passes"]) == 1
    at.segmented_control(key="part").set_value(THROUGH).run()
    assert good(at) and "Choose an earlier one" in words(at)


def test_without_a_chosen_unit_the_first_is_shown(visit) -> None:
    at = visit(SLUG, part=INSIDE)
    at.multiselect(key="units_counter").set_value([]).run()
    assert good(at) and "Unit 0 reads" in words(at)


def test_deep_and_both_ways(adopted) -> None:
    at = adopted(Config(layers=2, bidirectional=True, units=4), INSIDE)
    at.multiselect(key=f"units_{models.HERE}").set_value(["1:2←"]).run()
    assert good(at) and "All 16 numbers agree" in words(at)
    assert "by the layer above" in drawn(at)["passes"][1]["lines"][0]["symbols"]
    assert "in the direction in which this unit reads" in words(at)
    at.segmented_control(key="part").set_value(THROUGH).run()
    assert good(at) and "reads in two directions" in words(at)
    assert len(readers(at)) == 1  # no track can be told, the comparison can
    assert "fresh nets with 4 units in each of 2 layers" in words(at)


def test_figures_and_characters() -> None:
    told = {0: "0", 0.5: "0.500", -0.5: "−0.500", 12.345: "12.35", 1e-5: "1.00·10^{−5}"}
    assert {value: inside_lines.figure(value) for value in told} == told
    assert inside_lines.spoken("\n") == "a line end" and inside_lines.spoken("*") == "“\\*”"
    assert inside_lines.spoken("\u200f") == "U+200F"


def test_back_through_time_shows_the_gradients_and_says_what_they_say(visit) -> None:
    at = visit(SLUG, part=THROUGH, at="40")
    assert good(at)
    main, tracks = readers(at)
    assert [one["label"] for one in tracks["tracks"]] == ["∂L/∂s", "∂L/∂b"]
    assert tracks["at"] == 40 and tracks["text"] == main["text"]
    assert len(at.get("vega_lite_chart")) == 4
    said = words(at)
    assert "All three are **trained**" in said
    # the sentence against the numbers themselves
    text = "".join(map(chr, main["text"]))
    first = max(start for start in main["starts"] if start <= 40)
    codes = defaults.load("counter").vocabulary.encode(text)
    lag = min(20, 40 - first)
    for name, words_for in (("counter_srn", "simple recurrent net"), ("counter", "LSTM")):
        net = defaults.load(name).net
        found = vanishing.reached(net, codes[first:41], int(codes[41]))
        share = float(found.by_lag(found.best)[lag])
        assert f"{words_for} **{through_time._share(share)}**" in said
    assert f"{lag} characters back" in said


def test_truncation_cuts_the_tracks(visit) -> None:
    at = visit(SLUG, part=THROUGH, at="40")
    at.select_slider(key="through_cut").set_value(5).run()
    assert good(at)
    assert "cut off after 5 characters" in words(at)
    chart = json.loads(at.get("vega_lite_chart")[0].proto.spec)
    assert len(chart["layer"]) == 3


def test_a_link_brings_the_controls_of_both_parts(visit) -> None:
    query = {"inside_ahead": "1", "through_cut": "10", "through_untrained": "true"}
    at = visit(SLUG, part=INSIDE, at="40", **query)
    assert good(at) and "the next character" in words(at)
    at.segmented_control(key="part").set_value(THROUGH).run()
    assert good(at) and "cut off after 10 characters" in words(at)
    assert "fresh nets with 10 units" in words(at)


def test_untrained_nets_by_a_seed(visit) -> None:
    at = visit(SLUG, part=THROUGH, at="40")
    trained = words(at)
    at.toggle(key="through_untrained").set_value(True).run()
    assert good(at) and "fresh nets with 10 units" in words(at)
    first = re.search(r"characters back, .*", words(at))[0]
    assert first not in trained
    at.number_input(key="through_seed").set_value(1).run()
    assert re.search(r"characters back, .*", words(at))[0] != first


def test_a_net_without_relatives_is_compared_with_fresh_ones(visit) -> None:
    at = visit(SLUG, part=THROUGH, at="20")
    at.selectbox(key="net").set_value("parity").run()
    at.number_input(key="at").set_value(3).run()
    assert good(at) and "All three are **untrained**" in words(at)
    assert not [one for one in at.toggle if one.key == "through_untrained"]


def test_the_first_character_alone_has_nothing_before_it(visit) -> None:
    at = visit(SLUG, part=THROUGH, at="0")
    assert good(at) and "only one character" in words(at)


def test_sentences_of_gradients_that_grow_vanish_or_are_none() -> None:
    grows = np.array([1, 2, 4, 8.0])
    falls = np.array([1, 1e-2, 1e-4, 1e-6])
    said = through_time.vanished({"Simple recurrent": falls, "LSTM": grows})
    assert said.startswith("3 characters back")
    assert "simple recurrent net **1.0·10$^{-6}$**" in said and "LSTM **8 times as much**" in said
    assert "simple recurrent net after 2, LSTM not at all" in said
    nothing = np.full(4, np.nan)
    assert "nothing to compare with" in through_time.vanished({"GRU": nothing})


def test_while_a_unit_is_held_both_parts_say_whose_numbers_they_are() -> None:
    script = """
from core.sequence import defaults, trace
from core.sequence.trace import Clamp
from core.sequence.units import Unit
from pages._kit.sequence import inside, through_time
from pages._kit.sequence.view import View
net = defaults.load("counter")
codes = net.vocabulary.encode("aaXbb" * 4)
layers = trace.trace(net.reader.stack, codes)
view = View("counter", net, "aaXbb" * 4, codes, layers, (Clamp("s", 0),), (Unit("s", 0),), 12, None)
inside.show(view)
through_time.show(view)
"""
    at = AppTest.from_string(script, default_timeout=60).run()
    assert good(at)
    assert words(at).count("Nothing is held in here") == 2
