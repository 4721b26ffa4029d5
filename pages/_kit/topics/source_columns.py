"""Which column of a table is what: a guess from its name first, then as the visitor says."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

import streamlit as st

from core.datasets import documents_files, documents_table, documents_zip
from core.datasets.documents_table import Columns
from core.errors import UploadError

NONE = "none"
TABLES = documents_table.ENDINGS
# names that columns of the sort usually have, the surest first
NAMES = {
    "text": ("text", "body", "content", "contents", "document", "abstract", "review", "message",
             "article", "comment", "正文", "内容", "文本"),
    "title": ("title", "headline", "subject", "heading", "name", "标题", "题目", "id"),
    "label": ("label", "category", "class", "section", "topic", "group", "genre", "tag", "source",
              "author", "language", "sentiment", "标签", "类别", "分类"),
    "date": ("date", "day", "published", "created", "created_at", "time", "timestamp", "datetime",
             "year", "日期", "时间", "年份"),
}  # fmt: skip
ASKED = {"text": "Text", "title": "Title", "label": "Label", "date": "Date"}
HELP = {
    "text": "The column whose cells are the documents.",
    "title": "What to call a document.",
    "label": "What is known of a document: topics can be set against it in the room Groups.",
    "date": "Topics over time need it. Years, 2020-05-03, 3.5.2020 and more are read.",
}


@dataclass(frozen=True)
class Known:
    """The columns of all tables that were brought, and what each is by its name."""

    names: tuple[str, ...] = ()
    guess: Columns = Columns()


def found(files: Sequence[tuple[str, bytes]]) -> Known:
    """Of the tables among the files, those in archives too; what is no table is told later."""
    rows: list[documents_table.Row] = []
    for name, data in _tables(files):
        try:
            with closing(documents_table.rows(io.BytesIO(data), name)) as every:
                rows.extend(islice(every, documents_table.GUESSED_BY))
        except UploadError:
            continue
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    return Known(names, guessed(names, rows)) if names else Known()


def guessed(names: Sequence[str], rows: Sequence[documents_table.Row]) -> Columns:
    """What each column is: the text by its name, or the one with the longest cells."""
    taken: dict[str, str | None] = {}
    small = {name.strip().lower(): name for name in reversed(names)}
    text = next((small[usual] for usual in NAMES["text"] if usual in small), None)
    taken["text"] = text or documents_table.longest(rows, "table")
    for sort in ("title", "label", "date"):
        left = (small[usual] for usual in NAMES[sort] if usual in small)
        taken[sort] = next((name for name in left if name not in taken.values()), None)
    return Columns(**taken)


def begin(known: Known) -> None:
    """Other tables begin with what is guessed of them."""
    st.session_state["own_columns"] = known.guess
    _put(known.guess)


def chosen(known: Known) -> Columns:
    """What the visitor says; the guess of no tables is all there is of none."""
    if not known.names:
        return Columns()
    if "own_text" not in st.session_state:  # unseen controls forget
        _put(st.session_state["own_columns"])
    told: dict[str, str | None] = {}
    for sort, label in ASKED.items():
        options = list(known.names) if sort == "text" else [NONE, *known.names]
        value = st.selectbox(f"{label} column", options, key=f"own_{sort}", help=HELP[sort])
        told[sort] = None if sort != "text" and value == NONE else value
    columns = Columns(**told)
    st.session_state["own_columns"] = columns
    return columns


def _put(columns: Columns) -> None:
    for sort in ASKED:
        st.session_state[f"own_{sort}"] = getattr(columns, sort) or NONE


def _tables(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        ending = PurePosixPath(name).suffix.lower()
        if ending in TABLES:
            yield name, data
        elif ending == ".zip":
            yield from _packed(name, data)


def _packed(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        for path, content in documents_zip.members(
            name, data, most_bytes=documents_files.MOST_BYTES,
            wanted=lambda path: path.suffix.lower() in TABLES, locked=lambda place: None,
        ):  # fmt: skip
            yield str(path), content
    except UploadError:  # told when the archive is read
        return
