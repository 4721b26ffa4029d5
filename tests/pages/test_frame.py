"""The frame: every error becomes one message, bugs are logged, visitors' text is not rendered."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.errors import SettingError
from pages._kit import catalogue, frame


def page(body: str) -> AppTest:
    script = (
        "import streamlit as st\n"
        "from core.errors import SettingError\n"
        "from pages._kit import frame\n"
        "with frame.exhibit('filters_gallery'):\n"
        f"    {body}\n"
        "st.text('after')\n"
    )
    return AppTest.from_string(script, default_timeout=20).run()


def test_title_blurb_and_body() -> None:
    at = page("st.text('inside')")
    assert at.title[0].value == "Filters gallery"
    assert [t.value for t in at.text] == ["inside", "after"]
    assert not at.error


def test_a_bad_setting_is_one_message_and_nothing_else_is_lost() -> None:
    at = page("raise SettingError('K', wanted='at most 3', given=4)")
    assert [e.value for e in at.error] == [frame.plain("K: wanted at most 3, got 4.")]
    assert [t.value for t in at.text] == ["after"]
    assert not at.exception


def test_a_bug_is_a_plain_sentence_and_a_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        at = page("1 / 0")
    assert len(at.error) == 1 and "ZeroDivisionError" not in at.error[0].value
    assert not at.exception
    assert "ZeroDivisionError" in caplog.text


def test_markdown_of_visitors_is_escaped() -> None:
    name = "![x](https://example.org/p.png) <b>*a*</b> $x$ `y` :material/home: ~z~ _u_ |"
    escaped = frame.plain(name)
    for mark in "![]()<>*$`~_|":
        assert all(escaped[i - 1] == "\\" for i, c in enumerate(escaped) if c == mark), mark
    assert "\\:material" in escaped and frame.plain("K: wanted") == "K: wanted"


@given(st.text())
def test_escaping_loses_nothing(text: str) -> None:
    escaped = frame.plain(text)
    plain, skip = "", False
    for c in escaped:
        if c == "\\" and not skip:
            skip = True
        else:
            plain, skip = plain + c, False
    assert plain == text


def test_an_unknown_exhibit_is_named() -> None:
    with pytest.raises(SettingError, match="exhibit: wanted filters_gallery, .*got nothing"):
        catalogue.find("nothing")
