"""Several photographs, two detectors and the truth, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/object_detection"


def truth(folder: Path) -> Path:
    """A face that is there, one that nobody finds, in two photographs."""
    file = folder / "truth.json"
    box = {"image_id": 1, "category_id": 1}
    data = {
        "images": [
            {"id": 1, "file_name": "astronaut.png"},
            {"id": 2, "file_name": "chelsea.png"},
        ],
        "categories": [{"id": 1, "name": "face"}],
        "annotations": [
            box | {"bbox": [176, 65, 98, 98]},
            box | {"bbox": [330, 300, 80, 80]},
            box | {"image_id": 2, "bbox": [120, 40, 130, 130]},
        ],
    }
    file.write_text(json.dumps(data))
    return file


def rows(page: Page):
    return page.locator("[data-testid=stBidiComponentIsolated] tbody tr")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_truth_is_drawn(visit, tmp_path, look: str) -> None:
    page = visit(f"{LINK}?stills_check=true&stills_more=cat&score=0.3", look)
    expect(page.get_by_text("Nothing to check against yet")).to_be_visible()
    page.locator(".st-key-truth input[type=file]").set_input_files(truth(tmp_path))
    expect(rows(page).filter(has_text="face, right")).to_have_count(1, timeout=20_000)
    expect(rows(page).filter(has_text="face, missed")).to_have_count(2)
    expect(page.locator("[data-testid=stVegaLiteChart] :is(svg, canvas)").first).to_be_visible()
    settle(page)
    page.wait_for_timeout(500)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    shoot(page, f"object_detection-truth-{look}")


@pytest.mark.parametrize("look", ["light", "narrow"])
def test_two_detectors_side_by_side(visit, look: str) -> None:
    page = visit(f"{LINK}?stills_compare=true&against=Eyes&score=0.2", look)
    expect(page.get_by_text("only on the left")).to_be_visible()
    expect(rows(page).filter(has_text="face")).to_have_count(1)
    expect(rows(page).filter(has_text="eye").first).to_be_visible()
    settle(page)
    shoot(page, f"object_detection-compare-{look}")


def test_several_are_taken_home_in_one_file(visit) -> None:
    page = visit(f"{LINK}?stills_more=cat")
    with page.expect_download() as saved:
        page.get_by_role("button", name="All, ZIP").click()
    assert saved.value.suggested_filename == "boxes.zip"
    assert saved.value.path().read_bytes()[:2] == b"PK"
