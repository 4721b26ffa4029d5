"""A real server and a real Chromium, shared by the browser tests."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "browser" / "screenshots"
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
TROUBLES: list[str] = []  # what the consoles of the test's windows complained of
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1360, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1360, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 400, "height": 860}},
}


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """A Vitrine of its own on a free port; yields its address once the server answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(
                f"the server ended with {server.returncode}: {server.stdout.read().decode()}"
            )
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within 90 s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine, and CI must not pass without one")
        pytest.skip("no Chromium on this machine: run `python -m tests.browser.chromium`")
    sandboxless = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS + sandboxless)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(VITRINE_HOME=str(tmp_path_factory.mktemp("home"))) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens an address in a window of its own; afterwards no window may have seen an error."""
    contexts: list[BrowserContext] = []
    troubles = TROUBLES
    troubles.clear()

    def open_page(
        path: str, look: str = "light", base: str | None = None, ready: bool = True
    ) -> Page:
        context = browser.new_context(**LOOKS[look], accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: troubles.append(f"{path}: {error}"))
        page.on("console", lambda message: _note(troubles, path, message))
        page.goto((base or server) + path)
        if ready:
            settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def _note(troubles: list[str], path: str, message: ConsoleMessage) -> None:
    # Streamlit looks for its server below every part of a deep link before it finds it at the root.
    probing = "/_stcore/" in message.location["url"] and "404" in message.text
    # A picture that was replaced before the browser came to fetch it: nobody misses it.
    outdated = "/media/" in message.location["url"] + message.text
    if message.type == "error" and not probing and not outdated:
        troubles.append(f"{path}: {message.text}")


def quiet(page: Page) -> str:
    """The console's errors until now, which the test expected: they no longer count."""
    page.wait_for_timeout(100)
    said = "\n".join(TROUBLES)
    TROUBLES.clear()
    return said


def settle(page: Page) -> None:
    """Wait until the script has run, nothing is a skeleton, no learner is at work and fonts are there."""
    page.wait_for_selector(
        "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
    )
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.evaluate("() => document.fonts.ready")


def learned(page: Page, sweep: int | None = None) -> None:
    """Wait until the run on the page has ended, its last sweep is drawn, and the page rests."""
    done = page.locator("[data-testid=stCaptionContainer]", has_text=re.compile("^Sweep .* done"))
    done.wait_for()
    last = re.search(r"of (\d+)", done.inner_text())[1] if sweep is None else str(sweep)
    page.locator(f"canvas[aria-label^='Sweep {last}:']").wait_for()
    page.locator(".st-key-filter").wait_for()
    settle(page)


def shoot(page: Page, name: str) -> None:
    """Save the whole page as a picture: the window is made as tall as what it shows."""
    SCREENSHOTS.mkdir(exist_ok=True)
    window = page.viewport_size
    tall = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(window["height"], tall)})
    page.wait_for_timeout(300)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(window)
