"""A visitor's cameras: a booth for each socket, a seat of the server's frame pump behind each.

What is chosen in the sidebar reaches every booth at once, without a new connection. What the
browser itself asks (follow, a line to count at, count anew) reaches only its own.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any

from core.detection import draw
from core.detection.crossing import Line
from core.detection.stream import Answer, Pump
from core.detection.stream_follow import Follower
from core.detection.stream_picture import Wish
from core.errors import SettingError, UnavailableError, VitrineError

log = logging.getLogger(__name__)

IN_FLIGHT = 2  # pictures of one browser that wait for their answer
OUR_FAULT = "The detector broke on this picture, and it is our fault; details are in the log."


class Room:
    """The room of one visitor; `want` must be called before anybody sits down."""

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self._lock = Lock()
        self._wish: Wish | None = None
        self._booths: set[Booth] = set()
        self._closed = False

    def want(self, wish: Wish) -> None:
        """From now on pictures are looked at so."""
        with self._lock:
            self._wish = wish
            for booth in self._booths:
                booth.seat.wish = wish

    @contextmanager
    def expecting(self, title: str) -> Iterator[None]:
        """Inside, a detector called `title` is being loaded; until `want` the old one goes on."""
        old = self._wish
        if old is None or old.title == title:
            yield
            return
        self.want(replace(old, loading=title))
        try:
            yield
        finally:
            self.want(old)

    def sit(self, tell: Callable[[str], None]) -> Booth:
        """A browser comes in. Raises UnavailableError where the visit has ended."""
        with self._lock:
            if self._closed or self._wish is None:
                raise UnavailableError("This visit has ended: load the page again.")
            made = Booth(self, self._pump, self._wish, tell)
            self._booths.add(made)
            return made

    def close(self) -> None:
        """The visitor has left."""
        with self._lock:
            self._closed = True
            booths = list(self._booths)
        for booth in booths:
            booth.leave()

    def gone(self, booth: Booth) -> None:
        """A browser has left."""
        with self._lock:
            self._booths.discard(booth)


class Booth:
    """What one browser has of the room."""

    def __init__(self, room: Room, pump: Pump, wish: Wish, tell: Callable[[str], None]) -> None:
        self._room, self._tell = room, tell
        self._asked: deque[int] = deque()  # numbers of pictures without an answer
        self._newest = -1
        self._logged: object = None  # the detector whose failure is in the log already
        self.seat = pump.seat(wish, self._told)

    def picture(self, heading: dict[str, Any], data: bytes) -> bool:
        """Take a picture; False where no page of ours would have sent it (its number is none, or
        not above the last, or two are in flight already), and where the visit has ended."""
        number = heading.get("n")
        if self.seat.closed:
            return False
        if type(number) is not int or number <= self._newest or len(self._asked) >= IN_FLIGHT:
            return False
        self._newest = number
        self._asked.append(number)
        self.seat.put(number, data)
        return True

    def receive(self, message: dict[str, Any]) -> None:
        """Do what the browser asks. Raises SettingError for what it may not."""
        seat = self.seat
        follower = seat.follower
        match message.get("do"):
            case "follow":
                line = follower.line if follower else None
                seat.follower = Follower(line) if message.get("on") is True else None
            case "again" if follower:
                seat.follower = Follower(follower.line)
            case "line" if follower:
                follower.line = _line(message)

    def leave(self) -> None:
        """The browser is gone."""
        self.seat.close()
        self._room.gone(self)

    def _told(self, answer: Answer) -> None:
        while self._asked and self._asked[0] <= answer.number:
            self._asked.popleft()
        error = answer.error
        if (
            error is not None
            and not isinstance(error, VitrineError)
            and self._logged != answer.title
        ):
            self._logged = answer.title
            log.error("a detector failed on a live picture", exc_info=error)
        self._tell(json.dumps(described(answer)))


def described(answer: Answer) -> dict[str, Any]:
    """`answer` as plain values for the browser's script."""
    found, followed = answer.found, answer.followed
    boxes = [] if found is None else draw.described(list(found), _palette(found.labels))
    told: dict[str, Any] = {
        "n": answer.number,
        "size": answer.size,
        "title": answer.title,
        "loading": answer.loading,
        "error": _sentence(answer.error),
        "dropped": answer.dropped,
        "sharing": answer.sharing,
        "turn": round(answer.turn, 5),
        "seconds": {name: round(spent, 5) for name, spent in answer.seconds.items()},
        "boxes": boxes,
    }
    if followed is not None:
        told["boxes"] = [
            box | {"id": one} for box, one in zip(boxes, followed.ids.tolist(), strict=True)
        ]
        told["trails"] = {
            one: [[round(x, 1), round(y, 1)] for x, y in way]
            for one, way in followed.trails.items()
        }
        told["seen"], told["crossed"] = followed.seen, followed.crossed
    return told


def _sentence(error: Exception | None) -> str | None:
    """What the visitor is told of it."""
    if error is None:
        return None
    return str(error) if isinstance(error, VitrineError) else OUR_FAULT


@lru_cache(maxsize=16)
def _palette(labels: tuple[str, ...]) -> dict[str, draw.Colour]:
    return draw.colours(labels)


def _line(message: dict[str, Any]) -> Line | None:
    """The line of a message. Raises SettingError where it is none."""
    ends = message.get("ends")
    if ends is None:
        return None
    good = isinstance(ends, list) and len(ends) == 4 and all(type(v) in (int, float) for v in ends)
    if not good:
        raise SettingError("line", wanted="x, y of two ends", given=str(ends)[:60])
    x0, y0, x1, y1 = map(float, ends)
    return Line((x0, y0), (x1, y1))
