"""Own documents and the room Words in a real browser: uploads, words clicked, small windows."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
ROOM = "/topic_browser?room=Words"
OWN = f"{ROOM}&corpus=My+own+documents"
PYTHON = f"{ROOM}&corpus=Python%E2%80%99s+language+reference"
SCRIPT = "<img src=x onerror=alert(1)> cats sat on <b>warm</b> mats"


def upload(page: Page, *files: Path) -> None:
    page.locator(".st-key-own_files input[type=file]").set_input_files([*files])


def test_files_are_brought_and_shown_as_text(visit, tmp_path: Path) -> None:
    page = visit(OWN)
    expect(page.get_by_text("Bring documents in the sidebar.")).to_be_visible()
    table = tmp_path / "mine.csv"
    table.write_text(f'text,genre\n"{SCRIPT}",a\nthe dog ran after cats,b\n', "utf-8")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    upload(page, table, empty)
    paper = page.locator(".st-key-words_text .paper")
    expect(paper).to_contain_text(SCRIPT)
    assert paper.locator("img, b").count() == 0  # what stands there is text, not markup
    expect(page.get_by_text("1 thing could not be read")).to_be_visible()
    expect(page.get_by_text("an empty file")).to_be_visible()
    expect(
        page.get_by_text("2 documents, 2 labels").or_(page.get_by_text("2 labels"))
    ).to_be_visible()
    shoot(page, "topics-own-documents")


def test_a_word_is_stopped_by_a_click_and_counts_again(visit) -> None:
    page = visit(PYTHON)
    sieve = page.locator(".st-key-words_sieve")
    last = sieve.locator("li").last
    word = last.locator("button.chip").first
    name = word.inner_text()
    word.click()
    mine = sieve.locator(".mine button", has_text=name)
    expect(mine).to_be_visible()
    settle(page)
    assert f"stop={name}" in page.url
    box = sieve.get_by_label("Stop another word")
    box.fill("python")
    box.press("Enter")
    expect(sieve.locator(".mine button", has_text="python")).to_be_visible()
    mine.click()
    expect(mine).to_have_count(0)
    expect(last.locator("button.chip").first).to_have_text(name)
    the = sieve.get_by_role("button", name="the,").first  # of the list, not one's own
    the.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**kept_words=the**")
    settle(page)
    text = page.locator(".st-key-words_text")
    kept = text.locator(".word.f0.click").nth(2)
    kept.focus()
    page.keyboard.press("Enter")
    expect(sieve.locator(".mine button")).to_have_count(2)
    text.get_by_role("button", name="Bag of words").click()
    expect(text.locator(".held").first).to_be_visible()
    text.get_by_role("button", name="After").click()
    expect(text.locator(".word:not(.f0)")).to_have_count(0)


@pytest.mark.parametrize("look", ["dark", "narrow"])
def test_parts_in_every_look(visit, look: str) -> None:
    page = visit(f"{PYTHON}&words_part=How+often", look)
    expect(
        page.locator(".st-key-words_shown canvas, .st-key-words_shown svg").first
    ).to_be_visible()
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    shoot(page, f"topics-words-{look}")
    for part in ("Matrix", "Phrases", "Vocabulary", "One document"):
        page.locator(".st-key-words_part").get_by_text(part, exact=True).click()
        settle(page)
        expect(page.locator(".st-key-words_shown")).to_be_visible()
    expect(page.locator(".st-key-words_text .paper")).to_be_visible()
    assert page.evaluate(wide) <= 0
    shoot(page, f"topics-words-document-{look}")
