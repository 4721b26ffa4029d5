"""Video in a real browser: the sample from start to end, playing, scrubbing, the line, stopping."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot
from tests.films import film, square

VIDEO = "/object_detection?mode=Video"


def look(page: Page) -> None:
    """Start, and wait until the result can be played."""
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".clip video:not([hidden])").wait_for(timeout=120_000)
    settle(page)
    playable(page)


def until(page: Page, what: str, test: str, argument: object = None, seconds: float = 20) -> None:
    """Wait until `test`, a function of the element `what` and the argument, is true."""
    end = time.monotonic() + seconds
    while not page.locator(what).evaluate(test, argument):
        assert time.monotonic() < end, f"{what}: never {test}"
        page.wait_for_timeout(50)


def playable(page: Page) -> None:
    until(page, ".clip video", "v => v.readyState >= 2")


def seek(page: Page, share: float) -> None:
    bar = page.locator(".clip .density canvas")
    box = bar.bounding_box()
    bar.click(position={"x": box["width"] * share, "y": 20})
    until(page, ".clip video", "v => !v.seeking")
    page.wait_for_timeout(100)


def lines(page: Page, which: int = 0) -> list[list[str]]:
    return (
        page.locator(".clip .side table")
        .nth(which)
        .evaluate(
            "t => t.tBodies[0].rows.length"
            " ? [...t.tBodies[0].rows].map(row => [...row.cells].slice(1).map(c => c.textContent)) : []"
        )
    )


def heading(page: Page) -> str:
    return page.locator(".clip .side h4").inner_text()


def lit(page: Page) -> int:
    """How many pixels of the canvas over the video are drawn on."""
    return page.locator(".clip .over").evaluate(
        """c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"""
    )


@pytest.fixture
def done(visit: Callable[..., Page]) -> Page:
    page = visit(f"{VIDEO}&video_every=10")
    look(page)
    return page


def test_the_sample_from_start_to_end(visit: Callable[..., Page]) -> None:
    page = visit(VIDEO)
    until(page, ".clip .picture", "p => p.dataset.turn")
    expect(page.get_by_text("640 × 480 pixels, 6 s")).to_be_visible()
    shoot(page, "video_before_light")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile(r"Picture \d+, \d s of 6 s"))).to_be_visible(timeout=60_000)
    first = page.locator(".clip .picture").get_attribute("data-turn")
    until(page, ".clip .picture", "(p, turn) => p.dataset.turn !== turn", first)
    shoot(page, "video_running_light")
    page.locator(".clip video:not([hidden])").wait_for(timeout=120_000)
    settle(page)
    playable(page)
    seek(page, 0.3)
    assert heading(page).startswith("Picture ")
    ids = {line[1] for line in lines(page)}
    assert ids == {"1", "2"}
    shoot(page, "video_done_light")
    assert page.locator(".clip video").evaluate("v => v.duration") == pytest.approx(6, abs=0.1)


def test_scrubbing_moves_the_table_and_the_counts(done: Page) -> None:
    seek(done, 0.2)
    early, before = lines(done), lines(done, 1)
    seek(done, 0.8)
    late, after = lines(done), lines(done, 1)
    assert early != late
    assert before == [["face", "2", "0", "0"]]
    assert after == [["face", "2", "1", "1"]]
    seek(done, 0.2)
    assert lines(done) == early
    assert lines(done, 1) == before


def test_playing_moves_boxes_and_table_in_step(done: Page) -> None:
    seek(done, 0.1)
    start = heading(done)
    done.locator(".clip [data-do=play]").click()
    until(done, ".clip .side h4", "(h, start) => h.textContent !== start", start)
    done.wait_for_timeout(1500)
    done.locator(".clip [data-do=play]").click()
    done.wait_for_timeout(200)
    video = done.locator(".clip video").evaluate("v => v.currentTime")
    shown = float(re.search(r"([\d.]+) s", heading(done))[1])
    assert video > 1
    assert shown == pytest.approx(video, abs=0.1)


def test_keys(done: Page) -> None:
    seek(done, 0.5)
    done.locator(".clip .density canvas").focus()
    number = int(re.search(r"Picture (\d+)", heading(done))[1])
    assert number % 10 == 0
    for keys, wanted in (("ArrowRight", number + 10), ("ArrowLeft", number), ("Home", 0)):
        done.keyboard.press(keys)
        expect(done.locator(".clip .side h4")).to_have_text(re.compile(rf"^Picture {wanted},"))
    done.keyboard.press(" ")
    until(done, ".clip video", "v => !v.paused")
    done.keyboard.press(" ")
    until(done, ".clip video", "v => v.paused")


def test_boxes_and_trails_can_be_hidden_and_a_line_of_the_table_lights_its_box(done: Page) -> None:
    done.get_by_text("Count at a line").click()
    settle(done)
    playable(done)
    seek(done, 0.4)
    everything = lit(done)
    done.locator(".clip .side tbody tr").first.hover()
    done.wait_for_timeout(150)
    assert 0 < lit(done) < everything
    done.mouse.move(5, 5)
    done.locator(".clip [data-do=trails]").click()
    done.wait_for_timeout(150)
    boxes = lit(done)
    assert 0 < boxes < everything
    done.locator(".clip [data-do=boxes]").click()
    done.wait_for_timeout(150)
    assert lit(done) == 0


def test_the_line_is_dragged_and_counts_again(done: Page) -> None:
    seek(done, 0.95)
    assert lines(done, 1) == [["face", "2", "1", "1"]]
    for handle, y, told in ((0, 0.2, "0.5, 0.2, 0.5, 0"), (1, 0.1, "0.5, 0.2, 0.5, 0.1")):
        # Into the middle: at the top of the window Streamlit's bar would lie over the handle.
        done.locator(".clip .view").evaluate("e => e.scrollIntoView({ block: 'center' })")
        view = done.locator(".clip .view").bounding_box()
        end = done.locator(".clip .end").nth(handle).bounding_box()
        done.mouse.move(end["x"] + 14, end["y"] + 14)
        done.mouse.down()
        done.mouse.move(view["x"] + view["width"] * 0.5, view["y"] + view["height"] * y, steps=4)
        done.mouse.up()
        expect(done.get_by_label("From x, y to x, y")).to_have_value(told)
        settle(done)
    playable(done)
    seek(done, 0.95)
    # High above both: nobody goes there.
    assert lines(done, 1) == [["face", "2", "0", "0"]]
    expect(done).to_have_url(re.compile(re.escape("video_line=0.5%2C+0.2%2C+0.5%2C+0.1")))
    expect(done.get_by_text("the line is where it was at the start")).to_be_visible()


def test_the_table_of_a_linked_line_is_counted(visit: Callable[..., Page]) -> None:
    page = visit(f"{VIDEO}&video_every=6&video_line=0.5, 0, 0.5, 1")
    assert page.get_by_label("From x, y to x, y").input_value() == "0.5, 0, 0.5, 1"


def test_files_to_take_home(done: Page) -> None:
    with done.expect_download() as waiting:
        done.get_by_role("button", name="Detections (CSV)").click()
    with open(waiting.value.path(), newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["id"] for row in table} >= {"1", "2"}
    with done.expect_download() as waiting:
        done.get_by_role("button", name="Detections (COCO json)").click()
    with open(waiting.value.path()) as file:
        assert len(json.load(file)["images"]) == 15
    with done.expect_download() as waiting:
        done.get_by_role("button", name="Video with boxes").click()
    assert waiting.value.suggested_filename == "sample-clip-boxes.mp4"
    with open(waiting.value.path(), "rb") as file:
        assert file.read(12)[4:8] == b"ftyp"


def test_stopped_what_was_found_is_shown(visit: Callable[..., Page]) -> None:
    page = visit(f"{VIDEO}&video_every=1")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile(r"Picture [3-9]\d?, "))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped. What was found until then is shown.")).to_be_visible(
        timeout=20_000
    )
    playable(page)
    assert 0 < page.locator(".clip video").evaluate("v => v.duration") < 6
    seek(page, 0.9)
    assert len(lines(page)) == 2


def test_bad_files_are_told(visit: Callable[..., Page], tmp_path) -> None:
    page = visit(VIDEO)
    long = film(tmp_path / "long.mkv", [600.0 * k for k in range(25)], [square(40)] * 25)
    (tmp_path / "list.mp4").write_text("#EXTM3U\nfile:///etc/passwd\n")
    for path, words in (
        (long, "long.mkv: wanted at most 10 min, got a video of 4 h."),
        (
            tmp_path / "list.mp4",
            "list.mp4: wanted a video: mp4, webm, avi, mkv or mov, got something else.",
        ),
    ):
        page.locator("input[type=file]").set_input_files(path)
        expect(page.get_by_test_id("stAlert").get_by_text(words)).to_be_visible()
        settle(page)


@pytest.mark.parametrize("style", ["dark", "narrow"])
def test_looks(visit: Callable[..., Page], style: str) -> None:
    page = visit(f"{VIDEO}&video_every=10", look=style)
    look(page)
    seek(page, 0.3)
    shoot(page, f"video_done_{style}")
    wide = page.locator(".clip").evaluate("c => c.scrollWidth - c.clientWidth")
    assert wide <= 1
