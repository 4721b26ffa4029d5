"""WebSocket routes: a visitor's own live room, the newest frame only.

Streamlit protects none of our routes, so a socket is let in only from a page of this server
(Origin) that knows the token of a room, which its component was given.

/live/studio   frames go down, each when the one before is drawn: a slow browser skips frames, and
               what makes them never waits for it
/live/camera   pictures go up, answers come down: pages/_kit/live_camera.py
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol, runtime_checkable
from weakref import WeakValueDictionary

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import get_option

from core.errors import VitrineError
from pages._kit.live_camera import CameraRoom, look
from pages._kit.live_messages import REFUSED, received, spoken

log = logging.getLogger(__name__)

FASTEST = 1 / 45  # seconds between two frames, at least


class Desk(Protocol):
    """What one socket has of a room: its own view of it."""

    def receive(self, message: dict[str, Any]) -> None:
        """Do what the browser asks. Raises VitrineError with a message for the visitor."""

    def frame(self) -> bytes | None:
        """The newest frame; None where the browser has it already. Called from any thread."""

    def leave(self) -> None:
        """The socket is closed."""


@runtime_checkable
class Room(Protocol):
    """Something live that sockets can enter."""

    def enter(self, changed: Callable[[], None]) -> Desk:
        """A new socket; `changed` is called, from any thread, whenever there is a new frame."""


_rooms: WeakValueDictionary[str, Room | CameraRoom] = WeakValueDictionary()


def admit(room: Room | CameraRoom) -> str:
    """A token that lets a browser into `room`, for as long as somebody holds the room."""
    token = secrets.token_urlsafe(24)
    _rooms[token] = room
    return token


async def serve(
    socket: WebSocket, kind: type, converse: Callable[[WebSocket, Any], Awaitable[None]]
) -> None:
    """One socket, from its greeting to its end; it must name a room of this `kind`."""
    origin = socket.headers.get("origin")
    if origin is None or not _ours(origin, socket.headers.get("host", "")):
        await socket.close(REFUSED)
        return
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        greeting = spoken(await received(socket))
        room = _rooms.get(str(greeting.get("token"))) if greeting else None
        if not isinstance(room, kind):
            await socket.close(REFUSED)
            return
        await converse(socket, room)


def _ours(origin: str, host: str) -> bool:
    """Whether a page of this origin may speak to us: of the same host, or of one that was named."""
    return origin.partition("://")[2] == host or origin in get_option("server.corsAllowedOrigins")


async def _converse(socket: WebSocket, room: Room) -> None:
    loop = asyncio.get_running_loop()
    news, drawn = asyncio.Event(), asyncio.Event()
    drawn.set()

    def changed() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closing with the server
            loop.call_soon_threadsafe(news.set)

    desk = room.enter(changed)
    sender = asyncio.create_task(_send(socket, desk, news, drawn))
    try:
        while True:
            message = spoken(await received(socket))
            if message is None:
                await socket.close(REFUSED)
                return
            if message.get("do") == "drawn":
                drawn.set()
            try:
                await asyncio.to_thread(desk.receive, message)
            except VitrineError as error:
                await socket.send_text(json.dumps({"error": str(error)}))
            news.set()
    finally:
        sender.cancel()
        desk.leave()


async def _send(socket: WebSocket, desk: Desk, news: asyncio.Event, drawn: asyncio.Event) -> None:
    while True:
        await drawn.wait()
        news.clear()
        frame = await asyncio.to_thread(desk.frame)
        if frame is None:
            await news.wait()
            continue
        drawn.clear()
        await socket.send_bytes(frame)
        await asyncio.sleep(FASTEST)


ROUTES: tuple[BaseRoute, ...] = (
    WebSocketRoute("/live/studio", partial(serve, kind=Room, converse=_converse)),
    WebSocketRoute("/live/camera", partial(serve, kind=CameraRoom, converse=look)),
)
