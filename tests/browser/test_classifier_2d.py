"""The 2-D classifier in a real browser: canvas, hands and keys, timeline, links, themes."""

from __future__ import annotations

import json
import re
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import shoot

pytestmark = pytest.mark.browser
LINK = "/classifier_2d"


def told(page: Page) -> dict[str, str]:
    """What the studio tells of itself."""
    return page.locator(".studio").evaluate("e => ({...e.dataset})")


def until(
    page: Page, holds: Callable[[dict[str, str]], bool], seconds: float = 20
) -> dict[str, str]:
    """Waits until what the studio tells satisfies `holds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = told(page)
        if "frames" in now and holds(now):
            return now
        page.wait_for_timeout(30)
    raise AssertionError(f"still {told(page)}")


def opened(visit: Any, link: str = LINK, look: str = "light") -> Page:
    page = visit(link, look)
    expect(page.locator(".studio[data-frames]")).to_be_visible(timeout=40_000)
    # A run that breaks at once has no more to show.
    until(page, lambda now: int(now["frames"]) > 3 or now["playing"] == "false")
    return page


def do(page: Page, name: str) -> None:
    page.locator(f".studio [data-do='{name}']").first.click()


def paused(page: Page) -> None:
    if told(page)["playing"] == "true":
        do(page, "play")
    until(page, lambda now: now["playing"] == "false")


def plane(page: Page) -> dict[str, float]:
    """Where the plane's canvas is."""
    canvas = page.locator("canvas[data-view=plane]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    return dict(box)


def spot(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place on the plane, in shares of it."""
    box = plane(page)
    return box["x"] + 34 + across * (box["width"] - 40), box["y"] + 6 + down * (box["height"] - 30)


def test_it_learns_by_itself_and_solves_the_circle(visit) -> None:
    page = opened(visit)
    # On a fresh machine the server compiles the engine first.
    now = until(page, lambda now: float(now["accuracy"]) == 1, 90)
    assert int(now["points"]) == 100 and now["stage"] == "4"
    shoot(page, "classifier_2d-solved")


def test_click_drag_right_click_undo_and_redo(visit) -> None:
    page = opened(visit)
    before = int(told(page)["examples"])
    page.mouse.click(*spot(page, 0.02, 0.02))
    until(page, lambda now: now["points"] == "101")
    do(page, "undo")
    until(page, lambda now: now["points"] == "100")
    do(page, "redo")
    until(page, lambda now: now["points"] == "101")
    start, end = spot(page, 0.02, 0.02), spot(page, 0.3, 0.02)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert told(page)["points"] == "101"
    page.mouse.click(*start, button="right")  # nothing is there any more
    page.wait_for_timeout(300)
    assert told(page)["points"] == "101"
    page.mouse.click(*end, button="right")
    until(page, lambda now: now["points"] == "100")
    assert int(told(page)["examples"]) > before, "it went on learning without a reset"


def test_the_brush_paints_many_in_one_step(visit) -> None:
    page = opened(visit)
    do(page, "class-1")
    do(page, "brush")
    page.mouse.move(*spot(page, 0.1, 0.05))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.6, 0.05), steps=20)
    page.mouse.up()
    until(page, lambda now: int(now["points"]) >= 110)
    page.keyboard.press("z")
    until(page, lambda now: now["points"] == "100")


def test_a_finger_adds_and_a_long_press_removes(visit, browser, server) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 420, "height": 900})
    page = context.new_page()
    page.goto(server + LINK)
    expect(page.locator(".studio[data-frames]")).to_be_visible(timeout=40_000)
    place = spot(page, 0.03, 0.03)
    page.touchscreen.tap(*place)
    until(page, lambda now: now["points"] == "101")
    wire = context.new_cdp_session(page)
    touch = {"x": place[0], "y": place[1]}
    wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    until(page, lambda now: now["points"] == "100")
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    context.close()


def test_keys(visit) -> None:
    page = opened(visit)
    page.mouse.click(*spot(page, 0.02, 0.02))
    page.keyboard.press(" ")
    first = until(page, lambda now: now["playing"] == "false")
    page.keyboard.press(".")
    second = until(page, lambda now: now["examples"] != first["examples"])
    assert int(second["examples"]) - int(first["examples"]) == 10
    page.keyboard.press("r")
    until(page, lambda now: now["examples"] == "0")
    page.keyboard.press("e")
    until(page, lambda now: int(now["examples"]) >= 100)
    page.keyboard.press("?")
    expect(page.locator(".studio .help")).to_be_visible()


def test_scrub_back_fork_and_compare(visit) -> None:
    page = opened(visit)
    until(page, lambda now: int(now["examples"]) > 30_000)
    slider = page.locator(".studio [data-do=scrub]")
    slider.focus()
    slider.press("Home")
    now = until(page, lambda now: now["at"] == "0")
    assert now["examples"] == "0" and now["playing"] == "false"
    slider.press("ArrowRight")
    until(page, lambda now: now["at"] == "1")
    do(page, "fork")
    now = until(page, lambda now: now["lanes"] == "2")
    assert int(now["examples"]) < 10_000
    expect(page.locator(".studio .sides button")).to_have_count(2)
    shoot(page, "classifier_2d-forked")
    page.locator(".studio .chip.x").first.click()
    until(page, lambda now: now["lanes"] == "1")


def test_the_film_the_layers_and_space(visit) -> None:
    page = opened(visit)
    page.get_by_label("stage of the net").select_option("2")
    until(page, lambda now: now["stage"] == "2")
    page.get_by_label("what is drawn of it").select_option("triple")
    expect(page.get_by_label("unit on axis 3")).to_be_visible()
    shoot(page, "classifier_2d-space")
    do(page, "film")
    stages = set()
    end = time.monotonic() + 6
    while time.monotonic() < end and len(stages) < 12:
        stages.add(told(page)["stage"])
        page.wait_for_timeout(60)
    assert len(stages) >= 12, "the film moves through places between the stages"


def test_the_link_holds_seed_points_and_view(visit) -> None:
    page = opened(visit)
    paused(page)
    page.mouse.click(*spot(page, 0.02, 0.02))
    until(page, lambda now: now["points"] == "101")
    page.get_by_label("stage of the net").select_option("2")
    page.keyboard.press("n")
    end = time.monotonic() + 15
    while time.monotonic() < end:
        query = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)
        if {"points", "view", "seed"} <= set(query):
            break
        page.wait_for_timeout(100)
    assert query["seed"] == ["1"] and query["view"][0].startswith("2~pair"), page.url
    again = opened(visit, LINK + "?" + urllib.parse.urlencode(query, doseq=True))
    now = until(again, lambda now: now["points"] == "101")
    assert now["stage"] == "2"


def test_a_weight_set_by_hand(visit) -> None:
    page = opened(visit)
    paused(page)
    canvas = page.locator("canvas[data-view=diagram]")
    canvas.focus()
    for _ in range(2):
        canvas.press("ArrowRight")
    canvas.press("Enter")
    number = page.locator(".studio [data-do=number]")
    expect(number).to_be_visible()
    number.fill("3.5")
    number.press("Enter")
    number.blur()
    expect(number).to_have_value("3.500", timeout=5_000)
    shoot(page, "classifier_2d-unit")


def test_a_run_that_breaks_says_why_rewinds_and_is_cured(visit) -> None:
    link = "?rate=10&f_1=relu&f_2=relu&data=Spiral&loss=squared+error"
    page = opened(visit, LINK + link)
    trouble = page.locator(".studio .trouble")
    expect(trouble).to_be_visible(timeout=30_000)
    expect(trouble).to_contain_text("learning rate")
    expect(trouble).not_to_contain_text("nan")
    for fact in ("loss", "train"):
        expect(page.locator(f".studio .fact.{fact} b")).to_have_text("?")
    shoot(page, "classifier_2d-trouble")
    broke = int(told(page)["examples"])
    do(page, "rescue")
    expect(trouble).to_be_hidden()
    assert told(page)["playing"] == "false"
    do(page, "play")
    expect(trouble).to_be_visible()
    do(page, "cure")
    until(page, lambda now: now["playing"] == "true" and int(now["examples"]) > broke + 3_000)
    expect(trouble).to_be_hidden()
    expect(page).not_to_have_url(re.compile("rate=10([^0-9.]|$)"))


def test_pictures_to_take_home(visit) -> None:
    page = opened(visit)
    for name, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        do(page, "picture")
        with page.expect_download() as caught:
            do(page, name)
        assert caught.value.path().read_bytes().startswith(begins)


@pytest.mark.parametrize("look", ["dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page = opened(visit, LINK, look)
    until(page, lambda now: int(now["examples"]) > 5_000)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0
    shoot(page, f"classifier_2d-{look}")


def test_frames_while_training_at_full_speed(visit) -> None:
    """The bench measures; here only that training and drawing do not wait for each other."""
    page = opened(visit)
    speed = page.locator(".studio [data-do=speed]")
    speed.evaluate("e => { e.value = 100; e.dispatchEvent(new Event('input')); }")
    until(page, lambda now: float(now["pace"]) > 100_000)
    first = told(page)
    page.wait_for_timeout(1500)
    last = told(page)
    assert int(last["frames"]) - int(first["frames"]) > 8
    assert int(last["examples"]) - int(first["examples"]) > 100_000


def test_a_stranger_is_not_let_in(visit, server) -> None:
    page = visit("/")
    code = page.evaluate(
        """address => new Promise((done) => {
          const socket = new WebSocket(address);
          socket.onopen = () => socket.send(JSON.stringify({ do: "hello", token: "guess" }));
          socket.onclose = (event) => done(event.code);
        })""",
        server.replace("http", "ws") + "/live/studio",
    )
    assert code == 1008, json.dumps(code)


def test_the_sidebar_follows_the_shown_run(visit) -> None:
    page = opened(visit)
    paused(page)
    units = page.get_by_label("Units 1", exact=True)
    do(page, "fork")
    until(page, lambda now: now["lanes"] == "2")
    units.fill("9")
    units.press("Enter")
    chip = page.locator(".studio [data-do='lane-1']")
    expect(chip).to_contain_text("hidden 9-2")
    do(page, "lane-0")
    expect(units).to_have_value("6")
    units.fill("7")
    units.press("Enter")
    until(page, lambda now: now["sizes"] == "2-7-2-2")
    expect(chip).to_contain_text("hidden 9-2")
    page.locator(".studio [data-do='close-0']").click()
    expect(units).to_have_value("9")


def test_a_point_is_chosen_for_one_update_by_hand(visit) -> None:
    page = opened(visit, LINK + "?data=Simple")
    paused(page)
    page.mouse.click(*spot(page, 0.95, 0.95))
    until(page, lambda now: now["points"] == "14")
    page.keyboard.press("u")
    expect(page.get_by_label("Point", exact=True)).to_have_value("13", timeout=20_000)
    shoot(page, "classifier_2d-by-hand")


def test_without_points_it_says_so(visit) -> None:
    page = opened(visit)
    do(page, "clear")
    until(page, lambda now: now["points"] == "0")
    expect(page.locator(".studio [data-do=play]")).to_be_disabled()
    for fact in ("epoch", "loss", "train"):
        expect(page.locator(f".studio .fact.{fact} b")).to_have_text("?")
    expect(page.locator(".studio .none")).to_be_visible()


def test_the_readout_stays_inside_the_studio_from_the_first_time_on(visit) -> None:
    page = opened(visit, LINK + "?units_1=64")
    studio = page.locator(".studio").bounding_box()
    for across in (0.97, 0.03, 0.5):
        page.mouse.move(10, 10)
        expect(page.locator(".studio .readout")).to_be_hidden()
        page.mouse.move(*spot(page, across, 0.5))
        expect(page.locator(".studio .readout")).to_be_visible()
        box = page.locator(".studio .readout").bounding_box()
        assert studio["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= studio["x"] + studio["width"] + 1


@pytest.mark.parametrize("link", ["?layers=6&classes=10", "?layers=0"])
def test_both_canvases_stand_level(visit, link: str) -> None:
    page = opened(visit, LINK + link)
    tops = [page.locator(f"canvas[data-view={v}]").bounding_box()["y"] for v in ("plane", "warp")]
    assert abs(tops[0] - tops[1]) < 1
    marks = page.locator(".studio .stages span").evaluate_all(
        """all => all.map((e) => { const r = document.createRange(); r.selectNodeContents(e);
           const b = r.getBoundingClientRect(); return [b.left, b.right]; })"""
    )
    assert all(b[0] >= a[1] for a, b in zip(marks, marks[1:], strict=False)), "no names overlap"
