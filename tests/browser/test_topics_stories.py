"""The room Stories in a real browser: plates play, and bars are found."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/topic_browser?room=Stories&corpus=Python’s language reference&topics=6"
MOMENTS = 61  # θ, and a topic and a word for each of 30 words


def opened(visit, more: str = "", look: str = "light") -> tuple[Page, Locator]:
    page = visit(LINK + more, look)
    plates = page.locator(".plates")
    expect(plates.locator(".card").first).to_be_visible(timeout=30_000)  # a model is fitted first
    settle(page)
    return page, plates


def at(plates: Locator, moment: int, of: int = MOMENTS) -> None:
    expect(plates).to_have_attribute("data-step", f"{moment} of {of}")


def test_the_story_of_lda_plays_and_is_explained(visit) -> None:
    page, plates = opened(visit)
    at(plates, 3)  # at first sight there is a mixture, a topic and a word
    expect(plates.locator(".lines .now")).to_have_text("Choose a word w1 ~ p(w | z1)")
    expect(plates.locator(".node.lit")).to_have_count(1)
    expect(plates.locator(".bar.lit")).to_have_count(2)
    plates.get_by_label("Speed").select_option("30")
    plates.get_by_role("button", name="Play").click()
    at(plates, MOMENTS)
    expect(plates.get_by_role("button", name="Play")).to_be_visible()
    words = plates.locator(".w")
    expect(words).to_have_count(30)
    # a word brings back how it was drawn
    fifth = words.nth(4).inner_text()
    words.nth(4).click()
    at(plates, 11)
    expect(plates.locator(".panel").nth(1).locator(".bar.lit .name")).to_contain_text(fifth)
    expect(plates.locator(".product")).to_contain_text("6 more")
    plates.focus()
    page.keyboard.press(",")
    at(plates, 10)
    expect(words).to_have_count(4)
    expect(plates.locator(".lines .now")).to_contain_text("Choose a topic z5")
    page.keyboard.press("Home")
    at(plates, 0)
    expect(plates.locator(".product")).to_contain_text("= 1")
    plates.locator(".node", has_text="θ").click()
    expect(plates.locator(".tell")).to_contain_text("the document’s mixture")


def test_another_document_has_other_words_and_a_link(visit) -> None:
    page, plates = opened(visit, "&story_model=Unigram&story_words=5")
    at(plates, 3, 5)
    plates.focus()
    page.keyboard.press("End")
    words = plates.locator(".w")
    expect(words).to_have_count(5)
    before = words.all_inner_texts()
    plates.get_by_role("button", name="Another document").click()
    expect(page).to_have_url(re.compile("story_document=2"))
    # it plays by itself
    expect(words.first).not_to_have_text(before[0])
    at(plates, 5, 5)
    assert words.all_inner_texts() != before


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_all_four_look(visit, look: str) -> None:
    page, plates = opened(visit, "&story_model=All four&story_words=12", look)
    expect(plates.locator(".card")).to_have_count(4)
    plates.locator("input[type=range]").fill("24")
    at(plates, 24, 25)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    for card in plates.locator(".card").all():
        assert card.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")
    shoot(page, f"topics-stories-plates-{look}")


def test_bars_settle_and_are_scrubbed(visit) -> None:
    page = visit(LINK + "&story=Bars&bars_model=PLSA&bars_side=4&bars_documents=200")
    found = page.get_by_text(re.compile(r"8 of 8 bars found"))
    expect(found).to_be_visible()
    expect(page.locator("canvas[aria-label^='Found topics']")).to_be_visible()
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text(re.compile("iteration 0: error"))).to_be_visible()
    settle(page)
    shoot(page, "topics-stories-bars")
