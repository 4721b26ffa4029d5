"""Two topics, two models, and the order of a table: against numbers worked out by hand."""

from __future__ import annotations

from itertools import permutations

import altair as alt
import numpy as np
import pytest

from core.charts import theme, topics_contrast, topics_heat, topics_over
from core.errors import SettingError
from core.topics import seriation
from core.topics.align import align
from core.topics.contrast import both, contrast
from core.topics.distances import jensen_shannon
from core.topics.matched import matched

P = np.array([0.5, 0.3, 0.2, 0.0])
Q = np.array([0.0, 0.3, 0.1, 0.6])


def test_parts_add_up_to_the_divergence() -> None:
    found = contrast(P, Q)
    assert found.js == pytest.approx(jensen_shannon(P[None], Q[None])[0, 0], abs=1e-12)
    # a word of one topic only: p log (p / (p / 2)) / 2
    np.testing.assert_allclose(found.part[[0, 3]], [0.25 * np.log(2), 0.3 * np.log(2)])
    assert found.part[1] == pytest.approx(0, abs=1e-15) and (found.part >= 0).all()
    assert found.shared == pytest.approx(0.3 + 0.1)


def test_words_of_each_kind_once() -> None:
    first, shared, second = (group.tolist() for group in contrast(P, Q).words(1))
    assert (first, shared, second) == ([0], [1], [3])
    every = [w for group in contrast(P, Q).words(9) for w in group.tolist()]
    assert sorted(every) == [0, 1, 2, 3]
    same = contrast(P, P)
    assert [len(group) for group in same.words(9)] == [0, 3, 0] and same.js == 0


def test_topics_of_other_words_are_not_compared() -> None:
    with pytest.raises(SettingError):
        contrast(P, Q[:3])


def test_documents_that_have_both() -> None:
    theta = np.array([[0.5, 0.5, 0], [0.9, 0.04, 0.06], [0.6, 0.4, 0], [0.5, 0.5, 0], [0, 0, 1]])
    found = both(theta, 0, 1, np.array([10.0, 10, 10, 40, 10]), 2)
    # as much of both, but more words; then 0.5 and 0.5 before 0.6 and 0.4
    assert found.documents.tolist() == [3, 0] and found.count == 3
    assert found.expected == pytest.approx(4 * 3 / 5)
    np.testing.assert_array_equal(found.first, [0.5, 0.5])
    assert both(theta, 0, 2, np.zeros(5), 2).count == 0  # no words


def test_documents_of_two_models_through_the_pairs() -> None:
    topics = np.eye(3) * 0.9 + 0.1 / 3
    first = np.array([[0.8, 0.2, 0], [0.1, 0.9, 0], [0, 0, 1.0], [0.6, 0, 0.4]])
    order = [2, 0, 1]
    found = matched(first, first[:, order], align(topics, topics[order]), np.ones(4))
    assert found.same == 1 and found.documents.sum() == 4
    other = first[:, order].copy()
    other[3] = [1, 0, 0]  # its topic 2
    again = matched(first, other, align(topics, topics[order]), np.array([1.0, 1, 1, 2]))
    assert again.same == 0.75
    np.testing.assert_allclose(again.tokens.sum(), 5)
    with pytest.raises(SettingError):
        matched(first, other[:3], align(topics, topics), np.ones(4))


def test_the_order_puts_the_alike_beside_each_other() -> None:
    # a chain 0 - 1 - 2 - 3, shuffled
    at = np.array([2, 0, 3, 1])
    alike = -np.abs(at[:, None] - at[None, :]).astype(float)
    found = at[seriation.order(alike)].tolist()
    assert found in ([0, 1, 2, 3], [3, 2, 1, 0])
    length = min(np.abs(np.diff(one)).sum() for one in permutations(range(4)))
    assert np.abs(np.diff(found)).sum() == length
    assert seriation.order(np.eye(2)).tolist() == [0, 1]


def rows(chart: alt.LayerChart, *columns: str) -> list[tuple]:
    held = chart.to_dict()
    data = held["datasets"][_named(held)]
    return [tuple(row[name] for name in columns) for row in data]


def _named(held: dict) -> str:
    return (held.get("data") or held["layer"][0]["data"])["name"]


