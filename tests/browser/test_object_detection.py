"""Object detection in a real browser: boxes and table in step, uploads, downloads, links."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from core.datasets import images
from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/object_detection"


def canvas(page: Page):
    return page.locator("[data-testid=stBidiComponentIsolated] canvas").first


def look(page: Page) -> np.ndarray:
    page.wait_for_timeout(300)
    return np.asarray(Image.open(io.BytesIO(canvas(page).screenshot())).convert("RGB"), float)


def test_picture_and_table_light_up_together(visit) -> None:
    page = visit(f"{LINK}?detector=Eyes")
    rows = page.locator("[data-testid=stBidiComponentIsolated] tbody tr")
    expect(rows).to_have_count(2)
    page.mouse.move(0, 0)
    plain = look(page)
    assert plain.std() > 30  # the photograph is drawn
    rows.nth(0).hover()
    lit = look(page)
    assert lit.mean() < plain.mean() - 10  # all but the box is dimmed
    page.mouse.move(0, 0)
    assert np.abs(look(page) - plain).mean() < 1
    box = canvas(page).bounding_box()
    x, y, w, h = (float(rows.nth(1).locator("td").nth(i).inner_text()) for i in (3, 4, 5, 6))
    scale = box["width"] / 512
    page.mouse.move(box["x"] + (x + w / 2) * scale, box["y"] + (y + h / 2) * scale)
    expect(rows.nth(1)).to_have_class("lit")


def test_an_upload_is_looked_at_and_results_can_be_taken_home(visit, tmp_path) -> None:
    page = visit(f"{LINK}?photo=coffee")
    expect(page.get_by_text("Nothing with a score")).to_be_visible()
    mine = tmp_path / "eileen.jpg"
    Image.fromarray(images.sample("astronaut")).save(mine, quality=95)
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(mine)
    rows = page.locator("[data-testid=stBidiComponentIsolated] tbody tr")
    expect(rows).to_have_count(1)
    settle(page)
    files = {}
    for label in ("Picture, PNG", "Boxes, CSV", "Boxes, COCO json"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=label).click()
        files[saved.value.suggested_filename] = saved.value.path().read_bytes()
    assert set(files) == {"eileen-boxes.png", "eileen.csv", "eileen.json"}
    assert Image.open(io.BytesIO(files["eileen-boxes.png"])).size == (512, 512)
    assert json.loads(files["eileen.json"])["categories"] == [{"id": 1, "name": "face"}]
    assert files["eileen.csv"].decode().splitlines()[1].startswith("face,")


def test_the_threshold_moves_boxes_and_link(visit) -> None:
    page = visit(LINK)
    rows = page.locator("[data-testid=stBidiComponentIsolated] tbody tr")
    expect(rows).to_have_count(1)
    page.locator(".st-key-score input[type=range]").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Nothing with a score")).to_be_visible()
    page.wait_for_function("() => new URL(location).searchParams.get('score') === '1'")
    again = visit("/" + page.url.split("/", 3)[3])
    expect(again.get_by_text("Nothing with a score")).to_be_visible()


def test_without_weights_the_way_to_them_is_shown(visit) -> None:
    page = visit(f"{LINK}?detector=SSDlite+320")
    expect(page.get_by_text("needs its weights")).to_be_visible()
    settle(page)
    shoot(page, "object_detection-no-weights")


def test_a_bad_upload_is_one_message(visit, tmp_path) -> None:
    page = visit(LINK)
    bad = tmp_path / "broken.jpg"
    bad.write_bytes(b"\xff\xd8\xff\xe0 and then nothing")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(bad)
    expect(page.get_by_text("broken.jpg: wanted")).to_be_visible()
    shoot(page, "object_detection-error")
