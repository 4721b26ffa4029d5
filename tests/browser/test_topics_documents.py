"""Documents in the browser: words are pointed at, picked and stopped; lists are clicked; keys work."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
WAIT = 60_000  # ms: a model is fitted first
PAGE = "/topic_browser?room=Documents&corpus=Python’s+language+reference&topics=6"
HOSTILE = "<img src=x onerror=alert(1)> class method القط object 类 function"


def text(page: Page, key: str = "documents_text") -> Locator:
    found = page.locator(f".st-key-{key} .text")
    found.locator(".w").first.wait_for(timeout=WAIT)
    settle(page)
    return found


def test_words_are_told_of_picked_and_stopped(visit) -> None:
    page = visit(PAGE)
    shown = text(page)
    word = shown.locator(".w").nth(3)
    word.hover()
    tip = page.locator(".st-key-documents_text .tip")
    expect(tip).to_contain_text("p(z | w, d)")
    name = tip.locator("b").inner_text()
    word.click()
    panel = page.locator(".st-key-documents_word")
    expect(panel).to_contain_text(f"{name} ·", timeout=WAIT)
    expect(page).to_have_url(re.compile("[?&]word="))
    assert set(shown.locator(".w.same").all_inner_texts()) & {word.inner_text()}
    settle(page)
    shown.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    here = shown.locator(".w.here")
    expect(here).to_have_count(1)
    expect(page.locator(".st-key-documents_text .says")).to_contain_text("%")
    page.keyboard.press("Enter")
    expect(shown.locator(".w.here.same")).to_have_count(1)
    settle(page)
    stopped = tip.locator("b").inner_text()
    page.get_by_role("button", name="Stop this word").first.click()
    expect(page).to_have_url(re.compile(f"[?&]stop={re.escape(stopped)}"), timeout=WAIT)


def test_documents_and_topics_are_picked_by_a_click(visit) -> None:
    page = visit(PAGE, "narrow")
    text(page)
    entry = page.locator(".st-key-documents_list button").nth(2)
    title = entry.locator("b").inner_text()
    entry.click()
    head = page.locator(".st-key-documents_head h4")
    expect(head).to_have_text(title, timeout=WAIT)
    expect(head).to_be_in_viewport()  # below the list, in a narrow window
    expect(entry).to_have_attribute("aria-current", "true")
    settle(page)
    near = page.locator(".st-key-documents_near button").first
    title = near.locator("b").inner_text()
    near.click()
    expect(head).to_have_text(title, timeout=WAIT)
    expect(head).to_be_in_viewport()
    settle(page)
    chip = page.locator(".legend button").last
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true", timeout=WAIT)
    expect(page).to_have_url(re.compile("[?&]topic="))
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth"
    assert page.evaluate(wide)


def test_new_text_is_read_when_it_is_left_and_stays_text(visit) -> None:
    page = visit(PAGE + "&documents_part=New+text", "dark")
    text(page, "documents_new_text")
    box = page.get_by_role("textbox", name="Your text")
    box.fill(HOSTILE)
    box.blur()
    shown = page.locator(".st-key-documents_new_text .text")
    expect(shown).to_have_text(HOSTILE, timeout=WAIT)
    assert not shown.locator("img").count()
    expect(shown.locator(".w", has_text="class")).to_have_count(1)
    expect(page).to_have_url(re.compile("[?&]new_text="))
    settle(page)
    page.locator(".st-key-documents_near button").first.click()
    expect(page.locator(".st-key-documents_head h4")).to_be_visible(timeout=WAIT)  # opened
