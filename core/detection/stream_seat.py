"""A camera's place in the frame pump, and the answers that it hears."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.detection.boxes import Detections
from core.detection.stream_follow import Followed, Follower
from core.detection.stream_picture import Picture, Wish

if TYPE_CHECKING:
    from core.detection.stream import Pump


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """What became of picture `number`, of `size` (w, h): what the detector called `title` `found`,
    in its pixels, and `followed`; or an `error`. `loading`: the detector that is on its way;
    `dropped`: pictures of this seat that a newer one replaced, so far; `sharing`: seats in use now;
    `turn`: seconds until each of those had its turn; `seconds`: by stage."""

    number: int
    title: str
    loading: str | None = None
    size: tuple[int, int] = (0, 0)
    found: Detections | None = None
    followed: Followed | None = None
    error: Exception | None = None
    dropped: int = 0
    sharing: int = 1
    turn: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)


class Seat:
    """One camera's place in a pump; its methods may be called from any thread.

    `tell` hears every answer, in order, on a thread of the pump: it must be quick and not raise.
    """

    def __init__(self, pump: Pump, wish: Wish, tell: Callable[[Answer], None]) -> None:
        self.wish = wish  # may be replaced at any time: the next picture is looked at so
        self.follower: Follower | None = None  # the same
        self.dropped = 0
        self.closed = False
        self._pump, self._tell = pump, tell
        self._put_at = -math.inf
        self._spent = 0.0  # by the model, on the last picture
        self._new: Picture | None = None  # as it came
        self._ready: Picture | None = None  # decoded

    def put(self, number: int, data: bytes) -> None:
        """A picture, JPEG; one that still waits is dropped."""
        self._pump._put(self, Picture(number, data))

    def close(self) -> None:
        """Leave; a picture being looked at is no longer answered."""
        self._pump._leave(self)

    def _answer(self, picture: Picture) -> None:
        self._spent = picture.seconds["model"]
        sharing, turn = self._pump._circle()
        if picture.error is None:
            picture.choose(self.wish.settings, self.follower)
        answer = Answer(
            number=picture.number,
            title=picture.title,
            loading=self.wish.loading,
            size=picture.size,
            found=picture.found,
            followed=picture.followed,
            error=picture.error,
            dropped=self.dropped,
            sharing=sharing,
            turn=turn,
            seconds=picture.seconds,
        )
        if not self.closed:
            self._tell(answer)
