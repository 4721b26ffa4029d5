"""The filters gallery in a real browser: the canvas, the slider, uploads, downloads, links."""

from __future__ import annotations

import io
import re
import urllib.parse

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from safetensors.numpy import load

from core.datasets import images
from core.features import filters
from core.rng import stream
from tests.browser.conftest import learned, settle, shoot

pytestmark = pytest.mark.browser
LINK = "/filters_gallery"


def query(page: Page) -> dict[str, list[str]]:
    return urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)


def wall(page: Page):
    return page.locator(".st-key-wall canvas, [data-testid=stBidiComponentIsolated] canvas").first


def ink(page: Page) -> np.ndarray:
    """The pixels of the wall."""
    return np.asarray(Image.open(io.BytesIO(wall(page).screenshot())).convert("L"), float)


def test_the_wall_is_learned_and_drawn(visit) -> None:
    page = visit(LINK)
    learned(page)
    pixels = ink(page)
    assert pixels.std() > 15  # filters, not a blank canvas
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts).to_have_count(3)


def test_a_click_on_a_filter_shows_what_it_sees_and_stays_in_the_link(visit) -> None:
    page = visit(LINK)
    learned(page)
    box = wall(page).bounding_box()
    before = page.locator("[data-testid=stImage] img").first.get_attribute("src")
    page.mouse.click(box["x"] + box["width"] * 0.05, box["y"] + box["height"] * 0.35)
    number = page.get_by_label("Filter", exact=True)
    page.wait_for_function("() => new URL(location).searchParams.has('filter')")
    chosen = int(query(page)["filter"][0])
    expect(number).to_have_value(str(chosen))
    settle(page)
    assert page.locator("[data-testid=stImage] img").first.get_attribute("src") != before
    wall(page).press("ArrowRight")
    expect(number).to_have_value(str(chosen + 1))
    again = visit(f"{LINK}?filter={chosen}")
    learned(again)
    expect(again.get_by_label("Filter", exact=True)).to_have_value(str(chosen))


def test_a_slider_moves_the_wall_and_a_new_window_shows_the_same(visit) -> None:
    page = visit(LINK)
    learned(page)
    before = ink(page)
    thumb = page.locator(".st-key-eps_zca input[type=range]")
    thumb.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => new URL(location).searchParams.get('eps_zca') === '0.01'")
    learned(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    after = ink(page)
    assert np.abs(after - before).mean() > 1
    again = visit("/" + page.url.split("/", 3)[3])
    learned(again)
    again.mouse.move(0, 0)
    again.wait_for_timeout(500)
    picture = ink(again)
    assert picture.shape == after.shape and np.abs(picture - after).mean() < 1


def test_the_scrubber_goes_back_in_time(visit) -> None:
    page = visit(LINK)
    learned(page)
    thumb = page.locator(".st-key-sweep input[type=range]")
    thumb.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Sweep 0 of 10 · done")).to_be_visible()
    shoot(page, "filters_gallery-first-sweep")


def test_an_upload_joins_and_results_can_be_taken_home(visit, tmp_path) -> None:
    page = visit(f"{LINK}?photos=cat&k=36")
    learned(page)
    mine = tmp_path / "mine <b>&.png"
    Image.fromarray(images.sample("astronaut")[::2, ::2]).save(mine)
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(mine)
    page.locator("[data-testid=stFileChip]").wait_for()
    page.wait_for_timeout(600)
    learned(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Filters, safetensors").click()
    weights = load(saved.value.path().read_bytes())
    photos = [images.sample("cat", halve=True), images.sample("astronaut")[::2, ::2]]
    config = filters.Config(k=36)
    *_, last = filters.learn(photos, config, generator=stream(0, "core.features.filters"))
    np.testing.assert_allclose(weights["D"], last.D, atol=1e-4)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Trace, CSV").click()
    assert saved.value.path().read_text().startswith("sweep,distortion")


def test_a_bad_upload_and_a_bad_setting_are_messages(visit, tmp_path) -> None:
    page = visit(f"{LINK}?k=1024&patches=1000")
    expect(page.get_by_text("K: wanted at most 1000")).to_be_visible()
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture at all")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(bad)
    expect(page.get_by_text("bad.png: wanted")).to_be_visible()
    shoot(page, "filters_gallery-error")


def test_long_work_shows_progress_and_can_be_cancelled(visit) -> None:
    page = visit(f"{LINK}?size=16&k=1024&patches=200%2C000&colour=true&sweeps=30", ready=False)
    cancel = page.get_by_role("button", name="Cancel")
    cancel.wait_for(timeout=60_000)
    shoot(page, "filters_gallery-working")
    cancel.click()
    expect(page.get_by_text("Stopped.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Run again").click()
    cancel.wait_for()


def test_an_upload_over_the_limit_is_refused_with_its_limit(visit, tmp_path) -> None:
    page = visit(f"{LINK}?photos=cat&k=16")
    learned(page)
    large = tmp_path / "large.png"
    large.write_bytes(bytes(26 * 2**20))
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(large)
    expect(page.get_by_text(re.compile("25.*MB or smaller"))).to_be_visible()
    shoot(page, "filters_gallery-too-large")
    learned(page)  # and what was there stays
