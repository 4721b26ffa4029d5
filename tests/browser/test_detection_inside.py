"""A detector from the inside, in a real browser: step, play, point at places, drag two boxes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/object_detection?mode=From+the+inside"


def part(page: Page, name: str) -> Locator:
    return page.locator(f"section.{name}")


def opened(visit, more: str = "", look: str = "light") -> Page:
    page = visit(LINK + more, look)
    expect(part(page, "melt").locator("canvas[data-frame]")).to_be_visible()
    settle(page)
    return page


def iou(page: Page) -> float:
    return float("0" + part(page, "iou").locator(".formula b").inner_text().strip(" =").lstrip("0"))


def test_step_by_step_to_the_answer(visit) -> None:
    page = opened(visit)
    melt = part(page, "melt")
    says = melt.locator(".says")
    expect(says).to_contain_text("candidates come back")
    counts = [int(b.replace(",", "")) for b in melt.locator(".stations b").all_inner_texts()]
    assert counts[0] > 100_000 and counts == sorted(counts, reverse=True) and counts[-1] == 1
    melt.get_by_role("button", name="One frame on").click()
    expect(says).to_contain_text("too much alone")
    melt.get_by_role("button", name="One frame on").click()
    expect(says).to_contain_text("score of at least .50")
    melt.get_by_role("button", name="One frame on").click()
    expect(says).to_contain_text(re.compile(r"Step 1 of 1: .* a face of score \.\d\d"))
    expect(says).to_contain_text("others fall: share of the smaller box")
    expect(melt.locator("canvas")).to_have_attribute("data-frame", "4")
    shoot(page, "object_detection-inside-step")
    melt.get_by_role("slider", name="Frame").press("End")
    expect(says).to_contain_text("1 box is left")
    expect(melt.get_by_role("button", name="One frame on")).to_be_disabled()


def test_played_it_comes_to_the_end_and_rests(visit) -> None:
    page = opened(visit)
    melt = part(page, "melt")
    melt.get_by_role("button", name="Play").click()
    expect(melt.get_by_role("button", name="Pause")).to_be_visible()
    expect(melt.locator(".says")).to_contain_text("box is left", timeout=15_000)
    expect(melt.get_by_role("button", name="Play")).to_be_visible()


def test_places_answer_the_pointer_and_the_keys(visit) -> None:
    page = opened(visit)
    places = part(page, "places")
    canvas = places.locator("canvas")
    before = canvas.get_attribute("aria-label")
    assert re.search(r"\d+ × \d+ pixels: row \d+, column \d+", before)
    canvas.focus()
    page.keyboard.press("ArrowRight")
    assert canvas.get_attribute("aria-label") != before
    page.keyboard.press("ArrowLeft")
    assert canvas.get_attribute("aria-label") == before
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 5, "y": 5})
    expect(canvas).to_have_attribute("aria-label", re.compile("row 1, column 1;"))
    places.locator("select").select_option("0")
    expect(canvas).to_have_attribute("aria-label", re.compile("^24 × 24 pixels"))


def test_dragging_changes_the_iou(visit) -> None:
    page = opened(visit)
    section = part(page, "iou")
    a, b = section.locator(".box.A"), section.locator(".box.B")
    b.scroll_into_view_if_needed()
    before = iou(page)
    assert 0 < before < 1
    place = b.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + 1000, place["y"] + 1000, steps=4)
    page.mouse.up()
    assert iou(page) == 0
    expect(section.locator(".common")).to_be_hidden()
    expect(section.locator(".says")).to_contain_text("0 square pixels in common")
    size = b.bounding_box()
    assert size["width"] == pytest.approx(place["width"], abs=2)  # moved, not squeezed
    a.focus()
    label = a.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    assert a.get_attribute("aria-label") != label
    width = a.bounding_box()["width"]
    page.keyboard.press("Shift+ArrowRight")
    assert a.bounding_box()["width"] > width
    handle = a.locator(".se").bounding_box()
    page.mouse.move(handle["x"] + 11, handle["y"] + 11)
    page.mouse.down()
    page.mouse.move(handle["x"] + 411, handle["y"] + 411, steps=4)
    page.mouse.up()
    assert iou(page) > 0
    # |A ∩ B| / |A ∪ B|, as written below the picture, is what stands behind the sign.
    numbers = [
        int(n.replace(",", ""))
        for n in re.findall(r"[\d,]+", section.locator(".quotient").last.inner_text())
    ]
    assert numbers[0] / numbers[1] == pytest.approx(iou(page), abs=0.006)


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page = opened(visit, "&inside_photo=astronaut&detector=People+%28HOG%29&score=0.3", look)
    page.wait_for_timeout(600)
    inside = page.locator(".inside")
    room = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert room <= 0
    assert inside.bounding_box()["width"] <= page.viewport_size["width"]
    shoot(page, f"object_detection-inside-{look}")
