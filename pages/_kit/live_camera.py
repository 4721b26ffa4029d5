"""A live line with pictures going up: the room's and the socket's side of it.

Pictures come as binary messages: 4 bytes of length, little-endian, that much JSON, the picture.
Answers go down as they are made. The browser keeps to two pictures in flight, the room sees to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import VitrineError
from pages._kit.live_messages import REFUSED, received, spoken, taken_apart

UNREAD = 8  # answers that wait for a slow line; older ones are dropped


class Booth(Protocol):
    """What one socket has of a room with cameras. Its methods are quick and return at once."""

    def receive(self, message: dict[str, Any]) -> None:
        """Do what the browser asks. Raises VitrineError with a message for the visitor."""

    def picture(self, heading: dict[str, Any], data: bytes) -> bool:
        """Take a picture; False where no page of ours would have sent it."""

    def leave(self) -> None:
        """The socket is closed."""


@runtime_checkable
class CameraRoom(Protocol):
    """A room that looks at pictures."""

    def sit(self, tell: Callable[[str], None]) -> Booth:
        """A new socket; `tell` takes every answer, as JSON, from any thread.

        Raises VitrineError where there is no place left."""


async def look(socket: WebSocket, room: CameraRoom) -> None:
    """Pictures up, answers down."""
    loop = asyncio.get_running_loop()
    answers: asyncio.Queue[str] = asyncio.Queue()

    def put(text: str) -> None:
        if answers.qsize() >= UNREAD:
            answers.get_nowait()
        answers.put_nowait(text)

    def tell(text: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closing with the server
            loop.call_soon_threadsafe(put, text)

    async def send() -> None:
        with contextlib.suppress(WebSocketDisconnect):  # told to the receiving side as well
            while True:
                await socket.send_text(await answers.get())

    try:
        booth = room.sit(tell)
    except VitrineError as error:
        await socket.send_text(json.dumps({"refused": str(error)}))
        await socket.close(REFUSED)
        return
    sender = asyncio.create_task(send())
    try:
        while True:
            message = await received(socket)
            data = message.get("bytes")
            if data is not None:
                taken = taken_apart(data)
                good = taken is not None and booth.picture(*taken)
            else:
                asked = spoken(message)
                good = asked is not None
                if asked is not None:
                    try:
                        booth.receive(asked)
                    except VitrineError as error:
                        tell(json.dumps({"trouble": str(error)}))
            if not good:
                await socket.close(REFUSED)
                return
    finally:
        sender.cancel()
        booth.leave()
