"""Charts of a run: every number where it belongs, gaps where there is none, readable by all."""

from __future__ import annotations

import math

import pytest

from core.charts import training

ROWS = [
    {"updates": 0, "held_loss": 2 * math.log(2), "held_accuracy": 0.25, "held_texts": 0.0, "score": 0.5},
    {"updates": 50, "loss": math.log(2), "held_loss": 1.5 * math.log(2), "held_accuracy": 0.75,
     "held_texts": 0.5, "score": 0.9},
]  # fmt: skip


def points(chart) -> list[tuple[str, int, float]]:
    told = chart.to_dict()
    (rows,) = told["datasets"].values()
    return [(row["of"], row["updates"], row["value"]) for row in rows]


def test_bits_are_nats_over_log_2_and_the_first_step_has_learned_from_nothing() -> None:
    assert points(training.bits(ROWS)) == [
        (training.LEARNED, 50, pytest.approx(1.0)),
        (training.HELD, 0, pytest.approx(2.0)),
        (training.HELD, 50, pytest.approx(1.5)),
    ]


def test_shares() -> None:
    chart = training.accuracy(ROWS)
    assert points(chart) == [
        (training.NEXT, 0, 0.25), (training.NEXT, 50, 0.75),
        (training.WHOLE, 0, 0.0), (training.WHOLE, 50, 0.5),
        (training.UNIT, 0, 0.5), (training.UNIT, 50, 0.9),
    ]  # fmt: skip
    assert chart.to_dict()["layer"][0]["encoding"]["y"]["scale"] == {"domain": [0, 1.0]}


@pytest.mark.parametrize("make", [training.bits, training.accuracy])
def test_curves_are_told_apart_and_a_moment_is_marked(make) -> None:
    told = make(ROWS).to_dict()
    colour = told["layer"][0]["encoding"]["color"]["scale"]
    assert len(colour["domain"]) == len(set(colour["range"])) == len(colour["range"])
    assert len(told["layer"]) == 1
    marked = make(ROWS, now=50).to_dict()["layer"]
    assert marked[1]["mark"]["type"] == "rule" and marked[1]["encoding"]["x"] == {"datum": 50}


@pytest.mark.parametrize("make", [training.bits, training.accuracy])
def test_what_is_no_number_is_left_out(make) -> None:
    broken = {"updates": 100, "loss": math.nan, "held_loss": math.inf, "held_accuracy": math.nan}
    assert points(make([*ROWS, broken])) == points(make(ROWS))
    assert make([]).to_dict()["layer"]  # nothing yet is no reason to break
