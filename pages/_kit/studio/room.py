"""A studio as a live room: each socket has a lens of its own and may command the one studio."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from typing import Any

from core.errors import require
from core.nets.studio import Studio
from pages._kit.studio.commands import obey, whole
from pages._kit.studio.lens import Lens


class Room:
    """The room of one visitor."""

    def __init__(self) -> None:
        self.studio = Studio()
        self.linked: str | None = None  # the points of the link, as they were put there or read
        self.own = (
            False  # the points are a table of the visitor's own, which no setting brings back
        )
        self.used: object = None  # the point that was last chosen for an update by hand
        self.over = False  # they are too many for a link

    def enter(self, changed: Callable[[], None]) -> Desk:
        """A browser comes in; `changed` is called whenever there is something new to see."""
        return Desk(self.studio, changed)


class Desk:
    """What one browser has of the room."""

    def __init__(self, studio: Studio, changed: Callable[[], None]) -> None:
        self.studio, self.lens = studio, Lens(studio)
        self._news = Event()
        self._news.set()
        self._drawing = Lock()
        self._tell = changed
        self._leave = studio.listen(self._note)

    def _note(self) -> None:
        self._news.set()
        self._tell()

    def receive(self, message: dict[str, Any]) -> None:
        """Do what the browser asks. Raises VitrineError with a message for the visitor."""
        self.studio.attend()
        match message.get("do"):
            case "drawn":
                return
            case "view":
                self.lens.view.turn(message)
                if "window" in message and message["window"] is None:
                    self.lens.home = None
                self._note()
                return
            case "move" | "remove":
                shown, index = self.lens.shown, whole(message, "index")
                wanted = f"0 to {len(shown) - 1}"
                require(index < len(shown), "point", wanted=wanted, given=index)
                message = message | {"index": int(shown[index])}
        obey(self.studio, message)

    def frame(self) -> bytes | None:
        """The newest frame; None where nothing has changed since the last."""
        if not self._news.is_set():
            return None
        self._news.clear()
        with self._drawing:
            return self.lens.frame()

    def leave(self) -> None:
        """The browser is gone."""
        self._leave()
