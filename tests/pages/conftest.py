"""AppTest over the pages: widgets are found by key, runs are played to their end."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages._kit import catalogue, play

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def whole_runs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run in place is advanced by the browser's timer, which AppTest has not: one frame is all."""
    monkeypatch.setattr(play, "LEAST", 1)


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(ROOT / "app.py", default_timeout=60)


@pytest.fixture
def visit(app: AppTest) -> Callable[..., AppTest]:
    """Opens an exhibit by its slug, with the controls that a link would carry."""

    def open_exhibit(slug: str, **query: str | list[str]) -> AppTest:
        app.run()
        app.query_params.update(query)
        return app.switch_page(catalogue.find(slug).path).run()

    return open_exhibit


@pytest.fixture
def png() -> Callable[..., bytes]:
    """A photograph-like PNG of that many pixels."""

    def make(width: int, height: int, value: int | None = None) -> bytes:
        pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
        if value is not None:
            pixels[:] = value
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        return file.getvalue()

    return make


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the download buttons of the last run hold, by their labels: AppTest keeps no files."""
    held: dict[str, bytes] = {}
    real = st.download_button

    def listening(label: str, make: Callable[[], bytes | str], *rest, **more):
        data = make()
        held[label] = data.encode() if isinstance(data, str) else data
        return real(label, make, *rest, **more)

    monkeypatch.setattr(st, "download_button", listening)
    return held


@pytest.fixture(autouse=True)
def no_cache_between_tests() -> None:
    st.cache_resource.clear()
