"""Rooms of texts and of whole grammars in a real browser: rows are chosen, derivations play."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser


def opened(visit, room: str, more: str = "", look: str = "light") -> Page:
    page = visit(f"/parse_trees?room={room}{more}", look)
    expect(page.locator(".syntax svg").first).to_be_visible()
    settle(page)
    return page


def test_a_row_of_the_table_shows_its_tree(visit) -> None:
    page = opened(visit, "Parse+text")
    expect(page.get_by_role("heading", name="Parse trees")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 + 17)  # the second row's box
    expect(page.get_by_text(re.compile(r"^2\. When the rain stopped"))).to_be_visible()
    expect(page.locator(".syntax").first).to_contain_text("rain")


def test_what_is_typed_is_parsed_and_stands_in_the_link(visit) -> None:
    page = opened(visit, "Parse+text")
    page.get_by_label("Text", exact=True).fill("The zorbla sleeps. <i>It</i> sings.")
    page.get_by_label("Text", exact=True).press("Control+Enter")
    expect(page.get_by_text(re.compile(r"^1\. The zorbla sleeps"))).to_be_visible()
    expect(page).to_have_url(re.compile("text_english=The"))
    expect(page.locator(".syntax i")).to_have_count(0)
    again = visit("/" + page.url.split("/", 3)[3])
    expect(again.get_by_text(re.compile(r"^1\. The zorbla sleeps"))).to_be_visible()


def test_a_derivation_plays(visit) -> None:
    page = opened(visit, "Generate", "&derived=0")
    tree = page.locator(".syntax").first
    expect(tree).to_contain_text("The derivation so far")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(tree).to_contain_text("9 of 9 rules", timeout=60_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page).to_have_url(re.compile(r"room=Generate"))


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
@pytest.mark.parametrize("room", ["Parse+text", "Generate", "Learn"])
def test_looks(visit, room: str, look: str) -> None:
    page = opened(visit, room, look=look)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    shoot(page, f"parse_trees_{room.lower().replace('+', '_')}_{look}")
