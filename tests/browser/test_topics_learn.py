"""The room Learning in a real browser: a model settles, is stopped, played and scrubbed; a job over K."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
ROOM = "/topic_browser?room=Learning&corpus=Python’s+language+reference&topics=6"


def iteration(page: Page) -> int:
    return int(page.locator(".settling .now b").first.inner_text())


@pytest.mark.parametrize("look", ["light", "narrow"])
def test_a_model_is_played_and_scrubbed(visit, look: str) -> None:
    page = visit(ROOM, look)
    cards = page.locator(".settling .card")
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=120_000)
    expect(cards).to_have_count(6)
    settle(page)
    last = iteration(page)
    film = page.get_by_label("Iteration", exact=True)
    film.focus()
    page.keyboard.press("Home")
    expect(page.locator(".settling .now b").first).to_have_text("0")
    before = cards.first.locator(".words").inner_text()
    expect(page).to_have_url(re.compile("learn_at=0"))
    settle(page)
    shoot(page, f"topics_learn_{look}")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".settling .now b").first).to_have_text(str(last), timeout=30_000)
    expect(page).to_have_url(re.compile(f"learn_at={last}"))
    assert cards.first.locator(".words").inner_text() != before
    cards.nth(3).get_by_role("button").click()
    expect(page).to_have_url(re.compile("topic=3"))
    expect(cards.nth(3)).to_have_class(re.compile("picked"))
    width = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0


def test_topics_settle_and_what_was_learned_stays(visit) -> None:
    # slow enough to be a job, and to be stopped
    page = visit(f"{ROOM}&lda_inner=100&lda_iterations=500&lda_tolerance=0", ready=False)
    expect(page.locator(".settling .card")).to_have_count(6, timeout=120_000)
    page.wait_for_function(
        "() => /^Step (\\d+)/.test(document.querySelector('[data-testid=stProgress]')?.innerText ?? '')"
        " && Number(document.querySelector('[data-testid=stProgress]').innerText.match(/\\d+/)[0]) > 20",
        timeout=120_000,
    )
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    assert len(page.locator(".settling .card").first.locator(".words").inner_text().split()) > 2


def test_several_k_in_another_process(visit) -> None:
    page = visit(f"{ROOM}&learn_part=How+many+topics&learn_ks=3&learn_ks=5&lda_iterations=10")
    page.get_by_role("button", name="Try several K").click()
    expect(page.get_by_text("Least surprised with")).to_be_visible(timeout=120_000)
    settle(page)
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("button", name="The curves, CSV").click()
    assert waited.value.suggested_filename == "topics-over-k.csv"
