"""The frame pump: the newest picture only, everybody's turn, clean ends; JPEG bounded and checked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.detection import stream, stream_jpeg
from core.detection.boxes import Detections
from core.detection.crossing import Line
from core.detection.pipeline import Settings
from core.detection.stream import SEATS, Answer, Pump, Seat
from core.detection.stream_follow import Follower
from core.detection.stream_picture import STAGES, Wish
from core.errors import SettingError, UploadError


def jpeg(width: int = 64, height: int = 48, value: int = 0) -> bytes:
    """A plain picture; its brightness tells which."""
    picture = np.full((height, width, 3), value, np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


class Planted:
    """Finds one box as wide as half the picture, scored by its brightness / 255, when let."""

    labels = ("thing",)
    limit = 0.5

    def __init__(self, seconds: float = 0.0, *, held: bool = False, name: str = "planted") -> None:
        self.name, self.seconds = name, seconds
        self.may, self.busy = threading.Event(), threading.Event()
        self.seen: list[list[int]] = []
        self.shapes: list[tuple[int, ...]] = []
        if not held:
            self.may.set()

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        self.busy.set()
        self.may.wait(10)
        time.sleep(self.seconds)
        self.seen.append([int(frame.mean()) for frame in frames])
        self.shapes += [frame.shape for frame in frames]
        return [self._found(frame) for frame in frames]

    def _found(self, frame: np.ndarray) -> Detections:
        height, width = frame.shape[:2]
        score = [float(frame.mean()) / 255]
        return Detections.within(
            [[0, 0, width / 2, height]], score, [0], self.labels, (width, height)
        )

    def suppressing(self, limit: float) -> Planted:
        return self


class Broken(Planted):
    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        raise ZeroDivisionError("a bug")


class Heard(list[Answer]):
    """Answers as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def __call__(self, answer: Answer) -> None:
        with self._news:
            self.append(answer)
            self._news.notify_all()

    def until(self, holds: Callable[[Heard], bool], seconds: float = 10) -> Heard:
        with self._news:
            assert self._news.wait_for(lambda: holds(self), seconds), f"heard {list(self)}"
        return self

    def number(self, number: int) -> Answer:
        self.until(lambda heard: any(a.number == number for a in heard))
        return next(a for a in self if a.number == number)


def wish(detector: Planted, **more: object) -> Wish:
    return Wish(detector=detector, title=detector.name, settings=Settings(threshold=0.0, **more))


@pytest.fixture
def pump() -> Iterator[Pump]:
    made = Pump()
    yield made
    made.close()


