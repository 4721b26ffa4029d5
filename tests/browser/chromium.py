"""Finds a Chromium for the browser tests, or installs one: `python -m tests.browser.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


def find() -> str | None:
    """Path of a Chromium: $VITRINE_CHROMIUM, the system's, or Playwright's own; else None."""
    named = os.environ.get("VITRINE_CHROMIUM")
    found = [named] if named else [shutil.which(command) for command in COMMANDS]
    for path in [*found, *PLACES]:
        if path and Path(path).exists():
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install one where there is none: the distribution's package as root on Debian, else Playwright's."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if Path("/etc/debian_version").exists() and os.geteuid() == 0:
        ways.insert(0, ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
        subprocess.run(["apt-get", "update", "-qq"], check=False)
    for command in ways:
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
        path = find()
        if path:
            return path
    return None


if __name__ == "__main__":
    path = find() or install()
    print(
        f"Browser tests will use {path}" if path else "No Chromium: browser tests will be skipped."
    )
