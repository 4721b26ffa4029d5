"""What units are searched for: a known pattern, a regular expression, spans, or one's own labels."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets import columns, text
from core.errors import UploadError, require
from core.sequence import familiar, patterns, tasks
from core.sequence.saved import Saved
from pages._kit import frame, take
from pages._kit.sequence.view import View

COUNT = "count of … so far"
PATTERN, REGEX, SPANS, LABELS = (
    "Known pattern",
    "Regular expression",
    "Selected spans",
    "Own labels",
)
MOST_SPANS = 200
OWN = {
    "counter": ["count of a less b", "after the X"],
    "selective": ["count of a less b", "after the X"],
    "memoriser": ["whether A or B came last"],
    "copy": ["after the X"],
    "parity": ["odd number of 1"],
}
ABOUT_REGEX = r"""RE2's syntax: \d+ for numbers, def \w+ for names of functions, [A-Z] for capitals,
".*?" for strings. Above, what is found counts as inside, all else as outside."""
ABOUT_SPANS = """Drag over the text above, or write numbers of characters, first and last:
3-9, 20-31. What you select is inside, all else outside."""
ABOUT_LABELS = """A CSV with a line of names and then a row for each character that is read. A column of
numbers is followed as it is; of words each kind is a pattern of its own; empty cells claim nothing."""


@dataclass(frozen=True)
class Target:
    """What to follow: (T,) numbers as core.sequence.patterns gives them, and what it is called."""

    name: str
    values: NDArray[np.float64]


def kind(saved: Saved) -> str:
    """Which controls a net has: its language, or "text"."""
    return saved.task if saved.task in tasks.TASKS else "text"


def chosen(view: View) -> Target | None:
    """Let the visitor say it; None where nothing is said yet, which has been told then.

    Raises SettingError for what cannot be looked for.
    """
    ways: dict[str, Callable[[View], Target | None]] = {
        PATTERN: _pattern,
        REGEX: _regex,
        SPANS: _spans,
        LABELS: _labels,
    }
    way = st.selectbox("Look for", list(ways), key="find_way", bind="query-params")
    return ways[way](view)


def _pattern(view: View) -> Target:
    of = kind(view.saved)
    options = [*OWN.get(of, []), *patterns.NAMED, COUNT]
    aim = familiar.wanted(view.saved).pattern
    counted = re.fullmatch("count of (.) so far", aim)
    first = options.index(COUNT if counted else aim)
    name = st.selectbox("Pattern", options, first, key=f"find_pattern_{of}", bind="query-params")
    if name == COUNT:
        character = st.text_input(
            "Character",
            counted[1] if counted else view.text[0],
            key=f"find_character_{of}",
            bind="query-params",
            max_chars=1,
        )
        require(len(character or "") == 1, "character", wanted="one to count", given="none")
        name = f"count of {character} so far"
    return Target(name, familiar.target(view.text, name))


def _regex(view: View) -> Target:
    expression = st.text_input(
        "Expression",
        r"\d+" if kind(view.saved) == "text" else "b+",
        key=f"find_regex_{kind(view.saved)}",
        bind="query-params",
        max_chars=patterns.LONGEST,
        help=ABOUT_REGEX,
    )
    return Target(expression, patterns.regex(view.text, expression))


def _spans(view: View) -> Target | None:
    written = st.text_input(
        "Spans",
        key="find_spans",
        bind="query-params",
        max_chars=2000,
        placeholder="3-9, 20-31",
        help=ABOUT_SPANS,
    )
    found = spans(written)
    if view.span is not None:
        first, end = view.span
        st.caption(f"With characters {first} to {end - 1}, selected above.")
        found.append(view.span)
    if not found:
        st.info(ABOUT_SPANS, icon=":material/select_all:")
        return None
    return Target("selected spans", patterns.span(view.text, found))


def spans(written: str) -> list[tuple[int, int]]:
    """Spans [first, end) of "3-9, 20-31", both numbers inside, or single numbers.

    Raises SettingError for anything else.
    """
    joined = re.sub(r"\s*[-–]\s*", "-", written)
    pieces = [piece for piece in re.split(r"[,;\s]+", joined) if piece]
    wanted = f"at most {MOST_SPANS}"
    require(len(pieces) <= MOST_SPANS, "spans", wanted=wanted, given=len(pieces))
    found = []
    for piece in pieces:
        fits = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", piece)
        require(fits is not None, "spans", wanted="such as 3-9, 20-31", given=piece)
        assert fits is not None
        first, last = int(fits[1]), int(fits[2] or fits[1])
        require(first <= last, "span", wanted="the first before the last", given=piece)
        found.append((first, last + 1))
    return found


def _labels(view: View) -> Target | None:
    most = text.MAX_BYTES >> 20
    file = st.file_uploader(
        "Labels", ["csv", "tsv", "txt"], key="find_csv", help=ABOUT_LABELS, max_upload_size=most
    )
    if file is None:
        st.info(ABOUT_LABELS, icon=":material/table:")
        take.home({"labels.csv": lambda: table(view.text)}, labels={"csv": "Table to fill in, CSV"})
        return None
    given = _read(file.file_id, file)
    names = list(given)
    column = st.selectbox("Column", names, len(names) - 1, key="find_column")
    targets = patterns.labels(view.text, given[column])
    require(len(targets) > 0, "labels", wanted="at least one", given="none")
    label = st.selectbox("Label", list(targets), key="find_label") if len(targets) > 1 else None
    one = next(iter(targets)) if label is None else label
    return Target(f"{column}: {one}" if label else column, targets[one])


def table(shown: str) -> str:
    """A row for each character of a text, with an empty label."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(
        [("number", "character", "label"), *((t, c, "") for t, c in enumerate(shown))]
    )
    return file.getvalue()


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def _read(
    file_id: str, _file: st.runtime.uploaded_file_manager.UploadedFile
) -> dict[str, list[str]]:
    if _file.size > text.MAX_BYTES:  # before its bytes are copied
        given = f"{_file.size / 2**20:.1f} MB"
        raise UploadError(_file.name, wanted=f"at most {text.MAX_BYTES >> 20} MB", given=given)
    return columns.columns(_file.getvalue(), _file.name)


def told(target: Target) -> str:
    """Its name as Markdown."""
    return frame.plain(target.name)
