"""Hold a unit on the page: what is held, where, and what the page says of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.sequence import defaults, reader, trace
from core.sequence.trace import Clamp

SLUG = "lstm_explorer"
TEXT = "aaaXbbb\naaaaaXbbbbb\n"
PART = {"part": "Hold a unit", "text": "Write", "own": TEXT}
OWN = "Hold a signal at a value"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def costs(*clamps: Clamp, text: str = TEXT) -> np.ndarray:
    net = defaults.load("counter")
    codes = net.vocabulary.encode(text)
    layers = trace.trace(net.reader.stack, codes, clamps=clamps)
    return reader.losses(reader.expected(net.reader, layers), codes)


def told(at: AppTest) -> list[str]:
    return [one.value for one in at.metric[:2]]


def mean(losses: np.ndarray) -> str:
    return f"{np.nanmean(losses):.3f}"


def test_a_link_restores_a_hold(visit) -> None:
    at = visit(
        SLUG, **PART, hold0_lstm=OWN, hold0_signal_lstm="phi", hold0_unit="3", hold0_value="0.25",
        hold0_from="2", hold0_to="9",
    )  # fmt: skip
    assert good(at)
    clamp = Clamp("phi", 3, 0.25, first=2, last=9)
    assert told(at) == [mean(costs()), mean(costs(clamp))]
    assert told(at)[0] != told(at)[1]


def test_several_holds_at_once_and_fewer_again(visit) -> None:
    at = visit(SLUG, **PART, holds="2", hold0_unit="0", hold1_unit="5")
    both = Clamp("b", 0), Clamp("b", 5)
    assert good(at) and told(at)[1] == mean(costs(*both))
    at.number_input(key="holds").set_value(1).run()
    assert good(at) and told(at)[1] == mean(costs(both[0]))
    assert mean(costs(*both)) != mean(costs(both[0]))


def test_the_characters_that_suffer_are_told(visit) -> None:
    at = visit(SLUG, **PART, hold0_lstm="Erase its cell: s = 0")
    unit = at.number_input(key="hold0_unit").value
    grown = costs(Clamp("s", unit)) - costs()
    (shown,) = [e.proto.body for e in at.get("html") if "vitrine-lines" in e.proto.body]
    worst = int(np.nanargmax(grown))
    assert f"+{grown[worst]:.1f} bits" in shown and f"<small>{worst}</small>" in shown
    assert np.nanmax(grown) > 0.05


def test_what_changes_nothing_is_told_too(visit) -> None:
    at = visit(SLUG, **PART, hold0_from="5", hold0_to="5")
    assert good(at) and told(at) == [mean(costs())] * 2
    assert any("does not matter" in one.value for one in at.caption)


def test_a_hold_to_the_end_follows_the_text(visit) -> None:
    at = visit(SLUG, part="Hold a unit")
    whole = at.number_input(key="hold0_to").value
    at.number_input(key="draw").set_value(3).run()
    longer = len("".join(map(chr, _text(at))))
    assert good(at) and at.number_input(key="hold0_to").value == longer
    # what was held to a character stays
    at.number_input(key="hold0_to").set_value(7).run()
    at.number_input(key="draw").set_value(0).run()
    assert at.number_input(key="hold0_to").value == 7
    assert whole > 7


def _text(at: AppTest) -> list[int]:
    data = next(
        e.proto.bytes
        for e in at.get("bidi_component")
        if e.proto.component_name == "vitrine_reader"
    )
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])["text"]


def test_nets_of_other_kinds(visit) -> None:
    at = visit(SLUG, net=defaults.RECIPES["copy"].title, part="Hold a unit")
    assert good(at)
    for layer in (1, 2):
        at.number_input(key="hold0_layer").set_value(layer).run()
        assert good(at)
    at.selectbox(key="net").set_value("counter_srn").run()
    assert good(at) and at.selectbox(key="hold0_srn").value == "Mute the unit: h = 0"


def test_one_character(visit) -> None:
    at = visit(SLUG, part="Hold a unit", text="Write", own="a")
    assert good(at) and not at.metric


@pytest.mark.parametrize("value", ["nan", "inf", "-1e400", "x", "1e9"])
def test_a_hostile_value(visit, value: str) -> None:
    at = visit(SLUG, **PART, hold0_lstm=OWN, hold0_value=value, hold0_from=value, hold0_to=value)
    assert good(at), [one.value for one in at.error]
    assert len(at.metric) == 3
