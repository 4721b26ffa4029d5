"""The WebSocket of the studio: who is let in, what it says, the newest frame only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from core.datasets.points import PRESETS
from core.errors import SettingError
from core.nets.network import Config, forward
from core.nets.studio import Studio
from core.rng import stream
from pages._kit import live, live_messages
from pages._kit.stage import wire
from pages._kit.studio import commands
from pages._kit.studio.lens import Lens
from pages._kit.studio.room import Room

CIRCLE = PRESETS["circle"].draw(100, generator=stream(0, "circle"))
HERE = {"origin": "http://testserver"}


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    made.studio.load(CIRCLE, ("in", "out"), "circle")
    made.studio.configure(Config(), 0)
    made.studio.pause()
    yield made
    made.studio.close()


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live.ROUTES)) as made:
        yield made


def opened(frame: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a frame, as the browser takes them apart."""
    size = int.from_bytes(frame[:4], "little")
    header = json.loads(frame[4 : 4 + size])
    assert (4 + size) % wire.ALIGNED == 0
    kinds = {"u1": np.uint8, "f4": np.float32}
    arrays = {}
    for name, (kind, shape, at) in header.pop("arrays").items():
        assert at % wire.ALIGNED == 0
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(frame, kinds[kind], count, 4 + size + at).reshape(shape)
    return header, arrays


def greeted(socket: WebSocketTestSession, room: Room) -> dict[str, Any]:
    socket.send_json({"do": "hello", "token": live.admit(room)})
    return answered(socket)


def answered(socket: WebSocketTestSession) -> dict[str, Any]:
    """The next frame, confirmed."""
    header, arrays = opened(socket.receive_bytes())
    socket.send_json({"do": "drawn", "frame": header["frame"]})
    return header | {"arrays": arrays}


