"""Charts of grammars at work: what they were given is what they show."""

from __future__ import annotations

import numpy as np
import pytest

from core.charts import grammars as charts


def rows(chart) -> list[dict]:
    """All data of the chart, as Vega is given them."""
    made = chart.to_dict()
    return [row for data in made["datasets"].values() for row in data]


def test_lengths_are_counted() -> None:
    found = rows(charts.lengths([3, 3, 5, 90], 4.2))
    counts = {row["words"]: row["sentences"] for row in found}
    assert counts[3] == 2 and counts[5] == 1 and counts[4] == 0 and counts[41] == 1
    assert sum(counts.values()) == 4
    assert "more than 40" in {row["told"] for row in found}
    assert len(charts.lengths([3], 4.2).to_dict()["layer"]) == 2
    assert len(charts.lengths([3], None).to_dict()["layer"]) == 1
    assert len(charts.lengths([3], 400.0).to_dict()["layer"]) == 1


def test_bars_reach_two_errors_either_way() -> None:
    a, b = rows(charts.often(["a", "b"], [0.5, 0.0], [0.4, 0.01], [0.05, 0.01]))
    assert (a["low"], a["high"]) == pytest.approx((0.3, 0.5)) and a["share"] == 0.5
    assert (b["low"], b["high"]) == pytest.approx((0.0, 0.03))


def test_endings() -> None:
    made = charts.endings([0.2, 0.7], [1.0, 3 / 7], [0.6, 1.25], now=0.7, edge=0.5).to_dict()
    marks = [layer["encoding"]["x"]["datum"] for layer in made["layer"][1:]]
    assert marks == [0.5, 0.7]
    (data,) = made["datasets"].values()
    assert {"p": 0.7, "value": pytest.approx(3 / 7), "of": "a tree ends, Z"} in data
    assert len(charts.endings([0.5], [1], [1], now=0.5, edge=None).to_dict()["layer"]) == 2


def test_likelihood_begins_where_it_is_told() -> None:
    chart = charts.likelihood([-9.0, -2.0, -1.0], now=2, begin=1, others=[("told", -1.5)])
    found = rows(chart)
    assert [row["value"] for row in found if "of" not in row] == [-2.0, -1.0]
    assert {"round": 1.0, "value": -1.5, "of": "told"} in found


def test_rules_and_their_truth() -> None:
    p = np.array([[0.5, 0.5], [0.25, 0.75]])
    found = rows(charts.rules("NP", ["DT NN", "'x'"], p, now=1, truth=[0.3, np.nan]))
    assert {"round": 1, "p": 0.75, "rule": "'x'"} in found
    assert [row for row in found if "round" not in row] == [{"rule": "DT NN", "p": 0.3}]
    assert len(charts.rules("NP", ["a", "b"], p, now=0).to_dict()["layer"]) == 2
