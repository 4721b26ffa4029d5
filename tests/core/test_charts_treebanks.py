"""The charts about grammars from treebanks: what is in them, and that Vega takes them."""

from __future__ import annotations

import numpy as np
import pytest

from core.charts import treebanks as charts


def values(chart, *columns: str) -> list[tuple]:
    held = chart.to_dict()
    (rows,) = held["datasets"].values()
    return [tuple(row[column] for column in columns) for row in rows]


def test_running_scores() -> None:
    rows = [
        {"done": 1, "precision": 0.5, "recall": 0.25, "f1": 1 / 3},
        {"done": 4, "precision": 0.6, "recall": 0.6, "f1": 0.6},
    ]
    found = values(charts.running(rows), "of", "sentences", "value")
    assert ("recall", 1, 0.25) in found and ("F1", 4, 0.6) in found and len(found) == 6


def test_learning_curve() -> None:
    chart = charts.learning_curve([3, 7, 54], [0.2, 0.4, 0.7], [1, 0, 0])
    assert values(chart, "trees", "F1", "pieced") == [(3, 0.2, 1), (7, 0.4, 0), (54, 0.7, 0)]
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["type"] == "log"


def test_by_length_adds_brackets_up() -> None:
    # two of 1 to 5 words: 10 brackets at .5 and 30 at 1; one of 6 to 10
    found = values(
        charts.by_length([1, 5, 6], [0.5, 1.0, 0.2], [10, 30, 8]), "words", "F1", "sentences"
    )
    assert found == [("1–5", pytest.approx(0.875), 2), ("6–10", pytest.approx(0.2), 1)]
    assert values(charts.by_length([3], [0.0], [0]), "F1") == [(0.0,)]


def test_zipf_ranks_each_kind() -> None:
    found = values(charts.zipf([5, 1, 9, 2], [False, True, False, True]), "of", "rank", "count")
    assert found == [
        ("of phrases", 1, 9), ("of phrases", 2, 5), ("of words", 1, 2), ("of words", 2, 1),
    ]  # fmt: skip
    many = charts.zipf(np.arange(50_000) + 1, np.zeros(50_000, bool))
    assert len(values(many, "rank")) <= charts.POINTS
    assert values(many, "rank", "count")[-1] == (50_000, 1)


def test_looks_are_the_likeliest() -> None:
    found = values(charts.looks(["A", "B", "C"], [0.1, 0.7, 0.2], highest=2), "tag", "p")
    assert found == [("B", 0.7), ("C", 0.2)]
