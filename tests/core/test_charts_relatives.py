"""Charts of the contest and of echoes: what they hold is what they were given, and valid Vega-Lite."""

from __future__ import annotations

import numpy as np
import pytest

from core.charts import relatives

NAMES = ["A", "B", "C"]


def rows(chart) -> list[list[dict]]:
    return list(chart.to_dict()["datasets"].values())


def test_lines_go_through_the_means_and_colours_stay() -> None:
    given = [
        {"net": "C", "lag": 2, "seed": 1, "accuracy": 0.5},
        {"net": "C", "lag": 2, "seed": 2, "accuracy": 1.0},
        {"net": "A", "lag": 2, "seed": 1, "accuracy": 0.25},
    ]
    chart = relatives.accuracy(given, NAMES, lags=(2, 8), axis="lag", chance=0.25)
    told = chart.to_dict()
    marks = [layer["mark"]["type"] for layer in told["layer"]]
    assert marks == ["line", "line", "point", "tick", "rule", "text"]
    means = told["datasets"][told["layer"][2]["data"]["name"]]
    assert {(r["net"], r["lag"]): r["accuracy"] for r in means} == {("A", 2): 0.25, ("C", 2): 0.75}
    assert told["datasets"][told["layer"][3]["data"]["name"]] == given
    scale = told["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["A", "C"], "range": [relatives.COLOURS[0], relatives.COLOURS[2]]}
    assert told["layer"][0]["encoding"]["x"]["scale"]["domain"] == [2, 8]
    widths = [layer["mark"]["strokeWidth"] for layer in told["layer"][:2]]
    assert widths[0] > widths[1]  # so that a line under another is seen
    assert [{"accuracy": 0.25}] in rows(chart)


def test_one_seed_has_no_marks_and_a_language_no_chance() -> None:
    given = [{"net": "B", "lag": 3, "seed": 1, "accuracy": 0.5}]
    told = relatives.accuracy(given, NAMES, lags=(3,), axis="length").to_dict()
    assert [layer["mark"]["type"] for layer in told["layer"]] == ["line", "point"]


def test_curves_hold_what_was_reached() -> None:
    chart = relatives.curves({"B": ((0, 5), (0.1, 0.9)), "A": ((0,), (0.2,))}, NAMES, updates=40)
    assert rows(chart)[0] == [
        {"net": "B", "updates": 0, "accuracy": 0.1},
        {"net": "B", "updates": 5, "accuracy": 0.9},
        {"net": "A", "updates": 0, "accuracy": 0.2},
    ]
    encoding = chart.to_dict()["encoding"]
    assert encoding["x"]["scale"]["domain"] == [0, 40]
    assert encoding["color"]["scale"]["range"] == [*relatives.COLOURS[:2]]


def test_a_distance_of_nothing_lies_on_the_floor() -> None:
    chart = relatives.apart([2.0, 1e-3, 0.0])
    assert [r["value"] for r in rows(chart)[0]] == [2.0, 1e-3, relatives.FLOOR]
    assert chart.to_dict()["encoding"]["y"]["scale"]["type"] == "log"


@pytest.mark.parametrize("make", [relatives.forgetting, relatives.right])
def test_over_lag(make) -> None:
    chart = make(np.array([1.0, 0.75]))
    assert [{"k": 1, "value": 1.0}, {"k": 2, "value": 0.75}] in rows(chart)
