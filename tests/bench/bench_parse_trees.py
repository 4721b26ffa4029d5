"""The chart under a hand that scrubs: `python -m tests.bench.bench_parse_trees`.

Frames a second that the browser shows while the slider goes through all steps, a step a frame; and
the longest way, from an empty chart to a full one, with nothing between. Beside it the same page when
only the slider moves and nothing is drawn: what the browser itself can do here.
"""

from __future__ import annotations

import statistics
import tempfile

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import FLAGS, LOOKS, serving, settle

NOUNS = ("telescope", "woman", "man", "telescope", "woman")
WORDS = (8, 15, 30, 60)
SCRUB = """async ([slider, drawn]) => {
  const steps = Number(slider.max);
  const count = Math.min(steps, 400);
  const times = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let last = await frame();
  for (let k = 0; k < count; k++) {
    if (drawn) {
      slider.value = Math.round((k * steps) / count);
      slider.dispatchEvent(new Event("input"));
      slider.getRootNode().querySelector(".field svg").getBoundingClientRect();
    }
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}"""
LEAPS = """(slider) => {
  const times = [];
  for (let k = 0; k < 20; k++) {
    const began = performance.now();
    slider.value = k % 2 ? slider.max : 0;
    slider.dispatchEvent(new Event("input"));
    slider.getRootNode().querySelector(".field svg").getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times;
}"""


def sentence(n: int) -> str:
    """The course's sentence with prepositional phrases, cut at n words."""
    words = ["the", "man", "saw", "the", "woman"]
    for k in range(n):
        words += ["with" if k % 2 == 0 else "in", "the", NOUNS[k % 5]]
    return "+".join(words[:n])


def time_scrub(page: Page, address: str, n: int) -> None:
    page.goto(f"{address}/parse_trees?room=Chart&sentence={sentence(n)}")
    page.locator(".cky .cell").first.wait_for()
    settle(page)
    slider = page.locator(".cky input[type=range]").element_handle()
    bare = page.evaluate(SCRUB, [slider, False])
    times = page.evaluate(SCRUB, [slider, True])
    leaps = page.evaluate(LEAPS, slider)
    mean, slow = statistics.mean(times), statistics.quantiles(times, n=20)[-1]
    wanted = ">= 20" if n <= 15 else ""
    print(f"{n:>3} words, {n * (n + 1) // 2:>5} cells: frames a second  wanted {wanted:<6} measured "
          f"{1000 / mean:.0f} (slowest in 20: {1000 / slow:.0f}), bare {1000 / statistics.mean(bare):.0f}; "
          f"empty to full {statistics.median(leaps):.1f} ms")  # fmt: skip


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        serving(VITRINE_HOME=home) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*FLAGS, "--no-sandbox"]
        )
        page = browser.new_context(**LOOKS["light"]).new_page()
        for n in WORDS:
            time_scrub(page, address, n)
        browser.close()


if __name__ == "__main__":
    main()
