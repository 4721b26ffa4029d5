"""Links: what is packed is unpacked, and whatever else is in an address is refused."""

from __future__ import annotations

import base64
import re
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.points import (
    LINK_MOST,
    circle,
    made,
    pack,
    random,
    spiral,
    unpack,
    unpack_named,
)  # fmt: skip
from core.errors import SettingError
from core.nets.network import Points
from core.rng import stream


def rows_within(reach: float, most: int = 40) -> st.SearchStrategy:
    side = st.floats(-reach, reach)
    return st.lists(st.tuples(side, side, st.integers(0, 9), st.booleans()), max_size=most)


def points_of(rows) -> Points:
    return made([row[:2] for row in rows], [row[2] for row in rows], [row[3] for row in rows])


def forged(body: bytes, *, version: int = 1, tail: bytes = b"") -> str:
    raw = bytes([version]) + zlib.compress(body, 9) + tail
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@settings(deadline=None)
@given(st.sampled_from([1e-3, 6.0, 32.767, 40.0, 1e4, 1e6]).flatmap(rows_within))
def test_round_trip(rows) -> None:
    points = points_of(rows)
    text = pack(points)
    assert re.fullmatch("[A-Za-z0-9_-]+", text) and len(text) <= LINK_MOST
    back = unpack(text)
    assert back.x.shape == points.x.shape
    farthest = np.abs(points.x).max(initial=0)
    step = next(10**s / 1000 for s in range(6) if farthest <= 32.767 * 10**s)
    assert (np.abs(back.x - points.x) <= 0.5 * step * (1 + 1e-9)).all()
    assert np.array_equal(back.y, points.y) and np.array_equal(back.held, points.held)
    assert [a.dtype for a in back] == [np.float64, np.int64, np.bool_]
    assert all(a.flags.writeable for a in back)
    # Once rounded, always the same, to the last bit.
    assert pack(back) == text and np.array_equal(unpack(pack(back)).x, back.x)


def test_the_form_is_kept() -> None:
    """Links that visitors have saved must open in later versions."""
    points = made([(1.234, -0.001), (1.235, 32.767), (-32.767, 0)], [1, 0, 9], [False, True, False])
    # k = (1234, -1), (1235, 32767), (-32767, 0); d from one to the next, modulo 2^16
    steps = [(1234, -1), (1, -32768), (31534, -32767)]
    zigzag = [[2 * d if d >= 0 else -2 * d - 1 for d in step] for step in steps]
    planes = [[z[axis] >> shift & 255 for z in zigzag] for axis in (0, 1) for shift in (8, 0)]
    body = bytes([0, *sum(planes, []), 1, 16, 9])
    raw = base64.urlsafe_b64decode(pack(points) + "==")
    assert raw[0] == 1 and zlib.decompress(raw[1:]) == body
    assert unpack(forged(body)).x.tolist() == points.x.tolist()
    saved = "AXjaY-Bk-LaEKYbh_3_G_38ZBTgBMIUGFw"
    assert unpack(forged(bytes([0]))).x.shape == (0, 2)
    assert unpack(saved).x.tolist() == points.x.tolist()


def test_how_far_a_link_reaches() -> None:
    points = made([(1e6, -1e6), (32.768, 0.4)], [0, 1])
    assert unpack(pack(points)).x.tolist() == [[1e6, -1e6], [0, 0]]
    points = made([(32.768, 0.004)], [0])
    assert unpack(pack(points)).x.tolist() == [[32.77, 0]]
    points = made([(32.767, 0.0004)], [0])
    assert unpack(pack(points)).x.tolist() == [[32.767, 0]]


