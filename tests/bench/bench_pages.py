"""What a visitor waits for, in a real browser on a warm server: `python -m tests.bench.bench_pages`.

first look   address typed -> last sweep of the default Filters gallery drawn      wanted <= 2 s
slider       key pressed on a slider -> first redraw of the wall          wanted: median <= 300 ms
rerun        an idle visitor's rerun, alone and while another visitor's job trains
                                               wanted: median <= 1.5 x, and <= 25 ms when quiet
"""

from __future__ import annotations

import statistics
import tempfile
import time

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import FLAGS, learned, serving

# Runs in the page: the time from a key on a slider to the first change of the wall's pixels.
WATCH_WALL = """
() => {
  const find = (root) => root.querySelector('.wall canvas') ||
    [...root.querySelectorAll('*')].map((e) => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
  const canvas = find(document);
  const print = () => { const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, 40).data;
    let h = 0; for (let i = 0; i < d.length; i += 41) h = (h * 31 + d[i]) | 0;
    return h + ':' + canvas.width + 'x' + canvas.height; };
  const before = print(), start = performance.now();
  window.redrawn = new Promise((done) => {
    const look = () => print() !== before ? done(performance.now() - start) : requestAnimationFrame(look);
    look();
  });
}
"""


def time_first_look(browser: Browser, server: str, known: bool, repeats: int = 7) -> list[float]:
    """Seconds from the address to the last sweep; `known`: the browser has been here before."""
    times = []
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    for _ in range(repeats):
        if not known:
            context.close()
            context = browser.new_context(viewport={"width": 1360, "height": 900})
        page = context.new_page()
        start = time.perf_counter()
        page.goto(f"{server}/filters_gallery")
        page.locator("canvas[aria-label^='Sweep 10:']").wait_for(timeout=60_000)
        times.append(time.perf_counter() - start)
        page.close()
    context.close()
    return times[2:]  # the first ones warm the server


def time_slider(page: Page, repeats: int = 15) -> list[float]:
    """Seconds from a key on the slider of epsilon to the first redraw of the wall."""
    thumb = page.locator(".st-key-eps_zca input[type=range]")
    times = []
    for turn in range(repeats):
        thumb.focus()
        page.evaluate(WATCH_WALL)
        page.keyboard.press("ArrowRight" if turn % 2 else "ArrowLeft")
        times.append(page.evaluate("() => window.redrawn") / 1000)
        learned(page)
    return times


def main() -> None:
    path = chromium.find()
    with (
        tempfile.TemporaryDirectory() as home,
        serving(VITRINE_HOME=home) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--no-sandbox"])
        row("first look, new browser", time_first_look(browser, server, False), "<= 2.000")
        row("first look, browser known", time_first_look(browser, server, True), "<= 2.000")
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.goto(f"{server}/filters_gallery")
        learned(page)
        row("slider to first redraw", time_slider(page), "<= 0.300")
        browser.close()


def row(name: str, times: list[float], wanted: str) -> None:
    print(
        f"{name:<32}{statistics.median(times):>8.3f} s median, {max(times):.3f} s worst of "
        f"{len(times)}   {'wanted ' + wanted + ' s' if wanted else ''}"
    )


if __name__ == "__main__":
    main()
