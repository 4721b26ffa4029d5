"""Recurrent relatives in a real browser: the contest grows, stops and goes home; the drawings answer."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
QUICK = (
    "/recurrent?updates=50&reservoir=50&lags=1&lags=4&nets=Echo+state&nets=GRU&wired_updates=100"
)


def ended(page: Page) -> None:
    page.get_by_role("button", name="All results, CSV").wait_for(timeout=90_000)
    settle(page)


def opened(visit, more: str = "", look: str = "light") -> Page:
    page = visit(QUICK + more, look, ready=False)
    expect(page.locator(".reservoir canvas").first).to_be_visible(timeout=60_000)
    ended(page)
    return page


def test_results_come_while_it_runs_and_cancel_keeps_them(visit) -> None:
    page = visit("/recurrent?updates=3200&lags=1&lags=64", ready=False)
    expect(page.get_by_text(re.compile(r"runs done"))).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped. What was learned until then is shown.")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_downloads_hold_every_result(visit) -> None:
    page = opened(visit)
    with page.expect_download() as found:
        page.get_by_role("button", name="All results, CSV").click()
    rows = list(csv.DictReader(Path(found.value.path()).read_text("utf-8").splitlines()))
    assert [(row["relative"], row["lag"]) for row in rows] == [
        ("echo state", "1"), ("gru", "1"), ("echo state", "4"), ("gru", "4"),
    ]  # fmt: skip
    with page.expect_download() as found:
        page.get_by_role("button", name="All results, JSON").click()
    told = json.loads(Path(found.value.path()).read_text("utf-8"))
    assert told["config"]["updates"] == 50 and len(told["results"]) == 4


def test_a_click_and_the_arrow_keys_choose_a_unit_and_a_step(visit) -> None:
    page = opened(visit, "&wired=GRU")
    unrolled = page.locator(".unrolled")
    where = unrolled.locator(".where")
    expect(where).to_have_text("Unit 0, step 4, reading “a”")
    unrolled.locator(".unit[data-at='1'][data-unit='2']").last.click()
    expect(where).to_have_text("Unit 2, step 2, reading “b”")
    assert unrolled.locator(".line").count() == 5
    # the last number of the last equation is the one that the cell shows
    line = unrolled.locator(".line", has_text="(1 − z").locator(".numbers").inner_text()
    shown = unrolled.locator(".unit[data-at='1'][data-unit='2']").last.locator("title")
    value = float(shown.text_content().rpartition(": ")[2])
    assert float(line.rpartition("= ")[2].replace("−", "-")) == pytest.approx(value, abs=2e-3)
    unrolled.locator(".picture").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(where).to_have_text("Unit 1, step 3, reading “c”")


def test_the_reservoir_plays_and_stops(visit) -> None:
    page = opened(visit)
    part = page.locator(".reservoir")
    output = part.locator("output")
    part.scroll_into_view_if_needed()
    before = output.inner_text()
    expect(output).not_to_have_text(before)
    part.get_by_role("button", name="Pause").click()
    rest = output.inner_text()
    page.wait_for_timeout(400)
    assert output.inner_text() == rest
    part.get_by_role("slider", name="Step").press("End")
    expect(output).to_have_text("step 120 of 120")


@pytest.mark.parametrize(
    ("look", "wired"),
    [("light", "Deep+bidirectional"), ("dark", "LSTM%2C+peepholes"), ("narrow", "GRU")],
)
def test_looks(visit, look: str, wired: str) -> None:
    page = opened(visit, f"&wired={wired}&echo_units={300 if look == 'dark' else 100}", look)
    page.wait_for_timeout(600)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    for part in (".unrolled", ".reservoir"):
        assert page.locator(part).bounding_box()["width"] <= page.viewport_size["width"]
    shoot(page, f"recurrent-{look}")
