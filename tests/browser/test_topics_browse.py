"""The room Topics in a real browser: map and words answer each other; changes stay, and go home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/topic_browser?room=Topics&topics=5&corpus=Python%E2%80%99s+language+reference"


def opened(visit, more: str = "", look: str = "light") -> tuple[Page, Locator]:
    page = visit(LINK + more, look)
    chart = page.locator(".st-key-browse_room svg.marks")
    labels(chart).first.wait_for()  # the model is fitted first
    settle(page)
    return page, chart


def circles(chart: Locator) -> Locator:
    """The largest first."""
    return chart.locator("g.circles_0_marks path")


def discs(chart: Locator) -> Locator:
    return chart.locator("g.layer_0_layer_0_marks path")


def labels(chart: Locator) -> Locator:
    return chart.locator("g.layer_1_layer_3_marks text")


def middle(page: Page, what: Locator) -> tuple[float, float]:
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_picks_and_a_word_under_the_pointer_spreads(visit) -> None:
    page, chart = opened(visit)
    before = labels(chart).all_text_contents()
    name = page.locator(".st-key-browse_name input")
    first = name.input_value()
    page.evaluate(
        "() => { window.kept = document.querySelector('.st-key-browse_room svg.marks'); }"
    )
    page.mouse.click(*middle(page, circles(chart).nth(1)))
    expect(page).to_have_url(re.compile(r"topic=\d"))
    expect(labels(chart).first).not_to_have_text(before[0])
    expect(name).not_to_have_value(first)
    picked = name.input_value()
    expect(circles(chart).nth(1)).to_have_attribute("aria-label", re.compile(re.escape(picked)))
    # drawn on, not anew
    assert page.evaluate("() => window.kept.isConnected")
    # over the word, before the server knows of it
    expect(discs(chart)).to_have_count(0)
    page.mouse.move(*middle(page, labels(chart).nth(2)))
    expect(discs(chart).first).to_be_visible()
    page.mouse.move(5, 5)
    expect(discs(chart)).to_have_count(0)
    # and to stay
    word = labels(chart).nth(2).text_content()
    page.mouse.click(*middle(page, labels(chart).nth(2)))
    expect(page).to_have_url(re.compile(f"word={word}"))
    expect(page.get_by_role("button", name="Stop this word")).to_be_visible()
    page.mouse.move(5, 5)
    expect(discs(chart).first).to_be_visible()
    # what was clicked before is clicked again
    page.mouse.click(*middle(page, circles(chart).nth(0)))
    expect(name).not_to_have_value(picked)
    page.mouse.click(*middle(page, circles(chart).nth(1)))
    expect(name).to_have_value(picked)


def test_rename_merge_undo_and_the_report(visit, tmp_path: Path) -> None:
    page, chart = opened(visit)
    name = page.locator(".st-key-browse_name input")
    name.fill("All of it <b>")
    name.press("Enter")
    expect(chart.get_by_text("All of it <b>")).to_be_visible()
    expect(page).to_have_url(re.compile("edits="))
    with page.expect_download() as waited:
        page.get_by_role("button", name="Report, HTML").click()
    file = tmp_path / "report.html"
    waited.value.save_as(file)
    reader = page.context.new_page()
    reader.goto(file.as_uri())
    expect(reader.get_by_role("heading", name="All of it <b>")).to_be_visible()
    assert reader.locator("section").count() == 6  # shares, and five topics
    reader.close()
    # a link of its own brings it back
    page.goto(page.url)
    chart.get_by_text("All of it <b>").wait_for()
    # the text below comes a moment later, and closes a list that is open
    page.get_by_role("heading", name="From words to topics").wait_for()
    settle(page)
    expect(circles(chart)).to_have_count(5)
    others = page.get_by_role("combobox", name="The same as")
    others.scroll_into_view_if_needed()  # an open list is closed when the page scrolls
    others.click()
    page.get_by_role("option", name=re.compile(r"^\d+ ·")).first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(circles(chart)).to_have_count(4)
    page.get_by_role("button", name="Undo").click()
    expect(circles(chart)).to_have_count(5)
    expect(chart.get_by_text("All of it <b>")).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page, chart = opened(visit, "&word=class", look)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    box = chart.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"] + 1
    # beside the map, or below it
    map, word = circles(chart).first.bounding_box(), labels(chart).first.bounding_box()
    assert (word["x"] > map["x"]) if look != "narrow" else (word["y"] > map["y"])
    shoot(page, f"topic_browser-topics-{look}")
