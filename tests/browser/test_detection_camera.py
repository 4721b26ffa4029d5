"""The live camera in a real browser, looking at a film instead of at somebody."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from core.datasets import images
from core.detection.boxes import iou
from core.detection.embedded import FACE, Haar
from tests.browser import chromium
from tests.browser.conftest import FLAGS, ROOT, quiet, settle, shoot

pytestmark = pytest.mark.browser
LINK = "/object_detection?mode=Live+camera"
CLIP = ROOT.parent / "shared/data/video/fake_webcam_640x480.mjpeg"
FAKE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
FILM = [f"--use-file-for-fake-video-capture={CLIP}"] if CLIP.exists() else []
SOAK = 60 if os.environ.get("CI") else 12  # seconds
ORANGE = (230, 159, 0)  # of the first label's boxes

filmed = pytest.mark.skipif(not FILM, reason="no ../shared/data/video/fake_webcam_640x480.mjpeg")


def launch(browser: Browser, *flags: str) -> Browser:
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return browser.browser_type.launch(
        executable_path=chromium.find(), args=[*FLAGS, *root, *flags]
    )


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """One whose camera shows the film, or, without it, Chromium's own moving picture."""
    made = launch(browser, *FAKE, *FILM)
    yield made
    made.close()


def told(page: Page) -> dict[str, str]:
    """What the camera tells of itself."""
    return page.locator(".camera").evaluate("e => ({...e.dataset})")


