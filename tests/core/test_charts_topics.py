"""Charts of topic models: the rows and the encodings that a visitor sees, and that Vega takes them."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from core.charts import (
    theme,
    topics_bars,
    topics_corpus,
    topics_density,
    topics_fit,
    topics_heat,
    topics_inside,
    topics_map,
    topics_names,
    topics_over,
)
from core.topics.align import align
from core.topics.dirichlet import triangle

NAMES = ["games", "votes", "games"]
PLACES = np.array([[-0.3, 0.0], [0.1, 0.2], [0.2, -0.2]])
PREVALENCE = np.array([0.5, 0.2, 0.3])


HELD: dict[int, tuple[Any, dict[str, Any]]] = {}


def told(chart: Any) -> dict[str, Any]:
    """What the page gets, checked against Vega-Lite's schema once a chart."""
    if id(chart) not in HELD:
        HELD[id(chart)] = chart, chart.to_dict()
    return HELD[id(chart)][1]


def rows(chart: Any, *columns: str) -> list[tuple]:
    """Rows of the first dataset that has all the columns."""
    for data in told(chart)["datasets"].values():
        if data and set(columns) <= set(data[0]):
            return [tuple(row[column] for column in columns) for row in data]
    raise AssertionError(f"no dataset has {columns}")


def layer_rows(chart: Any, index: int, *columns: str) -> list[tuple]:
    """Rows of one layer."""
    held = told(chart)
    name = held["layer"][index].get("data", held.get("data"))["name"]
    return [tuple(row[column] for column in columns) for row in held["datasets"][name]]


def params(chart: Any) -> dict[str, dict[str, Any]]:
    return {param["name"]: param for param in told(chart)["params"]}


def marks(chart: Any) -> list[str]:
    return [layer["mark"]["type"] for layer in told(chart)["layer"]]


def test_names_that_several_topics_have_are_numbered() -> None:
    assert topics_names.distinct(NAMES) == ["games (1)", "votes", "games (3)"]
    scale = topics_names.colour(["a", topics_names.OTHERS, "b"]).to_dict()["scale"]
    assert scale["range"] == [theme.CLASSES[0], theme.GREY, theme.CLASSES[1]]