def frames(socket: WebSocketTestSession, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The first frame that satisfies `holds`."""
    for _ in range(50):
        frame = answered(socket)
        if holds(frame):
            return frame
    raise AssertionError("it never came")


@pytest.mark.parametrize(
    "headers, greeting",
    [
        ({}, None),
        ({"origin": "http://evil.example"}, None),
        (HERE, {"do": "hello", "token": "guess"}),
        (HERE, {"do": "hello"}),
        (HERE, ["hello"]),
    ],
    ids=["no origin", "another origin", "a guess", "no token", "no object"],
)
def test_strangers_are_not_let_in(
    client: TestClient, headers: dict[str, str], greeting: Any
) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(  # noqa: PT012
            "/live/studio", headers=headers
        ) as socket,
    ):
        socket.send_json(greeting)
        socket.receive_bytes()
    assert refused.value.code == 1008


def test_an_origin_that_was_named_is_let_in(
    client: TestClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "get_option", lambda name: ["https://proxy.example"])
    with client.websocket_connect(
        "/live/studio", headers={"origin": "https://proxy.example"}
    ) as socket:
        assert greeted(socket, room)["frame"] == 1


def test_tokens_end_with_their_room() -> None:
    room = Room()
    token = live.admit(room)
    assert len(token) >= 32 and live._rooms[token] is room
    del room
    assert token not in live._rooms


def test_what_is_commanded_is_shown(client: TestClient, room: Room) -> None:
    with client.websocket_connect("/live/studio", headers=HERE) as socket:
        first = greeted(socket, room)
        assert first["total"] == 100 and first["classes"] == ["in", "out"]
        assert first["arrays"]["points"].shape == (100, 2)
        socket.send_json({"do": "add", "points": [[1, 2, 0]], "stroke": 1})
        frame = frames(socket, lambda f: f["total"] == 101)
        assert frame["arrays"]["points"][-1].tolist() == [1, 2] and frame["can"]["undo"]
        socket.send_json({"do": "step"})
        frame = frames(socket, lambda f: f["lanes"][0]["updates"] == 1)
        assert "points" not in frame["arrays"], "what has not changed is not sent again"
        socket.send_json({"do": "undo"})
        assert frames(socket, lambda f: f["total"] == 100)


def test_only_the_newest_frame_and_only_when_the_last_is_drawn(
    client: TestClient, room: Room
) -> None:
    with client.websocket_connect("/live/studio", headers=HERE) as socket:
        socket.send_json({"do": "hello", "token": live.admit(room)})
        opened(socket.receive_bytes())
        for _ in range(5):
            socket.send_json({"do": "step"})
        time.sleep(0.2)
        socket.send_json({"do": "drawn", "frame": 1})
        header, _ = opened(socket.receive_bytes())
        assert header["frame"] == 2 and header["lanes"][0]["updates"] == 5


def test_mistakes_are_told_and_nothing_is_lost(client: TestClient, room: Room) -> None:
    with client.websocket_connect("/live/studio", headers=HERE) as socket:
        greeted(socket, room)
        socket.send_json({"do": "speed", "value": "fast"})
        told = json.loads(socket.receive_text())
        assert "value" in told["error"] and "a number" in told["error"]
        socket.send_json({"do": "step"})
        assert frames(socket, lambda f: f["lanes"][0]["updates"] == 1)


@pytest.mark.parametrize(
    "text", ["no json", "[1]", "x" * (live_messages.LARGEST + 1)], ids=["text", "list", "huge"]
)
def test_what_no_page_of_ours_would_send_ends_it(client: TestClient, room: Room, text: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(  # noqa: PT012
            "/live/studio", headers=HERE
        ) as socket,
    ):
        greeted(socket, room)
        socket.send_text(text)
        for _ in range(9):
            socket.receive_bytes()


BAD = [
    {"do": "add"}, {"do": "add", "points": [[0, 0]], "stroke": 1},
    {"do": "add", "points": [[0, 0, 2]], "stroke": 1},
    {"do": "add", "points": [[0, 0, 0.5]], "stroke": 1},
    {"do": "add", "points": [[1e400, 0, 0]], "stroke": 1},
    {"do": "add", "points": [[0, 0, 0]] * 2001, "stroke": 1},
    {"do": "add", "points": [[0, 0, 0]], "stroke": -1},
    {"do": "move", "index": 100, "x": 0, "y": 0, "stroke": 1},
    {"do": "move", "index": 0, "x": None, "y": 0},
    {"do": "remove", "index": "0", "stroke": 1}, {"do": "weight", "layer": 9, "row": 0, "value": 1},
    {"do": "weight", "layer": 0, "row": 0, "column": 0, "value": True}, {"do": "scrub", "at": 5},
    {"do": "lane", "pick": 3}, {"do": "close", "lane": 0}, {"do": "speed", "value": -2},
    {"do": "fork", "at": 1.5}, {"do": "rewind", "at": -1},
]  # fmt: skip


@pytest.mark.parametrize("message", BAD, ids=lambda m: f"{m['do']}-{len(str(m))}")
def test_commands_are_checked(room: Room, message: dict[str, Any]) -> None:
    studio = room.studio
    before = studio.lanes[0].state, studio.points
    with pytest.raises(SettingError):
        commands.obey(studio, message)
    assert (studio.lanes[0].state, studio.points) == before


def test_every_command_does_something(room: Room) -> None:
    studio = room.studio
    assert not commands.obey(studio, {"do": "dance"})
    for message in (
        {"do": "add", "points": [[0, 1, 1]], "stroke": 1},
        {"do": "move", "index": 100, "x": 2, "y": 2, "stroke": 2},
        {"do": "remove", "index": 100, "stroke": 3}, {"do": "undo"}, {"do": "redo"},
        {"do": "step"}, {"do": "epoch"},
        {"do": "weight", "layer": 0, "row": 0, "value": 1.5}, {"do": "scrub", "at": 0},
        {"do": "scrub", "at": None},
        {"do": "fork", "at": 1}, {"do": "lane", "pick": 0}, {"do": "close", "lane": 1},
        {"do": "rewind", "at": 1},
        {"do": "speed", "value": 0}, {"do": "reset", "fresh": True}, {"do": "play"},
        {"do": "pause"}, {"do": "clear"},
    ):  # fmt: skip
        assert commands.obey(studio, message), message
    assert len(studio.points.x) == 0 and studio.lanes[0].seed == 1 and studio.speed == 0


@pytest.mark.parametrize(
    "view",
    [
        {"stage": "2"}, {"stage": float("inf")}, {"mode": "flat"}, {"units": [0]}, {"units": [0, -1]},
        {"window": [1, 0, 0, 1]}, {"window": [0, 1e9, 0, 1]}, {"hover": [0]}, {"unit": [0, 0.5]},
        {"unit": 3},
    ],
    ids=str,
)  # fmt: skip
def test_views_are_checked(view: dict[str, Any]) -> None:
    lens = Lens(Studio())
    before = vars(lens.view).copy()
    with pytest.raises(SettingError):
        lens.view.turn({"stage": 1, **view} if "stage" not in view else view)
    assert vars(lens.view) == before


def test_a_frame_shows_what_the_lens_is_turned_to(room: Room) -> None:
    lens = Lens(room.studio)
    header, arrays = opened(lens.frame())
    assert header["stage"] == 4 and header["axes"] == ["tanh 0", "tanh 1"]
    assert arrays["warp"].shape == (41, 41, 2) and arrays["at"].shape == (100, 2)
    assert arrays["probabilities"].shape == (1, 81, 81) and arrays["maps"].shape == (10, 24, 24)
    assert arrays["curve0"].shape == (1, 5) and "sides" not in arrays
    lens.view.turn(
        {"stage": 0.5, "mode": "pca", "window": [0, 1, 0, 1], "hover": [0, 0], "unit": [1, 1]}
    )
    header, arrays = opened(lens.frame())
    assert header["window"] == [0, 1, 0, 1] and arrays["warp"].shape[2] == 3
    assert arrays["big"].shape == (81, 81) and header["big"]["hi"] == 1
    stages = forward(room.studio.lanes[0].state.params, Config(), np.zeros((1, 2)))
    assert header["hover"]["probabilities"] == pytest.approx(stages[-1][0].tolist())
    assert [s["name"] for s in header["hover"]["stages"]] == list(Config().stages)
    lens.view.turn({"stage": 99, "units": [5, 0], "mode": "pair", "hover": None})
    assert opened(lens.frame())[0]["stage"] == 6
    room.studio.fork(None)
    header, arrays = opened(lens.frame())
    assert arrays["sides"].shape == (2, 1, 41, 41) and len(header["lanes"]) == 2


def test_home_moves_only_when_it_must(room: Room) -> None:
    lens = Lens(room.studio)
    home = opened(lens.frame())[0]["extent"]
    corner = [home[1] - 0.01, home[3] - 0.01]
    room.studio.edit(lambda edits: edits.add([corner], [0], stroke=1))
    assert opened(lens.frame())[0]["extent"] == home
    room.studio.edit(lambda edits: edits.add([(30.0, 0.0)], [0], stroke=2))
    assert opened(lens.frame())[0]["extent"][1] > 30


def test_of_very_many_points_some_are_drawn_and_each_is_moved_by_its_own_number(room: Room) -> None:
    many = PRESETS["circle"].draw(10_000, generator=stream(0, "many"))
    room.studio.load(many, ("in", "out"), "many")
    desk = room.enter(lambda: None)
    header, arrays = opened(desk.frame())
    assert header["total"] == 10_000 and len(arrays["points"]) <= 4_000
    desk.receive({"do": "move", "index": 7, "x": 9.0, "y": 9.0, "stroke": 1})
    moved = np.flatnonzero((room.studio.points.x == 9).all(axis=1))
    assert moved.tolist() == [desk.lens.shown[7]] and moved[0] != 7
    desk.leave()


def test_a_studio_without_points_and_a_broken_net_make_frames(room: Room) -> None:
    assert opened(Lens(Studio()).frame())[0]["lanes"] == []
    made = room.studio.lanes[0]
    made.put(replace(made.state, params=np.full(38, np.nan)), room.studio.points)
    header, _ = opened(Lens(room.studio).frame())
    assert header["lanes"][0]["loss"] == [None, None]
    commands.obey(room.studio, {"do": "clear"})
    assert opened(Lens(room.studio).frame())[0]["total"] == 0


def test_arrays_travel_untouched() -> None:
    arrays = {"a": np.arange(5, dtype=np.uint8), "b": np.arange(6, dtype=np.float32).reshape(2, 3)}
    header, back = opened(wire.bundled({"x": 1}, arrays))
    assert header == {"x": 1}
    for name, array in arrays.items():
        assert np.array_equal(back[name], array)
    with pytest.raises(KeyError):
        wire.bundled({}, {"c": np.arange(3)})
