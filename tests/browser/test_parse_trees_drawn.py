"""Trees in the browser: pointing, closing, turning, changing by hand, saving."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LOOKS, SCREENSHOTS, settle

pytestmark = pytest.mark.browser
WAIT = 20_000  # ms for the page's answer to a change


def syntax(page: Page, key: str = "trees") -> Locator:
    found = page.locator(f".st-key-{key} .syntax")
    found.locator("svg").first.wait_for()
    return found


def node(trees: Locator, text: str, tree: int = 0) -> Locator:
    group = trees.locator("svg").nth(tree).locator("g.node")
    return group.filter(has=trees.page.locator("text").get_by_text(text, exact=True))


@pytest.mark.parametrize("look", LOOKS)
def test_the_two_readings(visit, look) -> None:
    page = visit("/parse_trees", look)
    trees = syntax(page)
    expect(trees.locator("figure")).to_have_count(2)
    expect(trees.locator("figcaption").first).to_contain_text("p = 5.292 × 10⁻⁵")
    assert trees.locator("g.marked").evaluate_all("g => g.map((e) => e.textContent)") == [
        "NP",
        "VP",
    ]
    page.screenshot(path=SCREENSHOTS / f"parse_trees-trees-{look}.png")
    # words stand under each other's trees in order, none over another
    boxes = (
        trees.locator("svg")
        .first.locator("g.word text")
        .evaluate_all(
            "w => w.map((e) => { const b = e.getBoundingClientRect(); return [b.left, b.right]; })"
        )
    )
    assert len(boxes) == 8
    assert all(left[1] < right[0] for left, right in zip(boxes, boxes[1:], strict=False))


def test_pointing_lights_the_words_and_tells_the_rule(visit) -> None:
    trees = syntax(visit("/parse_trees"))
    node(trees, "PP").first.hover()
    expect(trees.locator(".says")).to_have_text(
        "PP · words 6 to 8 · “with the telescope” · PP → IN NP, p = 1"
    )
    expect(trees.locator(".tip")).to_contain_text("with the telescope")
    lit = trees.locator("svg").first.locator("g.word.lit")
    assert lit.all_text_contents() == ["with", "the", "telescope"]


def test_a_click_closes_a_node_and_another_opens_it(visit) -> None:
    trees = syntax(visit("/parse_trees"))
    first = trees.locator("svg").first
    node(trees, "VP").first.locator("rect").click()
    expect(first.locator("g.word")).to_have_count(2)
    expect(first.locator("text.told")).to_have_text("saw the woman with the tele…")
    node(trees, "VP").first.locator("rect").click()
    expect(first.locator("g.word")).to_have_count(8)
    levels = trees.get_by_label("Levels that are open")
    levels.select_option("3 levels")
    expect(first.locator("text.told")).to_have_text("the woman with the telescope")
    expect(trees.locator("text.told")).to_have_count(3)
    levels.select_option("All levels")
    expect(first.locator("g.word")).to_have_count(8)


def test_the_keys_walk_and_close(visit) -> None:
    page = visit("/parse_trees")
    trees = syntax(page)
    trees.locator("svg").first.focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(trees.locator(".says")).to_contain_text("VP · words 3 to 8")
    page.keyboard.press("Enter")
    expect(trees.locator("svg").first.locator("g.word")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(trees.locator(".says")).to_contain_text("S · words 1 to 8")


def test_sideways_the_words_stand_below_each_other(visit) -> None:
    trees = syntax(visit("/parse_trees"))
    trees.get_by_role("button", name="Sideways").click()
    tops = (
        trees.locator("svg")
        .first.locator("g.word text")
        .evaluate_all("w => w.map((e) => e.getBoundingClientRect().top)")
    )
    assert len(tops) == 8 and tops == sorted(tops) and tops[7] - tops[0] > 100


def test_a_phrase_is_attached_elsewhere_by_hand(visit) -> None:
    page = visit("/parse_trees")
    trees = syntax(page)
    trees.get_by_role("button", name="Change by hand").click()
    # the other reading: PP leaves the noun phrase, a new VP stands over verb and object
    node(trees, "PP").first.locator("rect").click()
    trees.get_by_role("button", name="Attach to").click()
    node(trees, "VP").first.locator("rect").click()
    expect(page.get_by_text("p = 0: the grammar lacks")).to_be_visible(timeout=WAIT)
    expect(trees.locator("figcaption").first).to_contain_text("changed")
    # words keep their order
    trees.get_by_role("button", name="Attach to").click()
    node(trees, "NP").first.locator("rect").click()
    expect(trees.locator(".refusal")).to_contain_text("Words cannot change places")
    for _ in range(3):
        undo = trees.get_by_role("button", name="Undo")
        if undo.is_enabled():
            undo.click()
    expect(page.get_by_text("p = 0: the grammar lacks")).to_have_count(0, timeout=20_000)
    expect(trees.locator("figcaption").first).not_to_contain_text("changed")
    expect(trees.locator("svg").first.locator("g.marked")).to_have_text("NP")  # as it was


def test_other_probabilities_of_the_same_trees_are_told(visit) -> None:
    page = visit("/parse_trees")
    trees = syntax(page)
    area = page.locator(".editor textarea")
    area.fill(re.sub(r"(NP -> NP PP +)\[0.7\]", r"\1[0.6]", area.input_value()))
    caption = trees.locator("figcaption").first
    expect(caption).to_contain_text("75.00% of the sentence", timeout=WAIT)
    expect(caption).to_contain_text("p = 4.536 × 10⁻⁵")


def test_nodes_are_renamed_added_and_deleted(visit) -> None:
    page = visit("/parse_trees?sentence=the+man+sleeps")
    trees = syntax(page)
    trees.get_by_role("button", name="Change by hand").click()
    node(trees, "Vi").first.locator("rect").click()
    name = trees.get_by_label("Category of the chosen node")
    name.fill("<b>Vt</b>")
    trees.get_by_role("button", name="Rename").click()
    expect(node(trees, "<b>Vt</b>")).to_have_count(1)
    expect(page.get_by_text("(S (NP (DT the) (NN man)) (VP (<b>Vt</b> sleeps)))")).to_be_visible(
        timeout=WAIT
    )
    trees.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("(S (NP (DT the) (NN man)) (VP sleeps))")).to_be_visible(timeout=WAIT)
    name.fill("Q")
    trees.get_by_role("button", name="Add above").click()
    expect(page.get_by_text("(S (NP (DT the) (NN man)) (Q (VP sleeps)))")).to_be_visible(
        timeout=WAIT
    )


def test_a_tree_is_saved_as_a_picture(visit) -> None:
    page = visit("/parse_trees")
    trees = syntax(page)
    with page.expect_download() as saved:
        trees.get_by_role("button", name="Save as SVG, Tree 1").click()
    root = ElementTree.parse(saved.value.path()).getroot()
    assert root.tag.endswith("svg")
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert texts.count("NP") == 4 and "telescope" in texts
    fills = {e.get("fill") for e in root.iter() if e.tag.endswith("rect")}
    assert len(fills) > 3 and not any("var(" in (fill or "") for fill in fills)
    with page.expect_download() as saved:
        trees.get_by_role("button", name="Save as PNG, Tree 2").click()
    assert saved.value.suggested_filename == "tree-2.png"
    assert saved.value.path().read_bytes()[:4] == b"\x89PNG"
    assert saved.value.path().stat().st_size > 5_000


def test_a_very_deep_tree_is_drawn_as_far_as_is_sensible(visit) -> None:
    page = visit("/parse_trees")
    syntax(page)
    page.get_by_text("A tree of your own").click()
    box = page.get_by_role("textbox", name="Tree in brackets, or JSON")
    box.fill("(X " * 10_000 + "x" + ")" * 10_000)
    box.press("Control+Enter")
    settle(page)
    own = syntax(page, "own_trees")
    expect(own.locator("g.node")).to_have_count(400, timeout=20_000)
    expect(own.locator("g.shut")).to_have_count(1)
    assert re.search("x", own.locator("text.told").text_content())
