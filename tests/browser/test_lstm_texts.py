"""Texts of one's own and the search for units, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
WRITE = "/lstm_explorer?text=Write&own=aaXbb"
FIND = "/lstm_explorer?part=Find+units&text=Write&own=aaaaaXbbbbb"


def pad(page: Page):
    return page.locator(".pad textarea")


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text(words)


def test_the_tracks_follow_while_one_types(visit) -> None:
    page = visit(WRITE)
    expect(pad(page)).to_have_value("aaXbb")
    pad(page).press("End")
    pad(page).press_sequentially("zz", delay=20)
    # nothing was confirmed, nothing lost its focus
    says(page, "2 of 7 characters are unknown to this net: z")
    expect(pad(page)).to_be_focused()
    expect(page).to_have_url(re.compile("own=aaXbbzz"))
    pad(page).press("Backspace")
    says(page, "1 of 6 characters is unknown to this net: z")
    expect(pad(page)).to_have_value("aaXbbz")


def test_what_is_typed_while_the_page_answers_is_kept(visit) -> None:
    page = visit(WRITE)
    expect(pad(page)).to_have_value("aaXbb")
    pad(page).fill("")
    pad(page).press_sequentially("aaaaaaaaaaXbbbbbbbbbb" * 3, delay=45)
    settle(page)
    expect(pad(page)).to_have_value("aaaaaaaaaaXbbbbbbbbbb" * 3)
    expect(page).to_have_url(re.compile("own=" + "aaaaaaaaaaXbbbbbbbbbb" * 3))


def test_a_character_that_is_being_composed_is_not_sent(visit) -> None:
    page = visit(WRITE)
    expect(pad(page)).to_have_value("aaXbb")
    page.evaluate(
        """() => {
          const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".pad"));
          const area = (host?.shadowRoot ?? document).querySelector(".pad textarea");
          area.dispatchEvent(new CompositionEvent("compositionstart"));
          area.value = "aaXbbzhong";
          area.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
        }"""
    )
    page.wait_for_timeout(600)
    expect(page).to_have_url(re.compile("own=aaXbb$"))
    page.evaluate(
        """() => {
          const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".pad"));
          const area = (host?.shadowRoot ?? document).querySelector(".pad textarea");
          area.value = "aaXbb中";
          area.dispatchEvent(new CompositionEvent("compositionend"));
        }"""
    )
    says(page, "1 of 6 characters is unknown to this net: 中")


def test_a_sample_is_edited_and_outlives_the_net(visit) -> None:
    page = visit("/lstm_explorer")
    page.get_by_role("button", name="Edit it").click()
    expect(pad(page)).to_have_value(re.compile("^aXb\n"))
    pad(page).fill("aaXbb")
    expect(page).to_have_url(re.compile("own=aaXbb$"))
    page.locator(".st-key-text").get_by_text("Sample", exact=True).click()
    expect(pad(page)).to_have_count(0)
    page.locator(".st-key-text").get_by_text("Write", exact=True).click()
    expect(pad(page)).to_have_value("aaXbb")


def test_an_upload_is_recognised(visit) -> None:
    page = visit("/lstm_explorer?text=Upload")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "a.txt",
            "mimeType": "text/plain",
            "buffer": "今天天气很好，我们去公园散步。".encode("gbk"),
        }
    )
    says(page, "15 characters in GBK")
    page.locator("input[type=file]").set_input_files(
        {"name": "b.txt", "mimeType": "text/plain", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(50)}
    )
    says(page, "got a PNG picture")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_find_units(visit, look) -> None:
    page = visit(FIND, look)
    expect(
        page.get_by_role("heading", name=re.compile("^count of a less b, and unit"))
    ).to_be_visible()
    expect(page.locator(".vitrine-lines").last).to_be_visible()
    settle(page)
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= page.viewport_size["width"]
    shoot(page, f"lstm_explorer-find-{look}")


def test_a_row_is_looked_at(visit) -> None:
    page = visit(FIND)
    heading = page.get_by_role("heading", name=re.compile("^count of a less b, and unit"))
    first = heading.inner_text()
    table = page.locator(".st-key-find_table .dvn-scroller")
    table.click(position={"x": 16, "y": 36 + 36 + 18})  # the box of the second row
    expect(heading).not_to_have_text(first)
    number = heading.inner_text().rpartition(" ")[2]
    page.get_by_role("button", name=f"Look at unit {number}").click()
    settle(page)
    expect(page.locator(".st-key-units_counter")).to_contain_text(number)
    expect(page).to_have_url(re.compile(f"units_counter={number}"))


def test_an_expression_is_searched(visit) -> None:
    page = visit(FIND + "&find_way=Regular+expression")
    field = page.get_by_role("textbox", name="Expression")
    field.fill("X|b")
    field.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(r"^X\|b, and unit"))).to_be_visible()
    expect(page).to_have_url(re.compile("find_regex_counter=X%7Cb"))
    field.fill("zzz")
    field.press("Enter")
    expect(page.get_by_text("Nothing to find")).to_be_visible()
    field.fill("((")
    field.press("Enter")
    expect(page.get_by_text("a regular expression of RE2")).to_be_visible()
