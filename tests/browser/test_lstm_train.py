"""Train live, Write and Hold a unit in a real browser: jobs, films, and nets that change hands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
TRAIN = "/lstm_explorer?part=Train+live"
LIVE = ".st-key-training_reader .reader"


def train(page: Page) -> None:
    # the button moves down when the text above is drawn, and would be missed
    expect(page.locator(".st-key-reader .reader canvas").first).to_be_visible()
    settle(page)
    button = page.locator(".st-key-train_go button")
    button.click()
    expect(button).to_be_disabled()


def adopt(page: Page) -> Locator:
    """The button: with its tip there are two, one for fingers and one for pointers."""
    return page.locator(".st-key-train_adopt button").filter(visible=True)


def done(page: Page) -> None:
    """Wait until the run has ended and the page rests."""
    expect(adopt(page)).to_be_enabled(timeout=90_000)
    settle(page)


def updates(page: Page) -> int:
    words = page.get_by_text(re.compile(r"^After [\d,]+ updates")).inner_text()
    return int(re.search(r"[\d,]+", words)[0].replace(",", ""))


def bits(page: Page) -> float:
    words = page.get_by_text(re.compile(r"^After [\d,]+ updates")).inner_text()
    return float(re.search(r"costs (\d+\.\d+) bits", words)[1])


def test_the_counter_is_learned_live_and_looked_into(visit) -> None:
    page = visit(TRAIN)
    assert page.locator(LIVE).count() == 0
    train(page)
    expect(page.locator(f"{LIVE} canvas")).to_be_visible(timeout=30_000)
    first = updates(page)
    page.wait_for_function(
        "(first) => [...document.querySelectorAll('p')].some((p) => {"
        " const found = p.textContent.match(/^After ([\\d,]+) updates/);"
        " return found && Number(found[1].replaceAll(',', '')) > first; })",
        arg=first,
    )  # it moves while it learns
    done(page)
    words = page.get_by_text(re.compile(r"^After [\d,]+ updates")).inner_text()
    assert "100% are right" in words
    learned = bits(page)
    assert float(re.search(r"\|r\| = (\d\.\d+)", words)[1]) > 0.8
    shoot(page, "lstm_explorer-train")
    # back to where it knew nothing
    page.locator(".st-key-step input[type=range]").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text(re.compile("^After 0 updates"))).to_be_visible()
    assert learned < bits(page) / 3  # the loss has fallen
    page.keyboard.press("End")
    settle(page)
    adopt(page).click()
    expect(page.locator(".st-key-net input")).to_have_value("Trained here: Counter")
    settle(page)
    page.get_by_role("button", name="Find units").or_(
        page.get_by_role("radio", name="Find units")
    ).first.click()
    expect(page.locator(".st-key-find_table")).to_be_visible()


def test_a_long_run_can_be_cancelled_and_begun_again(visit) -> None:
    page = visit(f"{TRAIN}&train_what=Adding&train_n_adding=15000")
    train(page)
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible(timeout=30_000)
    expect(page.locator(f"{LIVE} canvas")).to_be_visible(timeout=60_000)
    cancel.click()
    expect(page.get_by_text("What was learned until then is shown")).to_be_visible(timeout=30_000)
    settle(page)
    expect(adopt(page)).to_be_enabled()
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("What was learned until then is shown")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("look", ["dark", "narrow"])
def test_training_looks(visit, look: str) -> None:
    page = visit(f"{TRAIN}&train_n_counter=200", look)
    train(page)
    done(page)
    shoot(page, f"lstm_explorer-train-{look}")
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_it_writes_as_if_typing(visit, look: str) -> None:
    page = visit("/lstm_explorer?part=Write&at=60", look)
    canvas = page.locator(".st-key-writing .reader canvas").first
    expect(canvas).to_be_visible()
    settle(page)
    grown = "([one, count]) => Number(one.dataset.shown) >= count"
    whole = int(re.search(r"[\d,]+(?= characters)", canvas.get_attribute("aria-label"))[0])
    page.wait_for_function(grown, arg=[canvas.element_handle(), whole])
    shoot(page, f"lstm_explorer-write-{look}")
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_a_hold_shows_both(visit, look: str) -> None:
    page = visit("/lstm_explorer?part=Hold+a+unit&hold0_lstm=Erase+its+cell%3A+s+%3D+0&at=60", look)
    expect(page.locator("[data-testid=stMetric]").first).to_be_visible()
    expect(
        page.locator(
            "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
        ).first
    ).to_be_visible()
    settle(page)
    shoot(page, f"lstm_explorer-hold-{look}")
    wide = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