def waiting(seat: Seat, number: int) -> None:
    """Until picture `number` is decoded and waits."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if seat._ready is not None and seat._ready.number == number:
            return
        time.sleep(0.001)
    raise AssertionError("never decoded")


def test_an_answer_tells_what_was_found_in_the_picture_as_it_came(pump: Pump) -> None:
    planted, heard = Planted(0.01), Heard()
    seat = pump.seat(wish(planted, longest=32), heard)
    seat.put(7, jpeg(64, 48, 200))
    answer = heard.number(7)
    assert planted.shapes == [(24, 32, 3)] and answer.size == (64, 48)
    assert answer.found is not None and answer.found.boxes.tolist() == [[0, 0, 32, 48]]
    assert answer.found.scores[0] == pytest.approx(200 / 255, abs=0.01)
    assert (answer.title, answer.error, answer.sharing) == ("planted", None, 1)
    assert answer.followed is None and answer.dropped == 0
    assert tuple(answer.seconds) == STAGES and 0.01 <= answer.seconds["model"] < 1
    assert answer.seconds["decode"] > 0 and min(answer.seconds.values()) >= 0


def test_only_the_newest_is_looked_at(pump: Pump) -> None:
    planted, heard = Planted(held=True), Heard()
    seat = pump.seat(wish(planted), heard)
    seat.put(0, jpeg(value=0))
    planted.busy.wait(5)
    for number in range(1, 30):
        seat.put(number, jpeg(value=5 * number))
    waiting(seat, 29)
    planted.may.set()
    assert heard.number(29).dropped == 28
    assert [a.number for a in heard] == [0, 29] and planted.seen == [[0], [145]]


def test_the_next_picture_is_decoded_while_the_model_is_at_work(pump: Pump) -> None:
    planted, heard = Planted(held=True), Heard()
    seat = pump.seat(wish(planted), heard)
    seat.put(0, jpeg())
    planted.busy.wait(5)
    seat.put(1, jpeg())
    waiting(seat, 1)
    time.sleep(0.1)
    planted.may.set()
    assert heard.number(1).seconds["wait"] >= 0.1 > heard.number(0).seconds["wait"]


def test_pictures_of_those_not_yet_next_are_not_decoded_over_and_over(pump: Pump) -> None:
    planted = Planted(held=True)
    seats = [pump.seat(wish(planted), Heard()) for _ in range(3)]
    seats[0].put(0, jpeg())
    planted.busy.wait(5)
    for seat in seats[1:]:
        seat.put(1, jpeg())
        waiting(seat, 1)
    seats[2].put(2, jpeg())
    seats[1].put(2, jpeg())
    waiting(seats[1], 2)
    assert seats[2]._ready is not None and seats[2]._ready.number == 1 and seats[2]._new
    planted.may.set()


def test_nobody_starves_beside_three_that_never_stop(pump: Pump) -> None:
    planted = Planted(0.01)
    heard = [Heard() for _ in range(4)]
    seats = [pump.seat(wish(planted), each) for each in heard]
    end, number = time.monotonic() + 1.2, 0
    while time.monotonic() < end:
        number += 1
        for i, seat in enumerate(seats):
            for _ in range(1 if i == 3 else 5):  # the last one is the most modest
                seat.put(number, jpeg())
        time.sleep(0.002)
    counts = [len(each) for each in heard]
    assert min(counts) >= 0.8 * max(counts) and sum(counts) > 40, counts
    assert all(a.sharing == 4 for each in heard for a in each)
    for each in heard:
        numbers = [a.number for a in each]
        assert numbers == sorted(numbers)
        assert all(a.found is not None for a in each)


def test_a_seat_left_while_its_picture_is_looked_at_hears_nothing(pump: Pump) -> None:
    planted, gone, heard = Planted(held=True), Heard(), Heard()
    leaving, staying = pump.seat(wish(planted), gone), pump.seat(wish(planted), heard)
    leaving.put(0, jpeg())
    planted.busy.wait(5)
    staying.put(1, jpeg())
    leaving.close()
    leaving.close()
    leaving.put(2, jpeg())
    assert len(pump) == 1
    planted.may.set()
    assert heard.number(1).error is None
    assert not gone and planted.seen == [[0], [0]]


def test_an_error_reaches_only_its_seat_and_the_next_picture_may_be_better(pump: Pump) -> None:
    good, bad = Heard(), Heard()
    fine, broken = pump.seat(wish(Planted()), good), pump.seat(wish(Broken()), bad)
    for number in range(3):
        broken.put(number, jpeg())
        fine.put(number, jpeg())
        assert isinstance(bad.number(number).error, ZeroDivisionError)
        assert bad.number(number).found is None and good.number(number).error is None
    broken.put(3, b"no picture")
    assert isinstance(bad.number(3).error, UploadError)
    broken.wish = wish(Planted())
    broken.put(4, jpeg())
    assert bad.number(4).error is None


def test_the_detector_is_swapped_in_mid_stream(pump: Pump) -> None:
    old, new, heard = Planted(held=True, name="old"), Planted(name="new"), Heard()
    seat = pump.seat(wish(old), heard)
    seat.wish = Wish(detector=old, title="old", settings=Settings(threshold=0), loading="new")
    seat.put(0, jpeg())
    old.busy.wait(5)
    seat.put(1, jpeg())
    waiting(seat, 1)
    seat.wish = wish(new)  # one is being looked at by the old one, one waits: none is lost
    old.may.set()
    heard.number(1)
    assert [a.title for a in heard] == ["old", "new"] and heard[0].dropped == 0
    assert old.seen == [[0]] and new.seen == [[0]]
    seat.wish = Wish(detector=new, title="new", loading="newer")
    seat.put(2, jpeg())
    assert (heard.number(2).title, heard.number(2).loading) == ("new", "newer")


def test_settings_hold_from_the_next_answer_on(pump: Pump) -> None:
    planted, heard = Planted(), Heard()
    seat = pump.seat(wish(planted), heard)
    seat.put(0, jpeg(value=100))
    assert len(heard.number(0).found or ()) == 1
    seat.wish = Wish(detector=planted, title="", settings=Settings(threshold=0.5))
    seat.put(1, jpeg(value=100))
    assert heard.number(1).found is not None and len(heard.number(1).found or ()) == 0


def test_things_are_followed_while_asked_and_counted_at_the_line(pump: Pump) -> None:
    heard = Heard()
    seat = pump.seat(wish(Planted()), heard)
    seat.follower = Follower(Line((0.1, 0.0), (0.1, 1.0)))
    for number in range(6):
        seat.put(number, jpeg(value=100))
        heard.number(number)
    followed = heard[-1].followed
    assert followed is not None and followed.ids.tolist() == [1] and followed.seen == {"thing": 1}
    assert followed.trails[1][-1] == (16.0, 24.0) and followed.crossed == {}
    seat.follower = None
    seat.put(6, jpeg())
    assert heard.number(6).followed is None


def boxes(x: float, size: int = 100, labels: tuple[str, ...] = ("thing",)) -> Detections:
    return Detections.within([[x - 15, 20, x + 15, 60]], [0.9], [0], labels, (size, size))


def test_a_follower_counts_who_crosses_and_begins_again_with_new_labels_or_sizes() -> None:
    follower = Follower(Line((0.5, 0.0), (0.5, 1.0)))
    for x in range(20, 81, 5):
        told = follower.follow(boxes(x), (100, 100))
    assert told.crossed == {"thing": (0, 1)} and told.seen == {"thing": 1}
    follower.line = Line((0.0, 0.5), (1.0, 0.5))
    told = follower.follow(boxes(80), (100, 100))
    assert told.crossed == {} and told.seen == {"thing": 1} and told.ids.tolist() == [1]
    assert follower.follow(boxes(80, labels=("other",)), (100, 100)).seen == {}
    for _ in range(4):
        told = follower.follow(boxes(80, 200), (200, 200))
    assert told.seen == {"thing": 1} and len(told.trails[1]) <= 4


def test_pictures_for_one_detector_are_looked_at_together_where_that_pays() -> None:
    pump = Pump(batch=3)
    planted, other = Planted(held=True), Planted()
    heard = [Heard() for _ in range(6)]
    seats = [pump.seat(wish(planted), each) for each in heard[:5]]
    seats.append(pump.seat(wish(other), heard[5]))
    seats[0].put(0, jpeg(value=0))
    planted.busy.wait(5)
    for i, seat in enumerate(seats[1:], 1):
        seat.put(1, jpeg(value=10 * i))
        waiting(seat, 1)
    planted.may.set()
    for each in heard[1:]:
        assert each.number(1).error is None
    assert planted.seen == [[0], [10, 20, 30], [40]] and other.seen == [[50]]
    seats[0].wish = wish(planted, overlap=0.3)
    assert not seats[0].wish.matches(seats[1].wish)
    pump.close()


@pytest.mark.parametrize("batch, turn", [(1, 0.3), (2, 0.25)])
def test_a_seat_is_told_who_shares_the_detector_and_how_long_a_turn_takes(
    monkeypatch: pytest.MonkeyPatch, batch: int, turn: float
) -> None:
    pump = Pump(batch=batch)
    one, other = Planted(0.02), Planted()
    heard = [Heard() for _ in range(4)]
    seats = [
        pump.seat(wish(each), h) for each, h in zip([one, one, other, one], heard, strict=True)
    ]
    for i in range(3):  # the fourth sends nothing and counts for nothing
        seats[i].put(0, jpeg())
        heard[i].number(0)
    assert heard[2][0].sharing == 3 and heard[2][0].turn >= 0.02
    for seat, spent in zip(seats, (0.05, 0.1, 0.15, 9.0), strict=True):
        seat._spent = spent
    assert pump._circle() == (3, pytest.approx(turn))
    monkeypatch.setattr(stream, "IDLE", 0.0)
    assert pump._circle() == (1, 0)
    monkeypatch.setattr(stream, "IDLE", 60.0)
    seats[0].close()
    seats[1].put(1, jpeg())
    assert heard[1].number(1).sharing == 2
    pump.close()


def test_closing_ends_the_threads_and_the_seats() -> None:
    before = set(threading.enumerate())
    pump = Pump()
    planted, heard = Planted(0.05), Heard()
    seats = [pump.seat(wish(planted), heard) for _ in range(3)]
    for seat in seats:
        seat.put(0, jpeg())
    pump.close()
    pump.close()
    assert set(threading.enumerate()) == before and len(pump) == 0
    assert all(seat.closed for seat in seats)
    count = len(heard)
    seats[0].put(1, jpeg())
    time.sleep(0.05)
    assert len(heard) == count


def test_there_are_only_so_many_seats(pump: Pump) -> None:
    for _ in range(SEATS):
        pump.seat(wish(Planted()), Heard())
    with pytest.raises(SettingError, match="live cameras"):
        pump.seat(wish(Planted()), Heard())
    with pytest.raises(SettingError, match="batch"):
        Pump(batch=0)


# JPEG


@given(st.integers(1, 200), st.integers(1, 200), st.booleans())
@settings(max_examples=25, deadline=None)
def test_sizes_are_read_from_the_header(width: int, height: int, progressive: bool) -> None:
    picture = np.zeros((height, width, 3), np.uint8)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])[
        1
    ].tobytes()
    assert stream_jpeg.size(data) == (width, height)
    assert stream_jpeg.decode(data).shape == (height, width, 3)
    # A comment before the frame header, and filling bytes, are passed over.
    padded = data[:2] + b"\xff\xfe\x00\x06abcd" + b"\xff" * 3 + data[2:]
    assert stream_jpeg.size(padded) == (width, height)


@given(st.binary(max_size=60))
def test_no_bytes_get_past_the_header_by_accident(tail: bytes) -> None:
    for data in (tail, b"\xff\xd8\xff" + tail):
        try:
            width, height = stream_jpeg.size(data)
        except UploadError:
            continue
        assert 0 <= width < 2**16 and 0 <= height < 2**16


def test_red_stays_red() -> None:
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[:, :, 2] = 255  # OpenCV writes blue first
    assert stream_jpeg.decode(cv2.imencode(".jpg", picture)[1].tobytes())[8, 8, 0] > 240


def claiming(width: int, height: int) -> bytes:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


BAD = {
    "nothing": b"",
    "text": b"hello",
    "PNG": cv2.imencode(".png", np.zeros((9, 9, 3), np.uint8))[1].tobytes(),
    "half a header": jpeg()[:20],
    "no picture after the header": jpeg()[: jpeg().index(b"\xff\xda")],
    "too wide": claiming(4097, 10),
    "too high": claiming(10, 65535),
    "no width": claiming(0, 10),
    "too many bytes": jpeg() + bytes(stream_jpeg.MAX_BYTES),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_picture_of_a_camera_is_refused(data: bytes) -> None:
    with pytest.raises(UploadError, match="camera picture"):
        stream_jpeg.decode(data)


def test_a_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "imdecode", None)
    with pytest.raises(UploadError, match="4097 x 10"):
        stream_jpeg.decode(claiming(4097, 10))