def luminance(colour: str) -> float:
    channels = np.array(theme.rgb(colour)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("page", ["#FCFBF8", "#101418"])
def test_words_on_charts_are_read_on_light_and_dark(page: str) -> None:
    low, high = sorted((luminance(page), luminance(topics_names.INK)))
    assert (high + 0.05) / (low + 0.05) > 3.7


def browsed(**more: Any) -> dict[str, list[dict]]:
    """Rows that the map of topics is given."""
    told = {
        "selected": 2, "words": ["bat", "run"], "in_topic": [4.0, 0.0], "overall": [13.0, 0.0],
        "shares": [[0.7, 0.0, 0.3], [0.6, 0.4, 0.001]],
    } | more  # fmt: skip
    frames = topics_map.tables(PLACES, PREVALENCE, [0, 3, 4], NAMES, **told)
    return {name: frame.to_dict("records") for name, frame in frames.items()}


def inner(chart: Any) -> tuple[list[dict], list[dict]]:
    """Layers of the map, and of the words."""
    map, words = told(chart)["layer"]
    return map["layer"], words["layer"]


def test_map_shows_places_shares_and_the_picked_topic() -> None:
    topics = browsed()["topics"]
    # large circles lie below small ones
    assert [(one["topic"], one["number"], one["name"], one["prevalence"]) for one in topics] == [
        (0, "0", "games (1)", 0.5), (2, "4", "games (3)", 0.3), (1, "3", "votes", 0.2),
    ]  # fmt: skip
    assert [one["lit"] for one in topics] == [False, True, False]
    assert not any(one["ring"] for one in topics)
    again = browsed(turn=3)
    assert {one["turn"] for name in ("topics", "words") for one in again[name]} == {3}


def test_a_words_share_over_topics_lies_on_the_map() -> None:
    rows = browsed()["of"]
    # shares below the least are left out
    assert [(one["word"], one["topic"], one["share"]) for one in rows] == [
        ("bat", 0, 0.7), ("bat", 2, 0.3), ("run", 0, 0.6), ("run", 1, 0.4),
    ]  # fmt: skip
    assert not any(one["lit"] for one in rows)
    held = browsed(word="ace", of_word=[0.9, 0.0, 0.1])
    assert [(one["topic"], one["share"]) for one in held["of"] if one["lit"]] == [
        (0, 0.9),
        (2, 0.1),
    ]
    assert all(one["ring"] for one in held["topics"])
    # of a word that is among those shown there is one row a topic
    known = browsed(word="bat", of_word=[0.7, 0.0, 0.3])
    assert len(known["of"]) == 4 and [one["lit"] for one in known["words"]] == [True, False]


def test_words_of_a_topic_before_all_their_tokens() -> None:
    rows = browsed()["words"]
    assert [(one["word"], one["topic_tokens"], one["all_tokens"], one["rank"]) for one in rows] == [
        ("bat", 4, 13, 0), ("run", 0, 0, 1),
    ]  # fmt: skip
    # a word that is nowhere has no part
    assert [one["part"] for one in rows] == [pytest.approx(4 / 13), 0]


def test_map_and_words_are_one_chart_that_does_not_depend_on_what_is_picked() -> None:
    chart = topics_map.chart(topics_map.spanned(PLACES))
    assert "datasets" not in told(chart)
    map, words = inner(chart)
    names = re.findall(r'"data": {"name": "(\w+)"', json.dumps(told(chart)))
    assert set(names) == set(browsed())
    held = params(chart)
    selections = {name: one["select"] for name, one in held.items() if "select" in one}
    assert selections["topic"]["fields"] == ["topic", "turn"]
    assert selections["word"]["fields"] == ["word", "turn"]
    assert selections["over"]["on"] == "pointerover" and selections["over"]["fields"] == ["word"]
    assert set(held) - set(selections) == {
        "wide", "map_width", "map_height", "area", "nat", "bars_left", "bars_top",
    }  # fmt: skip
    discs, circles = map[:2]
    # of the same measure and at the same place
    for channel in ("x", "y", "size"):
        assert discs["encoding"][channel]["scale"] == circles["encoding"][channel]["scale"]
    assert "over.word[0] === datum.word : datum.lit" in discs["transform"][0]["filter"]
    assert discs["mark"]["color"] == theme.ORANGE
    rows = [layer["encoding"]["y"] for layer in words if layer["mark"]["type"] == "bar"]
    assert len(rows) == 3 and all(y["field"] == "rank" for y in rows)


@pytest.mark.parametrize("places", [PLACES, [[0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
def test_the_map_has_room_for_few_topics(places: Any) -> None:
    left, right, low, high = topics_map.spanned(places)
    assert right - left >= 0.1 - 1e-9 and high - low >= 0.1 - 1e-9
    at = np.asarray(places)
    assert left <= at[:, 0].min() and at[:, 1].max() <= high


@given(st.integers(1, 60), st.integers(0, 2**31))
@few(max_examples=20, deadline=None)
def test_names_lie_on_no_other_name_and_on_no_circle(K: int, seed: int) -> None:
    r = np.random.default_rng(seed)
    at, radii = r.random((K, 2)) * [500, 400], r.random(K) * 40
    names = ["x" * int(n) for n in r.integers(1, 40, K)]
    sides = topics_names.placed(at, radii, names)
    line, boxes = topics_names.LINE, []
    for k, side in enumerate(sides):
        half = min(len(names[k]) * topics_names.LETTER, topics_names.LIMIT) / 2
        y = at[k, 1] + side * (radii[k] + line / 2 + 2)
        if side:
            boxes.append((at[k, 0] - half, y - line / 2, at[k, 0] + half, y + line / 2))
            near = np.clip(at, boxes[-1][:2], boxes[-1][2:])
            apart = np.hypot(*(near - at).T) - radii
            assert (np.delete(apart, k) >= 0).all()
    for i, (x0, y0, x1, y1) in enumerate(boxes):
        for u0, v0, u1, v1 in boxes[:i]:
            assert x1 <= u0 or u1 <= x0 or y1 <= v0 or v1 <= y0
    # the largest comes first, and one alone always has room
    assert sides[int(np.argmax(radii))] != 0 or K > 1


def test_a_words_spread_over_topics() -> None:
    chart = topics_bars.spread([0.2, 0.7, 0.1], NAMES, selected=1)
    assert rows(chart, "topic", "p") == [(1, 0.7), (0, 0.2), (2, 0.1)]
    assert told(chart)["layer"][0]["encoding"]["x"]["title"] == "share of its uses"


def test_a_documents_mixture_is_sorted_and_adds_up() -> None:
    theta, mean = [0.1, 0.6, 0.05, 0.25], [0.4, 0.3, 0.2, 0.1]
    chart = topics_bars.mixture(theta, list("abcd"), mean=mean, selected=1, most=2)
    assert rows(chart, "topic", "name", "p", "mean") == [
        (1, "b", 0.6, 0.3), (3, "d", 0.25, 0.1),
        (-1, topics_names.OTHERS, pytest.approx(0.15), pytest.approx(0.6)),
    ]  # fmt: skip
    assert marks(chart) == ["bar", "tick"]
    bar = told(chart)["layer"][0]["encoding"]
    assert bar["x"]["axis"]["format"] == "%" and bar["y"]["sort"] is None
    assert marks(topics_bars.mixture(theta, list("abcd"))) == ["bar"]
    assert len(rows(topics_bars.mixture(theta, list("abcd")), "p")) == 4


def test_prevalence_over_time() -> None:
    shares = [[0.2, 0.8], [0.0, 0.0], [0.6, 0.4]]
    chart = topics_over.over_time(shares, [1990, 1991, 1992], ["a", "b"], [1, 0, 3], selected=0)
    # (1 * .2 + 3 * .6) and (1 * .8 + 3 * .4): both 2, in their order; no documents in 1991
    assert rows(chart, "at", "topic", "p", "documents", "rank") == [
        (1990, 0, 0.2, 1, 0), (1992, 0, 0.6, 3, 0), (1990, 1, 0.8, 1, 1), (1992, 1, 0.4, 3, 1),
    ]  # fmt: skip
    area = told(chart)["layer"][0]
    assert area["mark"]["type"] == "area" and area["encoding"]["x"]["type"] == "quantitative"
    assert area["encoding"]["y"]["stack"] == "zero"
    assert area["encoding"]["y"]["axis"]["format"] == "%"
    assert area["encoding"]["opacity"]["condition"][0]["empty"] is True
    assert params(chart)["topic"]["value"] == [{"topic": 0}]
    months = np.array(["2024-01", "2024-02", "2024-03"], "datetime64[M]")
    dated = topics_over.over_time(shares, months, ["a", "b"], [1, 0, 3])
    assert told(dated)["layer"][0]["encoding"]["x"]["type"] == "temporal"
    assert [at[:10] for (at,) in rows(dated, "at")][:2] == ["2024-01-01", "2024-03-01"]


def test_many_topics_over_labels_leave_the_rest_grey() -> None:
    shares = np.tile(np.arange(12, 0, -1.0), (2, 1)) / 78
    names = [f"topic {k}" for k in range(12)]
    chart = topics_over.over_label(shares, ["north", "south"], names, [4, 6])
    found = rows(chart, "at", "name", "p")
    assert len(found) == 2 * (topics_over.MOST + 1)
    assert ("south", topics_names.OTHERS, pytest.approx((3 + 2 + 1) / 78)) in found
    assert sum(p for at, _, p in found if at == "north") == pytest.approx(1)
    encoding = told(chart)["encoding"]
    assert encoding["color"]["scale"]["domain"][-1] == topics_names.OTHERS
    assert encoding["color"]["scale"]["range"][-1] == theme.GREY
    assert len(set(encoding["color"]["scale"]["range"])) == topics_over.MOST + 1
    assert encoding["y"]["sort"] == ["north", "south"]


def test_correlations_without_the_diagonal() -> None:
    r = np.array([[1, -0.4, 0.1], [-0.4, 1, np.nan], [0.1, np.nan, 1]])
    chart = topics_heat.correlation(r, NAMES)
    assert rows(chart, "first", "second", "row", "column", "value") == [
        (0, 1, "games (1)", "votes", -0.4), (0, 2, "games (1)", "games (3)", 0.1),
        (1, 0, "votes", "games (1)", -0.4), (2, 0, "games (3)", "games (1)", 0.1),
    ]  # fmt: skip
    scale = told(chart)["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [-0.4, 0.4] and scale["range"] == [*theme.DIVERGING]
    assert params(chart)["pair"]["select"]["fields"] == ["cell"]
    assert [cell for (cell,) in rows(chart, "cell")] == [1, 2, 3, 6]
    # little is not drawn as much, and one topic has no other
    faint = topics_heat.correlation(np.full((2, 2), 1e-3), ["a", "b"])
    assert told(faint)["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-0.05, 0.05]
    assert "layer" in told(topics_heat.correlation([[1.0]], ["a"]))


def test_two_models_with_pairs_on_the_diagonal() -> None:
    first = np.eye(3)
    found = align(first, np.eye(3)[[2, 0]] * 0.9 + 0.1 / 3)
    distances = np.array([[0.6, 0.02], [0.6, 0.6], [0.03, 0.6]])
    chart = topics_heat.compared(
        distances, ["x", "y", "z"], ["p", "q"], (found.first, found.second), titles=("LDA", "NMF")
    )
    cells = rows(chart, "row", "column", "value", "paired")
    assert [(a, b) for a, b, _, paired in cells if paired] == [("x", "q"), ("z", "p")]
    assert len(cells) == 6 and ("z", "p", 0.03, True) in cells
    heat, frames = told(chart)["layer"]
    down, across = heat["encoding"]["y"], heat["encoding"]["x"]
    # what has no partner stands last
    assert dict(zip(down["sort"], across["sort"], strict=False)) in (
        {"x": "q", "z": "p"}, {"z": "p", "x": "q"},
    )  # fmt: skip
    assert down["sort"][-1] == "y" and (down["title"], across["title"]) == ("LDA", "NMF")
    # near is dark, and the colours end at log 2 whatever the models
    scale = heat["encoding"]["color"]["scale"]
    assert scale["domain"] == [0, pytest.approx(np.log(2))]
    assert scale["range"][0] == theme.SEQUENTIAL[-1]
    assert "nats" in heat["encoding"]["color"]["legend"]["title"]
    assert frames["transform"] == [{"filter": "datum.paired"}]


def test_perplexity_over_k_marks_the_chosen() -> None:
    chart = topics_fit.perplexity_over_k(
        [5, 10, 10, 20], [2400, 2200, 2300, np.nan], chosen=10, unigram=2500
    )
    # means of two seeds; no model, no point
    assert layer_rows(chart, 0, "K", "value") == [(5, 2400), (10, 2250)]
    assert layer_rows(chart, 1, "K", "value") == [(5, 2400), (10, 2200), (10, 2300)]
    assert layer_rows(chart, 3, "K", "value") == [(10, 2250)]
    assert layer_rows(chart, 4, "value") == [(2500,)]
    assert marks(chart) == ["line", "point", "rule", "point", "rule", "text"]
    assert told(chart)["layer"][0]["encoding"]["y"]["title"] == "held-out perplexity, words"
    assert params(chart)["K"]["select"]["fields"] == ["K"]
    absent = topics_fit.perplexity_over_k([5, 10], [2400, 2200], chosen=7)
    assert marks(absent) == ["line", "point"]


@pytest.mark.parametrize("kind", topics_fit.COHERENCES)
def test_each_coherence_has_its_axis_and_colour(kind: str) -> None:
    chart = topics_fit.coherence_over_k([5, 10], [-0.1, 0.2], kind, chosen=5)
    line = told(chart)["layer"][0]
    assert (line["encoding"]["y"]["title"], line["mark"]["color"]) == topics_fit.COHERENCES[kind]
    assert line["encoding"]["y"]["title"].startswith(kind)
    assert line["encoding"]["y"]["scale"] == {"zero": False}


def test_learning_curves_of_runs() -> None:
    runs = {"LDA": ([0, 1, 2], [-np.inf, -7.5, -7.0]), "PLSA": ([0, 1], [-8.0, -6.9])}
    chart = topics_fit.learning(runs, "bound", now=1)
    assert rows(chart, "run", "at", "value") == [
        ("LDA", 1, -7.5), ("LDA", 2, -7.0), ("PLSA", 0, -8.0), ("PLSA", 1, -6.9),
    ]  # fmt: skip
    line, rule = told(chart)["layer"]
    assert line["encoding"]["y"]["title"] == "bound, nats a token"
    assert line["encoding"]["x"]["title"] == "iterations"
    assert line["encoding"]["color"]["scale"]["domain"] == ["LDA", "PLSA"]
    assert layer_rows(chart, 1, "at") == [(1,)] and rule["mark"]["type"] == "rule"
    timed = topics_fit.learning({"LDA": ([0.5], [2300.0])}, "perplexity", over="seconds")
    encoding = told(timed)["layer"][0]["encoding"]
    assert encoding["x"]["title"] == "time, s" and encoding["color"]["legend"] is None
    assert "layer" in told(topics_fit.learning({}, "divergence"))


def test_binomial_and_what_was_drawn() -> None:
    chart = topics_density.binomial([0.25, 0.5, 0.25], [1, 1, 2, 1])
    assert rows(chart, "k", "p", "times", "drawn") == [
        (0, 0.25, 0, 0), (1, 0.5, 3, 0.75), (2, 0.25, 1, 0.25),
    ]  # fmt: skip
    assert marks(chart) == ["bar", "tick"]
    assert told(chart)["layer"][1]["transform"] == [{"filter": "(datum.times > 0)"}]
    assert marks(topics_density.binomial([1.0])) == ["bar"]


def test_beta_before_and_after() -> None:
    x = np.array([0.0, 0.5, 1.0])
    chart = topics_density.beta(x, [0, 1.5, 0], before=[np.inf, 0.6, np.inf], drawn=[0.4, 0.7])
    assert layer_rows(chart, 0, "of", "x", "density") == [
        ("before", 0.5, 0.6), ("after", 0, 0), ("after", 0.5, 1.5), ("after", 1, 0),
    ]  # fmt: skip
    assert layer_rows(chart, 1, "x") == [(0.4,), (0.7,)]
    area = told(chart)["layer"][0]["encoding"]
    assert area["x"]["scale"]["domain"] == [0, 1] and area["y"]["stack"] is None
    alone = told(topics_density.beta(x, [0, 1.5, 0]))
    assert alone["layer"][0]["encoding"]["color"]["legend"] is None and len(alone["layer"]) == 1


def test_dirichlet_on_the_triangle() -> None:
    places = triangle(2)
    chart = topics_density.dirichlet(
        places, [1.0, 2.0, np.inf, 3.0], drawn=[[0, 0, 1.0]], mean=[0.2, 0.3, 0.5],
        corners=("a", "b", "c"),
    )  # fmt: skip
    cells = layer_rows(chart, 0, "density", "p1", "p2", "p3")
    most = np.quantile([1, 2, 3], topics_density.CUT)
    assert [row[0] for row in cells] == pytest.approx([1, 2, most, most], abs=1e-4)
    assert [row[1:] for row in cells] == [pytest.approx(p, abs=1e-4) for p in places]
    scale = told(chart)["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [0, pytest.approx(most)]
    names = [layer["mark"]["type"] for layer in told(chart)["layer"]]
    assert names == ["rect", "line", "text", "text", "text", "circle", "point"]
    # a draw that is all of c lies at the upper corner
    assert layer_rows(chart, 5, "x", "y") == [(0.5, pytest.approx(np.sqrt(3) / 2))]
    assert layer_rows(chart, 6, "p1", "p2", "p3") == [(0.2, 0.3, 0.5)]
    tips = [tip["title"] for tip in told(chart)["layer"][5]["encoding"]["tooltip"]]
    assert tips == ["a", "b", "c"]
    assert [layer_rows(chart, k, "name") for k in (2, 3, 4)] == [[("a",)], [("b",)], [("c",)]]


@given(st.integers(1, 20))
@few(max_examples=5, deadline=None)
def test_cells_of_the_triangle_lie_side_by_side(resolution: int) -> None:
    chart = topics_density.dirichlet(triangle(resolution), np.ones(resolution**2))
    boxes = np.array(layer_rows(chart, 0, "x", "right", "y", "top"))
    wide, high = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    # together half of base times height, each as large as any, none on another
    assert (wide * high).sum() == pytest.approx(np.sqrt(3) / 4, rel=2e-3)
    order = np.lexsort((boxes[:, 0], boxes[:, 2].round(4)))
    rows_ = boxes[order]
    same = np.abs(np.diff(rows_[:, 2])) < 1e-4
    assert np.abs(rows_[1:, 0] - rows_[:-1, 1])[same].max(initial=0) < 1e-4


def test_a_density_without_any_number_is_drawn() -> None:
    chart = topics_density.dirichlet(triangle(1), [np.inf])
    assert layer_rows(chart, 0, "density") == [(1.0,)]


def test_multinomial_counts_on_the_triangle() -> None:
    counts = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 0]]
    chart = topics_density.multinomial(counts, [0.25, 0.25, 0.1, 0.4], drawn=[3, 0, 0, 1])
    found = layer_rows(chart, 4, "x", "y", "n1", "n2", "n3", "p", "drawn")
    assert found[0] == (0, 0, 2, 0, 0, 0.25, 0.75) and found[1][:2] == (1, 0)
    assert found[3] == (0.5, 0, 1, 1, 0, 0.4, 0.25)
    assert found[2][:2] == (0.5, pytest.approx(np.sqrt(3) / 2))
    discs, rings = told(chart)["layer"][4:]
    # one measure for what is likely and what was drawn, up to the larger
    assert discs["encoding"]["size"]["scale"] == rings["encoding"]["size"]["scale"]
    assert discs["encoding"]["size"]["scale"]["domain"] == [0, 0.75]
    assert len(told(topics_density.multinomial(counts, [0.25, 0.25, 0.1, 0.4]))["layer"]) == 5


def test_the_matrix_is_binned_by_the_commonest_words() -> None:
    # word 2 stands in all four documents, word 0 in one, words 1 and 3 in none
    chart = topics_corpus.matrix([0, 1, 2, 3, 3], [2, 2, 2, 2, 0], many=(4, 4), bins=(2, 4))
    assert rows(chart, "top", "bottom", "left", "right", "share")[:4] == [
        (0, 2, 0, 1, 1.0), (0, 2, 1, 2, 0.0), (0, 2, 2, 3, 0.0), (0, 2, 3, 4, 0.0),
    ]  # fmt: skip
    assert (2, 4, 1, 2, 0.5) in rows(chart, "top", "bottom", "left", "right", "share")
    held = told(chart)
    assert held["title"]["text"] == "4 × 4, of which 68.8% are 0"
    assert held["encoding"]["y"]["scale"]["domain"] == [4, 0]  # the first document is above
    assert held["encoding"]["color"]["scale"]["type"] == "sqrt"


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 2**31))
@few(max_examples=5, deadline=None)
def test_blocks_hold_every_entry_once(D: int, V: int, seed: int) -> None:
    filled = np.random.default_rng(seed).random((D, V)) < 0.1
    d, w = np.nonzero(filled)
    found = np.array(
        rows(topics_corpus.matrix(d, w, many=(D, V)), "top", "bottom", "left", "right", "share")
    )
    cells = (found[:, 1] - found[:, 0]) * (found[:, 3] - found[:, 2])
    assert cells.sum() == D * V and (cells > 0).all()
    assert (cells * found[:, 4]).sum() == pytest.approx(filled.sum(), abs=D * V * 1e-6)
    assert len(found) <= np.prod(topics_corpus.BINS)


def test_word_totals_by_rank_against_zipf() -> None:
    chart = topics_corpus.totals([5, 20, 0, 10], list("abcd"), kept=[True, False, True, True])
    assert rows(chart, "rank", "tokens", "word", "of") == [
        (1, 20, "b", "left out"), (2, 10, "d", "kept"), (3, 5, "a", "kept"),
    ]  # fmt: skip
    assert layer_rows(chart, 1, "rank", "tokens") == [(1, 20), (3, pytest.approx(20 / 3))]
    points = told(chart)["layer"][0]["encoding"]
    assert points["x"]["scale"]["type"] == points["y"]["scale"]["type"] == "log"
    assert params(chart)["word"]["select"]["fields"] == ["word"]
    many = topics_corpus.totals(np.arange(50_000) + 1, [f"w{k}" for k in range(50_000)])
    found = rows(many, "rank", "tokens")
    assert len(found) <= topics_corpus.POINTS and found[-1] == (50_000, 1)
    assert told(many)["layer"][0]["encoding"]["color"]["legend"] is None
    assert len(told(topics_corpus.totals([0], ["a"]))["layer"]) == 1


def test_mixing_by_variational_em_and_by_gibbs() -> None:
    gamma = [[1.0, 1.0, 2.0], [6.0, 1.0, 1.0]]
    chart = topics_inside.mixing(gamma, NAMES, sampled=[[0.2, 0.5, 0.3]], selected=0, now=1)
    found = rows(chart, "way", "name", "round", "theta")
    assert ("variational", "games (1)", 0, 0.25) in found
    assert ("variational", "games (1)", 1, 0.75) in found
    assert ("Gibbs, mean so far", "votes", 0, 0.5) in found and len(found) == 9
    lines, points, rule = told(chart)["layer"]
    dash = lines["encoding"]["strokeDash"]["scale"]
    assert dash["domain"] == ["variational", "Gibbs, mean so far"] and dash["range"][0] == [1, 0]
    # the largest of either way is first
    assert lines["encoding"]["color"]["scale"]["domain"] == ["games (1)", "votes", "games (3)"]
    assert (points["mark"]["opacity"], rule["mark"]["type"]) == (0, "rule")
    assert params(chart)["topic"]["value"] == [{"topic": 0}]
    wide = topics_inside.mixing(np.ones((2, 30)), [f"t{k}" for k in range(30)])
    assert len({name for (name,) in rows(wide, "name")}) == topics_inside.MOST


def test_the_bound_below_the_evidence() -> None:
    chart = topics_inside.bound([-50.0, -41.5], evidence=-41.0, now=0)
    assert layer_rows(chart, 0, "round", "bound") == [(0, -50.0), (1, -41.5)]
    assert marks(chart) == ["line", "rule", "rule", "text"]
    assert layer_rows(chart, 2, "bound") == [(-41.0,)]
    assert told(chart)["layer"][0]["encoding"]["y"]["title"] == "bound, nats"
    assert marks(topics_inside.bound([-50.0])) == ["line"]


def test_charts_of_many_rows_are_whole_and_not_heavy() -> None:
    K = 72
    r = np.random.default_rng(0)
    names = [f"topic {k}" for k in range(K)]
    days = np.arange("2020-01-01", "2021-06-01", dtype="datetime64[D]")
    dated = topics_over.over_time(np.full((517, K), 1 / K), days, names, np.ones(517))
    heat = topics_heat.correlation(r.normal(size=(K, K)), names)
    long = topics_fit.learning({"LDA": (np.arange(6000), np.arange(6000.0))}, "bound")
    for chart, least in ((dated, 5170), (heat, K * (K - 1)), (long, 6000)):
        held = chart.to_dict(validate=False)
        assert max(len(data) for data in held["datasets"].values()) >= least
        assert len(json.dumps(held)) < 2_000_000
