"""The ASGI side, without a browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

from pages._kit import server


def run(coroutine: Coroutine) -> None:
    """In a thread of its own: Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


class Transport:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def get_extra_info(self, name: str) -> socket.socket | None:
        return self.connection if name == "socket" else None


class Cycle:
    def __init__(self, connection: socket.socket) -> None:
        self.transport = Transport(connection)

    async def send(self, message) -> None:
        self.sent = message


async def app(scope, receive, send) -> None:
    await send({"type": "http.response.start", "headers": []})


async def nothing() -> None:
    return None


def test_connections_send_at_once() -> None:
    with socket.socket() as connection:
        assert not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        cycle = Cycle(connection)
        run(server.NoDelay(app)({"type": "http"}, nothing, cycle.send))
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert cycle.sent["type"] == "http.response.start"


def test_a_server_without_transports_works_too() -> None:
    heard = []

    async def send(message) -> None:
        heard.append(message)

    run(server.NoDelay(app)({"type": "websocket"}, nothing, send))
    assert len(heard) == 1


def test_every_http_answer_carries_the_headers_and_websockets_pass() -> None:
    heard = []

    async def send(message) -> None:
        heard.append(message)

    run(server.SecurityHeaders(app)({"type": "http"}, nothing, send))
    run(server.SecurityHeaders(app)({"type": "websocket"}, nothing, send))
    names = {name.decode() for name, _ in heard[0]["headers"]}
    assert names == {name.lower() for name in server.HEADERS}
    assert heard[1]["headers"] == []


def test_the_scripts_of_streamlits_page_are_the_only_inline_ones() -> None:
    script = next(
        p for p in server.HEADERS["Content-Security-Policy"].split("; ") if "script-src" in p
    )
    assert "'unsafe-inline'" not in script and "'unsafe-eval'" not in script
    assert script.count("'sha256-") >= 1
