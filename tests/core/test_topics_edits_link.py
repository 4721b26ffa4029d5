"""Edits in a link: they come back, and nothing else gets in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import link_text
from core.errors import SettingError
from core.topics import edits_link
from core.topics.edits import LONGEST, Hide, Merge, Rename, Show

TOPIC = st.integers(0, edits_link.TOPICS - 1)
EDIT = st.one_of(
    st.builds(Rename, TOPIC, st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST)),
    st.builds(Merge, st.lists(TOPIC, max_size=9).map(tuple)),
    st.builds(Hide, TOPIC),
    st.builds(Show, TOPIC),
)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=64), st.lists(EDIT, max_size=20))
def test_edits_come_back(fit: str, edits: list) -> None:
    text = edits_link.packed(fit, edits)
    assert edits_link.unpacked(text) == (fit, tuple(edits))


def made(body: Any) -> str:
    return link_text.pack(edits_link.VERSION, json.dumps(body).encode())


@pytest.mark.parametrize(
    "body",
    [
        [], {}, "fit", [1], [["hide", 1]], ["fit", 5], ["fit", []], ["fit", ["hide"]],
        ["fit", ["hide", -1]], ["fit", ["hide", True]], ["fit", ["hide", 1.0]],
        ["fit", ["hide", 10**9]], ["fit", ["hide", 1, 2]], ["fit", ["drop", 1]],
        ["fit", ["rename", 1, None]], ["fit", ["rename", 1, "x" * (LONGEST + 1)]],
        ["fit", ["merge", 3]], ["fit", ["merge", [1, "2"]]], ["fit", ["merge", "12"]],
        ["fit", *[["hide", 1]] * (edits_link.MOST + 1)],
    ],
)  # fmt: skip
def test_what_is_none_of_ours_is_refused(body: Any) -> None:
    with pytest.raises(SettingError, match="edits in the link"):
        edits_link.unpacked(made(body))


@pytest.mark.parametrize(
    "text",
    [
        "", "AAAA", "<script>", "x" * (edits_link.LINK_MOST + 1),
        link_text.pack(2, b"[]"),
        link_text.pack(edits_link.VERSION, b"\xff\xfe"),
        link_text.pack(edits_link.VERSION, b"[" * 60_000),
        link_text.pack(edits_link.VERSION, b" " * (edits_link.LIMIT + 1)),
    ],
)  # fmt: skip
def test_damaged_and_large_texts_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="edits in the link"):
        edits_link.unpacked(text)


def test_half_a_character_does_not_stop_a_link() -> None:
    assert edits_link.unpacked(edits_link.packed("f", [Rename(0, "\ud800")])) == (
        "f",
        (Rename(0, "?"),),
    )
