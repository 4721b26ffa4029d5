"""The frame pump: many cameras, one detector at work, always the newest picture.

Every camera has a seat. A seat holds only its newest picture: one that comes while another waits
takes its place, so a slow detector lowers the rate and adds no lag. The seats are served in a
circle, and nobody starves.

    put -> decode, resize -> model -> choose, follow -> tell
           thread aside      thread     thread aside
                             model

While the model looks at one picture the next is decoded beside it, on the other core: with two
pictures under way the model hardly ever waits. Of the seats that wait, only the one whose turn is
next has its newer pictures decoded; those of the others may still be replaced.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from threading import Condition, Thread

from core import device
from core.detection.stream_picture import Picture, Wish, look
from core.detection.stream_seat import Answer, Seat
from core.errors import require

SEATS = 64  # of one pump, at most
IDLE = 2.0  # seconds without a picture after which a seat is not in use
FEW = 2  # cores: with so few, torch does better on one and leaves the other to everything else


class Pump:
    """Serves its seats until closed. `batch`: pictures of seats with one and the same detector that
    are looked at together, which pays on a GPU."""

    def __init__(self, *, batch: int = 1) -> None:
        require(batch >= 1, "batch", wanted="at least 1", given=batch)
        self._batch = batch
        self._news = Condition()
        self._ring: deque[Seat] = deque()  # the first has been waiting longest for its turn
        self._done: deque[tuple[Seat, Picture]] = deque()
        self._closed = False
        self._threads = [
            Thread(target=work, name=f"vitrine-pump-{name}", daemon=True)
            for name, work in (("aside", self._aside), ("model", self._model))
        ]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        return len(self._ring)

    def seat(self, wish: Wish, tell: Callable[[Answer], None]) -> Seat:
        """A new seat. Raises SettingError where all are taken."""
        with self._news:
            taken = len(self._ring)
            require(taken < SEATS, "live cameras", wanted=f"at most {SEATS}", given=taken + 1)
            made = Seat(self, wish, tell)
            self._ring.append(made)
            return made

    def close(self) -> None:
        """End, when the picture being looked at is done."""
        with self._news:
            self._closed = True
            for seat in list(self._ring):
                self._leave(seat)
            self._news.notify_all()
        for thread in self._threads:
            thread.join()

    def _put(self, seat: Seat, picture: Picture) -> None:
        with self._news:
            if seat.closed:
                return
            seat._put_at = time.monotonic()
            seat.dropped += seat._new is not None
            seat._new = picture
            self._news.notify_all()

    def _leave(self, seat: Seat) -> None:
        with self._news:
            if not seat.closed:
                seat.closed = True
                seat._new = seat._ready = seat.follower = None
                self._ring.remove(seat)
                self._news.notify_all()  # another may be next now

    def _circle(self) -> tuple[int, float]:
        """How many seats are in use, and how many seconds the model needs for a picture of each."""
        with self._news:
            now = time.monotonic()
            used = [seat for seat in self._ring if now - seat._put_at < IDLE]
        together: dict[int, list[float]] = {}
        for i, seat in enumerate(used):
            # What is looked at one by one takes the sum of the times, a batch that of its slowest.
            key = id(seat.wish.detector) if self._batch > 1 else i
            together.setdefault(key, []).append(seat._spent)
        rounds = (max(each) * math.ceil(len(each) / self._batch) for each in together.values())
        return max(1, len(used)), sum(rounds)

    # Beside the model: decoding, and everything that comes after it

    def _aside(self) -> None:
        for seat, picture, fresh in self._errands():
            if fresh:
                picture.open(seat.wish.settings.longest)
            if fresh and picture.error is None:
                with self._news:
                    if not seat.closed:
                        seat.dropped += seat._ready is not None
                        seat._ready = picture
                        self._news.notify_all()
            else:
                seat._answer(picture)

    def _errands(self) -> Iterator[tuple[Seat, Picture, bool]]:
        """What to do next beside the model: a picture, and whether it is to be decoded."""
        while True:
            with self._news:
                while not (errand := self._errand()):
                    if self._closed:
                        return
                    self._news.wait()
            yield errand

    def _errand(self) -> tuple[Seat, Picture, bool] | None:
        if self._done:
            seat, picture = self._done.popleft()
            return seat, picture, False
        first = True  # of those that wait
        for seat in self._ring:
            if seat._new and (first or not seat._ready):
                picture, seat._new = seat._new, None
                return seat, picture, True
            first = first and not seat._ready
        return None

    # The model

    def _model(self) -> None:
        few = device.THREADS <= FEW
        while turns := self._turns():
            pictures = [picture for _, picture in turns]
            with device.one_thread() if few else nullcontext():
                look(turns[0][0].wish, pictures)
            with self._news:
                self._done.extend(turns)
                self._news.notify_all()

    def _turns(self) -> list[tuple[Seat, Picture]]:
        """The next seat and its picture, and others that want the same; empty at the end."""
        with self._news:
            while True:
                if self._closed:
                    return []
                turns: list[tuple[Seat, Picture]] = []
                for seat in self._ring:
                    same = not turns or seat.wish.matches(turns[0][0].wish)
                    if seat._ready and same and len(turns) < self._batch:
                        turns.append((seat, seat._ready))
                if turns:
                    break
                self._news.wait()
            for seat, picture in turns:
                picture.passed("wait")
                seat._ready = None
                self._ring.remove(seat)
                self._ring.append(seat)
            self._news.notify_all()  # another is next now
            return turns
