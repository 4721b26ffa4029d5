"""The grammar's editor in a real browser: colours under the caret, messages in their place, links."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.datasets.grammars import PRESETS
from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/parse_trees"
SLOW = 30_000  # ms that a large grammar may take on a busy machine
FITS = """area => [area.scrollWidth - area.clientWidth, area.scrollHeight - area.clientHeight,
  [...area.parentElement.querySelectorAll(".line")].map((line) => {
    const text = line.cloneNode(true);
    text.querySelectorAll(".end").forEach((one) => one.remove());
    return text.textContent;
  }).join("\\n") === area.value]"""
PASTE = """(area, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  area.focus();
  area.select();
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def opened(visit, link: str = LINK, look: str = "light") -> tuple[Page, Locator]:
    page = visit(link, look)
    area = page.locator(".editor textarea")
    expect(page.locator(".editor .status")).not_to_be_empty()
    settle(page)
    return page, area


def selection(area: Locator) -> str:
    return area.evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)")


def test_what_is_written_is_coloured_told_and_never_moved(visit) -> None:
    page, area = opened(visit)
    ink = page.locator(".ink .line")
    expect(ink).to_have_count(17)
    assert area.evaluate(FITS) == [0, 0, True]
    area.press("Control+End")
    page.keyboard.type("NN -> 'dog' [0.5")
    expect(page.locator(".gutter .fatal")).to_have_text("17")
    expect(ink.nth(16).locator(".fatal")).to_have_text("[")
    expect(page.locator(".problems")).to_contain_text("this [ is never closed")
    expect(page.get_by_text("cannot be read: line 17, column 13")).to_be_visible()
    expect(page.locator("[data-testid=stSelectbox] input").first).to_have_value("My own")
    page.keyboard.type("] #")  # goes on where the caret was
    page.keyboard.press("Control+Enter")
    page.keyboard.type(" a dog", delay=60)  # while the page answers
    expect(page.locator(".gutter .warns")).to_have_text("11")
    expect(page.locator(".problems")).to_contain_text("the probabilities of NN sum to 1.5")
    value = PRESETS["course_pcfg"].text + "NN -> 'dog' [0.5] # a dog"
    expect(area).to_have_value(value)
    assert area.evaluate("a => a.selectionStart === a.value.length && a.matches(':focus')")
    assert area.evaluate(FITS) == [0, 0, True]
    expect(page.get_by_text("cannot be read")).to_have_count(0)
    # undo is the browser's, also after the page has answered
    page.keyboard.press("Control+z")
    assert len(area.input_value()) < len(value)
    page.keyboard.press("Control+Shift+z")
    expect(area).to_have_value(value)
    settle(page)
    # the link holds it
    expect(page).to_have_url(re.compile("rules=.*sentence=|sentence=.*rules="))
    _, again = opened(visit, page.url[page.url.index(LINK) :])
    expect(again).to_have_value(value)
    page.get_by_role("button", name="Normalise").click()
    expect(area).to_have_value(re.compile(re.escape("'dog' [0.333333333] # a dog")))
    expect(page.locator(".gutter .warns")).to_have_count(0)


def test_messages_lead_to_their_place(visit) -> None:
    page, area = opened(visit)
    area.fill("S -> A 'x' | B [1\nA -> '<b>bold</b>' '''' ]\nB -> 'y'  [3]")
    expect(page.locator(".problems button")).to_have_count(4)
    page.locator(".problems button", has_text="was never opened").click()
    assert selection(area) == "]"
    expect(page.locator(".problems .here")).to_have_count(1)
    expect(page.locator(".ink .here")).to_contain_text("<b>bold</b>")
    expect(page.locator(".ink b")).to_have_count(0)
    page.locator(".ink .odd.fatal").first.hover(force=True)  # the textarea lies over it
    expect(page.locator(".editor .tip")).to_have_text("this [ is never closed.")
    area.fill("S -> 'x' [3]")
    area.press("Control+Enter")
    expect(page.locator(".problems button")).to_have_count(1)
    page.locator(".problems button").click()
    assert selection(area) == "[3]"


def test_a_long_text_is_not_coloured_and_a_very_long_one_not_changed(visit) -> None:
    page, area = opened(visit)
    rows = "S -> A\n" + "".join(f"A -> 'w{k}' [0.0001]\n" for k in range(4000))
    area.evaluate(PASTE, rows.replace("S -> A\n", "S -> A [1]\n"))
    expect(page.locator(".problems")).to_contain_text("sum to 0.4", timeout=SLOW)
    expect(page.locator(".ink .line")).to_have_count(0)
    assert area.evaluate("a => getComputedStyle(a).color") != "rgba(0, 0, 0, 0)"
    area.press("Control+Home")
    page.keyboard.type("# hm\n")
    page.locator(".problems button").click()  # still the line of the text before
    expect(area).to_have_value(re.compile("^# hm\n"))
    area.evaluate(PASTE, rows * 3)
    expect(page.locator(".hint")).to_contain_text("Only the beginning is shown", timeout=SLOW)
    expect(area).to_have_js_property("readOnly", True)
    page.get_by_role("button", name="My text before").click()
    expect(area).to_have_js_property("readOnly", False, timeout=SLOW)
    expect(area).to_have_value(re.compile("^# hm\n"))


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_looks(visit, look: str) -> None:
    link = f"{LINK}?grammar=The+same+as+printed%2C+with+its+slip&normal_form=true"
    page, area = opened(visit, link, look)
    expect(page.locator(".gutter .warns")).to_have_count(2)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert area.evaluate(FITS) == [0, 0, True]
    shoot(page, f"parse_trees-grammar-{look}")
