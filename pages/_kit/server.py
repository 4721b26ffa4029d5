"""The ASGI side: our own routes beside Streamlit's, security headers, warm-up at start.

Live WebSocket routes come from `live`, finished videos from `detection.video_files`.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from core import engines, jobs
from pages._kit import live
from pages._kit.catalogue import EXHIBITS
from pages._kit.detection import video_files
from pages._kit.thumbnails import thumbnail
from pages._kit.topics import warm as topics_warm

ASSETS = Path(__file__).resolve().parents[2] / "assets"
ROUTES: tuple[BaseRoute, ...] = (
    Mount("/assets", StaticFiles(directory=ASSETS)),
    *live.ROUTES,
    *video_files.ROUTES,
)

# A folder called "pages" makes Streamlit look for its older kind of pages until the first run of
# st.navigation: whoever came first, by a deep link, was told that the page does not exist.
PagesManager.uses_pages_directory = False


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Prepares for the first visitor in the background, and ends all jobs with the server."""
    jobs.warm()
    Thread(target=engines.warm, name="vitrine-warm-engine", daemon=True).start()
    Thread(target=_warm_pages, name="vitrine-warm-pages", daemon=True).start()
    yield
    jobs.shutdown()


def _warm_pages() -> None:
    """Imports what the pages need and makes the lobby's pictures, so that nobody waits for it."""
    importlib.import_module("core.charts.learning")
    for exhibit in EXHIBITS:
        thumbnail(exhibit.slug)
    topics_warm.warm()


class SecurityHeaders:
    """Adds HEADERS to every HTTP response; WebSockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, with_headers)


class NoDelay:
    """Sends small messages at once, where TCP would collect them until the last one is confirmed.

    asyncio asks for that by itself, but not on sockets that were bound beforehand, as Streamlit's
    are (uvicorn issue 3149): on Linux each rerun then waits some 40 ms.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        connection = transport.get_extra_info("socket") if transport else None
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


def _inline_scripts() -> list[str]:
    """CSP hashes of the scripts that Streamlit writes into its own index page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    bodies = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


# Styles are written inline by Streamlit, KaTeX and Vega. Components v2 load their script as a blob.
POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "blob:", *_inline_scripts()],
    "worker-src": ["'self'", "blob:"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'", "ws:", "wss:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{k} {' '.join(v)}" for k, v in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
MIDDLEWARE = (Middleware(NoDelay), Middleware(SecurityHeaders))
