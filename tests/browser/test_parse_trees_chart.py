"""The chart in a real browser: it plays, scrubs, explains its cells, and can be taken home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/parse_trees?room=Chart"
LONG = (
    "&sentence=the+man+saw+the+woman+with+the+telescope+in+the+woman+with+the+man+in+the+telescope"
    "+%3Cb%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"
)
STEPS = 92  # of eight words: (8^3 - 8) / 6 splits and 8 words


def opened(visit, more: str = "", look: str = "light") -> tuple[Page, Locator]:
    page = visit(LINK + more, look)
    chart = page.locator(".cky")
    expect(chart.locator(".cell").first).to_be_visible()
    settle(page)
    return page, chart


def cell(chart: Locator, i: int, j: int, n: int = 8) -> Locator:
    """That of words i to j, from 1."""
    before = sum(n - size for size in range(j - i))
    return chart.locator(f".cell[data-c='{before + i - 1}']")


def test_the_first_sight_is_the_two_readings_and_its_pointers_lead_on(visit) -> None:
    page, chart = opened(visit)
    expect(cell(chart, 3, 8)).to_have_class(re.compile("tree.*chosen"))
    expect(chart.locator(".where")).to_have_text("Words 3 to 8")
    first, second = chart.locator(".way").all()
    assert "VP → Vt NP" in first.inner_text()
    assert "0.4 × 1 × 6.3 × 10⁻⁴ = 2.52 × 10⁻⁴" in first.inner_text()
    assert "best" in first.inner_text() and "best" not in second.inner_text()
    assert "0.2 × 0.024 × 0.015 = 7.2 × 10⁻⁵" in second.inner_text()
    expect(chart.locator(".cell.tree")).to_have_count(15)
    expect(chart.locator(".branch")).to_have_count(14)
    _follow(page, chart)


def test_play_and_steps_fill_it(visit) -> None:
    page, chart = opened(visit)
    chart.get_by_label("Speed").select_option("60")
    chart.get_by_role("button", name="Play").click()
    expect(chart).not_to_have_attribute("data-step", f"{STEPS} of {STEPS}")
    expect(chart.locator(".cell.blank").first).to_be_attached()
    expect(chart).to_have_attribute("data-step", f"{STEPS} of {STEPS}")
    expect(chart.locator(".cell.blank")).to_have_count(0)
    expect(chart.get_by_role("button", name="Play")).to_be_visible()
    # and by hand
    chart.get_by_role("button", name="Empty the chart").click()
    expect(chart.locator(".cell.blank")).to_have_count(36)
    for _ in range(9):
        chart.get_by_role("button", name="One step forward").click()
    # eight words, then words 1 and 2
    expect(cell(chart, 1, 1)).to_have_class(re.compile(r"\bleft\b"))
    expect(cell(chart, 2, 2)).to_have_class(re.compile(r"\bright\b"))
    expect(chart.locator(".says")).to_have_text(
        f"9 of {STEPS}: words 1 to 2 from word 1 and word 2"
    )
    expect(chart.locator(".tried")).to_contain_text("1 product")
    expect(chart.locator(".cell.blank")).to_have_count(36 - 9)
    chart.get_by_label("What a step is").select_option("cell")
    chart.get_by_role("button", name="One step back").click()
    expect(chart).to_have_attribute("data-step", f"8 of {STEPS}")
    expect(page).to_have_url(re.compile(r"step=8"))


@pytest.mark.parametrize(("values", "later"), [("Inside", "3.24 × 10⁻⁴"), ("Best", "2.52 × 10⁻⁴")])
def test_a_partly_tried_cell_shows_what_it_has_so_far(visit, values: str, later: str) -> None:
    # words 3 to 8: Vt NP after word 3 makes 2.52e-4, VP PP after word 5 another 7.2e-5
    _, chart = opened(visit, f"&chart_values={values}")
    for step, wanted in ((69, "2.52 × 10⁻⁴"), (71, later)):
        chart.locator("input[type=range]").fill(str(step))
        expect(chart.locator(".where")).to_have_text("Words 3 to 8")
        expect(chart.locator(".result b")).to_have_text(f"= {wanted}")
        expect(cell(chart, 3, 8).locator("title")).to_have_text(f"words 3 to 8 VP {wanted}")


def _follow(page: Page, chart: Locator) -> None:
    chart.locator(".way").first.get_by_role("button", name="w[4, 8, NP]").click()
    expect(chart.locator(".where")).to_have_text("Words 4 to 8")
    expect(cell(chart, 4, 8)).to_have_class(re.compile("chosen"))
    expect(cell(chart, 4, 5)).to_have_class(re.compile("left"))
    expect(chart.locator(".pointer")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"cell=4-8-NP"))
    chart.locator(".field").focus()
    page.keyboard.press("Enter")
    expect(chart.locator(".where")).to_have_text("Words 4 to 5")
    page.keyboard.press("ArrowDown")
    expect(chart.locator(".where")).to_have_text("Word 4")
    expect(chart.locator(".formula")).to_have_text("w[4, 4, DT] = p(DT → the)")


def test_a_link_restores_the_view(visit) -> None:
    _, chart = opened(visit, "&chart_values=Posterior&cell=4-8-NP&chart_tree=2")
    expect(chart.locator(".result")).to_have_text(re.compile("77.8 %"))
    expect(cell(chart, 3, 5)).to_have_class(re.compile("tree"))
    _, chart = opened(visit, "&cell=3-5-VP&step=40")
    expect(chart).to_have_attribute("data-step", f"40 of {STEPS}")
    expect(chart.locator(".where")).to_have_text("Words 3 to 5")


def test_outside_is_written_out_from_above(visit) -> None:
    _, chart = opened(visit, "&chart_values=Outside&cell=4-5-NP")
    expect(chart.locator(".way")).to_have_count(2)
    expect(chart.locator(".result")).to_have_text(re.compile(r"= 0.001134"))
    chart.get_by_role("button", name="Empty the chart").click()
    chart.get_by_role("button", name="One step forward").click()
    expect(chart.locator(".where")).to_have_text("Words 1 to 8")  # it fills from the top


def test_taken_home(visit, tmp_path: Path) -> None:
    page, chart = opened(visit)
    wanted = {"picture, PNG": b"\x89PNG", "drawing, SVG": b"<svg", "Chart (CSV)": b"i,j,words"}
    for name, begins in wanted.items():
        with page.expect_download() as waited:
            page.get_by_role("button", name=name).click()
        file = tmp_path / name
        waited.value.save_as(file)
        assert file.read_bytes().startswith(begins)
    drawing = (tmp_path / "drawing, SVG").read_text("utf-8")
    assert "telescope" in drawing and "2.5·10⁻⁴" in drawing and 'fill="rgb' in drawing


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page, chart = opened(visit, look=look)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert chart.bounding_box()["width"] <= page.viewport_size["width"]
    size = chart.locator(".field svg").bounding_box()
    assert size["width"] <= chart.locator(".field").bounding_box()["width"] + 1
    shoot(page, f"parse_trees-chart-{look}")


def test_fifteen_words_and_more_scrub_smoothly(visit) -> None:
    page, chart = opened(visit, LONG)
    each = chart.locator("input[type=range]").evaluate("""(slider) => {
      const began = performance.now();
      for (let k = 0; k < 100; k++) {
        slider.value = (k * 37) % Number(slider.max);
        slider.dispatchEvent(new Event("input"));
      }
      return (performance.now() - began) / 100;
    }""")
    assert each < 50  # ms a step, wherever to: 20 a second
    assert chart.locator("img").count() == 0  # what a visitor writes is text
    expect(chart.locator(".word.unknown").first).to_have_text(re.compile("^<b><img"))
