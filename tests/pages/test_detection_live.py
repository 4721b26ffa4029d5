"""The live camera's line: who is let in, what is refused, what comes back, who leaves."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from core.datasets import images
from core.detection import stream, stream_jpeg
from core.detection.boxes import Detections
from core.detection.embedded import FACE, Haar
from core.detection.pipeline import Settings
from core.detection.stream import Pump
from core.detection.stream_picture import STAGES, Wish
from core.errors import UnavailableError
from pages._kit import live, live_messages
from pages._kit.detection import camera
from pages._kit.detection.camera_room import OUR_FAULT, Room

PATH = "/live/camera"
HERE = {"origin": "http://testserver"}


class Still:
    """Finds the same box in every picture, slowly if asked to."""

    name, labels, limit = "still", ("thing",), 0.5

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        time.sleep(self.seconds)
        return [
            Detections.within([[4, 8, 20, 40]], [0.75], [0], self.labels, (64, 48)) for _ in frames
        ]

    def suppressing(self, limit: float) -> Still:
        return self


class Broken(Still):
    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        raise ZeroDivisionError("a bug")


def photo(width: int = 64, height: int = 48) -> bytes:
    return cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8))[1].tobytes()


def packed(heading: Any, data: bytes) -> bytes:
    head = heading if isinstance(heading, bytes) else json.dumps(heading).encode()
    return len(head).to_bytes(4, "little") + head + data


def wish(detector: Any, title: str = "still", **more: Any) -> Wish:
    return Wish(detector=detector, title=title, settings=Settings(threshold=0.5, **more))


@pytest.fixture
def pump() -> Iterator[Pump]:
    made = Pump()
    yield made
    made.close()


@pytest.fixture
def room(pump: Pump) -> Room:
    made = Room(pump)
    made.want(wish(Still()))
    return made


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live.ROUTES)) as made:
        yield made


@contextmanager
def joined(client: TestClient, room: Room) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect(PATH, headers=HERE) as socket:
        socket.send_json({"do": "hello", "token": live.admit(room)})
        yield socket


def asked(socket: WebSocketTestSession, number: int, data: bytes | None = None) -> dict[str, Any]:
    socket.send_bytes(packed({"n": number}, photo() if data is None else data))
    return json.loads(socket.receive_text())


def empty(pump: Pump, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while len(pump) and time.monotonic() < end:
        time.sleep(0.01)
    return not len(pump)


@pytest.mark.parametrize(
    "headers, greeting",
    [
        ({}, None),
        ({"origin": "http://evil.example"}, None),
        ({"origin": "http://testserver.evil.example"}, None),
        ({"origin": "null"}, None),
        (HERE, {"do": "hello", "token": "guess"}),
        (HERE, {"do": "hello"}),
        (HERE, ["hello"]),
    ],
    ids=["no origin", "another", "a longer one", "null", "a guess", "no token", "no object"],
)
def test_strangers_are_not_let_in(
    client: TestClient, pump: Pump, headers: dict[str, str], greeting: Any
) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(PATH, headers=headers) as socket,  # noqa: PT012
    ):
        socket.send_json(greeting)
        socket.receive_text()
    assert refused.value.code == 1008 and len(pump) == 0


@pytest.mark.parametrize("path", ["/live/studio", PATH])
def test_a_token_opens_only_rooms_of_its_route(client: TestClient, room: Room, path: str) -> None:
    class Other:
        def sit(self, tell: Any) -> None: ...

        def enter(self, changed: Any) -> None: ...

    wrong = Other()
    delattr(Other, "sit" if path == PATH else "enter")
    token = live.admit(wrong)  # type: ignore[arg-type]
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(path, headers=HERE) as socket,  # noqa: PT012
    ):
        socket.send_json({"do": "hello", "token": token})
        socket.receive_text()


def test_tokens_end_with_their_room(pump: Pump) -> None:
    room = Room(pump)
    token = live.admit(room)
    assert live._rooms[token] is room
    del room
    assert token not in live._rooms


def test_pictures_go_up_and_boxes_come_down(client: TestClient, room: Room) -> None:
    with joined(client, room) as socket:
        told = asked(socket, 5)
    assert (told["n"], told["size"], told["title"]) == (5, [64, 48], "still")
    assert told["loading"] is None and told["error"] is None and told["sharing"] == 1
    assert list(told["seconds"]) == list(STAGES)
    [box] = told["boxes"]
    assert box == {"label": "thing", "score": 0.75, "box": [4, 8, 20, 40], "colour": "#e69f00",
                   "ink": "#000000"}  # fmt: skip


def test_a_face_is_found(client: TestClient, room: Room) -> None:
    room.want(wish(Haar(FACE), "Faces"))
    data = cv2.imencode(".jpg", images.sample("astronaut")[:, :, ::-1])[1].tobytes()
    with joined(client, room) as socket:
        told = asked(socket, 0, data)
    [face] = told["boxes"]
    x0, y0, x1, y1 = face["box"]
    assert face["label"] == "face" and x0 < 224 < x1 and y0 < 110 < y1


def test_what_is_chosen_in_the_sidebar_reaches_the_open_line(
    client: TestClient, room: Room
) -> None:
    with joined(client, room) as socket:
        assert len(asked(socket, 0)["boxes"]) == 1
        with room.expecting("newer"):
            told = asked(socket, 1)
            assert (told["title"], told["loading"], len(told["boxes"])) == ("still", "newer", 1)
        assert asked(socket, 2)["loading"] is None
        with room.expecting("newer"):
            room.want(wish(Still(), "newer"))
        room.want(Wish(detector=Still(), title="newer", settings=Settings(threshold=0.9)))
        told = asked(socket, 3)
        assert (told["title"], told["loading"], told["boxes"]) == ("newer", None, [])


def test_things_are_followed_and_counted_on_request(client: TestClient, room: Room) -> None:
    with joined(client, room) as socket:
        assert "seen" not in asked(socket, 0)
        socket.send_json({"do": "line", "ends": [0, 0, 1, 1]})  # nobody follows yet
        socket.send_json({"do": "follow", "on": True})
        socket.send_json({"do": "line", "ends": [0.1, 0, 0.1, 1]})
        for number in range(1, 6):
            told = asked(socket, number)
        assert told["boxes"][0]["id"] == 1 and told["seen"] == {"thing": 1}
        assert told["trails"]["1"][-1] == [12, 24] and told["crossed"] == {}
        socket.send_json({"do": "again"})
        told = asked(socket, 6)
        assert told["seen"] == {} and told["boxes"][0]["id"] == 0
        socket.send_json({"do": "line", "ends": None})
        socket.send_json({"do": "follow", "on": False})
        assert "seen" not in asked(socket, 7)


@pytest.mark.parametrize("ends", [[0, 0, 1], "x", [0, 0, 2, 1], [0, 0, 0, 0], [0, 0, None, 1]])
def test_a_line_that_is_none_is_told(client: TestClient, room: Room, ends: Any) -> None:
    with joined(client, room) as socket:
        socket.send_json({"do": "follow", "on": True})
        socket.send_json({"do": "line", "ends": ends})
        assert "line" in json.loads(socket.receive_text())["trouble"]
        assert asked(socket, 0)["n"] == 0


def test_a_picture_that_is_none_is_told_and_the_next_is_looked_at(
    client: TestClient, room: Room
) -> None:
    with joined(client, room) as socket:
        told = asked(socket, 0, b"GIF89a")
        assert "wanted a JPEG" in told["error"] and told["boxes"] == []
        assert "4096" in asked(socket, 1, photo(4100, 4))["error"]
        assert asked(socket, 2)["error"] is None


def test_a_bug_is_a_sentence_and_in_the_log_once(
    client: TestClient, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.want(wish(Broken(), "broken"))
    with joined(client, room) as socket:
        assert [asked(socket, n)["error"] for n in range(3)] == [OUR_FAULT] * 3
    assert len([r for r in caplog.records if r.exc_info]) == 1


HEAD = json.dumps({"n": 0}).encode()
NONSENSE = {
    "nothing": b"",
    "half a length": b"\x01\x00",
    "no heading": packed(b"", photo()),
    "a heading longer than all": (1 << 30).to_bytes(4, "little") + HEAD,
    "a long heading": packed({"n": 0, "x": "y" * live_messages.HEADING}, photo()),
    "no json": packed(b"{n: 0}", photo()),
    "no text": packed(b"\xff\xfe", photo()),
    "deep json": packed(b"[" * 1000, photo()),
    "a list": packed([0], photo()),
    "no number": packed({}, photo()),
    "a truth": packed({"n": True}, photo()),
    "a text": packed({"n": "0"}, photo()),
    "a fraction": packed({"n": 0.5}, photo()),
    "a number used before": packed({"n": -1}, photo()),
    "too large": packed({"n": 0}, photo() + bytes(live_messages.PICTURE)),
}


@pytest.mark.parametrize("message", NONSENSE.values(), ids=NONSENSE)
def test_what_no_page_of_ours_would_send_ends_it(
    client: TestClient, room: Room, pump: Pump, message: bytes
) -> None:
    with pytest.raises(WebSocketDisconnect) as ended, joined(client, room) as socket:
        socket.send_bytes(message)
        socket.receive_text()
    assert ended.value.code == 1008 and empty(pump)


def test_bounds_agree_with_the_decoder() -> None:
    assert live_messages.PICTURE == stream_jpeg.MAX_BYTES


def test_no_more_than_two_are_under_way(client: TestClient, room: Room, pump: Pump) -> None:
    room.want(wish(Still(0.3)))
    with pytest.raises(WebSocketDisconnect), joined(client, room) as socket:
        for number in range(3):
            socket.send_bytes(packed({"n": number}, photo()))
        for _ in range(3):
            socket.receive_text()
    assert empty(pump)
    with joined(client, room) as socket:
        socket.send_bytes(packed({"n": 0}, photo()))
        socket.send_bytes(packed({"n": 1}, photo()))
        numbers = [json.loads(socket.receive_text())["n"]]
        if numbers == [0]:
            numbers.append(json.loads(socket.receive_text())["n"])
        assert numbers[-1] == 1
        assert asked(socket, 2)["n"] == 2


def test_a_closed_line_frees_its_seat_though_it_is_being_served(
    client: TestClient, room: Room, pump: Pump
) -> None:
    room.want(wish(Still(0.2)))
    with joined(client, room) as socket:
        socket.send_bytes(packed({"n": 0}, photo()))
        while not len(pump):
            time.sleep(0.005)
    assert empty(pump)


def test_the_end_of_the_visit_closes_the_room(client: TestClient, room: Room, pump: Pump) -> None:
    with joined(client, room) as socket:
        asked(socket, 0)
        assert len(pump) == 1
        room.close()
        assert len(pump) == 0
    with pytest.raises(UnavailableError):
        room.sit(print)
    with pytest.raises(WebSocketDisconnect), joined(client, room) as socket:
        assert "has ended" in json.loads(socket.receive_text())["refused"]
        socket.receive_text()


def test_too_many_cameras_are_told_so(
    client: TestClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SEATS", 1)
    with joined(client, room) as first:
        asked(first, 0)
        with joined(client, room) as second:
            assert "at most 1" in json.loads(second.receive_text())["refused"]


# The way through the component


def carried(number: int, data: bytes | None = None, **more: Any) -> dict[str, Any]:
    return {
        "n": number,
        "jpeg": base64.b64encode(photo() if data is None else data).decode(),
    } | more


def test_the_component_carries_pictures_too(room: Room, pump: Pump) -> None:
    channel = camera.Channel(room)
    channel.take(carried(1, do=[{"do": "follow", "on": True}]))
    told = json.loads(channel.answer or "")
    assert told["n"] == 1 and told["boxes"][0]["id"] == 0 and told["seen"] == {}
    channel.take(carried(1))  # a trigger may come twice
    assert json.loads(channel.answer or "") == told
    channel.take(carried(2, b"no picture", do="nonsense"))
    assert "JPEG" in json.loads(channel.answer or "")["error"]
    channel.take(carried(3, do=[{"do": "line", "ends": [9, 9, 9, 9]}]))
    told = json.loads(channel.answer or "")
    assert told["n"] == 3 and "line" in told["trouble"]
    assert len(pump) == 1
    channel.close()
    assert len(pump) == 0
    channel.take(carried(4))
    assert json.loads(channel.answer or "") == told


def test_an_answer_that_never_comes_is_given_up_and_the_next_is_not_mistaken(
    room: Room, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "PATIENCE", 0.1)
    room.want(wish(Still(0.4)))
    channel = camera.Channel(room)
    channel.take(carried(1))
    assert channel.answer is None and empty(pump)
    room.want(wish(Still()))
    monkeypatch.setattr(camera, "PATIENCE", 5)
    channel.take(carried(2))
    assert json.loads(channel.answer or "")["n"] == 2


def test_the_page_gives_the_stage_a_token_and_the_room_its_wishes(
    visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes: list[Wish] = []
    monkeypatch.setattr(Room, "want", lambda room, wanted: wishes.append(wanted))
    page = visit("object_detection", mode="Live camera", score="0.7")
    assert not page.exception and not page.error
    header = shown(page)
    assert len(header["token"]) >= 32 and header["path"] == PATH and header["answer"] is None
    assert wishes[-1].title == "Faces" and wishes[-1].settings.threshold == 0.7
    page.slider(key="score").set_value(0.2).run()
    assert wishes[-1].settings.threshold == 0.2 and shown(page)["token"] == header["token"]
    page.selectbox(key="detector").set_value("Eyes").run()
    assert wishes[-1].title == "Eyes" and wishes[-1].detector.labels == ("eye",)
    assert shown(page)["token"] == header["token"]


def shown(page: Any) -> dict[str, Any]:
    """What the camera's stage was given."""
    data = page.get("bidi_component")[0].proto.bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


@pytest.mark.parametrize(
    "told",
    [None, 3, {}, {"n": 1}, {"n": 1, "jpeg": 5}, {"n": 1, "jpeg": "!"}, {"n": 1, "jpeg": "ä"},
     {"n": 1, "jpeg": "A" * (stream_jpeg.MAX_BYTES * 2)}],
    ids=["none", "number", "empty", "no picture", "number", "no base64", "no ascii", "huge"],
)  # fmt: skip
def test_what_the_component_would_not_send_is_passed_over(room: Room, told: Any) -> None:
    channel = camera.Channel(room)
    channel.take(told)
    assert channel.answer is None