@pytest.mark.parametrize("draw", [circle, spiral, random])
def test_too_many_points_say_how_many_fit(draw) -> None:
    points = draw(3000, generator=stream(0))
    with pytest.raises(SettingError) as caught:
        pack(points)
    assert caught.value.setting == "points of the link" and caught.value.given == "3,000"
    few = int(re.search(r"about ([\d,]+)$", caught.value.wanted)[1].replace(",", ""))
    assert few % 10 == 0 and 1000 < few < 2000
    order = np.random.default_rng(0).permutation(3000)
    some = Points(*(array[order[:few]] for array in points))
    # A sample at random is less regular than the whole.
    pack(Points(*(array[: few * 9 // 10] for array in some)) if draw is random else some_of(points))
    with pytest.raises(SettingError):
        pack(Points(*(array[: few * 5 // 4] for array in points)))


def some_of(points: Points) -> Points:
    return Points(*(array[:1000] for array in points))


def test_a_hand_drawn_thousand_fits_well() -> None:
    """Thirty strokes of a brush, fifty dots each, a fifth of a unit apart."""
    rng = np.random.default_rng(0)
    strokes = [
        rng.uniform(-4, 4, 2) + np.cumsum(rng.normal(rng.uniform(-0.2, 0.2, 2), 0.05, (50, 2)), 0)
        for _ in range(30)
    ]
    text = pack(made(np.concatenate(strokes), np.repeat(np.arange(30) % 2, 50)))
    assert len(text) < 5300  # 5,091 when written; 5,935 without differences


def test_points_that_are_none_are_not_packed() -> None:
    with pytest.raises(SettingError, match="class"):
        pack(Points(np.zeros((1, 2)), np.array([10]), np.zeros(1, bool)))
    with pytest.raises(SettingError, match="coordinates"):
        pack(Points(np.array([[0, np.nan]]), np.array([0]), np.zeros(1, bool)))
    with pytest.raises(SettingError, match="coordinates"):
        pack(Points(np.array([[0, 2e6]]), np.array([0]), np.zeros(1, bool)))


GOOD = pack(made([(1, 2), (3, 4)], [0, 1]))
FINE = bytes([0]) + bytes(5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "AA",
        GOOD[:-4],
        GOOD[:-1],
        GOOD + "AAAA",
        GOOD + "=",
        GOOD + "\n",
        " " + GOOD,
        GOOD[:5] + "!" + GOOD[5:],
        GOOD.replace(GOOD[9], "é"),
        GOOD[:9] + chr(ord(GOOD[9]) ^ 1) + GOOD[10:],
        "A" * (LINK_MOST + 1),
        forged(FINE, version=0),
        forged(FINE, version=2),
        forged(FINE, tail=b"x"),
        forged(b""),
        forged(FINE + b"\0"),
        forged(FINE[:-1]),
        forged(b"\6" + bytes(5)),
        forged(b"\0" + bytes(4) + b"\x0a"),
        forged(b"\0" + bytes(4) + b"\x0f"),
        forged(b"\0" + bytes(4) + b"\x20"),
        forged(b"\0" + bytes(4) + b"\x80"),
        forged(b"\5\xff\xfe\0\0\0"),
        forged(bytes(5 * 100_001 + 1)),
        forged(bytes(5 * 100_001 + 6)),
        "\ud800",
    ],
)
def test_junk_is_refused(text: str) -> None:
    with pytest.raises(SettingError) as caught:
        unpack(text)
    assert caught.value.setting == "points of the link"
    assert caught.value.wanted == "a text that this page wrote"


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60) | st.binary(max_size=60).map(forged) | st.from_regex(r"AX[\w-]{0,60}"))
def test_any_text_is_points_or_refused(text: str) -> None:
    try:
        points = unpack(text)
    except SettingError as error:
        assert error.setting == "points of the link"
        return
    made(*points)


def test_the_largest_link_and_a_bomb() -> None:
    points = made(np.zeros((100_000, 2)), np.zeros(100_000))
    assert len(unpack(pack(points)).x) == 100_000
    bomb = forged(bytes(4_000_000))
    assert len(bomb) <= LINK_MOST
    tracemalloc.start()
    with pytest.raises(SettingError):
        unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_500_000


NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.isprintable)


@settings(deadline=None)
@given(st.lists(NAME, max_size=10, unique=True), rows_within(6.0))
def test_names_of_classes_go_with_the_points(names, rows) -> None:
    points = points_of(rows)
    text = pack(points, names)
    back, called = unpack_named(text)
    assert re.fullmatch("[A-Za-z0-9_-]+", text) and np.array_equal(back.y, points.y)
    assert [*called] == names or (not called and names == [str(k) for k in range(len(names))])
    assert np.array_equal(unpack(text).x, unpack(pack(points)).x)


def test_plain_names_are_left_out_and_long_ones_cut() -> None:
    points = made([(1, 2)], [0])
    assert pack(points, ("0", "1")) == pack(points) and unpack_named(pack(points))[1] == ()
    names = unpack_named(pack(points, ("é" * 99, "a\nb", "")))[1]
    assert names == ("é" * 40, "a b", " ")


@pytest.mark.parametrize(
    "begin",
    [
        b"", b"\x00", b"\x01", b"\x01\x00", b"\x02\x01a\x01a", b"\x01\x02\xff\xff",
        b"\x01\x01\n", b"\x01\x29" + b"x" * 41, b"\x0b" + b"".join(b"\x01%c" % c for c in range(97, 108)),
    ],
)  # fmt: skip
def test_hostile_names_are_refused(begin: bytes) -> None:
    with pytest.raises(SettingError, match="points of the link"):
        unpack_named(forged(begin + bytes([0]), version=2))
    assert unpack_named(forged(b"\x01\x01a" + bytes([0]), version=2))[1] == ("a",)
