"""Grammars in links: what is packed is unpacked, and whatever else is in an address is refused."""

from __future__ import annotations

import base64
import re
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.grammars import PRESETS
from core.errors import SettingError
from core.parsing.grammar_link import LIMIT, LINK_MOST, pack, unpack

SAVED = "AXjaC1bQtVNQT1RXCFaINtAzilWoUVBPUgexTWMBWYEGYA"


def forged(body: bytes, *, version: int = 1, tail: bytes = b"") -> str:
    raw = bytes([version]) + zlib.compress(body, 9) + tail
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_round_trip(text: str) -> None:
    packed = pack(text)
    assert packed is not None and re.fullmatch("[A-Za-z0-9_-]+", packed)
    assert unpack(packed) == text


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits(name: str) -> None:
    packed = pack(PRESETS[name].text)
    assert packed is not None and len(packed) < 1200
    assert unpack(packed) == PRESETS[name].text


def test_the_form_is_kept() -> None:
    """Links that visitors have saved must open in later versions."""
    assert unpack(SAVED) == "S -> 'a' S [0.2] | 'b' [0.5]"
    assert unpack(forged("S -> '咬死'".encode())) == "S -> '咬死'"


def test_what_is_too_long_is_not_packed() -> None:
    letters = np.random.default_rng(0).integers(33, 126, 2 * LINK_MOST, dtype=np.uint8)
    assert pack(letters.tobytes().decode()) is None
    assert pack("a" * LIMIT) is not None  # it is short when compressed
    assert pack("a" * (LIMIT + 1)) is None
    assert pack("咬" * (LIMIT // 3 + 1)) is None  # bytes count, not characters


def test_half_characters_do_not_break_it() -> None:
    packed = pack("S -> '\ud83d'")
    assert packed is not None and unpack(packed) == "S -> '?'"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "zzzz",
        "S -> NP VP",
        "AXja" + "é",
        forged(b"S -> 'a'", version=2),
        forged(b"S -> 'a'", tail=b"more"),
        forged(b"S -> 'a'")[:-4],
        forged(b"\xff\xfe"),
        forged(b"a" * (LIMIT + 1)),
        "A" * (LINK_MOST + 1),
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(
        SettingError, match="grammar of the link: wanted a text that this page wrote"
    ):
        unpack(text)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = forged(b"a" * 4_000_000)
    assert len(bomb) <= LINK_MOST
    tracemalloc.start()
    with pytest.raises(SettingError):
        unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LIMIT


def test_a_text_longer_than_a_link_is_not_looked_at() -> None:
    with pytest.raises(SettingError, match="6,001 characters"):
        unpack("A" * 6001)
