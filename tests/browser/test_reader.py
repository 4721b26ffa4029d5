"""The reader in a real browser: numbers on hover, picking, selecting, keys, speed, pictures."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core.charts.theme import DIVERGING, rgb
from core.sequence import defaults, familiar, trace
from pages._kit.sequence import tracks
from pages._kit.stage import reader as stage
from pages._kit.stage.reader import Cell, Text, Track
from tests.browser.conftest import settle, shoot

pytestmark = pytest.mark.browser
LINK = "/lstm_explorer"
HOSTILE = (
    "\x00\x01\t\x7f\u200f end\r\n中文，全角 한글\nשלום مرحبا\n\ud800 e\u0301 🎉 <b>x</b>&amp;\n"
)

# Draws a bundle in a reader of its own, in the page's colours, with nothing of the page around it.
PROBE = """async (bundle) => {
  const data = Uint8Array.from(atob(bundle), (c) => c.charCodeAt(0));
  let host = document.getElementById("probe");
  if (!host) {
    host = document.createElement("div");
    host.id = "probe";
    const app = getComputedStyle(document.querySelector("[data-testid=stApp]"));
    host.style.cssText = "position: fixed; inset: 0; z-index: 9999999; overflow: auto; padding: 16px; "
      + `background: ${app.backgroundColor}; color: ${app.color}`;
    host.style.setProperty("--st-background-color", app.backgroundColor);
    const root = document.createElement("div");
    root.className = "reader";
    host.attachShadow({ mode: "open" }).append(root);
    document.body.append(host);
    window.told = [];
  }
  const { render } = await import("/assets/js/reader.mjs");
  render({ data, parentElement: host.shadowRoot, setStateValue: (...told) => window.told.push(told) });
}"""
FRAMES = """() => {
  window.frames_ = [];
  const tick = (now) => { window.frames_.push(now); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def made(text: str, count: int = 2, kind: str = "lstm", **more) -> Text:
    """A text with signals that keep the equations of `kind`, two tracks or more, all drawn by lot."""
    T, rng = len(text), np.random.default_rng(0)
    alphabet = "\ufffd" + "".join(map(chr, range(32, 127)))
    p = rng.dirichlet(np.full(len(alphabet), 0.05), T) if T else np.zeros((0, len(alphabet)))
    codes = np.array([max(0, alphabet.find(c)) for c in text], int)
    loss = np.full(T, np.nan)
    loss[1:] = -np.log2(np.maximum(p[np.arange(T - 1), codes[1:]], 1e-300)) if T else 0
    names = {"lstm": ("iota", "phi", "omega"), "gru": ("r", "z")}[kind]
    signals = {name: rng.random(T).astype(np.float32) for name in names}
    g, state = np.tanh(rng.normal(size=T)).astype(np.float32), np.zeros(T, np.float32)
    for t in range(T):
        last = state[t - 1] if t else 0
        if kind == "lstm":
            state[t] = signals["phi"][t] * last + signals["iota"][t] * g[t]
        else:
            state[t] = signals["z"][t] * last + (1 - signals["z"][t]) * g[t]
    if kind == "lstm":
        signals |= {"g": g, "s": state, "b": (signals["omega"] * np.tanh(state))}
    else:
        signals |= {"candidate": g, "h": state}
    drawn = [Track(f"s {k}", f"track {k}", np.roll(state, k), -2, 2, **more) for k in range(count)]
    return Text(text, codes, p, loss, alphabet, drawn, [Cell("5", kind, signals)])


def probe(page: Page, shown: Text, at: int | None = 0, grows: bool = False) -> Locator:
    bundle = base64.b64encode(stage._bundle(shown, "A probe", at, grows)).decode()
    page.evaluate(PROBE, bundle)
    page.wait_for_timeout(150)
    return page.locator("#probe .reader")


def opened(visit, look: str = "light") -> Page:
    page = visit(LINK, look)
    expect(canvas(page)).to_have_attribute("data-grid", re.compile(r"\d"))
    return page


def canvas(page: Page) -> Locator:
    return page.locator(".reader canvas").first


def told(root: Locator) -> dict[str, float]:
    """The numbers at the side, by signal."""
    numbers = root.locator(".side dd").evaluate_all(
        "all => all.map((a) => [a.dataset.signal, a.innerText])"
    )
    return {name: float(value.replace("\u2212", "-")) for name, value in numbers}


def middle(drawn: Locator, row: int, column: int) -> dict[str, float]:
    """Where a character stands on a canvas that is not scrolled."""
    gutter, top, cell, block = map(float, drawn.get_attribute("data-grid").split())
    return {"x": gutter + (column + 0.5) * cell, "y": top + row * block + 8}


def colour(drawn: Locator, x: float, y: float) -> tuple[int, ...]:
    get = """(canvas, [x, y]) => {
      const dense = canvas.width / canvas.clientWidth;
      return [...canvas.getContext("2d").getImageData(x * dense, y * dense, 1, 1).data.slice(0, 3)];
    }"""
    return tuple(drawn.evaluate(get, [x, y]))


def point(page: Page, drawn: Locator, row: int, column: int) -> None:
    drawn.hover(position=middle(drawn, row, column))


def test_hover_tells_the_numbers_of_the_net_and_that_they_hold(visit) -> None:
    page = opened(visit)
    net, text = defaults.load("counter"), familiar.sample("counter")
    unit = tracks.best(net)[0].where
    layers = trace.trace(net.reader.stack, net.vocabulary.encode(text))[unit.layer][0]
    starts = [0, *(i + 1 for i, c in enumerate(text[:-1]) if c == "\n")]
    root = page.locator(".reader")
    expect(root.locator(".says")).to_contain_text(f"hold at all {len(text)} characters")
    for row, column in ((0, 0), (2, 3), (6, 5)):
        at = starts[row] + column
        point(page, canvas(page), row, column)
        expect(root.locator(".side")).to_have_attribute("data-index", str(at))
        expect(root.locator(".side header")).to_contain_text(f"line {row + 1}, column {column + 1}")
        assert told(root) == {n: round(float(layers.of(n)[at, unit.unit]), 3) for n in layers.names}
        proofs = root.locator(".proof.holds")
        assert proofs.count() == 2
        s = proofs.first.inner_text().replace("\u2212", "-").replace("\xa0", " ").replace("\n", " ")
        a, b, c, d, total = map(float, re.findall(r"-?\d\.\d{3}", s))
        assert a * b + c * d == pytest.approx(total, abs=0.01) and "✓" in s
        assert root.locator(".bar.came .letter").inner_text() == text[at + 1].replace("\n", "↵")
    point(page, canvas(page), 0, 20)  # beside the text: what was picked is told again
    expect(root.locator(".side")).to_have_attribute("data-index", "8")
    assert len(colours(canvas(page))) > 20
    shoot(page, "lstm_explorer-reader-light")


def colours(drawn: Locator) -> list[int]:
    return drawn.evaluate(
        """(c) => {
          const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
          return [...new Set(new Uint32Array(data.buffer))];
        }"""
    )


def test_colours_are_those_of_the_values(visit) -> None:
    page = opened(visit)
    values = np.array([-2, -1, 0, 1, 2, 0], np.float32)
    shown = made("abcdef", 1)
    shown.tracks[0] = Track("s 0", "made", values, -2, 2, before=values[::-1].copy())
    drawn = probe(page, shown).locator("canvas")
    for column, (now, before) in enumerate(zip(values, values[::-1], strict=True)):
        if abs(now) == 2:
            place = middle(drawn, 0, column)
            assert colour(drawn, place["x"] - 8, place["y"] + 18) == rgb(
                DIVERGING[-1 if now > 0 else 0]
            )
        if abs(before) == 2:
            place = middle(drawn, 0, column)
            assert colour(drawn, place["x"] + 6, place["y"] - 6) == rgb(
                DIVERGING[-1 if before > 0 else 0]
            )
    expect(page.locator("#probe .legend")).to_contain_text("without what is held")


def test_click_picks_drag_selects(visit) -> None:
    page = opened(visit)
    number, root = page.get_by_role("spinbutton", name="Character"), page.locator(".reader")
    canvas(page).click(position=middle(canvas(page), 2, 3))
    expect(number).to_have_value("13")
    number.fill("2")
    number.press("Enter")
    settle(page)
    expect(number).to_have_value("2")
    canvas(page).click(position=middle(canvas(page), 2, 3))  # the same again
    expect(number).to_have_value("13")
    settle(page)
    box = canvas(page).bounding_box()
    first, last = middle(canvas(page), 1, 2), middle(canvas(page), 2, 4)
    page.mouse.move(box["x"] + first["x"], box["y"] + first["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + last["x"], box["y"] + last["y"], steps=4)
    page.mouse.up()
    expect(root.locator(".selected")).to_have_text("9 selected, characters 6 to 14")
    settle(page)
    expect(root.locator(".selected")).to_have_text("9 selected, characters 6 to 14")
    expect(number).to_have_value("13")  # a drag is no click
    canvas(page).press("Escape")
    expect(root.locator(".selected")).to_have_text("")
    settle(page)


def test_keys_move_select_and_pick(visit) -> None:
    page = opened(visit)
    root = probe(page, made("aXb\naaXbb\naaaXbbb\n"), at=0)
    drawn, side = root.locator("canvas"), root.locator(".side")
    drawn.focus()
    for key, index in (
        ("ArrowRight", 1), ("ArrowDown", 5), ("End", 9), ("ArrowDown", 15), ("Home", 10),
        ("ArrowUp", 4), ("ArrowLeft", 3), ("PageDown", 13), ("PageUp", 3),
    ):  # fmt: skip
        drawn.press(key)
        expect(side, key).to_have_attribute("data-index", str(index))
    expect(root.locator(".live")).to_contain_text(
        "Character 3, new line, line 1, column 4; unknown"
    )
    drawn.press("Enter")
    drawn.press("Shift+ArrowRight")
    drawn.press("Shift+ArrowRight")
    page.wait_for_timeout(400)
    drawn.press("Escape")
    (_, (picked, _)), *spans = page.evaluate("window.told")
    assert picked == 3 and spans == [["span", [3, 6]], ["span", None]]


def test_other_tracks_keep_the_place_another_text_does_not(visit) -> None:
    page = opened(visit)
    text = "some words of a line\n" * 200
    root = probe(page, made(text))
    top = "(s) => Math.round(s.scrollTop)"
    scroller = root.locator(".scroller")
    scroller.evaluate("(s) => s.scrollTo(0, 1500)")
    root.locator("[data-do=closer]").click()
    place = scroller.evaluate(top)
    assert place > 1000
    probe(page, made(text, 3))
    assert scroller.evaluate(top) == place
    probe(page, made(text, 3), at=4100)  # another control picked it
    assert scroller.evaluate(top) > place
    probe(page, made(text + "!", 2))
    assert scroller.evaluate(top) == 0


def test_one_line_has_curves_and_its_loss(visit) -> None:
    page = opened(visit)
    root = page.locator(".reader")
    tall = root.locator(".scroller").bounding_box()["height"]
    root.locator("[data-do=line]").click()
    expect(root.locator("[data-do=line]")).to_have_attribute("aria-pressed", "true")
    scroller = root.locator(".scroller")
    assert scroller.evaluate("(s) => s.scrollWidth > 5 * s.clientWidth")
    assert scroller.bounding_box()["height"] < tall
    root.locator("[data-do=loss]").click()
    expect(root.locator(".legend")).to_contain_text("loss in bits")
    root.locator("select").select_option("loss")
    root.locator("[data-do=loss]").click()
    expect(root.locator(".legend")).to_contain_text("loss in bits")  # it colours the letters now
    canvas(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")  # by ten
    page.keyboard.press("End")
    assert scroller.evaluate("(s) => s.scrollLeft + s.clientWidth > s.scrollWidth - 60")
    shoot(page, "lstm_explorer-reader-line")


def test_what_does_not_hold_is_said(visit) -> None:
    page = opened(visit)
    shown = made("abcdefghij", kind="gru")
    assert "(1−z)·h̃ holds at all 10 characters" in probe(page, shown).locator(".says").inner_text()
    shown.cells[0].signals["h"][4] += 0.5
    root = probe(page, shown, at=4)
    # the one that was changed, and the one that follows from it
    expect(root.locator(".says")).to_contain_text("does not hold at 2 characters")
    expect(root.locator(".proof:not(.holds)")).to_contain_text("✗")
    assert "≠" in root.locator(".proof").inner_text()
    # a backward direction comes from the right
    turned = {
        name: values[::-1].copy()
        for name, values in made("abcdefghij", kind="gru").cells[0].signals.items()
    }
    backward = replace(shown, cells=[Cell("5←", "gru", turned, backward=True)])
    expect(probe(page, backward).locator(".says")).to_contain_text("holds at all 10 characters")


def test_long_texts_scroll_smoothly(visit) -> None:
    page = opened(visit)
    text = "def line(of, a, text):\n    return [of, a, 'text'] * 12  # and its end\n" * 800
    root = probe(page, made(text[:10_000], 12))
    scroller = root.locator(".scroller")
    for mode, count in (("wrapped", 10_000), ("line", 10_000), ("wrapped", 50_000)):
        if count > 10_000:
            probe(page, made(text[:count], 12))
        root.locator(f"[data-do={mode}]").click()
        root.locator("canvas").hover(position={"x": 200, "y": 60})
        page.evaluate(FRAMES)
        for _ in range(50):
            page.mouse.wheel(*((0, 400) if mode == "wrapped" else (400, 0)))
            page.wait_for_timeout(16)
        frames = page.evaluate("window.frames_")
        moved = scroller.evaluate("(s) => s.scrollTop + s.scrollLeft")
        assert moved > 5000
        assert (len(frames) - 1) / (frames[-1] - frames[0]) * 1000 >= 30, (mode, count)
    page.mouse.move(0, 0)


def test_pictures_to_take_home(visit, tmp_path) -> None:
    page = opened(visit)
    text = familiar.sample("counter")
    with page.expect_download() as png:
        page.locator(".reader [data-do=png]").click()
    png.value.save_as(tmp_path / "reader.png")
    with Image.open(tmp_path / "reader.png") as picture:
        assert picture.width > 1000 and len(picture.convert("RGB").getcolors(1 << 24)) > 50
    assert signs(svg(page, page.locator(".reader"), tmp_path)) == text.replace("\n", "↵")
    # what XML cannot hold is left out, and of long texts the first 2,000 characters are drawn
    drawn = signs(svg(page, probe(page, made(HOSTILE)), tmp_path))
    assert drawn.startswith("␀␁→␡◌·end␍↵中文，全角") and "<b>x</b>&amp;" in drawn and "�·e" in drawn
    assert len(signs(svg(page, probe(page, made("long text\n" * 500)), tmp_path))) == 2000


def svg(page: Page, root: Locator, folder) -> ElementTree.Element:
    with page.expect_download() as file:
        root.locator("[data-do=svg]").click()
    file.value.save_as(folder / "reader.svg")
    return ElementTree.parse(folder / "reader.svg").getroot()


def signs(root: ElementTree.Element) -> str:
    """The letters of a drawing: those of the monospaced font, in their order."""
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    return "".join(t.text for t in texts if "monospace" in t.get("font-family"))


def test_any_text_is_read(visit) -> None:
    page = opened(visit)
    root = probe(page, made(HOSTILE), at=0)
    expect(root.locator(".side header")).to_contain_text(
        "NUL, U+0000unknown to the net", use_inner_text=False
    )
    drawn = root.locator("canvas")
    drawn.focus()
    drawn.press("ArrowDown")
    expect(root.locator(".sign")).to_have_text("中")
    drawn.press("ArrowRight")
    expect(root.locator(".sign")).to_have_text("文")  # two columns on, one character on
    root = probe(page, made(""), at=None)
    expect(root.locator(".empty")).to_be_visible()
    expect(root.locator("canvas")).to_be_hidden()
    root = probe(page, made("x"), at=0)
    expect(root.locator(".says")).to_contain_text("1 character in 1 line.")


def test_it_grows_as_it_was_written(visit) -> None:
    page = opened(visit)
    root = probe(page, made("one two three four\n" * 10), grows=True)
    drawn = root.locator("canvas")
    page.wait_for_timeout(600)
    root.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)
    part = int(drawn.get_attribute("data-shown"))
    assert 5 <= part < 60
    page.wait_for_timeout(200)
    assert int(drawn.get_attribute("data-shown")) == part
    root.get_by_role("button", name="Show all").click()
    expect(drawn).to_have_attribute("data-shown", "190")
    expect(root.get_by_role("button", name="Play again")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    probe(page, made("five six\n" * 10), grows=True)
    assert drawn.get_attribute("data-shown") == "90"


def test_where_the_net_begins_anew_nothing_came_before(visit) -> None:
    page = opened(visit)
    parts = [made("abcd"), made("efg\n")]
    signals = {
        name: np.concatenate([one.cells[0].signals[name] for one in parts])
        for name in parts[0].cells[0].signals
    }
    both = replace(made("abcdefg\n"), cells=[Cell("5", "lstm", signals)])
    expect(probe(page, both).locator(".says")).to_contain_text("does not hold at 1 character.")
    both.loss[4] = np.nan
    root = probe(page, replace(both, starts=(0, 4)), at=3)
    expect(root.locator(".says")).to_contain_text("hold at all 8 characters")
    assert root.locator(".bar.came").count() == 0  # what comes is another text's
    root.locator("canvas").press("ArrowRight")
    expect(root.locator(".proof").first).to_contain_text("·\xa00.000")
    expect(root.locator(".cost")).to_contain_text("begins anew")


@pytest.mark.parametrize("look", ["dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page = opened(visit, look)
    room = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert room <= 0
    root = page.locator(".reader")
    assert root.bounding_box()["width"] <= page.viewport_size["width"]
    side, field = root.locator(".side").bounding_box(), root.locator(".field").bounding_box()
    assert (side["y"] > field["y"] + field["height"] - 1) == (look == "narrow")
    shoot(page, f"lstm_explorer-reader-{look}")
