"""Where this visitor's videos lie on the disk, and the route by which their browser plays them.

/clips/<token>   one finished video, in pieces if the browser asks for pieces, so that it can jump
                 about in it. The token is handed only to the page of whoever made the video, and
                 ends with the folder.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from weakref import WeakValueDictionary

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Route
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.detection import video_sample
from core.detection.video_write import coding

PATH = "/clips"
# A video is one visitor's own: no cache between keeps it, no other site shows it.
HEADERS = {"Cache-Control": "private, no-store", "Cross-Origin-Resource-Policy": "same-origin"}


class Folder:
    """A folder of its own, gone when nobody holds it any more."""

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="vitrine-", ignore_cleanup_errors=True)
        self.path = Path(self._kept.name)

    def remove(self) -> None:
        """Delete it now; any number of times."""
        self._kept.cleanup()


class Ticket:
    """A video that a browser may fetch, for as long as somebody holds the ticket."""

    def __init__(self, path: Path, mime: str) -> None:
        self.path, self.mime = path, mime
        self.token = secrets.token_urlsafe(24)
        _tickets[self.token] = self

    @property
    def address(self) -> str:
        """Where the browser finds it, from the root of the site."""
        return f"{PATH}/{self.token}"


_tickets: WeakValueDictionary[str, Ticket] = WeakValueDictionary()


async def _hand_out(request: Request) -> FileResponse:
    ticket = _tickets.get(request.path_params["token"])
    if ticket is None or not ticket.path.is_file():
        raise HTTPException(404)
    return FileResponse(ticket.path, media_type=ticket.mime, headers=HEADERS)


ROUTES: tuple[BaseRoute, ...] = (Route(PATH + "/{token}", _hand_out),)


@st.cache_resource(
    show_spinner="Making the sample clip …", on_release=lambda made: made[0].remove()
)
def sample() -> tuple[Folder, Path]:
    """The sample clip, made once a server."""
    folder = Folder()
    path = folder.path / f"sample.{coding().ending}"
    video_sample.write(path)
    return folder, path


@st.cache_resource(
    max_entries=2,
    scope="session",
    show_spinner="Taking the video in …",
    on_release=lambda made: made[0].remove(),
)
def uploaded(file_id: str, _file: UploadedFile) -> tuple[Folder, Path]:
    """An upload as a file; deleted with the visit, or when two others have come."""
    folder = Folder()
    path = folder.path / "upload"
    with path.open("wb") as copy:
        copy.write(_file.getbuffer())
    return folder, path
