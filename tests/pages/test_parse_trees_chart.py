"""The chart room: what travels to the browser is the chart, and every sentence has an answer."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.grammars import PRESETS
from core.parsing import cky
from core.parsing.chart import Engine
from core.parsing.grammar_text import parse
from core.parsing.normal_form import normal
from pages._kit.parsing import chart_looked, chart_scene
from pages._kit.stage.cky import ENTRY, Looked

SLUG, ROOM = "parse_trees", "Chart"
TELESCOPE = PRESETS["course_pcfg"].sentences[0]
KINDS = {"f4": np.float32, "u1": np.uint8}


def opened(visit, **query: str) -> AppTest:
    at = visit(SLUG, room=ROOM, **query)
    assert not at.exception and not at.error
    return at


def sent(at: AppTest) -> dict:
    """What the drawing was given: the header, and the arrays by their names."""
    (data,) = (
        one.proto.bytes
        for one in at.get("bidi_component")
        if one.proto.component_name == "vitrine_cky"
    )
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    for name, (kind, shape, at_byte) in header["arrays"].items():
        count = int(np.prod(shape))
        header[name] = np.frombuffer(data, KINDS[kind], count, start + at_byte).reshape(shape)
    return header


def column(shown: dict, name: str) -> np.ndarray:
    return shown["entries"][:, ENTRY.index(name)].astype(float)


def entry(shown: dict, i: int, j: int, symbol: str) -> int:
    """The row of w[i, j, symbol], words from 1."""
    (cell,) = shown["cells"][(shown["cells"][:, 0] == i - 1) & (shown["cells"][:, 1] == j - 1)]
    first, size = int(cell[2]), int(cell[3])
    names = [shown["symbols"][int(k)] for k in column(shown, "symbol")[first : first + size]]
    return first + names.index(symbol)


def product(shown: dict, way: np.ndarray) -> float:
    rule, _, left, right, _ = (int(x) for x in way)
    w = column(shown, "made" if left >= 0 and right < 0 else "w")
    return shown["rules"][rule][1] + sum(w[part] for part in (left, right) if part >= 0)


def messages(at: AppTest) -> str:
    return " ".join(one.value for one in [*at.warning, *at.info, *at.caption])


def test_the_first_sight(visit) -> None:
    shown = sent(opened(visit))
    assert shown["words"] == TELESCOPE.split() and shown["whole"] and shown["values"] == "viterbi"
    top, vp = entry(shown, 1, 8, "S"), entry(shown, 3, 8, "VP")
    assert math.exp(column(shown, "w")[top]) == pytest.approx(5.292e-5, rel=1e-5)
    assert math.exp(shown["log_sum"]) == pytest.approx(6.804e-5)
    first, ways = (int(column(shown, name)[vp]) for name in ("first", "ways"))
    products = [math.exp(product(shown, way)) for way in shown["ways"][first : first + ways]]
    assert products == pytest.approx([2.52e-4, 7.2e-5], rel=1e-5)
    assert list(shown["ways"][first : first + ways, 4]) == [1, 0]  # the best is marked
    parts = [(part["i"] + 1, part["j"] + 1, *part["symbols"]) for part in shown["tree"]]
    assert {(1, 8, "S"), (3, 8, "VP"), (4, 8, "NP"), (6, 8, "PP")} <= set(parts)
    assert (3, 5, "VP") not in parts


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_is_the_best_of_its_products(visit, name: str) -> None:
    shown = sent(opened(visit, grammar=PRESETS[name].title))
    w = column(shown, "w")
    own = normal(parse(PRESETS[name].text).grammar)
    cells = list(cky.fill(own, shown["words"]))
    assert [(int(c[0]), int(c[1]), int(c[5])) for c in shown["cells"]] == [
        (c.i, c.j, c.tried) for c in cells
    ]
    for e in range(len(w)):
        first, ways = (int(column(shown, name)[e]) for name in ("first", "ways"))
        rows = shown["ways"][first : first + ways]
        products = [product(shown, way) for way in rows]
        assert max(products) == pytest.approx(w[e], abs=1e-5)
        (best,) = np.flatnonzero(rows[:, 4] == 1)
        assert products[best] == pytest.approx(w[e], abs=1e-5)
        assert np.count_nonzero(rows[:, 4]) == column(shown, "equals")[e]


def test_the_best_is_marked_wherever_it_stands() -> None:
    grammar = parse("S -> S S [0.1] | X S [0.4] | 'a' [0.5]\nX -> 'a' [1.0]").grammar
    chart = Engine(normal(grammar)).chart(["a", "a"])
    shown = chart_scene.scene(chart, tuple(cky.fill(chart.normal, ["a", "a"])), "id")
    # S S: 0.1 * 0.5 * 0.5, X S: 0.4 * 1 * 0.5
    assert list(shown.ways[-2:, 4]) == [0, 1]


def test_the_other_numbers(visit) -> None:
    at = opened(visit, chart_values="Posterior")
    shown = sent(at)
    assert shown["values"] == "posterior"
    np_high, vp_low = entry(shown, 4, 8, "NP"), entry(shown, 3, 5, "VP")
    posterior = np.exp(column(shown, "posterior"))
    assert posterior[np_high] == pytest.approx(7 / 9, rel=1e-5)
    assert posterior[vp_low] == pytest.approx(2 / 9, rel=1e-5)
    for values in ("Inside", "Outside", "Best"):
        at.segmented_control(key="chart_values").set_value(values).run()
        assert not at.exception and sent(at)["id"] == shown["id"]


def test_another_tree_is_lit(visit) -> None:
    at = opened(visit, chart_tree="2")
    lit = {(part["i"] + 1, part["j"] + 1) for part in sent(at)["tree"]}
    assert (3, 5) in lit and (4, 8) not in lit
    for part in sent(at)["tree"]:
        inner = [sent(at)["tree"][k] for k in part["parts"]]
        assert not inner or (inner[0]["i"], inner[-1]["j"]) == (part["i"], part["j"])
    assert at.number_input(key="chart_tree").max == 2


def test_a_chain_is_one_cell(visit) -> None:
    shown = sent(opened(visit, sentence="the man sleeps"))
    (part,) = (part for part in shown["tree"] if part["i"] == part["j"] == 2)
    assert part["symbols"] == ["VP", "Vi"]
    vp = entry(shown, 3, 3, "VP")
    way = shown["ways"][int(column(shown, "first")[vp])]
    assert shown["rules"][int(way[0])][0] == ["VP", "Vi"]
    assert int(way[2]) == entry(shown, 3, 3, "Vi")


def test_a_word_that_no_rule_makes(visit) -> None:
    at = opened(visit, sentence="the man *frobs* the woman")
    shown = sent(at)
    assert shown["unknown"] == [2] and shown["tree"] == []
    assert "No rule of the grammar makes “\\*frobs\\*”" in messages(at)
    assert {(int(c[0]), int(c[1])) for c in shown["cells"] if c[3]} == {
        (0, 0), (1, 1), (3, 3), (4, 4), (0, 1), (3, 4)
    }  # fmt: skip


def test_words_that_make_no_sentence(visit) -> None:
    at = opened(visit, sentence="woman the saw")
    assert "no tree for this sentence" in messages(at)
    assert sent(at)["tree"] == [] and sent(at)["log_sum"] is None


def test_no_sentence(visit) -> None:
    at = opened(visit, sentence=" ")
    assert "Type a sentence" in messages(at)
    names = {one.proto.component_name for one in at.get("bidi_component")}
    assert "vitrine_cky" not in names


def test_more_words_than_are_drawn(visit) -> None:
    words = " ".join([*TELESCOPE.split(), *(["with", "the", "woman"] * 20)])
    at = opened(visit, sentence=words)
    assert "68 words" in messages(at) and "only the numbers" in messages(at)
    (table,) = at.table
    assert "of them trees of the grammar" in str(table.value)


def test_the_longest_that_is_drawn(visit) -> None:
    words = " ".join([*TELESCOPE.split(), *(["with", "the", "woman"] * 17)])
    shown = sent(opened(visit, sentence=words, chart_tree="200"))
    assert shown["cells"].shape[0] == 59 * 60 // 2 and shown["tree"]


def test_where_the_visitor_looks_stands_in_the_link(visit) -> None:
    at = opened(visit, cell="3-5-VP", step="40")
    shown = sent(at)
    assert shown["looked"] == {"i": 2, "j": 4, "symbol": "VP", "step": 40}
    at.session_state["cky"] = {"looked": [shown["id"], 3, 7, "NP", 70]}
    at.run()
    assert (at.query_params["cell"], at.query_params["step"]) == ("4-8-NP", "70")
    at.session_state["cky"] = {"looked": [shown["id"], 3, 7, "NP", 0]}
    at.run()
    assert at.query_params["step"] == "0"
    at.session_state["cky"] = {"looked": [shown["id"], 0, 2, "", None]}
    at.run()
    assert at.query_params["cell"] == "1-3" and "step" not in at.query_params
    at.text_input(key="sentence").set_value("the man sleeps").run()
    assert "cell" not in at.query_params and sent(at)["looked"] is None


NONSENSE = [
    7, ["x"], [1, 2, 3, 4, 5], ["ID", 5, 2, "S", 1], ["ID", True, 2, "S", 1], ["ID", 0, 99, "S", 1],
    ["ID", 0, 1, 5, 1], {"a": 1},
]  # fmt: skip


@pytest.mark.parametrize("told", NONSENSE)
def test_what_no_browser_says_is_not_heard(visit, told: object) -> None:
    at = opened(visit)
    id = sent(at)["id"]
    if isinstance(told, list):
        told = [id if x == "ID" else x for x in told]
    at.session_state["cky"] = {"looked": told}
    at.run()
    assert not at.exception and not at.error and "cell" not in at.query_params


@pytest.mark.parametrize(
    ("cell", "step", "wanted"),
    [
        ("3-8-VP", "", Looked(2, 7, "VP", None)), ("1-1", "3", Looked(0, 0, "", 3)),
        ("3-8-A-B", "x", Looked(2, 7, "A-B", None)), ("8-3-VP", "", None), ("0-3-VP", "", None),
        ("3-9-VP", "", None), ("", "", None), ("x-y-z", "", None), ("3", "", None),
        ("²-3-S", "", None), ("99999999999-3-S", "", None),
    ],
)  # fmt: skip
def test_links(cell: str, step: str, wanted: Looked | None) -> None:
    assert chart_looked.read(cell, step, 8) == wanted


def test_a_chart_too_rich_to_travel_whole(visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_scene, "PRODUCTS", 10)
    monkeypatch.setattr(chart_scene, "FEW", 1)
    words = "1 + 2 * 3 - x / 2"
    at = opened(visit, grammar=PRESETS["arithmetic_ambiguous"].title, sentence=words)
    shown = sent(at)
    chart = Engine(normal(parse(PRESETS["arithmetic_ambiguous"].text).grammar)).chart(words.split())
    assert not shown["whole"] and "More products are tried" in messages(at)
    w = column(shown, "w")
    for i, j, first, size, total, tried in shown["cells"].astype(int):
        assert total == chart.size[i, j] and tried == -1
        for e in range(first, first + size):
            symbol = shown["symbols"][int(column(shown, "symbol")[e])]
            assert w[e] == pytest.approx(chart.cell(i, j)[symbol], abs=1e-5)
            (way,) = shown["ways"][int(column(shown, "first")[e])][None]
            assert product(shown, way) == pytest.approx(w[e], abs=1e-5)
    # everything of a cell is sent when it is looked at
    at.session_state["cky"] = {"looked": [shown["id"], 0, 8, "E", None]}
    at.run()
    listed = sent(at)["listed"]
    assert listed["symbol"] == "E" and listed["total"] == len(listed["ways"]) == 4
    for side, split, log_p, logs, chain in listed["ways"]:
        assert side == ["E", "@Op_E"] and split in (0, 2, 4, 6) and not chain
        assert log_p + sum(logs) == pytest.approx(chart.log_best)


def test_the_files(visit, downloads: dict[str, bytes]) -> None:
    opened(visit)
    rows = list(csv.DictReader(io.StringIO(downloads["Chart (CSV)"].decode())))
    whole = json.loads(downloads["Chart (JSON)"])
    assert len(rows) == len(whole["cells"]) and whole["words"] == TELESCOPE.split()
    (vp,) = (row for row in rows if (row["i"], row["j"], row["symbol"]) == ("3", "8", "VP"))
    assert (vp["rule"], vp["split"], vp["rule_p"]) == ("VP -> Vt NP", "3", "0.4")
    assert float(vp["w"]) == pytest.approx(2.52e-4) and float(vp["posterior"]) == pytest.approx(1)
    assert float(vp["inside"]) * float(vp["outside"]) == pytest.approx(6.804e-5)
    assert vp["words"] == "saw the woman with the telescope"


def test_the_counts(visit) -> None:
    (table,) = opened(visit).table
    told = str(table.value)
    for number in ("429", "9.81 × 10¹⁵", "3,072", "84", "18"):
        assert number in told
