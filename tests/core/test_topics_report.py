"""What is taken home from the topic browser: tables, and a page that stands alone."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.errors import SettingError
from core.topics import edits, report, tables
from core.topics.counts import from_matrix
from core.topics.topics import Topics

EVIL = "<script>alert('1')</script>"
WORDS = ("=1+1", EVIL, "naïve", "数据")
TOPICS = Topics(
    model="plsa",
    topic_word=np.array([[0.5, 0.25, 0.25, 0], [0, 0, 0.25, 0.75]], np.float32),
    doc_topic=np.array([[0.75, 0.25], [0.5, 0.5], [0, 1]], np.float32),
    alpha=np.array([0.4, 0.6]),
    vocabulary=WORDS,
)
DATA = from_matrix(np.array([[1, 2, 0, 0], [0, 0, 1, 1], [0, 0, 0, 4]]), WORDS)
TOKENS = DATA.per_document()
TITLES = ["@SUM(A1)", '<img src=x onerror="alert(1)">', "third, with a comma"]
TEXTS = [f"{EVIL} </title></style> &amp;", "second " * 100, "\x00\x1b[31m \ud800 third"]
EDITED = edits.applied(TOPICS, [edits.Rename(0, '=cmd|"/c calc"')], TOKENS)
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Elements, attributes and the text a browser would show."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def rows(table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table)))


def page(edited: edits.Edited = EDITED, **settings: object) -> str:
    usual = {"title": EVIL, "titles": TITLES, "texts": TEXTS, "tokens": TOKENS,
             "about": {"model": "PLSA", EVIL: EVIL}}  # fmt: skip
    return report.to_html(edited, **(usual | settings))  # type: ignore[arg-type]


def test_words_of_topics_as_a_table() -> None:
    found = rows(tables.words(EDITED, 2))
    assert found[0] == ["topic", "name", "rank", "word", "p"]
    assert found[1] == ["0", '\'=cmd|"/c calc"', "1", "'=1+1", "0.5"]
    assert found[2][2:] == ["2", EVIL, "0.25"]
    assert found[3][2:] == ["1", "数据", "0.75"] and len(found) == 5


def test_mixtures_as_a_table() -> None:
    found = rows(tables.mixtures(EDITED, TITLES, TOKENS, ["-a", "b", "c"]))
    assert found[0][:4] == ["document", "title", "label", "tokens"]
    assert found[0][4] == '0 =cmd|"/c calc"' and found[0][5].startswith("1 数据")
    assert found[1] == ["0", "'@SUM(A1)", "'-a", "3", "0.75", "0.25"]
    assert found[3] == ["2", "third, with a comma", "c", "4", "0", "1"]
    assert rows(tables.mixtures(EDITED, TITLES, TOKENS))[1][2] == "3"
    with pytest.raises(SettingError, match="titles: wanted one for each of 3 documents, got 1"):
        tables.mixtures(EDITED, ["one"], TOKENS)
    with pytest.raises(SettingError, match="labels"):
        tables.mixtures(EDITED, TITLES, TOKENS, ["one"])


def test_assignments_as_a_table_line_after_line() -> None:
    lines = tables.assignments(EDITED, DATA)
    assert next(lines) == "document,word,count,topic,name,p\n"
    found = rows("".join(lines))
    assert found[0] == ["0", "'=1+1", "1", "0", '\'=cmd|"/c calc"', "1"]
    # document 1, "naïve": .25 * .5 in both; the first of equals
    assert found[2][:4] == ["1", "naïve", "1", "0"] and found[2][5] == "0.5"
    assert found[-1][:4] == ["2", "数据", "4", "1"] and len(found) == 5


@given(cell=st.text(max_size=12))
@example(cell="a\r=1+1")
@example(cell="\r\n=1+1,2")
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_title_becomes_a_formula_or_breaks_its_row(cell: str) -> None:
    table = tables.mixtures(EDITED, [cell, "b", "c"], TOKENS)
    table.encode("utf-8")
    found = list(csv.reader(io.StringIO(table, newline="")))
    assert len(found) == 4 and {len(row) for row in found} == {5}
    assert not found[1][1].lstrip(" \n\xa0").startswith(tuple("=+-@\t\r＝＋－＠"))
    told = cell.replace("\r\n", "\n").replace("\r", "\n")
    assert found[1][1] in (told, f"'{told}")


def test_the_page_shows_what_documents_say_and_runs_nothing() -> None:
    made = page()
    made.encode("utf-8")
    read = Page(made)
    assert not {"script", "img", "iframe", "object", "link", "a", "form", "base"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not {"src", "href", "style", "action"} & {name for name, _ in read.attributes}
    assert not re.search(r"https?:|//|url\(|@import", made.replace(report.text(EVIL), ""))
    assert read.open == [], "every element is closed"
    shown = "".join(read.text)
    assert shown.count(EVIL) >= 5 and TITLES[1] in shown and "</title></style> &amp;" in shown
    assert read.tags.count("title") == 1 + len(TOPICS.topic_word) + 2 * len(WORDS)
    assert not re.search(r"[\x00-\x08\x1b\ud800]", made)
    assert ("content", report.POLICY) in read.attributes


def test_the_page_has_topics_in_order_with_their_numbers() -> None:
    read = Page(page())
    shown = "".join(read.text)
    # p(z) by tokens 3, 2, 4: (3.25, 5.75) / 9
    assert "36.1 %" in shown and "63.9 %" in shown and "0.7500" in shown
    heads = re.findall(r"<h2>(.*?)</h2>", page())
    assert heads[1].startswith("数据") and heads[2] == "=cmd|&quot;/c calc&quot;"
    widths = [float(value) for name, value in read.attributes if name == "width" and "." in value]
    assert max(widths) == report.BAR and widths[0] == report.BAR
    assert widths[1] == pytest.approx(report.BAR * 3.25 / 5.75, abs=0.1)
    # Documents of topic 1: share 1 of 4 tokens, .5 of 2, .25 of 3
    last = page().split("<section>")[2]
    assert re.findall(r'<span class="soft">(.*?)</span>', last) == ["100 %", "50 %", "25 %"]
    assert "…" in last and "second " * 60 not in last


def test_hidden_topics_stay_off_the_page_and_are_counted() -> None:
    hidden = page(edits.applied(TOPICS, [edits.Hide(1)], TOKENS))
    assert hidden.count("<section>") == 2 and "1 hidden topic has the other 63.9 %." in hidden
    merged = page(edits.applied(TOPICS, [edits.Merge((0, 1))], TOKENS))
    assert "made of 0, 1" in merged and "100.0 % of all words" in merged


def test_a_model_without_documents_and_wrong_lengths() -> None:
    stream = edits.applied(
        Topics(
            model="online_lda",
            topic_word=TOPICS.topic_word,
            doc_topic=np.zeros((0, 2), np.float32),
            alpha=TOPICS.alpha,
            vocabulary=WORDS,
        ),
        [],
    )
    made = page(stream, titles=[], texts=[], tokens=np.zeros(0), about={})
    assert "<ol>" not in made and "<table>" not in made and "60.0 %" in made
    with pytest.raises(SettingError, match="texts"):
        page(texts=["one"])


@given(told=st.text(max_size=30))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_text_is_text(told: str) -> None:
    read = Page(f"<p title='{report.text(told)}'>{report.text(told)}</p>")
    assert read.tags == ["p"] and len(read.attributes) == 1
    plain = report.CONTROL.sub("\ufffd", told)
    assert "".join(read.text) == plain.encode("utf-8", "replace").decode()
    assert read.attributes[0][1] == "".join(read.text)


def test_bars_of_nothing_are_a_picture_all_the_same() -> None:
    assert report.bars([], "None").startswith('<svg role="img" aria-label="None"')
    assert 'width="0.0"' in report.bars([("a", 0.0)], "Zero")
    assert "x" * 23 + "…</text>" in report.bars([("x" * 40, 1.0)], "Long")
