"""What only a browser can tell of the house: deep links, looks, headers, the lobby."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from pages._kit.catalogue import EXHIBITS
from tests.browser.conftest import LOOKS, SCREENSHOTS, quiet, serving, settle, shoot

pytestmark = pytest.mark.browser
SLUGS = [exhibit.slug for exhibit in EXHIBITS]
TITLES = {exhibit.slug: exhibit.title for exhibit in EXHIBITS}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_deep_link_right_after_the_start(visit, slug, tmp_path) -> None:
    with serving(VITRINE_HOME=str(tmp_path)) as fresh:
        page = visit(f"/{slug}", base=fresh)
        expect(page.get_by_role("heading", name=TITLES[slug], level=1)).to_be_visible()
        page.wait_for_timeout(500)
        assert page.locator("[data-testid=stException], [role=dialog]").count() == 0
        page.context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("slug", ["", *SLUGS])
def test_looks(visit, slug, look) -> None:
    page = visit(f"/{slug}", look)
    page.wait_for_timeout(1500)
    settle(page)
    shoot(page, f"{slug or 'lobby'}-{look}")
    assert page.locator("[data-testid=stException]").count() == 0
    # A picture replaced in passing may be missed by the browser, one that is shown may not.
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    blank = "() => [...document.images].filter((image) => !image.naturalWidth).map((i) => i.src)"
    assert page.evaluate(blank) == []
    wide = page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} pixels stick out on the right"
    background = page.evaluate(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert background == ("rgb(16, 20, 24)" if look == "dark" else "rgb(252, 251, 248)")
    fonts = page.evaluate(
        "() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert any("Fraunces" in family for family in fonts)
    assert (SCREENSHOTS / f"{slug or 'lobby'}-{look}.png").stat().st_size > 10_000


def test_the_lobby_leads_to_every_exhibit(visit) -> None:
    page = visit("/")
    for slug in SLUGS:
        page.locator("[data-testid=stMain]").get_by_role("link", name=TITLES[slug]).click()
        expect(page.get_by_role("heading", name=TITLES[slug], level=1)).to_be_visible()
        assert page.url.endswith(f"/{slug}")
        page.go_back()
        expect(page.get_by_role("heading", name="Vitrine", level=1)).to_be_visible()
        settle(page)


def test_an_unknown_address_ends_in_the_lobby_without_a_traceback(visit) -> None:
    page = visit("/no_such_exhibit")
    assert "does not seem to exist" in quiet(page)
    assert page.locator("[data-testid=stException]").count() == 0
    expect(page.get_by_text("Page not found")).to_be_visible()


def test_security_headers(server, visit) -> None:
    for path in ("/", "/assets/js/mosaic.mjs", "/_stcore/health"):
        with urllib.request.urlopen(server + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    page = visit("/")
    # What Playwright evaluates may itself use eval; a timer with a text may not.
    page.evaluate("() => { setTimeout('window.ran = true', 0); }")
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.ran") is None
    assert "unsafe-eval" in quiet(page)


def test_assets_do_not_leave_their_folder(server) -> None:
    for path in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2fapp.py"):
        try:
            with urllib.request.urlopen(server + path) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
        assert b"navigation.run" not in text
