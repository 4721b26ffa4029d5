"""The LSTM explorer as a visitor finds it: nets, units, the course's views, holds, writing, files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import numpy as np
import pyarrow.parquet as parquet
import pytest
from streamlit.testing.v1 import AppTest

from core.rng import stream
from core.sequence import defaults, familiar, reader, sample, saved, trace, units
from core.sequence.cells import SIGNALS
from core.sequence.trace import Clamp
from pages._kit.sequence import course, tracks
from pages._kit.sequence.holding import WAYS
from pages._kit.sequence.parts import PARTS

SLUG = "lstm_explorer"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def bundle(at: AppTest, place: int = 0) -> tuple[dict, Callable[[str], np.ndarray]]:
    """Header of a reader on the page, and its arrays by name."""
    found = [
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_reader"
    ]
    data = found[place].bytes
    size = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + size])
    body = data[4 + size :]

    def array(name: str) -> np.ndarray:
        kind, shape, at_byte = head["arrays"][name]
        count = int(np.prod(shape))
        kinds = {"f4": np.float32, "u1": np.uint8}
        return np.frombuffer(body, kinds[kind], count, at_byte).reshape(shape)

    return head, array


def text_of(head: dict) -> str:
    return "".join(map(chr, head["text"]))


def test_the_default_is_the_counter_and_the_unit_that_counts(visit) -> None:
    at = visit(SLUG)
    assert good(at)
    net = defaults.load("counter")
    head, array = bundle(at)
    text = text_of(head)
    assert text == familiar.sample("counter")
    best = familiar.found(net)[0]
    assert abs(best.correlation) > 0.95
    assert [t["label"] for t in head["tracks"]] == [f"s {best.where.unit}"]
    layers = trace.trace(net.reader.stack, net.vocabulary.encode(text))
    np.testing.assert_array_equal(
        array(head["tracks"][0]["values"]), units.track(layers, best.where)
    )
    # the identities, with the numbers that are shown
    cell = dict(
        zip(head["cells"][0]["signals"], map(array, head["cells"][0]["arrays"]), strict=True)
    )
    before = np.concatenate([[0], cell["s"][:-1]])
    np.testing.assert_allclose(
        cell["s"], cell["phi"] * before + cell["iota"] * cell["g"], atol=1e-5
    )
    np.testing.assert_allclose(cell["b"], cell["omega"] * np.tanh(cell["s"]), atol=1e-5)
    p = reader.expected(net.reader, layers)
    np.testing.assert_array_equal(array("guesses")[:, 0], p.argmax(axis=1))
    np.testing.assert_allclose(
        array("loss")[1:], reader.losses(p, net.vocabulary.encode(text))[1:], rtol=1e-5
    )


@pytest.mark.parametrize("name", course.LOOKS)
def test_the_courses_views(visit, name: str) -> None:
    at = visit(SLUG)
    at.button(key=f"look_{[*course.LOOKS].index(name)}").click().run()
    assert good(at)
    look = course.LOOKS[name]
    net = defaults.load(look.net)
    unit = familiar.found(net)[look.place].where
    head, array = bundle(at)
    (track,) = head["tracks"]
    assert track["label"] == f"{tracks.LETTERS[look.signal]} {unit.unit}"
    text = text_of(head)
    values = array(track["values"])
    if name == "Input gate":  # open at a, shut at X
        letters = np.array(list(text))
        assert values[letters == "a"].mean() > values[letters == "X"].mean() + 0.3
    elif name == "Counter":
        assert abs(np.corrcoef(values, familiar.target(text, "count of a less b"))[0, 1]) > 0.95


@pytest.mark.parametrize("name", defaults.RECIPES)
def test_every_net_opens(visit, name: str) -> None:
    at = visit(SLUG, net=defaults.RECIPES[name].title)
    assert good(at)
    head, _ = bundle(at)
    assert head["count"] == len(familiar.sample(defaults.RECIPES[name].task))
    net = defaults.load(name)
    (said,) = (c.value for c in at.caption if "learned numbers" in c.value)
    assert said.startswith(f"{len(net.params):,} ")
    known = f"{net.about['texts']:.0%} of texts" if net.task else f"{net.about['bits']:.2f} bits"
    assert known in said
    assert head["tracks"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("net", ["counter", "copy", "memoriser_srn", "memoriser_gru"])
def test_every_part_opens_for_every_kind_of_net(visit, part: str, net: str) -> None:
    at = visit(SLUG, net=defaults.RECIPES[net].title, part=part)
    assert good(at), [e.value for e in at.error]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_for_one_character(visit, part: str) -> None:
    at = visit(SLUG, text="Write", own="a", part=part)
    assert good(at), [e.value for e in at.error]
    assert bundle(at)[0]["count"] == 1


def test_units_and_signals_become_tracks(visit) -> None:
    at = visit(SLUG)
    at.multiselect(key="units_counter").set_value(["0", "3"]).run()
    at.multiselect(key="signals_lstm").set_value(["iota", "s"]).run()
    head, array = bundle(at)
    assert [t["label"] for t in head["tracks"]] == ["ι 0", "s 0", "ι 3", "s 3"]
    gate, state = head["tracks"][:2]
    assert (gate["low"], gate["high"]) == (0, 1)
    most = float(np.abs(array(state["values"])).max())
    assert (state["low"], state["high"]) == pytest.approx((-most, most))
    at.multiselect(key="units_counter").set_value([]).run()
    assert good(at) and not bundle(at)[0]["tracks"]


def test_a_hold_is_read_and_told(visit) -> None:
    at = visit(SLUG, part="Hold a unit")
    net = defaults.load("counter")
    unit = familiar.found(net)[0].where.unit
    text = familiar.sample("counter")
    codes = net.vocabulary.encode(text)
    at.selectbox(key="hold0_lstm").set_value("Erase its cell: s = 0").run()
    assert good(at)
    clamp = Clamp("s", unit, 0.0)
    held = trace.trace(net.reader.stack, codes, clamps=[clamp])
    free = trace.trace(net.reader.stack, codes)
    head, array = bundle(at)
    (track,) = head["tracks"]
    assert not array(track["values"]).any()
    np.testing.assert_array_equal(array(track["before"]), free[0][0].of("s")[:, unit])
    bits = [
        np.nanmean(reader.losses(reader.expected(net.reader, one), codes)) for one in (free, held)
    ]
    assert bits[1] > bits[0] + 0.2  # the unit matters
    assert [m.value for m in at.metric[:2]] == [f"{b:.3f}" for b in bits]
    # what it writes is what the engine writes
    given = codes[:9]
    generator = stream(0, "hold")
    steps = sample.write(
        net.reader, given, 120, generator=generator, clamps=[clamp], temperature=0.8
    )
    written = net.vocabulary.decode(s.code for s in steps)
    assert at.code[1].value == written.replace("\n", "⏎\n")
    assert at.code[0].value != at.code[1].value


@pytest.mark.parametrize("cell", WAYS)
def test_every_way_to_hold(visit, cell: str) -> None:
    net = {"lstm": "memoriser", "gru": "memoriser_gru", "srn": "memoriser_srn"}[cell]
    at = visit(SLUG, net=defaults.RECIPES[net].title, part="Hold a unit")
    box = at.selectbox(key=f"hold0_{cell}")
    for way in box.options:
        at.selectbox(key=f"hold0_{cell}").set_value(way).run()
        assert good(at), way
    assert box.options[-1] == "Hold a signal at a value"
    for signal in SIGNALS[cell]:
        at.selectbox(key=f"hold0_signal_{cell}").set_value(signal).run()
        at.number_input(key="hold0_value").set_value(0.5).run()
        assert good(at), signal
    at.number_input(key="holds").set_value(4).run()
    at.number_input(key="hold0_from").set_value(5).run()
    at.number_input(key="hold0_to").set_value(3).run()  # an empty stretch holds nothing
    assert good(at)


@pytest.mark.parametrize("way", ["Drawn", "The likeliest", "Beam"])
def test_it_writes(visit, downloads, way: str) -> None:
    at = visit(SLUG, part="Write", write_way=way)
    assert good(at)
    net = defaults.load("counter")
    given = at.text_input[0].value
    assert given == "aaXbb"
    codes = net.vocabulary.encode(given)
    if way == "Beam":
        best = sample.beams(net.reader, codes, 200, width=5)[0]
        written = net.vocabulary.decode(best.codes)
    else:
        heat = 0.0 if way == "The likeliest" else 0.8
        steps = sample.write(net.reader, codes, 200, temperature=heat, generator=stream(0, "write"))
        written = net.vocabulary.decode(s.code for s in steps)
    head, _ = bundle(at, 1)
    assert text_of(head) == given + written and head["grows"]
    assert downloads["This text"].decode() == given + written
    at.text_input[0].set_value("").run()
    assert good(at) and "at least one character" in at.info[0].value
    at.text_input[0].set_value("語").run()
    assert good(at) and any("unknown" in c.value for c in at.caption)


def test_what_is_taken_home(visit, downloads) -> None:
    visit(SLUG, units_counter=["1", "2"])
    net = defaults.load("counter")
    text = familiar.sample("counter")
    codes = net.vocabulary.encode(text)
    layers = trace.trace(net.reader.stack, codes)
    with np.load(io.BytesIO(downloads["All states, npz"]), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["codes"], codes)
        for name in SIGNALS["lstm"]:
            np.testing.assert_array_equal(arrays[f"layer1_forward_{name}"], layers[0][0].of(name))
    rows = list(csv.DictReader(io.StringIO(downloads["These units, CSV"].decode())))
    assert "".join(r["character"] for r in rows) == text
    np.testing.assert_allclose(
        [float(r["s 2"]) for r in rows], layers[0][0].of("s")[:, 2], rtol=1e-6
    )
    table = parquet.read_table(io.BytesIO(downloads["These units, Parquet"])).to_pydict()
    assert "".join(table["character"]) == text
    np.testing.assert_array_equal(
        np.array(table["phi 1"], np.float32), layers[0][0].of("phi")[:, 1]
    )
    again = saved.from_file(downloads["The net, safetensors"], "mine.safetensors")
    assert again.params.equal(net.params) and again.vocabulary == net.vocabulary


def test_a_net_of_ones_own(visit) -> None:
    at = visit(SLUG, net="My own file")
    assert good(at)
    given = saved.to_file(defaults.load("selective"))
    at.file_uploader[0].upload("mine <b>.safetensors", given, "application/octet-stream").run()
    assert good(at)
    head, _ = bundle(at)
    assert text_of(head) == familiar.sample("selective")
    at.file_uploader[0].upload(
        "bad *.safetensors", b"\x80\x04K\x01.", "application/octet-stream"
    ).run()
    assert not at.exception
    assert "bad" in at.error[0].value and "recurrent net" in at.error[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"net": "nothing of the kind"},
        {"units_counter": ["99", "<b>"], "signals_lstm": ["q"]},
        {"at": "99999"},
        {"at": "inf"},
        {"at": "-3"},
        {"part": "<script>"},
        {"part": "Hold a unit", "hold0_unit": "77", "hold0_lstm": "x", "holds": "1e9"},
        {"part": "Write", "write_length": "nan", "write_heat": "-1", "write_seed": "inf"},
    ],
)
def test_a_hostile_link_opens_the_page(visit, query: dict) -> None:
    at = visit(SLUG, **query)
    assert good(at), [e.value for e in at.error]
    assert bundle(at)[0]["count"] > 0


def test_the_link_restores_the_view(visit) -> None:
    at = visit(
        SLUG, net="State memoriser", text="Write", own="BxxxYB", units_memoriser=["4"], at="3",
        signals_lstm=["forget gate φ"],
    )  # fmt: skip
    head, _ = bundle(at)
    assert text_of(head) == "BxxxYB" and head["at"] == 3
    assert [t["label"] for t in head["tracks"]] == ["φ 4"]


def test_a_cell_that_a_spreadsheet_would_run_is_defused(visit, downloads) -> None:
    visit(SLUG, text="Write", own="=a+b@-\t", net="Python source")
    rows = list(csv.DictReader(io.StringIO(downloads["These units, CSV"].decode())))
    assert [r["character"] for r in rows] == ["'=", "a", "'+", "b", "'@", "'-", "'\t"]
