"""The video mode as a visitor finds it: before, while and after, and what can go wrong."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core import jobs
from core.detection.crossing import Line
from core.errors import SettingError
from pages._kit.detection import video_files, video_line, video_run
from tests.films import film, square

SLUG = "object_detection"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A film without a face, quick to look at."""
    return film(
        tmp_path / "clip.mkv", [k / 25 for k in range(30)], [square(20 + k) for k in range(30)]
    )


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Puts a file into the uploader, which AppTest cannot."""

    def put(path: Path) -> None:
        data = path.read_bytes()
        file = SimpleNamespace(
            file_id=str(path), name=path.name, getbuffer=lambda: memoryview(data)
        )
        monkeypatch.setattr(
            "pages._kit.detection.video_source.st.file_uploader", lambda *_, **__: file
        )

    return put


@pytest.fixture(scope="module", autouse=True)
def end_of_jobs() -> Any:
    yield
    jobs.shutdown()


def scene(at: AppTest) -> dict[str, Any]:
    """Header of what the browser gets for the stage."""
    [data] = [
        e.proto.bytes for e in at.get("bidi_component") if e.proto.component_name == "vitrine_clip"
    ]
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def carried_out(at: AppTest, seconds: float = 120) -> AppTest:
    """The page once the job is over: AppTest has no timer, so it is run again."""
    until = time.monotonic() + seconds
    while at.button(key="video_start") is None if _has(at, "video_start") else True:
        assert time.monotonic() < until
        time.sleep(0.3)
        at.run()
    return at


def _has(at: AppTest, key: str) -> bool:
    return any(button.key == key for button in at.button)


def test_before_the_start_the_first_picture_and_the_line_are_shown(visit) -> None:
    at = visit(SLUG, mode="Video")
    assert not at.exception
    assert not at.error
    shown = scene(at)
    assert (shown["kind"], shown["size"]) == ("still", [640, 480])
    assert (shown["line"], shown["fixed"]) == ([0.5, 1, 0.5, 0], False)
    assert any("640 × 480 pixels, 6 s" in caption.value for caption in at.caption)


def test_from_start_to_the_files(visit, bring, clip, downloads) -> None:
    bring(clip)
    at = visit(SLUG, mode="Video", video_every="3")
    assert any("clip.mkv" in caption.value for caption in at.caption)
    at.button(key="video_start").click().run()
    carried_out(at)
    shown = scene(at)
    assert (shown["kind"], shown["size"]) == ("clip", [96, 64])
    assert shown["arrays"]["times"][1] == [10, 1]
    assert any("10 of 30 pictures looked at" in caption.value for caption in at.caption)
    assert set(downloads) == {"Video with boxes", "Detections (CSV)", "Detections (COCO json)"}
    assert downloads["Video with boxes"][4:8] == b"ftyp"
    assert next(csv.reader(io.StringIO(downloads["Detections (CSV)"].decode())))[:3] == [
        "frame",
        "seconds",
        "id",
    ]
    assert [
        i["frame_id"] for i in json.loads(downloads["Detections (COCO json)"])["images"]
    ] == list(range(0, 30, 3))

    # Another setting asks for another start; another line only for counting again.
    at.slider(key="video_every").set_value(5).run()
    assert any("start again to use them" in caption.value for caption in at.caption)
    at.slider(key="video_every").set_value(3).run()
    at.text_input(key="video_line").set_value("0, 0.5, 1, 0.5").run()
    assert not any("start again to use them" in caption.value for caption in at.caption)
    assert any("where it was at the start" in caption.value for caption in at.caption)
    assert scene(at)["line"] == [0, 0.5, 1, 0.5]


def test_a_stopped_run_keeps_what_it_had(visit) -> None:
    at = visit(SLUG, mode="Video", video_every="1")
    at.button(key="video_start").click().run()
    until = time.monotonic() + 90
    while not any("Picture" in str(e.proto.text) for e in at.get("progress")):
        assert time.monotonic() < until
        time.sleep(0.3)
        at.run()
    at.button(key="video_cancel").click().run()
    carried_out(at)
    assert any("Stopped." in info.value for info in at.info)
    shown = scene(at)
    assert shown["kind"] == "clip"
    assert 0 < shown["seconds"] < 5.96


def test_a_video_that_is_none_gets_its_message_and_can_be_replaced(
    visit, bring, clip, tmp_path
) -> None:
    bad = tmp_path / "*bad*.mp4"
    bad.write_bytes(b"#EXTM3U\n")
    bring(bad)
    at = visit(SLUG, mode="Video")
    [error] = at.error
    assert (
        error.value
        == r"\*bad\*.mp4: wanted a video: mp4, webm, avi, mkv or mov, got something else."
    )
    bring(clip)
    at.run()
    assert not at.error
    assert scene(at)["kind"] == "still"


def test_too_long_is_told_before_anything_starts(visit, bring, tmp_path) -> None:
    bring(film(tmp_path / "long.mkv", [600.0 * k for k in range(25)]))
    at = visit(SLUG, mode="Video")
    assert [error.value for error in at.error] == [
        "long.mkv: wanted at most 10 min, got a video of 4 h."
    ]
    assert not _has(at, "video_start")


def test_without_following_there_is_no_line(visit) -> None:
    at = visit(SLUG, mode="Video", video_tracking="false")
    assert scene(at)["line"] is None
    assert not [box for box in at.text_input if box.key == "video_line"]


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "0,0,0,0", "0,0,2,2", "nan,0,1,1"])
def test_a_line_that_is_none_is_told(visit, text: str) -> None:
    with pytest.raises(SettingError, match="line: wanted"):
        video_line.parsed(text)
    if text:
        at = visit(SLUG, mode="Video", video_line=text)
        assert len(at.error) == 1
        assert scene(at)["line"] is None


def test_what_a_browser_tells_of_the_line_is_checked() -> None:
    assert video_line.told([0.25, 0, 1, 0.5004]) == "0.25, 0, 1, 0.5"
    assert video_line.parsed("0.25, 0, 1, 0.5") == Line((0.25, 0), (1, 0.5))
    for bad in (None, "0,0,1,1", [0, 0, 1], [0, 0, 0, 0], [0, 0, 9, 1], ["0", 0, 1, 1], {"a": 1}):
        assert video_line.told(bad) is None


def test_the_route_hands_out_pieces_to_whoever_has_the_ticket(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(range(100)))
    ticket = video_files.Ticket(path, "video/mp4")
    with TestClient(Starlette(routes=video_files.ROUTES)) as client:
        whole = client.get(ticket.address)
        assert (whole.status_code, whole.content) == (200, bytes(range(100)))
        assert whole.headers["content-type"] == "video/mp4"
        assert whole.headers["accept-ranges"] == "bytes"
        assert whole.headers["cross-origin-resource-policy"] == "same-origin"
        piece = client.get(ticket.address, headers={"Range": "bytes=10-19"})
        assert (piece.status_code, piece.content) == (206, bytes(range(10, 20)))
        for wrong in ("/clips/guess", "/clips/../a.mp4", "/clips/%2e%2e%2fa.mp4"):
            assert client.get(wrong).status_code == 404
        path.unlink()
        assert client.get(ticket.address).status_code == 404
        path.write_bytes(b"back")
        address = ticket.address
        del ticket
        assert client.get(address).status_code == 404


def test_a_new_run_ends_the_one_before_and_its_files(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.detection import catalogue
    from core.detection.clip import Config
    from pages._kit.detection.video_source import Source

    held: dict[str, video_run.Run] = {}
    monkeypatch.setattr(video_run, "_runs", lambda: held)
    source = Source("a", "a", clip)
    first = video_run.start(catalogue.find("face"), source, Config())
    folder = first.folder.path
    assert folder.is_dir()
    second = video_run.start(catalogue.find("face"), source, Config())
    assert video_run.current() is second
    assert not folder.exists()
    assert first.job.done()
    video_run._close(held)
    assert second.job.done()
    assert not second.folder.path.exists()
    assert video_run.current() is None
