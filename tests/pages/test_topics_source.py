"""Documents that a visitor brings to the topic browser, good ones and bad ones, and what is told."""

from __future__ import annotations

import io
import json
import math
import os
import time
import zipfile
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import documents_files, newsgroups
from core.datasets.documents_table import Columns
from pages._kit import play
from pages._kit.topics import prepared, source, source_columns, source_files, source_typed

SCRIPT = "<script>alert('x')</script> sat on <b>bold</b> ground"
OLD = "Le café de la Gare était fermé, mais les élèves sont allés à la bibliothèque près du marché."
TABLE = "id,Body,group,day\n1,the first text is long enough,a,2020-01-02\n2,the second is short,b,1999\n"


SLUG = "topic_browser"
PYTHON = source.PYTHON


@pytest.fixture
def own(visit) -> AppTest:
    return visit(SLUG, corpus=source.OWN, room="Words")


def bring(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return at.file_uploader(key="own_files").set_value([(*file, "") for file in files]).run()


def said(at: AppTest) -> str:
    every = (*at.markdown, *at.caption, *at.info, *at.error, *at.warning)
    return "\n".join([one.value for one in every] + [one.label for one in at.expander])


def errors(at: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in at.error)


def texts(at: AppTest) -> tuple[str, ...]:
    return at.session_state["own_documents"].texts


def settled(at: AppTest, done: Callable[[], bool]) -> None:
    """Run on until it is so: jobs have no timer here."""
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until, "still at work"
        time.sleep(0.1)
        at.run()


def zipped(files: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def text(at: AppTest) -> dict:
    """What the component that shows a text is given."""
    every = [one.proto for one in at.get("bidi_component")]
    return json.loads(next(one.json for one in every if "words_text" in one.component_name))


def test_nothing_is_there_at_first(own: AppTest) -> None:
    assert "Bring documents in the sidebar" in said(own) and not own.error and not own.exception


def test_files_are_read_and_stay_when_the_visitor_looks_elsewhere(own: AppTest) -> None:
    at = bring(own, ("a.txt", SCRIPT.encode()), ("b.html", b"<title>Page</title><p>cats sat</p>"))
    assert not at.error and not at.exception
    assert texts(at) == (SCRIPT, "cats sat")
    assert "2 documents" in said(at)
    first = text(at)
    assert "".join(gap + shown for gap, shown, *_ in first["said"]) + first["rest"] == SCRIPT
    at.text_area(key="stop").set_value("ground").run()
    at.selectbox(key="corpus").set_value(PYTHON).run()
    assert at.text_area(key="stop").value == ""
    at.selectbox(key="corpus").set_value(source.OWN).run()
    assert not at.error and "Still here: 2 files" in said(at)
    assert at.text_area(key="stop").value == "ground"
    at.button(key="own_forget").click().run()
    assert "Bring documents in the sidebar" in said(at)


def test_what_cannot_be_read_is_told_file_by_file(own: AppTest) -> None:
    binary = bytes(range(256)) * 8
    at = bring(
        own, ("good.txt", OLD.encode("latin-1")), ("wide.txt", "naïve".encode("utf-16")),
        ("empty.txt", b""), ("binary.txt", binary), ("not.pdf", b"hello"),
        ("deep.zip", zipped({"../../etc/one.txt": "outside", "/abs/two.txt": "two", "x.exe": "no"})),
    )  # fmt: skip
    assert not at.error and not at.exception
    assert texts(at) == (OLD, "naïve", "two", "outside")
    told = said(at).replace("\\", "")
    assert "3 things could not be read" in told
    assert "empty.txt" in told and "binary.txt" in told and "not.pdf" in told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("empty.txt", b"")], "an empty file"),
        ([("binary.txt", bytes(range(256)) * 8)], "binary.txt"),
        ([("bomb.zip", zipped({"a.txt": b"a" * (30 << 20)}))], "swells up"),
        ([("bad.zip", b"PK nothing")], "a zip archive that is whole"),
        ([("head.csv", b"a,b\n")], "no rows"),
    ],
)
def test_bad_files_are_told_and_lose_nothing(own: AppTest, files, told: str) -> None:
    at = bring(own, ("good.txt", b"cats sat on mats"))
    at = bring(at, *files)
    assert told in errors(at) and len(at.error) == 1 and not at.exception
    at.run()
    assert told in errors(at)  # as long as the file is there
    assert texts(at) == ("cats sat on mats",) and "still of good" in said(at)


def test_too_much_is_told(own: AppTest, monkeypatch) -> None:
    monkeypatch.setattr(documents_files, "MOST_BYTES", 2**20)
    at = bring(own, ("a.txt", b"cat " * 200_000), ("b.txt", b"dog " * 200_000))
    assert "files: wanted at most 1 MB together, got 2 MB" in errors(at)
    at = bring(at, ("swells.zip", zipped({"a.txt": b"a" * (2 << 20)})))
    assert "at most 1 MB when unpacked" in errors(at)
    assert not at.exception


