"""The small languages, held-out lengths, vocabularies and texts."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.rng import stream
from core.sequence import tasks, vocabulary
from core.sequence.tasks import END, IGNORE, TASKS, Sequences
from core.sequence.vocabulary import UNKNOWN, Vocabulary


def texts(name: str, lengths: range, draws: int = 20) -> list[tuple[int, str, int]]:
    generator = stream(0, name)
    return [(n, *TASKS[name].draw(n, generator)) for n in lengths for _ in range(draws)]


def test_the_counter() -> None:
    assert tasks.counter(3, stream(0)) == ("aaaXbbb", 3)


def test_the_selective_counter_counts_a_alone() -> None:
    found = texts("selective", range(1, 8))
    for n, text, first in found:
        head, _, tail = text.partition("Y")
        assert head.count("a") == n and tail == "b" * n and text[first] == "Y"
        assert set(head) <= set("aX")
    assert len({text for n, text, _ in found if n == 5}) > 5


def test_the_memoriser_and_the_copy_machine() -> None:
    found = texts("memoriser", range(1, 8))
    for n, text, first in found:
        assert re.fullmatch(rf"(A|B)x{{{n}}}Y\1", text) and text[first] == "Y"
    assert {text[0] for _, text, _ in found} == {"A", "B"}
    for n, text, first in texts("copy", range(1, 8)):
        assert re.fullmatch(rf"([abc]{{{n}}})X\1", text) and first == n


def test_adding_and_parity() -> None:
    for n, text, first in texts("adding", range(7)):
        head, _, answer = text.partition("=")
        marked = re.findall(r"\+(\d)", head)
        assert len(marked) == 2 and len(head.replace("+", "")) == n + 2
        assert sum(map(int, marked)) == int(answer) and len(answer) == 1 and text[first] == "="
    for n, text, first in texts("parity", range(1, 9)):
        head, _, answer = text.partition("=")
        assert len(head) == n == first and head.count("1") % 2 == int(answer)


@pytest.mark.parametrize("name", TASKS)
def test_rows_tell_texts_and_what_comes_next(name: str) -> None:
    data = tasks.drawn(name, generator=stream(0, "rows"), examples=200, tests=30)
    lengths = {"train": set(), "held": set()}
    for kind, x, y, asked in (
        ("train", data.x, data.y, data.asked),
        ("held", data.held_x, data.held_y, data.held_asked),
    ):
        for row, goal, ask in zip(x, y, asked, strict=True):
            T = int((goal != IGNORE).sum())
            text = data.vocabulary.decode(row[:T]) + END
            assert data.vocabulary.decode(goal[:T]) == text[1:]
            assert (goal[T:] == IGNORE).all() and not row[T:].any() and not ask[T:].any()
            assert UNKNOWN not in text and text.count(END) == 1
            first = int(ask.nonzero()[0])
            assert ask[first:T].all() and not ask[:first].any()
            lengths[kind].add(first)
    assert not lengths["train"] & lengths["held"] or name == "selective"
    assert len(lengths["train"]) >= len(TASKS[name].trained)


def told(data: Sequences, held: bool = False) -> list[str]:
    """The rows as text, as far as they go, with the last character that is asked for."""
    x, y = (data.held_x, data.held_y) if held else (data.x, data.y)
    ends = [int((goal != IGNORE).sum()) for goal in y]
    return [
        data.vocabulary.decode(row[:T]) + data.vocabulary.decode(goal[T - 1 : T])
        for row, goal, T in zip(x, y, ends, strict=True)
    ]


@pytest.mark.parametrize("held", [False, True])
def test_rows_of_several_texts_are_asked_in_each(held: bool) -> None:
    data = tasks.drawn("counter", generator=stream(0, "rows"), examples=90, tests=30, lines=3)
    lengths = TASKS["counter"].held if held else TASKS["counter"].trained
    x, y, asked = (
        (data.held_x, data.held_y, data.held_asked) if held else (data.x, data.y, data.asked)
    )
    found = set()
    for k, (text, row, goal, ask) in enumerate(zip(told(data, held), x, y, asked, strict=True)):
        lines = text.removesuffix(END).split(END)
        assert text.endswith(END) and len(lines) == 1 + k % 3
        wanted: list[bool] = []
        for line in lines:
            n = line.count("a")
            assert line == "a" * n + "X" + "b" * n
            found.add(n)
            # decided from the X on: every b, and the end
            wanted += [False] * n + [True] * (n + 1) + [False]
        T = len(text) - 1
        assert ask[:T].tolist() == wanted[:T] and not ask[T:].any()
        assert (goal[T:] == IGNORE).all() and not row[T:].any()
    assert found == set(lengths)


def test_a_row_of_one_text_is_what_it_was() -> None:
    one = tasks.drawn("copy", generator=stream(3), examples=20, tests=5)
    other = tasks.drawn("copy", generator=stream(3), examples=20, tests=5, lines=1)
    assert told(one) == told(other) and one.asked.equal(other.asked)
    assert all(text.count(END) == 1 for text in told(one) + told(one, held=True))


@pytest.mark.parametrize("lines", [0, -1, 101])
def test_lines_are_bounded(lines: int) -> None:
    with pytest.raises(SettingError, match="lines: wanted 1 to 100"):
        tasks.drawn("counter", generator=stream(0), lines=lines)


def test_asked_is_what_was_decided() -> None:
    x, y, asked = tasks.rows([("aaXbb", 2), ("aXb", 1)], tasks.alphabet(TASKS["counter"]))
    assert asked.tolist() == [[False, False, True, True, True], [False, True, True, False, False]]
    assert (y[1, 3:] == IGNORE).all() and x.shape == (2, 5)


def test_recall_asks_for_the_symbol_so_long_ago() -> None:
    data = tasks.recall(3, generator=stream(0, "recall"), examples=9, tests=4, length=12)
    assert data.x.shape == (9, 12) and data.held_x.shape == (4, 12)
    assert torch.equal(data.y[:, 3:], data.x[:, :-3]) and (data.y[:, :3] == IGNORE).all()
    assert torch.equal(data.asked, data.y != IGNORE) and data.x.min() == 1
    now = tasks.recall(0, generator=stream(0, "recall"), examples=1, tests=1)
    assert torch.equal(now.y, now.x)


def test_a_text_is_cut_into_rows_that_follow_each_other() -> None:
    text = "".join(chr(97 + k % 26) for k in range(1000))
    data = tasks.from_text(text, rows=4, held=0.2)
    assert data.flows and data.x.shape == (4, 199)
    read = data.vocabulary.decode(data.x.flatten())
    assert text.startswith(read)
    assert data.vocabulary.decode(data.y.flatten()) == text[1 : len(read) + 1]
    held = data.vocabulary.decode(data.held_x.flatten())
    assert text[800:].startswith(held) and len(held) >= 199
    assert data.vocabulary.decode(data.held_y.flatten()) == text[801 : 801 + len(held)]


@given(st.text(min_size=1, max_size=200))
def test_encoding_and_decoding(text: str) -> None:
    if not set(text) - {UNKNOWN}:
        return
    known = vocabulary.of(text)
    assert known.decode(known.encode(text)) == text
    assert known.characters[0] == UNKNOWN and vocabulary.of(text[::-1]) == known


@given(st.text(alphabet=st.characters(codec=None), max_size=50))
def test_what_is_not_known_is_number_0(text: str) -> None:
    known = Vocabulary(UNKNOWN + "ab中")
    codes = known.encode(text)
    assert codes.dtype == np.int64 and len(codes) == len(text)
    assert [known.characters[c] if c else None for c in codes] == [
        c if c in "ab中" else None for c in text
    ]


def test_a_vocabulary_keeps_the_commonest() -> None:
    assert vocabulary.of("zzzyyx\ud800", most=3).characters == UNKNOWN + "yz"
    assert vocabulary.of(["ab", "b\0"]).characters == UNKNOWN + "\0ab"
    assert len(vocabulary.of("ab")) == 3


def test_one_hot() -> None:
    assert vocabulary.one_hot(np.array([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]


def _draw(**given: object) -> Sequences:
    return tasks.drawn(**{"name": "counter", "generator": stream(0), **given})


@pytest.mark.parametrize(
    "call, setting",
    [
        (lambda: _draw(name="chess"), "task"),
        (lambda: _draw(trained=()), "trained lengths"),
        (lambda: _draw(held=(0,)), "held-out lengths"),
        (lambda: _draw(held=(10**6,)), "held-out lengths"),
        (lambda: _draw(examples=0), "examples"),
        (lambda: _draw(tests=0), "tests"),
        (lambda: tasks.recall(-1, generator=stream(0)), "lag"),
        (lambda: tasks.recall(9, generator=stream(0), length=9), "lag"),
        (lambda: tasks.from_text(""), "text"),
        (lambda: tasks.from_text("a"), "text"),
        (lambda: tasks.from_text("abc" * 10, rows=32), "text"),
        (lambda: tasks.from_text("abc" * 100, rows=0), "rows"),
        (lambda: tasks.from_text("abc" * 100, held=1.0), "held share"),
        (lambda: vocabulary.of(""), "text"),
        (lambda: Vocabulary("ab"), "vocabulary"),
        (lambda: Vocabulary(UNKNOWN + "aa"), "vocabulary"),
        (lambda: Vocabulary(UNKNOWN), "vocabulary"),
    ],
)
def test_bad_input_names_the_setting(call, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        call()
