"""Targets a character: known texts, and what visitors may type."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.sequence import patterns


def shown(target: np.ndarray) -> str:
    return "".join("." if np.isnan(v) else str(int(v)) for v in target)


@pytest.mark.parametrize(
    "name, text, wanted",
    [
        ("inside quotes", "a='b'+\"c'\";", "00110011100"),
        ("inside quotes", "don't 'x'", "000000110"),
        ("inside quotes", "'a\\'b'c", "1111100"),
        ("inside quotes", "'a\n'b", "11011"),
        ("inside brackets", "f(a[b])c", "01111100"),
        ("depth of brackets", "f(a[b])c)", "011221000"),
        ("depth of brackets", "(])", "110"),
        ("digits", "a12b", "0110"),
        ("capitals", "aBC", "011"),
        ("indentation", "  ab\n\tc\nd e", "12220440000"),
        ("position in line", "ab\n\ncd", "120012"),
        ("comment", "a # b\n'#'#", "0011100001"),
        ("count of a so far", "aab\na", "12201"),
        ("count of x so far", "xyx", "112"),
    ],
)
def test_known_texts(name: str, text: str, wanted: str) -> None:
    assert shown(patterns.named(text, name)) == wanted


def test_counts_against_and_what_came_last() -> None:
    assert patterns.count("aaXb\nb", "a", "b").tolist() == [1, 2, 2, 1, 0, -1]
    assert shown(patterns.last_of("xAyByA\nz", "A", "B")) == ".11001.."


@pytest.mark.parametrize(
    "text, expression, wanted",
    [
        ("say ab, cab", "ab", "00001100011"),
        ("a\nb", "^.", "101"),
        ("aaa", "a", "111"),
        ("xx", "y", "00"),
        ("bab", "a*", "010"),
        ("中文x", "文", "010"),
        ("a\0b\ud800", "\\x00.", "0110"),
        ("\ue000\ue001z", "z", "001"),
    ],
)
def test_regular_expressions(text: str, expression: str, wanted: str) -> None:
    assert shown(patterns.regex(text, expression)) == wanted


@given(
    st.text(alphabet="ab \n", max_size=40), st.sampled_from(["a+", "ab|b", "^a", "b$", "[^a]b?"])
)
def test_they_find_what_re_finds(text: str, expression: str) -> None:
    wanted = np.zeros(len(text))
    for match in re.finditer(expression, text, re.MULTILINE):
        wanted[match.start() : match.end()] = 1
    assert np.array_equal(patterns.regex(text, expression), wanted)


def test_an_expression_that_hangs_others_does_not_hang() -> None:
    assert not patterns.regex("a" * 100_000, "(a+)+b").any()


@pytest.mark.parametrize("name", [*patterns.NAMED, "count of a so far"])
@given(text=st.text(max_size=60))
def test_every_text_has_targets(name: str, text: str) -> None:
    target = patterns.named(text, name)
    assert target.shape == (len(text),) and target.dtype == np.float64 and (target >= 0).all()


def test_spans_and_own_labels() -> None:
    assert shown(patterns.span("abcdef", [(0, 2), (4, 5)])) == "110010"
    assert shown(patterns.labels("abc", ["1", "", "3.5"])["labels"]) == "1.3"
    found = patterns.labels("abcd", ["x", "y", "", "x"])
    assert {kind: shown(target) for kind, target in found.items()} == {"x": "10.1", "y": "01.0"}
    assert shown(patterns.labels("ab", ["inf", "1"])["labels"]) == ".1"


@pytest.mark.parametrize(
    "call, setting",
    [
        (lambda: patterns.regex("a", "("), "pattern"),
        (lambda: patterns.regex("a", "(?=a)"), "pattern"),
        (lambda: patterns.regex("a", ""), "pattern"),
        (lambda: patterns.regex("a", "a" * 1000), "pattern"),
        (lambda: patterns.regex("a", "\ud800"), "pattern"),
        (lambda: patterns.named("a", "poetry"), "pattern"),
        (lambda: patterns.named("a", "count of  so far"), "pattern"),
        (lambda: patterns.span("abc", [(2, 5)]), "span"),
        (lambda: patterns.span("abc", [(2, 2)]), "span"),
        (lambda: patterns.labels("abc", ["1"]), "labels"),
        (lambda: patterns.labels("a" * 99, [f"w{k}" for k in range(99)]), "labels"),
    ],
)
def test_bad_input_names_the_setting(call, setting: str) -> None:
    with pytest.raises(SettingError, match=setting):
        call()
