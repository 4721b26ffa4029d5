"""What the net reads: samples, a text of one's own, a file; kept, bounded, told in the link."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.sequence import defaults, familiar, saved
from pages._kit.sequence import texts

SLUG = "lstm_explorer"


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def shown(at: AppTest) -> str:
    """The text that the reader was given; "" where there is none."""
    for element in at.get("bidi_component"):
        if element.proto.component_name == "vitrine_reader":
            data = element.proto.bytes
            header = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
            return "".join(map(chr, header["text"]))
    return ""


def write(at: AppTest, text: str) -> AppTest:
    """As the pad tells it."""
    epoch = _epoch(at)
    at.session_state["pad"] = {"written": [epoch, text]}
    return at.run()


def _epoch(at: AppTest) -> int:
    try:
        return at.session_state["own_epoch"]
    except KeyError:
        return 0


def upload(at: AppTest, data: bytes, name: str = "mine.txt") -> AppTest:
    at.file_uploader(key="text_file").set_value((name, data, "text/plain"))
    return at.run()


def captions(at: AppTest) -> str:
    return "\n".join(one.value for one in at.caption)


def test_the_sample_is_of_the_nets_task(visit) -> None:
    at = visit(SLUG)
    assert good(at) and shown(at) == familiar.sample("counter")
    at.selectbox(key="net").set_value("memoriser").run()
    assert good(at) and shown(at) == familiar.sample("memoriser")


def test_another_sample(visit) -> None:
    at = visit(SLUG, net="State memoriser")
    before = shown(at)
    at.number_input(key="draw").set_value(7).run()
    assert good(at) and shown(at) == texts.another("memoriser", 7) != before
    known = defaults.load("memoriser").vocabulary
    assert (known.encode(shown(at)) > 0).all()


def test_the_link_restores_a_sample(visit) -> None:
    assert shown(visit(SLUG, net="State memoriser", draw="7")) == texts.another("memoriser", 7)


def test_what_is_written_is_read_and_linked(visit) -> None:
    at = visit(SLUG, text="Write")
    write(at, "aaaXbbb")
    assert good(at) and shown(at) == "aaaXbbb"
    assert at.query_params["own"] in ("aaaXbbb", ["aaaXbbb"])
    write(at, "aaaXb")
    assert shown(at) == "aaaXb"


def test_the_link_restores_an_own_text(visit) -> None:
    at = visit(SLUG, text="Write", own="aXb\naaXbb")
    assert good(at) and shown(at) == "aXb\naaXbb"


def test_an_own_text_outlives_other_controls_and_nets(visit) -> None:
    at = visit(SLUG, text="Write")
    write(at, "aXb")
    at.number_input(key="at").set_value(2).run()
    assert shown(at) == "aXb"
    at.selectbox(key="net").set_value("memoriser").run()
    assert good(at) and shown(at) == "aXb"
    assert "3 of 3 characters are unknown to this net: a X b" in captions(at)
    at.segmented_control(key="text").set_value("Sample").run()
    assert shown(at) == familiar.sample("memoriser") and "own" not in at.query_params
    at.segmented_control(key="text").set_value("Write").run()
    assert shown(at) == "aXb"


def test_a_sample_can_be_edited(visit) -> None:
    at = visit(SLUG, draw="3")
    sample = shown(at)
    at.button(key="edit_text").click().run()
    assert good(at) and at.segmented_control(key="text").value == "Write" and shown(at) == sample
    write(at, "abX")
    at.segmented_control(key="text").set_value("Sample").run()
    # what the pad told before counts no more: the sample is taken again
    at.button(key="edit_text").click().run()
    assert shown(at) == sample


def test_nothing_to_read(visit) -> None:
    at = visit(SLUG, text="Write")
    write(at, "")
    assert good(at) and shown(at) == "" and "Nothing to read" in at.info[0].value
    write(at, "a")
    assert good(at) and shown(at) == "a"


def test_a_long_text_is_read_in_part(visit) -> None:
    at = visit(SLUG, text="Write")
    long = "".join("aXb\n"[k % 4] for k in range(15_001))
    write(at, long)
    assert good(at) and shown(at) == long[: texts.READ] and "own" not in at.query_params
    at.number_input(key="from").set_value(14_998).run()
    assert good(at) and shown(at) == long[14_998:]
    assert "Characters 14,998 to 15,000 of 15,001" in captions(at)
    write(at, long[:12_000])  # shorter than where it began
    assert good(at) and shown(at) == long[11_999:12_000]


@pytest.mark.parametrize(
    "query",
    [
        {"text": "Write", "own": "\0\x7fx\r\n" * 3},
        {"text": "Write", "own": "a" * 50_000},
        {"text": "Write", "own": ""},
        {"text": "Write", "own": ["one", "two"]},
        {"text": "none", "own": "x", "from": "inf"},
        {"text": "Write", "own": "ab" * 6000, "from": "-5"},
        {"text": "Write", "own": "ab" * 6000, "from": "1e99"},
        {"draw": "99999999999999999999"},
        {"text": "Upload", "own": "<script>alert(1)</script>"},
    ],
)
def test_hostile_links(visit, query) -> None:
    at = visit(SLUG, **query)
    assert good(at) and len(shown(at)) <= texts.READ


def test_unknown_characters_are_told(visit) -> None:
    at = visit(SLUG, text="Write", own="aa中Xb文*\tb中")
    assert good(at)
    assert "5 of 10 characters are unknown to this net: 中 文 \\* tab" in captions(at)
    sentence = texts.unknown("\u0000\u202e\u0301`é", defaults.load("counter").vocabulary)
    assert sentence.endswith("U+0000 U+202E U+0301 \\` é")
    assert texts.unknown("aXb", defaults.load("counter").vocabulary) == ""


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("gbk", "GBK")]
)
def test_an_upload_is_read(visit, encoding, told) -> None:
    text = "今天天气很好，我们去公园散步。aXb\n"
    at = upload(visit(SLUG, text="Upload"), text.encode(encoding))
    assert good(at) and shown(at) == text
    assert f"{len(text)} characters in {told}" in captions(at)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a PNG picture"),
        (bytes(6 << 20), "at most 5 MB"),
        (b"", "an empty file"),
        (bytes(range(256)) * 9, "no text"),
    ],
)
def test_a_bad_upload_is_one_message(visit, data, message) -> None:
    at = upload(visit(SLUG, text="Upload"), data, "*bad*.bin")
    assert not at.exception and len(at.error) == 1 and message in at.error[0].value
    assert "\\*bad\\*" in at.error[0].value
    upload(at, b"aXb")
    assert good(at) and shown(at) == "aXb"


def test_right_to_left(visit) -> None:
    at = visit(SLUG, text="Write", own="שלום aXb مرحبا")
    assert good(at) and shown(at) == "שלום aXb مرحبا"


def test_modules_of_python_for_a_net_without_a_language(visit) -> None:
    """The net that reads Python, and any of a visitor's, has the library to read."""
    file = saved.to_file(replace(defaults.load("counter"), task=None))
    at = visit(SLUG, net="My own file")
    at.file_uploader(key="own_net").set_value(("net.safetensors", file, "x")).run()
    assert good(at) and shown(at) == familiar.sample(None)
    at.selectbox(key="module").set_value(texts.MADE).run()
    assert good(at) and shown(at) == texts.SHORT
    at.selectbox(key="module").set_value("bisect.py").run()
    assert good(at) and "def bisect_right" in shown(at)
