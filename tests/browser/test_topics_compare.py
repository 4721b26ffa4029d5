"""Compare and Groups in a real browser: charts are clicked, another model is fitted."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = f"/topic_browser?corpus={quote('Python’s language reference')}&topics=5"


def opened(visit, more: str, wanted: str, look: str = "light") -> Page:
    page = visit(LINK + more, look, ready=False)
    expect(page.locator(f".st-key-{wanted}").first).to_be_visible(timeout=90_000)
    settle(page)
    return page


def fits(page: Page) -> bool:
    return page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"
    )


def test_two_topics_and_then_two_models(visit) -> None:
    page = opened(visit, "&room=Compare&topic=2&compare_with=4", "compare_both")
    expect(page.locator(".st-key-compare_map [data-testid=stVegaLiteChart]")).to_be_visible()
    words = page.locator(".st-key-compare_words_chart [data-testid=stVegaLiteChart]")
    words.scroll_into_view_if_needed()
    box = words.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    expect(page.get_by_text("of the divergence")).to_be_visible()
    expect(page).to_have_url(re.compile("word="))
    shoot(page, "topics-compare-two")
    page.get_by_text("Two models", exact=True).click()
    expect(page.locator(".st-key-compare_pairs")).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.get_by_text("Mean distance of pairs")).to_be_visible()
    expect(page).to_have_url(re.compile("compare_what="))
    shoot(page, "topics-compare-models")


def test_a_table_with_labels_and_dates_is_grouped(visit, tmp_path: Path) -> None:
    subjects = ["goal team match player league", "oven flour butter sugar recipe"]
    lines = ["text,label,date"]
    for d in range(60):
        subject = subjects[d % 2]
        # cooking comes in as time goes by
        words = " ".join([subject] * 3 + [subjects[1]] * (d // 20))
        lines.append(f"{words},{'sport' if d % 2 == 0 else 'food'},{2000 + d // 6}-05-01")
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines), "utf-8")
    page = visit("/topic_browser?corpus=My+own+documents&topics=2&room=Groups&least=1&most=100")
    page.locator(".st-key-own_files input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-groups_mostly")).to_be_visible(timeout=60_000)
    settle(page)
    shoot(page, "topics-groups-labels")
    page.get_by_text("Over time", exact=True).click()
    expect(page.locator(".st-key-groups_moved")).to_be_visible()
    settle(page)
    shoot(page, "topics-groups-time")


def test_a_cell_of_the_correlations_is_clicked_in_a_narrow_window(visit) -> None:
    page = opened(visit, "&room=Groups", "groups_both", "narrow")
    assert fits(page)
    heat = page.locator("[class*=st-key-groups_correlation] [data-testid=stVegaLiteChart]").first
    heat.scroll_into_view_if_needed()
    expect(page).not_to_have_url(re.compile("compare_with="))
    box = heat.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 90)
    expect(page).to_have_url(re.compile("compare_with="))
    shoot(page, "topics-groups-narrow")
