"""What a visitor of Parse trees waits for: `python -m tests.bench.bench_parse_trees`.

First looks: from the address to what a room shows first, in a browser that has been here, and from a
sentence that is entered to its trees. Then the chart under a hand that scrubs: frames a second that the
browser shows while the slider goes through all steps, a step a frame; and the longest way, from an empty
chart to a full one. Beside it the same page when only the slider moves and nothing is drawn: what the
browser itself can do here.
"""

from __future__ import annotations

import statistics
import tempfile
import time

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

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


ROOMS = {"Trees": "figure svg", "Chart": ".cky .cell", "Generate": "figure svg",
         "Learn": "figure svg", "Treebank": "figure svg", "Parse text": "figure svg"}  # fmt: skip
# Looked for at every frame: Playwright's own waiting adds up to half a second.
DRAWN = """(sign) => [...document.querySelectorAll("[data-testid=stMain] *")]
  .some((e) => e.shadowRoot && e.shadowRoot.querySelector(sign))"""


TITLED = """(() => {
  const titled = () => document.querySelector("h1");
  const look = () => titled() ? performance.mark("titled") : requestAnimationFrame(look);
  look();
})()"""


def time_first_looks(context: BrowserContext, address: str, repeats: int = 5) -> None:
    context.add_init_script(TITLED)
    bare: list[float] = []
    for room, sign in ROOMS.items():
        times = []
        for _ in range(repeats + 2):
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{address}/parse_trees?room={room.replace(' ', '+')}")
            page.wait_for_function(DRAWN, arg=sign)
            times.append(time.perf_counter() - began)
            if room == "Trees":
                bare.append(
                    page.evaluate("performance.getEntriesByName('titled')[0].startTime / 1000")
                )
            page.close()
        wanted = "< 1.00 s" if room == "Trees" else ""
        print(
            f"first look, {room:<12} wanted {wanted:<9} measured {statistics.median(times[2:]):.2f} s"
        )
    print(
        f"  of it until the page has its title        measured {statistics.median(bare[2:]):.2f} s"
    )


def time_another_sentence(page: Page, address: str, repeats: int = 10) -> None:
    page.goto(f"{address}/parse_trees")
    page.locator(".st-key-trees figure svg").first.wait_for()
    settle(page)
    box = page.get_by_role("textbox", name="Sentence", exact=True)
    times = []
    for k in range(repeats):
        words = ("the woman sleeps", "the man saw the telescope with the woman")[k % 2]
        box.fill(words)
        began = time.perf_counter()
        box.press("Enter")
        expect(page.locator(".st-key-trees figure")).to_have_count(1 + k % 2)
        times.append(time.perf_counter() - began)
    print(
        f"another sentence to its trees              measured {1000 * statistics.median(times):.0f} ms"
    )


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        serving(VITRINE_HOME=home) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*FLAGS, "--no-sandbox"]
        )
        context = browser.new_context(**LOOKS["light"])
        time_first_looks(context, address)
        page = context.new_page()
        time_another_sentence(page, address)
        for n in WORDS:
            time_scrub(page, address, n)
        browser.close()


if __name__ == "__main__":
    main()
