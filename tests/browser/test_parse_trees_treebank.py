"""The room Treebank in a real browser: gold beside the guess, rules that are clicked, jobs, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.datasets import treebank
from core.parsing.brackets import one_line
from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
ROOM = "/parse_trees?room=Treebank"


def figure(page: Page, name: str) -> str:
    box = page.locator("[data-testid=stMetric]", has_text=re.compile(f"^{name}"))
    return box.locator("[data-testid=stMetricValue]").inner_text().strip()


def click_row(page: Page, table: str, row: int) -> None:
    """Choose a row of a dataframe, which is painted: its box for choosing is at the left."""
    canvas = page.locator(f".st-key-{table} [data-testid=stDataFrame] canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 * row + 17)
    settle(page)


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_at_first_sight(visit, look: str) -> None:
    page = visit(ROOM, look)
    expect(page.locator(".st-key-error_trees")).to_be_visible()
    assert figure(page, "Trees") == "54" and figure(page, "F1").endswith("%")
    expect(page.locator(".katex").first).to_be_visible()
    shoot(page, f"parse_trees-treebank-{look}")
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0


def test_a_rule_is_clicked(visit) -> None:
    page = visit(f"{ROOM}&treebank_part=Rules")
    expect(page.get_by_text("Where NP → DT NN comes from").or_(
        page.get_by_text("Where NP -> DT NN comes from")
    )).to_be_visible()  # fmt: skip
    click_row(page, "treebank_table", 4)
    heading = page.get_by_text(re.compile("^Where PP"))
    expect(heading).to_be_visible()
    expect(page.locator(".katex").first).to_contain_text("PP")
    shoot(page, "parse_trees-treebank-rules")


def test_files_are_learned_from_in_a_job(visit, tmp_path: Path) -> None:
    lines = [one_line(one) for one in treebank.trees()]
    path = tmp_path / "mine.mrg"
    path.write_text("\n".join(lines * 20) + "\n(S (NP broken)\n", "utf-8")
    page = visit(f"{ROOM}&treebank=My+own+files")
    page.locator(".st-key-treebank_files input[type=file]").set_input_files(path)
    evaluate = page.locator(".st-key-evaluate_go button")
    expect(evaluate).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.get_by_text("line 1201, column 1")).to_be_visible()
    assert figure(page, "Trees") == "1,080"
    evaluate.click()
    expect(page.locator(".st-key-error_table")).to_be_visible(timeout=60_000)
    settle(page)
    assert float(figure(page, "F1").split()[0]) > 90  # it has seen the very same sentences
    shoot(page, "parse_trees-treebank-own")
