"""Matrices and Inside in a browser: cells that are clicked, keys, rounds that move on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

CORPUS = "corpus=Python’s+language+reference&topics=4"


def opened(visit, room: str, sheet: str) -> Page:
    page = visit(f"/topic_browser?room={room}&{CORPUS}")
    page.locator(sheet).wait_for(timeout=60_000)
    settle(page)
    return page


def test_a_cell_is_clicked_and_keys_go_on_from_there(visit) -> None:
    page = opened(visit, "Matrices", ".product .near canvas")
    root, near = page.locator(".product"), page.locator(".product .near canvas")
    first = root.get_attribute("data-lit")
    box = near.bounding_box()
    near.hover(position={"x": box["width"] - 30, "y": box["height"] - 20})
    expect(page.locator(".product .tip")).to_contain_text("p(w | d) =")
    near.click(position={"x": box["width"] - 30, "y": box["height"] - 20})
    expect(root).not_to_have_attribute("data-lit", first)
    page.wait_for_url("**word=*")
    settle(page)
    lit = [int(k) for k in root.get_attribute("data-lit").split()]
    heading = page.get_by_role("heading", name="How likely is")
    before = heading.inner_text()
    near.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(root).to_have_attribute("data-lit", f"{lit[0] - 1} {lit[1] - 1} {lit[2]}")
    expect(heading).not_to_have_text(before)
    # far away: the topic's column
    page.get_by_text("The lit topic’s part").click()
    settle(page)
    expect(near).to_be_visible()


def test_on_a_narrow_page_nothing_runs_over_the_edge(visit) -> None:
    page = visit(f"/topic_browser?room=Matrices&{CORPUS}", look="narrow")
    near = page.locator(".product .near canvas")
    near.wait_for(timeout=60_000)
    settle(page)
    assert near.bounding_box()["width"] <= 400
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 1


def test_rounds_move_on_and_a_cell_of_phi_is_lit(visit) -> None:
    page = opened(visit, "Inside", ".phi canvas")
    root, sheet = page.locator(".phi"), page.locator(".phi canvas")
    last = int(root.get_attribute("data-round"))
    page.get_by_role("button", name="One back").first.click()
    expect(root).to_have_attribute("data-round", str(last - 1))
    page.get_by_role("button", name="Play").first.click()
    expect(root).to_have_attribute("data-round", str(last))
    settle(page)
    lit = root.get_attribute("data-lit")
    sheet.focus()
    page.keyboard.press("ArrowDown")
    expect(root).not_to_have_attribute("data-lit", lit)
    page.wait_for_url("**word=*")
