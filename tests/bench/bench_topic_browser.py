"""What a visitor of the topic browser waits for: `python -m tests.bench.bench_topic_browser`.

First the default page in a browser that has been here, from its address to words on the map. Then, from
the key or the click to other words in the chart, another lambda and another topic: with 79 documents, for
what browser and page take by themselves, and with 20,000 made up by LDA with 50 topics, uploaded.
"""

from __future__ import annotations

import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from playwright.sync_api import Page, sync_playwright

from core.topics import generate
from tests.browser import chromium
from tests.browser.conftest import FLAGS, LOOKS, serving, settle

D, K, V, WORDS = 20_000, 50, 5_000, 60
REPEATS = 15
SHOWN = ".st-key-browse_room svg.marks g.layer_1_layer_3_marks text"
FIRST = (
    "(() => { const look = () => document.querySelector(" + json.dumps(SHOWN) + ") "
    "? performance.mark('shown') : requestAnimationFrame(look); look(); })()"
)


def documents() -> bytes:
    """JSON lines of made-up texts."""
    generator = torch.Generator().manual_seed(0)
    topics = generate.random_topics(K, V, alpha=0.1, eta=0.02, generator=generator)
    made = generate.documents(topics, D, WORDS, generator=generator).documents
    words, rows = made.token_words()
    ends = [0, *(rows[1:] != rows[:-1]).nonzero()[0].tolist(), len(words)]
    file = io.StringIO()
    names = [
        f"word{chr(97 + w % 26)}{chr(97 + w // 26 % 26)}{chr(97 + w // 676)}" for w in range(V)
    ]
    for first, last in zip(ends, ends[1:], strict=False):
        text = " ".join(names[w] for w in words[first:last])
        file.write(json.dumps({"text": text}) + "\n")
    return file.getvalue().encode()


def first_look(page: Page, address: str) -> None:
    page.goto(f"{address}/topic_browser")
    page.locator(SHOWN).first.wait_for(timeout=300_000)
    settle(page)
    page.context.add_init_script(FIRST)
    times = []
    for _ in range(5):
        new = page.context.new_page()
        new.goto(f"{address}/topic_browser")
        new.wait_for_function("() => performance.getEntriesByName('shown').length")
        times.append(new.evaluate("() => performance.getEntriesByName('shown')[0].startTime"))
        new.close()
    print(f"default page, warm: wanted < 2 s, median {statistics.median(times) / 1000:.2f} s")


def told(page: Page) -> list[str]:
    return page.locator(SHOWN).all_text_contents()


def changes(page: Page, name: str, act: Callable[[], None]) -> None:
    """From the key to other words in the chart."""
    times = []
    for _ in range(REPEATS):
        before = told(page)
        began = time.perf_counter()
        act()
        page.wait_for_function(
            "([sign, before]) => [...document.querySelectorAll(sign)].map((e) => e.textContent)"
            ".join() !== before.join()",
            arg=[SHOWN, before],
        )
        times.append(time.perf_counter() - began)
        settle(page)
    print(f"{name}: wanted < 200 ms, median {1000 * statistics.median(times):.0f} ms, "
          f"slowest {1000 * max(times):.0f} ms")  # fmt: skip


def few_documents(page: Page, address: str) -> None:
    """What a change costs where there is hardly anything to compute: the browser and the page."""
    page.goto(f"{address}/topic_browser?corpus=Python%E2%80%99s+language+reference&topics={K}")
    page.locator(SHOWN).first.wait_for(timeout=300_000)
    settle(page)
    steered(page, f"79 documents, K = {K}")


def own_documents(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/topic_browser?corpus=My+own+documents&topics={K}&model=Online+LDA")
    settle(page)
    page.locator("input[type=file]").first.set_input_files(file)
    page.locator(SHOWN).first.wait_for(timeout=600_000)
    settle(page)
    steered(page, f"{D:,} documents, K = {K}")


def steered(page: Page, what: str) -> None:
    slider = page.locator(".st-key-relevance").get_by_role("slider")
    keys = iter(["ArrowLeft", "ArrowRight"] * REPEATS)
    changes(page, f"lambda, {what}", lambda: slider.press(next(keys)))
    circles = page.locator(".st-key-browse_room svg.marks g.circles_0_marks path")
    many = min(REPEATS, 10)
    at = iter([circles.nth(k).bounding_box() for k in range(1, 1 + many)] * 2)

    def click() -> None:
        box = next(at)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    changes(page, f"another topic, {what}", click)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        serving(VITRINE_HOME=home) as address,
        sync_playwright() as playwright,
    ):
        file = Path(home) / "made-up.jsonl"
        file.write_bytes(documents())
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=[*FLAGS, "--no-sandbox"]
        )
        first_look(browser.new_context(**LOOKS["light"]).new_page(), address)
        few_documents(browser.new_context(**LOOKS["light"]).new_page(), address)
        own_documents(browser.new_context(**LOOKS["light"]).new_page(), address, file)
        browser.close()


if __name__ == "__main__":
    main()
