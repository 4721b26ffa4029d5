"""What a visitor of the LSTM explorer waits for, in a real browser on a warm server.

    python -m tests.bench.bench_lstm

first look   address typed -> the default text drawn on the canvas            wanted < 1.5 s
unit         another unit chosen -> its first track drawn                     wanted: median < 200 ms
scroll       10,000 characters of source, 256 cells, by the wheel             wanted >= 30 frames a second
"""

from __future__ import annotations

import statistics
import tempfile
import time
import urllib.parse

from playwright.sync_api import Browser, Page, sync_playwright

from core.datasets import stdlib
from tests.browser import chromium
from tests.browser.conftest import FLAGS, serving, settle

# Runs in the page: calls back when the canvas of the reader shows something else than now.
WATCH = """
() => {
  const find = (root) => root.querySelector('.reader canvas') ||
    [...root.querySelectorAll('*')].map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
  const canvas = find(document);
  const print = () => {
    const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let h = 0; for (let i = 0; i < d.length; i += 997) h = (h * 31 + d[i]) | 0; return h; };
  const before = print(), start = performance.now();
  window.redrawn = new Promise((done) => {
    const look = () => print() !== before ? done(performance.now() - start) : requestAnimationFrame(look);
    look();
  });
}
"""
FRAMES = """
() => new Promise((done) => { let n = 0, worst = 0, last = performance.now(); const start = last;
  const tick = (now) => { n++; worst = Math.max(worst, now - last); last = now;
    now - start < 2000 ? requestAnimationFrame(tick) : done([1000 * n / (now - start), worst]); };
  requestAnimationFrame(tick); })
"""


def canvas(page: Page):
    return page.locator(".reader canvas").first


def time_first_look(browser: Browser, server: str, repeats: int = 7) -> list[float]:
    """Seconds from the address to the first drawn text, in a browser that has been here."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    times = []
    for _ in range(repeats):
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(f"{server}/lstm_explorer")
        page.locator(".reader canvas[data-shown]").first.wait_for(timeout=60_000)
        times.append(time.perf_counter() - begun)
        page.close()
    context.close()
    return times[2:]


def time_unit(browser: Browser, server: str, repeats: int = 9) -> list[float]:
    """Seconds from a course view of another unit being pressed to the canvas showing it."""
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    page.goto(f"{server}/lstm_explorer?net=State+memoriser")
    settle(page)
    times = []
    for turn in range(repeats + 2):
        page.wait_for_timeout(400)
        page.evaluate(WATCH)
        name = ("Memoriser, second unit", "State memoriser")[turn % 2]
        page.get_by_role("button", name=name, exact=True).click()
        times.append(page.evaluate("() => window.redrawn") / 1000)
    page.close()
    return times[2:]


def track_scroll(browser: Browser, server: str) -> tuple[float, float]:
    """Frames a second and the longest pause, ms, while the wheel turns."""
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    module = urllib.parse.quote_plus("argparse.py")
    page.goto(f"{server}/lstm_explorer?net=Python+source&module={module}")
    settle(page)
    page.wait_for_timeout(1000)
    box = canvas(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(f"() => {{ window.frames_told = ({FRAMES})(); }}")
    for _ in range(60):
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(25)
    found = page.evaluate("() => window.frames_told")
    page.close()
    return found[0], found[1]


def main() -> None:
    assert len(stdlib.source(20_000)) == 20_000
    with (
        tempfile.TemporaryDirectory() as home,
        serving(VITRINE_HOME=home) as server,
        sync_playwright() as playwright,
    ):
        flags = [*FLAGS, "--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=flags)
        look = time_first_look(browser, server)
        print(f"first look       wanted < 1.5 s     median {statistics.median(look):.2f} s")
        unit = time_unit(browser, server)
        print(f"another unit     wanted < 200 ms    median {1000 * statistics.median(unit):.0f} ms")
        frames, worst = track_scroll(browser, server)
        print(f"scrolling        wanted >= 30/s     {frames:.0f}/s, longest pause {worst:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
