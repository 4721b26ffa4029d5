"""Find units on the page: known patterns, expressions, spans, own labels; and what excites a unit."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.errors import SettingError
from core.sequence import defaults, model, patterns, saved, trace, units
from core.sequence.saved import Saved
from pages._kit.sequence import excites, find, find_what
from pages._kit.sequence.lines import SEEN

SLUG = "lstm_explorer"
PART = {"part": "Find units"}
ONE = PART | {"text": "Write", "own": "aaaaaXbbbbb"}
COUNTS = 2  # the unit of `planted` that counts


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def table(at: AppTest):
    return at.dataframe[0].value


def tracks(at: AppTest) -> tuple[list[str], list[np.ndarray]]:
    """Labels and numbers of the reader that compares pattern and unit: the second on the page."""
    data = [e for e in at.get("bidi_component") if e.proto.component_name == "vitrine_reader"]
    data = data[1].proto.bytes
    length = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:length])
    labels, values = [], []
    for track in header["tracks"]:
        _, [count], offset = header["arrays"][track["values"]]
        labels.append(track["label"])
        values.append(np.frombuffer(data, np.float32, count, length + offset))
    return labels, values


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in [*at.markdown, *at.info, *at.success, *at.caption])


def planted() -> Saved:
    """An LSTM made by hand: unit COUNTS adds 1/2 at a, takes 1/2 off at b; the others do nothing."""
    net = defaults.load("counter")
    config = replace(net.config, units=4)
    known = net.vocabulary
    arrays = {
        name: np.zeros(shape, np.float32)
        for name, shape in {
            "V": (len(known), 4),
            "bias": (len(known),),
            "rnn.weight_ih_l0": (16, len(known)),
            "rnn.weight_hh_l0": (16, 4),
            "rnn.bias_ih_l0": (16,),
            "rnn.bias_hh_l0": (16,),
        }.items()
    }
    arrays["rnn.bias_ih_l0"][[COUNTS, 4 + COUNTS, 12 + COUNTS]] = 20  # gates i, f, o stay open
    a, b = (known.characters.index(c) for c in "ab")
    arrays["rnn.weight_ih_l0"][8 + COUNTS, a] = np.arctanh(0.5)  # torch's order: i, f, g, o
    arrays["rnn.weight_ih_l0"][8 + COUNTS, b] = -np.arctanh(0.5)
    params = torch.as_tensor(model.joined(arrays, config, len(known)))
    return Saved("by hand", config, known, params, "counter")


def with_net(visit, net: Saved, **query: str) -> AppTest:
    at = visit(SLUG, **PART, net="My own file", **query)
    at.file_uploader(key="own_net").set_value(("by_hand.safetensors", saved.to_file(net), "x"))
    return at.run()


def test_a_unit_made_by_hand_is_found(visit) -> None:
    text = "aaaXbbbaaaaXbbb"
    at = with_net(visit, planted(), text="Write", own=text)
    assert good(at)
    first = table(at).iloc[0]
    assert first["unit"] == str(COUNTS) and first["r"] == pytest.approx(1, abs=1e-6)
    labels, (wanted, does) = tracks(at)
    np.testing.assert_array_equal(wanted, patterns.count(text, "a", "b"))
    np.testing.assert_allclose(does, patterns.count(text, "a", "b") / 2, atol=1e-6)
    assert labels == ["wanted", f"s {COUNTS}"]
    assert "counts a less b since the line began" in said(at).replace("\\", "")
    assert "is right at all 15 characters" in said(at)


def test_the_default_shows_what_the_task_is_known_for(visit) -> None:
    at = visit(SLUG, **ONE)
    assert good(at)
    assert at.selectbox(key="find_pattern_counter").value == "count of a less b"
    assert abs(table(at).iloc[0]["r"]) > 0.95 and len(table(at)) == 10
    assert at.session_state["find_by_counter"] == "correlation"
    at.selectbox(key="net").set_value("memoriser").run()
    assert at.selectbox(key="find_pattern_memoriser").value == "whether A or B came last"
    assert at.session_state["find_by_memoriser"] == "f1"


def test_the_table_agrees_with_the_engine(visit) -> None:
    at = visit(SLUG, **ONE)
    net = defaults.load("counter")
    layers = trace.trace(net.reader.stack, net.vocabulary.encode(ONE["own"]))
    target = patterns.count(ONE["own"], "a", "b")
    expected = units.rank(layers, target)
    assert list(table(at)["unit"]) == [str(one.where.unit) for one in expected]
    at.segmented_control(key="find_by_counter").set_value("information").run()
    expected = units.rank(layers, target, by="information")
    np.testing.assert_allclose(table(at)["bits"], [one.information for one in expected])
    at.segmented_control(key="find_in").set_value(find.ALL).run()
    every = units.rank(layers, target, signals=layers[0][0].names, by="information")
    assert good(at) and len(table(at)) == find.BEST
    assert table(at).iloc[0]["bits"] == pytest.approx(every[0].information)


def test_looking_at_a_unit_puts_it_into_the_reader(visit) -> None:
    at = visit(SLUG, **ONE)
    at.segmented_control(key="find_by_counter").set_value("f1").run()
    best = table(at).iloc[0]["unit"]
    at.multiselect(key="units_counter").set_value(["0", "1"]).run()
    at.button(key="find_look").click().run()
    assert good(at)
    assert at.multiselect(key="units_counter").value == list(dict.fromkeys([best, "0", "1"]))
    assert at.multiselect(key="signals_lstm").value == ["s"]


def test_a_regular_expression(visit) -> None:
    at = visit(SLUG, **ONE, find_way="Regular expression", find_regex_counter="a{2}|X")
    assert good(at)
    np.testing.assert_array_equal(tracks(at)[1][0], [1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0])


@pytest.mark.parametrize(
    "expression", ["((", "(?P<", "\\", "(a{1000}){1000}", "[" * 199, "(?<=a)b"]
)
def test_hostile_expressions(visit, expression) -> None:
    at = visit(SLUG, **ONE, find_way="Regular expression", find_regex_counter=expression)
    assert not at.exception and len(at.error) == 1 and "regular expression" in at.error[0].value
    at.text_input(key="find_regex_counter").set_value("(a+)+$|b").run()  # RE2 takes no time for it
    assert good(at) and len(table(at)) == 10


@pytest.mark.parametrize(
    "query",
    [
        {"find_way": "Regular expression", "find_regex_counter": "zzz"},
        {"find_way": "Regular expression", "find_regex_counter": "[aXb]"},
        {"find_pattern_counter": "inside quotes"},
        {"find_pattern_counter": find_what.COUNT, "find_character_counter": "z"},
        {"find_way": "Selected spans", "find_spans": "0-10"},
    ],
)
def test_a_pattern_with_no_match(visit, query) -> None:
    at = visit(SLUG, **ONE, **query)
    assert good(at) and "Nothing to find" in at.info[0].value and not len(at.dataframe)
    assert "What excites" in said(at)  # of the unit that is shown above
    at.selectbox(key="find_way").set_value("Known pattern").run()
    if "find_pattern_counter" in query:
        at.selectbox(key="find_pattern_counter").set_value("count of a less b").run()
    assert good(at) and len(table(at)) == 10


def test_count_of_a_character(visit) -> None:
    at = visit(SLUG, **ONE, find_pattern_counter=find_what.COUNT, find_character_counter="b")
    assert good(at)
    np.testing.assert_array_equal(tracks(at)[1][0], [0] * 6 + [1, 2, 3, 4, 5])
    at.text_input(key="find_character_counter").set_value("").run()
    assert not at.exception and "character" in at.error[0].value


def test_spans_that_are_written(visit) -> None:
    at = visit(SLUG, **ONE, find_way="Selected spans", find_spans="0-1, 6")
    assert good(at)
    np.testing.assert_array_equal(tracks(at)[1][0], [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0])


def test_a_span_that_is_dragged(visit) -> None:
    at = visit(SLUG, **ONE, find_way="Selected spans")
    assert "Drag over the text" in said(at) and not len(at.dataframe)
    at.session_state["reader"] = {"picked": None, "span": [2, 6]}
    at.run()
    assert good(at) and "With characters 2 to 5" in said(at)
    np.testing.assert_array_equal(tracks(at)[1][0], [0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0])


@pytest.mark.parametrize("written", ["9-3", "x", "3-", "5-99", "-1", "1" * 30, "1-2-3"])
def test_spans_that_are_none(visit, written) -> None:
    at = visit(SLUG, **ONE, find_way="Selected spans", find_spans=written)
    assert not at.exception and len(at.error) == 1 and "span" in at.error[0].value
    assert at.text_input(key="find_spans").value == written


def test_writing_of_spans() -> None:
    assert find_what.spans(" 3-9 , 20–31;7  0 - 2 ") == [(3, 10), (20, 32), (7, 8), (0, 3)]
    assert find_what.spans("") == []
    with pytest.raises(SettingError, match="at most 200"):
        find_what.spans("1 " * 201)


def labelled(at: AppTest, data: str | bytes) -> AppTest:
    data = data.encode() if isinstance(data, str) else data
    at.file_uploader(key="find_csv").set_value(("own.csv", data, "text/csv"))
    return at.run()


def test_own_labels_as_words_and_as_numbers(visit, downloads) -> None:
    at = visit(SLUG, **ONE, find_way="Own labels")
    blank = downloads["Table to fill in, CSV"].decode()
    rows = list(csv.reader(io.StringIO(blank)))
    assert rows[0] == ["number", "character", "label"] and [r[1] for r in rows[1:]] == [*ONE["own"]]
    filled = "number,mine\n" + "".join(
        f"{t},{'left' if c == 'a' else 'right' if c == 'b' else ''}\n"
        for t, c in enumerate(ONE["own"])
    )
    labelled(at, filled)
    assert good(at) and at.selectbox(key="find_column").value == "mine"
    assert at.selectbox(key="find_label").options == ["left", "right"]
    assert table(at).iloc[0]["F1"] == pytest.approx(1)
    at.selectbox(key="find_label").set_value("right").run()
    # nothing is claimed at the X
    np.testing.assert_array_equal(tracks(at)[1][0], [0] * 5 + [np.nan] + [1] * 5)
    at.selectbox(key="find_column").set_value("number").run()
    assert good(at)
    np.testing.assert_array_equal(tracks(at)[1][0], np.arange(11))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("label\n1\n2\n", "labels: wanted 11, got 2"),
        ("a,b\n1\n", "2 cells in every row"),
        (b"PK\x03\x04" + bytes(99), "a ZIP archive"),
        (b"", "an empty file"),
        ("k\n" + "".join(f"w{k}\n" for k in range(11)) * 9, "labels"),
    ],
)
def test_bad_labels(visit, data, message) -> None:
    at = labelled(visit(SLUG, **ONE, find_way="Own labels"), data)
    assert not at.exception and len(at.error) == 1 and message in at.error[0].value
    at.selectbox(key="find_way").set_value("Known pattern").run()
    assert good(at) and len(table(at)) == 10


def test_the_ranking_as_a_file(visit, downloads) -> None:
    at = visit(SLUG, **ONE)
    rows = list(csv.DictReader(io.StringIO(downloads["All units, CSV"].decode())))
    assert len(rows) == 10 and [r["unit"] for r in rows] == list(table(at)["unit"])
    assert float(rows[0]["r"]) == pytest.approx(table(at).iloc[0]["r"], abs=1e-5)
    assert rows[0]["pattern"] == "count of a less b"


def test_where_the_rule_is_wrong_is_shown(visit) -> None:
    """A pattern no unit follows: every place is one at which rule and pattern disagree."""
    at = visit(SLUG, **ONE, find_way="Selected spans", find_spans="0 3 7 10")
    assert good(at)
    net = defaults.load("counter")
    layers = trace.trace(net.reader.stack, net.vocabulary.encode(ONE["own"]))
    target = patterns.span(ONE["own"], [(0, 1), (3, 4), (7, 8), (10, 11)])
    best = units.rank(layers, target)[0]
    wrong = units.wrong(units.track(layers, best.where), target, best)
    assert len(wrong) and f"is wrong at **{len(wrong)}** of 11 characters" in said(at)
    shown = next(e.proto.body for e in at.get("html") if "vitrine-lines" in e.proto.body)
    assert shown.count("<mark>") == min(find.WRONG, len(wrong))
    assert f"<small>{wrong[0]}</small>" in shown


def test_what_excites_a_unit(visit) -> None:
    """Of the counter made by hand: most at the end of many a, least at the end of many b."""
    at = with_net(visit, planted())
    most, least = [e.proto.body for e in at.get("html") if "vitrine-lines" in e.proto.body][-2:]
    marked = [piece.partition("</mark>")[0] for piece in most.split("<mark>")[1:]]
    assert marked[:3] == ["aaaaXbbb"] * 3  # of 12, 11 and 10 a
    # eight characters around the X of twelve a: 9, 10, 11, 12, 12, 11, 10, 9 halves, then of eleven
    values = [[float(v) for v in re.findall(r"<small>([+-].*?)</small>", s)] for s in (most, least)]
    assert values[0][0] == pytest.approx(84 / 16, abs=0.01)
    assert values[0][1] == pytest.approx(76 / 16, abs=0.01)
    assert values[0] == sorted(values[0], reverse=True) and values[1] == sorted(values[1])
    assert values[1][-1] < 1 < 2 < values[0][-1]
    assert good(at) and 3 <= most.count("<mark>") <= excites.SHOWN
    at.segmented_control(key="find_over_True").set_value(excites.HERE).run()
    assert good(at)
    at.number_input(key="find_width").set_value(2).run()
    assert good(at)


def test_text_is_no_html(visit) -> None:
    at = visit(SLUG, **PART, text="Write", own="<b>ab</b>&aX\nbb", find_in=find.ALL)
    assert good(at)
    for element in at.get("html"):
        if "vitrine-lines" in element.proto.body:
            assert "<b>" not in element.proto.body
            assert "&lt;" in element.proto.body or "⏎" in element.proto.body
    assert SEEN[ord("\n")] == "⏎"


@pytest.mark.parametrize(
    "net",
    ["Counter, GRU", "Counter, simple recurrent", "Copy machine", "Parity", "Selective counter"],
)
def test_every_kind_of_net(visit, net) -> None:
    at = visit(SLUG, **PART, net=net, find_in=find.ALL)
    assert good(at) and len(table(at)) == (10 if "simple" in net else find.BEST)
    at.button(key="find_look").click().run()
    assert good(at)


@pytest.mark.parametrize("own", ["a", "\n", "ab", "中文字"])
def test_very_short_texts(visit, own) -> None:
    at = visit(SLUG, **PART, text="Write", own=own)
    assert good(at)


@pytest.mark.parametrize(
    "query",
    [
        {"find_way": "x", "find_in": "y", "find_by_counter": "z", "find_pattern_counter": "w"},
        {"find_width": "inf"},
        {"find_width": "0"},
        {"find_way": "Selected spans", "find_spans": "9" * 5000},
        {"find_way": "Regular expression", "find_regex_counter": "a" * 5000},
        {"find_character_counter": "abc", "find_pattern_counter": find_what.COUNT},
    ],
)
def test_hostile_links(visit, query) -> None:
    assert not visit(SLUG, **ONE, **query).exception


def test_nothing_is_ranked_again_when_something_else_changes(visit, monkeypatch) -> None:
    counted = []
    real = units.rank
    monkeypatch.setattr(find.units, "rank", lambda *a, **k: counted.append(1) or real(*a, **k))
    at = visit(SLUG, **ONE)
    before = len(counted)
    assert before >= 1
    at.number_input(key="at").set_value(3).run()
    at.segmented_control(key="find_by_counter").set_value("f1").run()
    at.number_input(key="find_width").set_value(5).run()
    assert good(at) and len(counted) == before
    at.selectbox(key="find_pattern_counter").set_value("position in line").run()
    assert good(at) and len(counted) == before + 1


def test_a_corpus_is_read_in_chunks_as_if_in_one(monkeypatch) -> None:
    net = defaults.load("counter")
    text = "aaXbb\naaaXbbb\n" * 3
    whole = trace.trace(net.reader.stack, net.vocabulary.encode(text))[0][0]
    monkeypatch.setattr(excites, "CHUNK", 5)
    for name in ("s", "b"):
        found = excites._over(net.mark, name, 0, False, net, text)
        np.testing.assert_allclose(found, whole.of(name), rtol=2e-3, atol=1e-3)