def test_columns_are_guessed_then_chosen(own: AppTest) -> None:
    at = bring(own, ("t.csv", TABLE.encode()))
    chosen = {sort: at.selectbox(key=f"own_{sort}").value for sort in source_columns.ASKED}
    assert chosen == {"text": "Body", "title": "id", "label": "group", "date": "day"}
    assert at.session_state["own_documents"].labels == ("a", "b")
    assert "2 labels, 1999–2020" in said(at)
    at.text_area(key="stop").set_value("second").run()
    before = at.session_state["own_source"].id
    at.selectbox(key="own_label").set_value(source_columns.NONE).run()
    assert at.session_state["own_source"].id != before  # what was made of the labels is not theirs
    assert at.session_state["own_documents"].labels is None
    assert at.text_area(key="stop").value == "second"  # the same texts
    at.selectbox(key="own_text").set_value("group").run()
    assert texts(at) == ("a", "b") and "vocabulary: wanted words that are left" in errors(at)
    at.selectbox(key="own_text").set_value("Body").run()
    assert not at.error and not at.exception


def test_a_wrong_column_is_a_message(own: AppTest) -> None:
    at = bring(own, ("t.csv", b"text,void\ncats sat on mats,\ndogs ran,\n"))
    at.selectbox(key="own_text").set_value("void").run()
    assert "t.csv: wanted" in errors(at)
    assert texts(at) == ("cats sat on mats", "dogs ran")
    at.selectbox(key="own_text").set_value("text").run()
    assert not at.error
    other = ("u.jsonl", b'{"text": "birds fly"}\n{"body": "no text here"}\nbroken\n')
    at = bring(at, ("t.csv", b"Review,n\ncats sat,1\n"), other)
    assert texts(at) == ("birds fly",)
    assert "no column “text”" in said(at).replace("\\", "") and "line 3" in said(at)


def test_columns_by_their_names() -> None:
    rows = [{"Title": "a", "Überlang": "so many words", "Year": "1999", "Class": "x"}]
    found = source_columns.guessed(list(rows[0]), rows)
    assert found == Columns(text="Überlang", title="Title", label="Class", date="Year")
    assert source_columns.guessed(["title"], [{"title": "1"}]) == Columns(text="title")
    packed = source_columns.found([("a.zip", zipped({"in/b.tsv": "正文\t标签\n你好\ta\n"}))])
    assert packed.names == ("正文", "标签") and packed.guess.label == "标签"
    assert source_columns.found([("x.csv", b""), ("y.txt", b"a,b"), ("z.zip", b"PK")]).names == ()


@pytest.mark.parametrize(
    "typed", ["cat", "the cat\n\nand the", "一只猫在花园里睡觉。\n\n机器学习很有意思。"]
)
def test_little_text_opens(own: AppTest, typed: str) -> None:
    at = own
    at.segmented_control(key="own_as").set_value("Text").run()
    assert "Type or paste text" in said(at)
    at.text_area(key="own_typed").set_value(typed).run()
    assert not errors(at) and not at.exception
    if "猫" in typed:
        assert at.selectbox(key="tokeniser").value == "Words, Chinese cut by jieba"
        assert "花园里" in [word for _, _, word, _ in text(at)["said"]]
    if "\n" in typed:
        for part in ("Vocabulary", "How often", "Phrases", "Matrix"):
            at.segmented_control(key="words_part").set_value(part).run()
            assert not at.error and not at.exception


def test_all_stop_words_is_a_message(own: AppTest) -> None:
    at = own
    at.segmented_control(key="own_as").set_value("Text").run()
    at.text_area(key="own_typed").set_value("the and of\n\nis it in").run()
    assert "none after the step “stop words”" in errors(at) and not at.exception
    at.multiselect(key="stop_languages").set_value([]).run()
    assert not at.error


def test_typed_text_in_documents() -> None:
    assert source_typed.parted("one\ntwo\n") == ["one", "two"]
    assert source_typed.parted("one\ntwo\n \n\nthree\n") == ["one\ntwo", "three"]
    assert source_typed.parted(" \n ") == []


def test_what_takes_long_is_done_by_jobs(own: AppTest, monkeypatch) -> None:
    monkeypatch.setattr(play, "IN_PLACE", math.inf)  # the runs of jobs, without another process
    monkeypatch.setattr(source_files, "IN_PLACE", 10)
    monkeypatch.setattr(prepared, "SLOW", -1.0)
    at = bring(own, ("a.txt", b"cats sat on mats"), ("b.txt", b"dogs ran in parks"))
    settled(at, lambda: "of **8 tokens** in 2 documents" in said(at).lower())
    assert texts(at) == ("cats sat on mats", "dogs ran in parks") and not at.error
    at = bring(at, ("empty.txt", b""))
    settled(at, lambda: bool(at.error))
    assert "an empty file" in errors(at) and not at.exception


@pytest.mark.skipif(not os.environ.get(newsgroups.ENVIRONMENT), reason="20 Newsgroups are not here")
def test_newsgroups_with_and_without_heads(visit) -> None:
    at = visit(SLUG, corpus=source.NEWSGROUPS, room="Words", newsgroups_part="Test")
    assert not at.error and "documents" in said(at)
    at.multiselect(key="newsgroups_without").set_value(["quotes"]).run()
    assert not at.error and not at.exception
    assert text(at)["said"][0][1] == "From"  # the head is there now


def test_newsgroups_that_are_not_there(visit, monkeypatch) -> None:
    monkeypatch.setattr(newsgroups, "available", lambda: False)
    at = visit(SLUG, corpus=source.NEWSGROUPS, room="Words")
    assert "is not on this server" in said(at) and not at.error and not at.exception
