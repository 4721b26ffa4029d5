"""Charts of vanishing gradients: what they hold is what they were given, and valid Vega-Lite."""

from __future__ import annotations

import numpy as np
import pytest

from core.charts import recurrent, theme

CURVES = {
    "Simple recurrent": np.array([1.0, 1e-3, 1e-30, 0.0]),
    "LSTM": np.array([1.0, np.nan, 2.0, 0.5]),
}


def rows(chart) -> list[dict]:
    told = chart.to_dict()
    return next(iter(told["datasets"].values()))


def test_a_line_a_net_and_nothing_where_there_is_nothing() -> None:
    chart = recurrent.vanishing(CURVES)
    found = [(r["net"], r["lag"], r["share"]) for r in rows(chart)]
    assert found == [
        ("Simple recurrent", 0, 1.0),
        ("Simple recurrent", 1, 1e-3),
        ("Simple recurrent", 2, recurrent.FLOOR),  # float64 tells nothing below
        ("LSTM", 0, 1.0),
        ("LSTM", 2, 2.0),
        ("LSTM", 3, 0.5),
    ]
    told = chart.to_dict()
    scale = told["layer"][0]["encoding"]["y"]["scale"]
    assert scale["type"] == "log" and scale["domainMin"] == recurrent.FLOOR
    colours = told["layer"][0]["encoding"]["color"]["scale"]
    assert colours == {"domain": list(CURVES), "range": [theme.ORANGE, theme.GREEN]}


def test_truncation_is_marked_where_it_cuts() -> None:
    assert len(recurrent.vanishing(CURVES).to_dict()["layer"]) == 1
    assert len(recurrent.vanishing(CURVES, cut=200).to_dict()["layer"]) == 1
    told = recurrent.vanishing(CURVES, cut=2).to_dict()
    line, rule, words = told["layer"]
    assert line["mark"]["type"] == "line" and rule["mark"]["type"] == "rule"
    # between the last that is asked, 1 back, and the first that is not
    assert told["datasets"][rule["data"]["name"]] == [{"lag": 1.5}]
    assert words["encoding"]["text"]["value"] == "truncated here"


def test_nets_without_any_gradient_make_an_empty_chart() -> None:
    nothing = {"GRU": np.full(5, np.nan), "LSTM": np.zeros(5)}
    assert "layer" in recurrent.vanishing(nothing, cut=2).to_dict()


def test_a_spectrum_on_a_common_axis() -> None:
    values = np.array([[1, 1, 1], [2, 0.5, 1e-20]])
    other = np.array([[1, 1, 1], [0.9, 0.8, 0.7]])
    assert recurrent.domain([values, other]) == (recurrent.FLOOR, 2.0)
    assert recurrent.domain([other]) == (0.7, 1.0)
    chart = recurrent.spectrum(values, title="GRU", colour=theme.GREEN, domain=(1e-16, 2))
    assert rows(chart) == [
        {"lag": 0, "largest": 1.0, "median": 1.0, "smallest": 1.0},
        {"lag": 1, "largest": 2.0, "median": 0.5, "smallest": recurrent.FLOOR},
    ]
    for layer in chart.to_dict()["layer"]:
        assert layer["encoding"]["y"]["scale"]["domain"] == [1e-16, 2]
        assert layer["mark"]["color"] == theme.GREEN


@pytest.mark.parametrize("count", (1, 2, 4))
def test_every_net_has_a_colour_of_its_own(count: int) -> None:
    curves = {f"net {k}": [1.0, 0.1] for k in range(count)}
    told = recurrent.vanishing(curves).to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert len(set(told["range"])) == count
