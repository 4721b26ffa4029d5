"""What is shown is made once, and told apart by content, not by name or place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._kit import show

calls: list[tuple] = []


def add(array: np.ndarray, more: object = None, *, times: int = 1) -> float:
    calls.append((array.copy(), more, times))
    return float(array.sum()) * times


@dataclass(frozen=True)
class Setting:
    value: float


@pytest.fixture(autouse=True)
def forget() -> None:
    calls.clear()


def test_the_same_content_is_made_once() -> None:
    first, again = np.arange(600_000.0), np.arange(600_000.0)
    assert show.kept(add, first, Setting(1.0), times=2) == show.kept(
        add, again, Setting(1.0), times=2
    )
    assert len(calls) == 1


@pytest.mark.parametrize("change", ["content", "shape", "type", "argument", "keyword", "function"])
def test_anything_else_is_made_anew(change) -> None:
    # Large enough that Streamlit's own hash would look at a sample of it only.
    array = np.arange(600_000.0)
    show.kept(add, array, Setting(1.0), times=2)
    other, setting, times, make = array.copy(), Setting(1.0), 2, add
    if change == "content":
        other[123_457] += 1
    if change == "shape":
        other = other.reshape(2, -1)
    if change == "type":
        other = other.astype(np.float32)
    if change == "argument":
        setting = Setting(2.0)
    if change == "keyword":
        times = 3
    if change == "function":
        make = subtract
    show.kept(make, other, setting, times=times)
    assert len(calls) == 2


def subtract(array: np.ndarray, more: object = None, *, times: int = 1) -> float:
    return -add(array, more, times=times)


def test_charts_and_pictures_reach_the_page() -> None:
    script = """
import numpy as np
from core.charts import learning, pictures
from pages._kit import show
show.chart(learning.spectra, np.eye(3), 2 * np.eye(3))
show.picture(pictures.matrix, np.eye(3), alt="unit")
"""
    at = AppTest.from_string(script, default_timeout=30).run()
    assert not at.exception
    assert len(at.get("vega_lite_chart")) == 1
    assert at.image[0].value[0].endswith(".png")