def test_words_back_to_back() -> None:
    frame = topics_contrast.rows(
        [["a"], ["b"], ["it's"]], [[0.5], [0.3], [0.0]], [[0.0], [0.3], [0.6]], selected="b"
    )
    assert frame[["word", "left", "q", "kind", "lit"]].to_numpy().tolist() == [
        ["a", -0.5, 0.0, 0, False], ["b", -0.3, 0.3, 1, True], ["it's", 0.0, 0.6, 2, False],
    ]  # fmt: skip
    # a few axes do for all topics, so that the chart itself is made once
    assert topics_contrast.reach(frame) == 1.0
    found = [topics_contrast.reach(frame.assign(p=p, q=0.001)) for p in (0.2, 0.021, 0.0011)]
    assert found == pytest.approx([0.2, 0.05, 0.002])
    held = topics_contrast.butterfly(3, 1.0).to_dict()
    assert held["data"] == {"name": "words"}
    assert held["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-1, 1]
    empty = topics_contrast.rows([[], [], []], [[], [], []], [[], [], []])
    assert len(empty) == 0 and topics_contrast.reach(empty) > 0
    assert {"word", "left", "q", "kind", "lit"} <= set(empty.columns)


def test_the_map_of_a_pair() -> None:
    frame = topics_contrast.places(
        [[0.0, 0.0], [0.3, 0.1], [0.1, 0.1]], [0.4, 0.5, 0.1], ["x, y", "z, w", "u, v"], 0, 1
    )
    assert frame[["topic", "shown", "role"]].to_numpy().tolist() == [
        [1, "z, w", topics_contrast.OTHER], [0, "x, y", topics_contrast.ONE],
        [2, "u", topics_contrast.BOTH],
    ]  # fmt: skip
    assert frame["seen"].tolist() == [0.75, 0.75, 0.35]
    assert (frame["below"] < frame["y"]).all()
    low, high = topics_contrast.room([0.0, 0.3])
    assert low < 0 < 0.3 < high and topics_contrast.room([0.0, 0.0])[0] < 0
    held = topics_contrast.pair((0.0, 1.0), (0.0, 1.0)).to_dict()
    assert held["data"] == {"name": "topics"}
    assert held["layer"][0]["encoding"]["color"]["scale"]["range"] == [
        theme.BLUE, theme.GREY, theme.VERMILION,
    ]  # fmt: skip


def test_labels_against_topics() -> None:
    share = [[0.25, 0.75], [np.nan, np.nan]]
    chart = topics_heat.labelled(share, ["a", "b"], ["x", "y"], [4, 0], selected=1)
    # a label without words has no shares
    assert rows(chart, "row", "column", "value", "documents", "cell") == [
        ("a", "x", 0.25, 4, 0), ("a", "y", 0.75, 4, 1),
    ]  # fmt: skip
    assert chart.to_dict()["params"][0]["value"] == [{"cell": 1}]


def test_one_label_and_one_topic() -> None:
    chart = topics_over.label_topics([0.1, 0.6, 0.3], ["x", "y", "y"], [0.2, 0.3, 0.5], most=2)
    assert rows(chart, "topic", "name", "mean") == [(1, "y (2)", 0.3), (2, "y (3)", 0.5)]
    bars = topics_over.topic_by_label([0.6, 0.1], ["b", "a"], [3, 4], mean=0.3, selected="a")
    assert rows(bars, "label", "p") == [("b", 0.6), ("a", 0.1)]
    assert bars.to_dict()["params"][0]["value"] == [{"label": "a"}]


def test_one_topic_over_time() -> None:
    days = ["2000-01-01T00:00:00", "2001-01-01T00:00:00", "2002-01-01T00:00:00"]
    chart = topics_over.one_over_time([0.1, 0.0, 0.3], days, [2, 0, 1])
    assert [p for (p,) in rows(chart, "p")] == [0.1, 0.3]  # nothing was written in between
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["type"] == "temporal"
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["axis"]["format"] == "%b %Y"
    years = topics_over.one_over_time([0.1, 0.2], [2000, 2001], [1, 1])
    assert years.to_dict()["layer"][0]["encoding"]["x"]["type"] == "quantitative"
