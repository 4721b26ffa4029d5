"""Pictures show the numbers they are given; charts are valid Vega-Lite in the house's colours."""

from __future__ import annotations

import io

import altair as alt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.charts import learning, pictures, theme, timing


def test_a_mosaic_puts_every_tile_in_its_place() -> None:
    tiles = np.arange(5, dtype=np.uint8).reshape(5, 1, 1, 1) * np.ones((5, 2, 3, 1), np.uint8)
    sheet = pictures.mosaic(tiles, columns=2, scale=2, gap=1)
    assert sheet.shape == (3 * 4 + 2, 2 * 6 + 1, 4)
    for index in range(5):
        top, left = index // 2 * 5, index % 2 * 7
        assert (sheet[top : top + 4, left : left + 6] == [index, index, index, 255]).all()
    assert (sheet[:, 6] == 0).all()  # the gap is clear
    assert (sheet[10:, 7:] == 0).all()  # and so is the place of a sixth


def test_diverging_is_symmetric_about_the_middle() -> None:
    ends = pictures.diverging(np.array([[-2.0, 0.0, 2.0]]))
    assert tuple(ends[0, 0]) == theme.rgb(theme.DIVERGING[0])
    assert tuple(ends[0, 2]) == theme.rgb(theme.DIVERGING[-1])
    assert ends[0, 1].min() > 215  # zero is pale
    assert len(np.unique(pictures.diverging(np.zeros((2, 2))).reshape(-1, 3), axis=0)) == 1


@given(st.integers(2, 300))
def test_a_ramp_starts_and_ends_where_its_colours_do(levels: int) -> None:
    table = theme.ramp(theme.SEQUENTIAL, levels)
    assert table.shape == (levels, 3)
    assert tuple(table[0]) == theme.rgb(theme.SEQUENTIAL[0])
    assert tuple(table[-1]) == theme.rgb(theme.SEQUENTIAL[-1])


def test_a_response_map_covers_only_its_windows() -> None:
    photo = np.full((10, 12, 3), 90, np.uint8)
    values = np.zeros((3, 5), np.float32)
    values[1, 2], values[0, 0] = 4.0, -4.0
    shown = pictures.over(photo, values)
    assert tuple(shown[3 + 1, 3 + 2]) == theme.rgb(theme.DIVERGING[-3])
    assert tuple(shown[3, 3]) == theme.rgb(theme.DIVERGING[1])
    shown[4, 5] = shown[3, 3] = 90
    assert (shown == 90).all() and (photo == 90).all()


def test_a_flat_response_changes_nothing() -> None:
    photo = np.full((9, 9, 3), 50, np.uint8)
    assert (pictures.over(photo, np.zeros((2, 2), np.float32)) == 50).all()


@pytest.mark.parametrize("channels", [3, 4])
def test_png_reads_back(channels: int) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (4, 5, channels), dtype=np.uint8)
    np.testing.assert_array_equal(
        np.asarray(Image.open(io.BytesIO(pictures.png(picture)))), picture
    )


def test_enlarged_pixels_are_squares() -> None:
    assert pictures.enlarge(np.zeros((4, 2, 3), np.uint8), 11).shape == (8, 4, 3)
    assert pictures.enlarge(np.zeros((40, 2, 3), np.uint8), 11).shape == (40, 2, 3)


ROWS = [{"sweep": 1, "distortion": 2.0, "idle": 0}, {"sweep": 2, "distortion": 1.0, "idle": 0}]


def test_curves_hold_their_numbers_and_label_both_axes() -> None:
    chart = learning.curve(ROWS, "distortion", "mean", now=2).to_dict()
    assert list(chart["datasets"].values())[0] == ROWS
    encoding = chart["layer"][0]["encoding"]
    assert encoding["x"]["title"] == "sweep" and encoding["y"]["title"] == "mean"
    assert chart["layer"][1]["encoding"]["x"]["datum"] == 2


def test_the_palette_is_an_altair_theme_of_its_own() -> None:
    with alt.theme.enable("vitrine"):
        chart = learning.spectra(np.eye(2), np.eye(2)).to_dict()
    assert chart["config"]["range"]["category"] == list(theme.CATEGORICAL)
    assert "range" not in learning.spectra(np.eye(2), np.eye(2)).to_dict()["config"]


def test_bars_of_zeros_keep_an_axis() -> None:
    chart = learning.curve(ROWS, "idle", "idle", counts=True).to_dict()
    assert chart["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_spectra_are_eigenvalues_largest_first() -> None:
    chart = learning.spectra(np.diag([1.0, 4.0]), np.diag([0.0, 1.0])).to_dict()
    rows = list(chart["datasets"].values())[0]
    before = [row["variance"] for row in rows if row["of"] == "before"]
    after = [row["variance"] for row in rows if row["of"] == "after"]
    assert before == [4.0, 1.0]
    assert after == [1.0, 1e-6]  # a logarithmic axis has no zero


def test_stages_are_in_milliseconds_and_in_order() -> None:
    chart = timing.stages({"decode": 0.002, "model": 0.04}).to_dict()
    rows = list(chart["datasets"].values())[0]
    assert [(r["stage"], round(r["ms"])) for r in rows] == [("decode", 2), ("model", 40)]
