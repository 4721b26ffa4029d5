"""The curve of precision against recall holds its numbers, and marks the threshold."""

from __future__ import annotations

import pytest

from core.charts import precision


def drawn(now: tuple[float, float] | None) -> dict:
    return precision.curve(
        [0.5, 1.0], [1.0, 0.6], [0.9, 0.4], [1.0, 1.0, 0.6], threshold=0.5, now=now
    ).to_dict()


def test_the_curve_holds_its_numbers() -> None:
    chart = drawn((0.5, 1.0))
    layers = chart["layer"]
    data = {i: chart["datasets"][layer["data"]["name"]] for i, layer in enumerate(layers)}
    assert [(row["recall"], row["precision"]) for row in data[0]] == [(0, 1), (0.5, 1), (1, 0.6)]
    assert [(row["recall"], row["score"]) for row in data[1]] == [(0.5, 0.9), (1, 0.4)]
    assert data[3] == [{"recall": 0.5, "precision": 1, "score": 0.5}]
    assert layers[4]["encoding"]["text"]["value"] == "score ≥ 0.50"
    for layer in layers:
        assert layer["encoding"]["x"]["scale"]["domain"] == [0, 1]
        assert (layer["encoding"]["x"]["title"], layer["encoding"]["y"]["title"]) == (
            "recall",
            "precision",
        )


@pytest.mark.parametrize(("recall", "align"), [(0.2, "left"), (0.9, "right")])
def test_the_words_stay_within(recall: float, align: str) -> None:
    assert drawn((recall, 0.5))["layer"][4]["mark"]["align"] == align


def test_where_nothing_scores_enough_there_is_no_mark() -> None:
    assert len(drawn(None)["layer"]) == 3