def until(
    page: Page, holds: Callable[[dict[str, str]], bool], seconds: float = 20
) -> dict[str, str]:
    """Waits until what the camera tells satisfies `holds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = told(page)
        if holds(now):
            return now
        page.wait_for_timeout(50)
    raise AssertionError(f"still {told(page)}")


def opened(visit: Any, link: str = LINK, look: str = "light") -> Page:
    page = visit(link, look)
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible(timeout=40_000)
    return page


def started(visit: Any, link: str = LINK, look: str = "light") -> Page:
    page = opened(visit, link, look)
    page.get_by_role("button", name="Start the camera").click()
    until(page, lambda now: now["state"] == "live" and now["answered"] != "", 40)
    return page


def do(page: Page, name: str) -> None:
    page.locator(f".camera [data-do='{name}']").click()


def faced(now: dict[str, str]) -> bool:
    return now["boxes"] == "1"


def orange(pixels: np.ndarray) -> np.ndarray:
    """Where (h, w, 3) `pixels` have the colour of the boxes."""
    return (np.abs(pixels.astype(int) - ORANGE) < 40).all(axis=2)


# The picture and its boxes


@filmed
def test_a_face_is_found_over_the_socket(visit) -> None:
    page = started(visit)
    now = until(page, faced)
    x0, y0, x1, y1 = json.loads(now["first"])
    # In every one of the clips the face stays in this part of the picture.
    assert 180 < x0 < x1 < 460 and 20 < y0 < y1 < 240, now["first"]
    assert (now["transport"], now["title"], now["size"]) == ("socket", "Faces", "640x480")
    now = until(page, lambda now: float(now["rate"]) > 1 and float(now["fps"]) > 5)
    stages = json.loads(now["stages"])
    whole = float(now["latency"])
    assert set(stages) == {"camera", "encode", "travel", "wait", "decode", "resize", "model", "follow",
                           "draw"}  # fmt: skip
    assert all(ms >= 0 for ms in stages.values()) and stages["model"] > 1
    assert 0.6 * whole < sum(stages.values()) < 1.6 * whole
    expect(page.locator(".camera .facts")).to_contain_text("frames/s")
    shoot(page, "detection-camera")


def test_never_more_than_two_in_flight_and_one_if_one_likes(visit) -> None:
    page = started(visit)
    assert max(int(told(page)["underway"]) for _ in range(40)) <= 2
    page.locator("[data-do=underway]").select_option("1")
    page.wait_for_timeout(1000)
    assert max(int(told(page)["underway"]) for _ in range(40)) <= 1
    page.locator("[data-do=width]").select_option("320")
    until(page, lambda now: now["size"] == "320x240")
    assert told(page)["connected"] == "1"


@filmed
def test_where_the_socket_is_blocked_the_component_carries_the_pictures(visit) -> None:
    page = opened(visit)
    block(page)
    page.get_by_role("button", name="Start the camera").click()
    began = time.monotonic()
    until(page, lambda now: now["transport"] == "channel")
    assert time.monotonic() - began < 8
    first = until(page, faced)
    assert first["connected"] == "0" and first["size"] == "640x480"
    expect(page.get_by_text("The direct line is blocked")).to_be_visible()
    do(page, "follow")
    until(page, lambda now: json.loads(now["seen"]) == {"face": 1}, 40)
    shoot(page, "detection-camera-channel")
    assert "WebSocket connection" in quiet(page)


def block(page: Page) -> None:
    """No socket to our own route gets through from now on."""
    page.evaluate("""() => {
      window.WebSocket = new Proxy(WebSocket, {
        construct: (kind, [url, ...rest]) =>
          new kind(String(url).includes("/live/camera") ? "ws://127.0.0.1:1" : url, ...rest),
      });
    }""")


@filmed
def test_boxes_lie_on_the_face_mirrored_or_not(visit) -> None:
    page = started(visit)
    until(page, faced)
    for mirrored in ("true", "false"):
        if told(page)["mirrored"] != mirrored:
            do(page, "mirror")
        do(page, "pause")
        page.wait_for_timeout(600)
        now = told(page)
        assert now["mirrored"] == mirrored and faced(now)
        x0, _, x1, _ = json.loads(now["first"])
        drawn = page.locator(".camera .frame > canvas").evaluate("""canvas => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          const columns = new Array(width).fill(0);
          const drawn = (i) => data[i] === 230 && data[i + 1] === 159 && data[i + 3] === 255;
          for (let i = 0; i < data.length; i += 4) columns[(i / 4) % width] += drawn(i);
          const tall = columns.map((n, x) => [n, x]).filter(([n]) => n > 0.7 * Math.max(...columns));
          return [tall[0][1] / width, tall.at(-1)[1] / width];
        }""")
        wanted = [1 - x1 / 640, 1 - x0 / 640] if mirrored == "true" else [x0 / 640, x1 / 640]
        assert drawn == pytest.approx(wanted, abs=0.01)
        turned = page.locator(".camera video").first.evaluate("v => getComputedStyle(v).transform")
        assert ("-1" in turned) == (mirrored == "true")
        do(page, "pause")
        until(page, lambda now: now["state"] == "live")


def test_pause_holds_everything(visit) -> None:
    page = started(visit)
    do(page, "pause")
    page.wait_for_timeout(1500)
    held = told(page)
    page.wait_for_timeout(800)
    now = told(page)
    assert (now["frames"], now["answered"]) == (held["frames"], held["answered"])
    assert now["state"] == "paused"
    expect(page.get_by_text("paused", exact=True)).to_be_visible()
    do(page, "pause")
    until(page, lambda now: now["answered"] > held["answered"])
    do(page, "stop")
    assert told(page)["state"] == "idle"
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()
    page.get_by_role("button", name="Start the camera").click()
    until(page, lambda now: now["state"] == "live" and now["answered"] != "")


# What is chosen while it runs


@filmed
def test_detector_and_settings_are_changed_without_a_new_connection(visit) -> None:
    page = started(visit)
    until(page, faced)
    before = told(page)
    page.evaluate("""() => {
      const root = document.querySelector(".camera");
      const host = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".camera"));
      const camera = root ?? host.shadowRoot.querySelector(".camera");
      const video = camera.querySelector("video");
      const [seen, stream] = [(window.seen = { times: [], same: true }), video.srcObject];
      const next = (now) => {
        seen.times.push(now);
        seen.same &&= video.srcObject === stream;
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    }""")
    page.locator(".st-key-detector [data-baseweb=select], .st-key-detector input").first.click()
    page.get_by_role("option", name="Eyes").click()
    now = until(page, lambda now: now["title"] == "Eyes", 40)
    settle(page)
    page.locator(".st-key-score input[type=range]").focus()
    page.keyboard.press("End")
    until(page, lambda now: now["boxes"] == "0")
    now = told(page)
    assert now["connected"] == before["connected"] == "1" and now["transport"] == "socket"
    assert now["answered"] > before["answered"] and now["state"] == "live"
    seen = page.evaluate("window.seen")
    assert seen["same"] and max(np.diff(seen["times"])) < 3000, "the picture never stops"


@filmed
def test_things_are_followed_and_a_line_is_dragged(visit) -> None:
    page = started(visit)
    do(page, "line")  # which switches on following as well
    until(page, lambda now: json.loads(now["seen"]) == {"face": 1})
    assert told(page)["following"] == "true"
    ends = page.locator(".camera .end")
    expect(ends).to_have_count(2)
    view = page.locator(".camera .frame").bounding_box()
    first = ends.nth(0).bounding_box()
    assert view is not None and first is not None
    page.mouse.move(first["x"] + 13, first["y"] + 13)
    page.mouse.down()
    page.mouse.move(view["x"] + 0.2 * view["width"], view["y"] + 0.3 * view["height"], steps=4)
    page.mouse.up()
    moved = ends.nth(0).bounding_box()
    assert moved is not None
    assert (moved["x"] + 13 - view["x"]) / view["width"] == pytest.approx(0.2, abs=0.02)
    ends.nth(0).focus()
    page.keyboard.press("ArrowRight")
    again = ends.nth(0).bounding_box()
    assert again is not None and again["x"] > moved["x"]
    expect(page.locator(".camera .counts")).to_contain_text("face")
    shoot(page, "detection-camera-line")
    do(page, "again")
    until(page, lambda now: json.loads(now["seen"]) == {"face": 1})
    do(page, "follow")
    until(page, lambda now: now["seen"] == "null" and now["following"] == "false")
    expect(ends.nth(0)).to_be_hidden()


# To take home


def saved(page: Page, text: str) -> tuple[str, bytes]:
    with page.expect_download() as got:
        page.locator(".camera .shelf a", has_text=text).first.click()
    return got.value.suggested_filename, Path(got.value.path()).read_bytes()


@filmed
@pytest.mark.parametrize("held", [False, True], ids=["moving", "paused"])
def test_a_snapshot_is_the_picture_with_its_own_boxes(visit, held: bool) -> None:
    page = started(visit)
    until(page, faced)
    if held:
        do(page, "pause")
    do(page, "snapshot")
    expect(page.locator(".camera .shelf figure")).to_have_count(1, timeout=20_000)
    name, png = saved(page, "Picture, PNG")
    assert re.fullmatch(r"camera-[\d_-]+\.png", name)
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert picture.shape == (480, 640, 3) and picture.std() > 20
    name, text = saved(page, "Boxes, CSV")
    assert name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    assert [row["label"] for row in rows] == ["face"] and 0.5 <= float(rows[0]["score"]) <= 1
    x0, y0, x1, y1 = (float(rows[0][k]) for k in ("x0", "y0", "x1", "y1"))
    # The picture is mirrored as it was seen; the table is that of the camera's own picture.
    found = Haar(FACE).detect([np.ascontiguousarray(picture[:, ::-1])])[0]
    assert iou(found.boxes, np.array([[x0, y0, x1, y1]])).max() > 0.6
    rim = orange(picture)
    middle = round((y0 + y1) / 2)
    columns = np.flatnonzero(rim[middle])
    assert columns.min() == pytest.approx(640 - x1, abs=4)
    assert columns.max() == pytest.approx(640 - x0, abs=4)


@filmed
def test_a_film_has_the_picture_and_the_boxes(visit) -> None:
    page = started(visit)
    until(page, faced)
    do(page, "record")
    page.wait_for_timeout(2500)
    expect(page.locator(".camera .filming")).to_have_text(re.compile(r"0:0[1-9]"))
    do(page, "record")
    expect(page.locator(".camera .shelf figure")).to_have_count(1, timeout=20_000)
    name, data = saved(page, "Film")
    assert re.fullmatch(r"camera-[\d_-]+\.(mp4|webm)", name)
    with av.open(io.BytesIO(data)) as film:
        [stream] = film.streams.video
        assert (stream.width, stream.height) == (640, 480)
        frames = [(f.time, f.to_ndarray(format="rgb24")) for f in film.decode(stream)]
    assert len(frames) > 10 and 1 < frames[-1][0] - frames[0][0] < 6
    assert frames[-1][1].std() > 20
    # Films blur colours; the box is warmer than all around it.
    red, green, blue = frames[-1][1].astype(int).transpose(2, 0, 1)
    assert ((red > 180) & (green > 110) & (green < 190) & (blue < 90)).sum() > 200


# Where there is no camera


@pytest.mark.parametrize(
    "error, said",
    [
        ("NotFoundError", "No camera was found"),
        ("NotAllowedError", "The camera was not allowed"),
        ("NotReadableError", "The camera is in use"),
        ("UnknownError", "The camera did not start"),
    ],
)
def test_each_reason_has_its_message_and_trying_again_helps(visit, error: str, said: str) -> None:
    page = opened(visit)
    page.evaluate(
        """(name) => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          let first = true;
          navigator.mediaDevices.getUserMedia = (wanted) => {
            if (!first) return real(wanted);
            first = false;
            return Promise.reject(new DOMException("planted", name));
          };
        }""",
        error,
    )
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert told(page)["state"] == "failed"
    page.get_by_role("button", name="Try again").click()
    until(page, lambda now: now["state"] == "live" and now["answered"] != "")


def test_a_page_that_may_not_use_a_camera_says_so_and_takes_a_still(visit, tmp_path) -> None:
    page = opened(visit)
    page.evaluate("() => Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_text("This page may not use a camera")).to_be_visible()
    expect(page.get_by_text("only over https")).to_be_visible()
    do(page, "still")
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()
    mine = tmp_path / "eileen.jpg"
    Image.fromarray(images.sample("astronaut")).save(mine, quality=95)
    page.locator(".st-key-camera_file input[type=file]").set_input_files(mine)
    expect(page.locator("tbody tr", has_text="face")).to_have_count(1)
    settle(page)
    shoot(page, "detection-camera-still")


def test_a_browser_that_refuses_is_believed(visit, browser: Browser, server: str) -> None:
    strict = launch(browser, "--use-fake-ui-for-media-stream=deny", FAKE[1])
    try:
        page = strict.new_page(viewport={"width": 1360, "height": 900})
        page.goto(server + LINK)
        settle(page)
        page.get_by_role("button", name="Start the camera").click()
        expect(page.get_by_text("The camera was not allowed")).to_be_visible()
        shoot(page, "detection-camera-refused")
    finally:
        strict.close()


# Who is let in, who leaves


def test_wrong_origins_and_tokens_are_refused(visit, server: str) -> None:
    address = server.replace("http", "ws") + "/live/camera"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin="http://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus), connect(address):
        pass
    with connect(address, origin=server) as socket:
        socket.send(json.dumps({"do": "hello", "token": "guess"}))
        with pytest.raises(ConnectionClosed) as ended:
            socket.recv(timeout=10)
    assert ended.value.rcvd is not None and ended.value.rcvd.code == 1008


def alone(page: Page) -> None:
    until(page, lambda now: now["sharing"] == "1", 10)


def test_a_closed_tab_frees_everything(visit) -> None:
    page = started(visit)
    alone(page)
    other = started(visit)
    until(page, lambda now: now["sharing"] == "2")
    expect(page.get_by_text("shared with 1 other camera")).to_be_visible()
    other.context.close()
    alone(page)


def test_leaving_the_mode_or_the_page_stops_camera_and_line(visit) -> None:
    page = started(visit)
    for leave in ("mode", "page"):
        other = opened(visit)
        other.evaluate("""() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.tracks = [];
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            const stream = await real(wanted);
            window.tracks.push(...stream.getTracks());
            return stream;
          };
        }""")
        other.get_by_role("button", name="Start the camera").click()
        until(other, lambda now: now["answered"] != "")
        until(page, lambda now: now["sharing"] == "2")
        if leave == "mode":
            other.get_by_role("radio", name="Photographs").click(force=True)
        else:
            other.get_by_role("link", name="Vitrine").first.click()
        alone(page)
        states = other.evaluate("window.tracks.map((track) => track.readyState)")
        assert states == ["ended"]
        other.context.close()


def test_a_line_that_breaks_comes_back(visit, server: str) -> None:
    page = opened(visit)
    page.evaluate("""() => {
      window.lines = [];
      window.WebSocket = new Proxy(WebSocket, {
        construct: (kind, rest) => {
          const made = new kind(...rest);
          if (made.url.includes("/live/camera")) window.lines.push(made);
          return made;
        },
      });
    }""")
    page.get_by_role("button", name="Start the camera").click()
    until(page, lambda now: now["answered"] != "")
    do(page, "follow")
    page.evaluate("window.lines[0].close()")
    now = until(page, lambda now: now["connected"] == "2")
    later = until(page, lambda then: then["answered"] > now["answered"])
    assert later["state"] == "live" and later["transport"] == "socket"
    until(page, lambda now: now["seen"] != "null")  # it still follows


@pytest.mark.parametrize("look", ["dark", "narrow"])
def test_looks(visit, look: str) -> None:
    page = started(visit, look=look)
    do(page, "follow")
    page.wait_for_timeout(1500)
    wide = page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    shoot(page, f"detection-camera-{look}")


# For long


@pytest.mark.timeout(300)
def test_it_goes_on_and_on(visit, server: str) -> None:
    """Latency and memory are as flat at the end as they were once it had settled."""
    page = started(visit)
    do(page, "follow")
    tools = page.context.new_cdp_session(page)
    page.wait_for_timeout(4000)
    slices = []
    for _ in range(4):
        before = told(page)
        page.wait_for_timeout(SOAK * 250)
        now = told(page)
        tools.send("HeapProfiler.collectGarbage")
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
        fresh = int(now["answered"]) - int(before["answered"])
        slices.append((float(now["latency"]), heap, memory(server), fresh))
    latency, heap, resident, fresh = zip(*slices, strict=True)
    assert min(fresh) > 0 and told(page)["connected"] == "1"
    assert min(latency[2:]) < 1.5 * max(latency[:2]) + 10, latency
    assert heap[-1] < heap[0] + 8, heap
    assert resident[-1] < resident[0] + 40, resident


def memory(server: str) -> float:
    """Megabytes that the server holds; 0 where the system does not tell."""
    port = server.rpartition(":")[2]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().split("\0")
            if "streamlit" in command and port in command:
                held = re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())
                return int(held[1]) / 1024 if held else 0.0
        except OSError:
            continue
    return 0.0
