"""Charts of networks show the numbers they are given, and are valid Vega-Lite."""

from __future__ import annotations

import altair as alt
import numpy as np
import pytest

from core.charts import networks, theme
from core.nets import explain
from core.nets.network import Config
from tests.core.nets import cloud, started


def rows(chart: alt.LayerChart, layer: int) -> list[dict]:
    """The data of one layer, from the checked specification."""
    made = chart.to_dict()
    data = made["layer"][layer].get("data", made.get("data"))
    return made["datasets"][data["name"]]


def curve(test: bool) -> np.ndarray:
    held = [0.9, 0.8] if test else [np.nan, np.nan]
    return np.array([[0, 0.7, held[0], 0.5, 0.5], [100, 0.2, held[1], 0.9, 0.6]])


def contrast(a: str, b: str) -> float:
    """Of two colours, after WCAG."""

    def light(colour: str) -> float:
        parts = [v / 255 for v in theme.rgb(colour)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    low, high = sorted((light(a), light(b)))
    return high / low


def test_runs_side_by_side_name_their_gap() -> None:
    made = networks.compare({"A": curve(True), "B: dropout 0.2": curve(True)}, "cross-entropy")
    shown = rows(made, 0)
    assert len(shown) == 8 and {row["of"] for row in shown} == {"training", "test"}
    assert [row["loss"] for row in shown[:4]] == [0.7, 0.2, 0.7, 0.2]
    assert {row["run"] for row in shown} == {"A, gap 0.6", "B: dropout 0.2, gap 0.6"}
    gaps = rows(made, 1)
    assert [(row["training"], row["test"]) for row in gaps[:2]] == [(0.7, 0.9), (0.2, 0.8)]
    y = made.to_dict()["layer"][0]["encoding"]["y"]
    assert y["title"] == "loss, nats" and y["scale"]["type"] == "log"
    alone = networks.compare({"A": curve(False)}, "squared error", log=False)
    assert [row["run"] for row in rows(alone, 0)] == ["A", "A"]
    y = alone.to_dict()["layer"][0]["encoding"]["y"]
    assert y["title"] == "loss, mean squared error" and "type" not in y["scale"]


def test_accuracies_stand_beside_the_losses_in_the_colours_of_the_lanes() -> None:
    runs = {"A": curve(True), "B: dropout 0.2": curve(True)}
    made = networks.accuracies(runs)
    assert [row["accuracy"] for row in rows(made, 0)[:4]] == [0.5, 0.9, 0.5, 0.9]
    assert {row["run"] for row in rows(made, 0)} == {"A, gap 30.0 %", "B: dropout 0.2, gap 30.0 %"}
    for chart in (made, networks.compare(runs, "cross-entropy")):
        colour = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
        assert colour["range"] == [*networks.LANES]
    for ground in ("#FCFBF8", "#101418"):
        assert all(contrast(lane, ground) > 2 for lane in networks.LANES)
    assert not {*networks.LANES} & {*theme.CLASSES[:2], *theme.CLASSES_DARK[:2]}


def test_axes_of_nothing_have_an_extent() -> None:
    for made in (
        networks.compare({"A": np.zeros((0, 5))}, "cross-entropy"),
        networks.accuracies({"A": np.zeros((0, 5))}),
    ):
        (only,) = made.to_dict()["layer"]
        for axis in "xy":
            assert only["encoding"][axis]["scale"]["domain"]
    assert len(networks.compare({"A": curve(False)}, "cross-entropy").layer) == 1, "no empty gaps"


def test_a_loss_without_a_place_on_the_axis_is_left_out() -> None:
    strange = np.array([[0, 0.7, 0.8, 0, 0], [1, np.inf, 0.9, 0, 0], [2, 0, 0.5, 0, 0]])
    for log, lines in ((True, 4), (False, 5)):
        made = networks.compare({"A": strange}, "cross-entropy", log=log)
        shown = rows(made, 0)
        assert len(shown) == lines and shown[0]["run"] == "A, gap 0.5"
        assert len(rows(made, 1)) == lines - 3
    networks.compare({"A": np.zeros((0, 5))}, "cross-entropy").to_dict()


def test_the_spread_of_a_crowd() -> None:
    random = np.random.default_rng(0)
    values = random.random((6, 50))
    values[3, 7] = np.nan
    made = networks.spread(np.arange(6) * 10, values, "loss", log=True)
    middle = rows(made, 2)
    for k, row in enumerate(middle):
        assert row["median"] == pytest.approx(np.nanmedian(values[k]))
        assert row["low"] == pytest.approx(np.nanquantile(values[k], 0.1))
        assert row["high"] == pytest.approx(np.nanquantile(values[k], 0.9))
    assert len({row["net"] for row in rows(made, 0)}) == networks.THIN
    for few in (1, 3):
        made = networks.spread(np.arange(6) * 10, values[:, :few], "loss")
        assert {row["net"] for row in rows(made, 0)} == set(range(few))


def test_moments_at_which_every_net_is_broken_are_left_out() -> None:
    values = np.array([[1.0, 2.0], [np.nan, np.inf], [0.0, 3.0]])
    made = networks.spread([0, 10, 20], values, "loss", log=True)
    assert [(row["examples"], row["median"]) for row in rows(made, 2)] == [(0, 1.5), (20, 3)]
    made = networks.spread([0, 10, 20], values, "loss")
    assert [(row["examples"], row["median"]) for row in rows(made, 2)] == [(0, 1.5), (20, 1.5)]
    assert rows(networks.spread([0], [[np.nan]], "loss"), 2) == []


def test_who_solved_it() -> None:
    made = networks.solved([0, 10, 20], [0.0, 0.25, 1.0])
    assert [row["share"] for row in rows(made, 0)] == [0, 0.25, 1]


@pytest.mark.parametrize("level", ["scalar", "tensor"])
def test_a_graph_has_every_node_and_edge(level: str) -> None:
    points = cloud(5)
    told = explain.update(started(points, Config()).params, Config(), points.x[0], int(points.y[0]))
    nodes, edges = explain.rows(explain.graph(told, level))
    made = networks.computational_graph(nodes, edges)
    assert len(rows(made, 0)) == len(edges)
    shown = rows(made, 1)
    assert [row["label"] for row in shown] == [row["label"] for row in nodes]
    assert {row["ink"] for row in shown} == {theme.BLUE, theme.VERMILION, theme.GREEN, theme.GREY}
    said: dict[str, list[str]] = {"label": [], "value": [], "back": []}
    cards = 0
    for k, layer in enumerate(made.to_dict()["layer"]):
        mark = layer["mark"]
        if mark["type"] == "text":  # black by itself: unreadable on a dark page
            assert contrast(mark["color"], networks.PAPER) > 4.5
            word = layer["encoding"]["text"]["field"]
            said[word] += [row[word] for row in rows(made, k)]
        if "fill" in mark:
            assert mark["fill"] == networks.PAPER and mark["opacity"] == 1
            cards += len(rows(made, k))
    for word in ("label", "value"):
        assert sorted(said[word]) == sorted(row[word] for row in nodes)
    assert cards == len(nodes) == len(said["back"]), "each on a card that hides the edges behind it"
    assert not any("-" in text for texts in said.values() for text in texts), "real minus signs"
    columns = len({row["x"] for row in nodes})
    assert networks.graph_width(nodes) > 60 * columns
    assert all(row["back"] == "" or row["back"].startswith("∂") for row in shown)


def test_a_mosaic_of_beliefs() -> None:
    tiles = networks.decision_mosaic([[[0, 1]], [[2, 9]]], [[[1.0, 1.0]], [[0.5, 0.1]]])
    assert tiles.shape == (2, 1, 2, 3) and tiles.dtype == np.uint8
    ink = np.array(theme.rgb(theme.CLASSES[1]))
    assert np.abs(tiles[0, 0, 1] - (255 + 0.9 * (ink - 255))).max() <= 1
    assert tiles[1].min() > tiles[0].min(), "the less sure, the paler"
    broken = networks.decision_mosaic([[[0]]], [[[np.nan]]])
    assert broken.min() > 200


def test_ten_classes_are_told_apart() -> None:
    for colours in (theme.CLASSES, theme.CLASSES_DARK):
        values = np.array([theme.rgb(colour) for colour in colours], float)
        far = np.linalg.norm(values[:, None] - values[None], axis=2) + 999 * np.eye(10)
        assert len(set(colours)) == 10 and far.min() > 40
    assert theme.CLASSES[:2] == (theme.BLUE, theme.VERMILION)
