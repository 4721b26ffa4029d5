"""What browsers say over our WebSockets, bounded and taken apart; nothing of it is trusted."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

LARGEST = 1 << 20  # bytes of one message of text
HEADING = 1 << 10  # bytes of JSON before a picture
PICTURE = 2 << 20  # bytes of a picture
REFUSED = 1008  # the WebSocket code for a policy that was not kept


async def received(socket: WebSocket) -> Message:
    """What comes next; raises WebSocketDisconnect at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    return message


def spoken(message: Message) -> dict[str, Any] | None:
    """The message that was received; None for what no page of ours would send."""
    text = message.get("text")
    return _json(text) if text is not None and len(text) <= LARGEST else None


def taken_apart(data: bytes) -> tuple[dict[str, Any], bytes] | None:
    """Heading and picture of a binary message; None for what no page of ours would send."""
    end = 4 + int.from_bytes(data[:4], "little")
    if not 4 < end <= min(len(data), 4 + HEADING) or len(data) - end > PICTURE:
        return None
    heading = _json(data[4:end])
    return None if heading is None else (heading, data[end:])


def _json(text: str | bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
