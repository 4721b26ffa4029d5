"""Inside one step in a real browser: the drawing answers to its equations, forward and backward."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/lstm_explorer?part=Inside+one+step&at=20"
THROUGH = "/lstm_explorer?part=Back+through+time&at=40"


def opened(visit, link: str = LINK, look: str = "light") -> tuple[Page, Locator]:
    page = visit(link, look)
    cell = page.locator(".cell")
    expect(cell.locator("svg .unit")).to_be_visible()
    settle(page)
    return page, cell


def lit(cell: Locator) -> set[str]:
    parts = cell.locator(".lit").evaluate_all("all => all.map((one) => one.dataset.part)")
    return set(parts)


def test_pointing_at_a_part_shows_its_equation_and_the_other_way_round(visit) -> None:
    _, cell = opened(visit)
    cell.locator("svg .gate[data-part=iota] .value").hover()
    expect(cell.locator(".line.lit")).to_have_count(1)
    expect(cell.locator(".line.lit .number")).to_have_text("(4.3)")
    assert lit(cell) == {"iota"}
    cell.locator(".line", has_text="(4.7)").hover()
    assert {"s", "kept", "new", "before"} <= lit(cell)
    expect(cell.locator("svg .unit.lit")).to_have_count(1)
    cell.locator(".title").first.hover()
    expect(cell.locator(".lit")).to_have_count(0)


def test_the_numbers_of_a_line_are_those_of_the_drawing(visit) -> None:
    _, cell = opened(visit)
    shown = cell.locator("svg .gate[data-part=iota] .value").text_content()
    line = cell.locator(".line", has_text="(4.3)").locator(".numbers").inner_text()
    assert line.endswith(shown) and re.search(r"f\(.+\) = ", line)


def test_backward_turns_the_arrows_and_changes_the_numbers(visit) -> None:
    page, cell = opened(visit)
    before = cell.locator("svg .unit .value").text_content()
    assert cell.locator("[marker-end]").count() > 10
    cell.get_by_role("button", name="Backward").click()
    expect(cell.get_by_role("button", name="Backward")).to_be_focused()
    assert cell.locator("[marker-end]").count() == 0 and cell.locator("[marker-start]").count() > 10
    after = cell.locator("svg .unit .value").text_content()
    assert after != before
    line = cell.locator(".line", has_text="(4.13)")
    line.focus()  # by the keyboard as by the pointer
    expect(cell.locator("svg .unit.lit")).to_have_count(1)
    expect(line).to_have_class(re.compile("lit"))
    assert after.rstrip("0") in line.locator(".numbers").inner_text()
    shoot(page, "lstm_explorer-inside-backward")


@pytest.mark.parametrize(
    ("net", "gates", "equations"),
    [("Counter%2C+GRU", 2, 4), ("Counter%2C+simple+recurrent", 0, 2)],
)
def test_the_relatives(visit, net: str, gates: int, equations: int) -> None:
    page, cell = opened(visit, f"{LINK}&net={net}")
    assert cell.locator("svg .gate").count() == gates
    assert cell.locator(".line").count() == equations
    expect(cell.get_by_role("button", name="Backward")).to_have_count(0)
    shoot(page, f"lstm_explorer-inside-{'gru' if gates else 'srn'}")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page, cell = opened(visit, look=look)
    room = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert room <= 0
    assert cell.bounding_box()["width"] <= page.viewport_size["width"]
    # readable: letters of at least 11 css pixels, and no word outside the drawing
    size, outside = page.evaluate("""() => {
      const find = (root) => root.querySelector(".cell svg") ?? [...root.querySelectorAll("*")]
        .map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean);
      const svg = find(document);
      const box = svg.getBoundingClientRect();
      const scale = box.width / svg.viewBox.baseVal.width;
      const words = [...svg.querySelectorAll("text")].map((one) => one.getBoundingClientRect());
      return [14 * scale, words.filter((w) => w.left < box.left - 1 || w.right > box.right + 1).length];
    }""")
    assert size >= 11 and outside == 0
    shoot(page, f"lstm_explorer-inside-{look}")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_back_through_time(visit, look: str) -> None:
    page = visit(THROUGH, look)
    expect(page.locator(".reader canvas").nth(1)).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(4)
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    shoot(page, f"lstm_explorer-through-{look}")
