"""What the net reads: a sample of what it learned, a text of the visitor's own, or a file."""

from __future__ import annotations

import sysconfig
import tokenize
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import streamlit as st

from core.datasets import text as files
from core.datasets.text import Decoded
from core.errors import UploadError
from core.rng import stream
from core.sequence import familiar, tasks
from core.sequence.saved import Saved
from core.sequence.vocabulary import Vocabulary
from pages._kit import choose, frame
from pages._kit.stage.pad import pad

SAMPLE, WRITE, UPLOAD = SOURCES = "Sample", "Write", "Upload"
READ = 10_000  # characters that are read at once
OWN = 20_000  # characters of a text that is written or pasted
LINKED = 1500  # characters of an own text that fit into the link
NAMED = 8  # unknown characters that are told by name
MIXED, MADE = "Several modules", "Strings, brackets, comments"
MODULES = (
    "textwrap.py", "heapq.py", "bisect.py", "calendar.py", "json/decoder.py", "string.py",
    "dataclasses.py", "random.py", "csv.py", "argparse.py",
)  # fmt: skip
SHORT = '''# What a unit may follow: strings, brackets, comments, indentation.
import os

WORDS = ["spam", 'eggs', "it's"]  # a list of strings


def count(path, sizes=(1, 2, [3, 4])):
    """Sum the sizes (all of them) below a path."""
    total = 0
    for name in os.listdir(path):  # one after another
        if name.endswith(".py"):
            total += sizes[len(name) % len(sizes)]
            print(f"{name}: {total}")
    return {"path": path, "total": (total + 1) * 2}
'''
ABOUT = "What the net reads. All that is shown follows it at once."
ABOUT_DRAW = "Other texts of the same language. 0 is the sample in which the units were found."
ABOUT_FROM = f"The net reads {READ:,} characters at once. This is the first of them."
ABOUT_FILE = """Any text up to 5 MB: txt, md, py, csv, … in UTF-8, UTF-16, GBK, Big5 and other encodings,
which are recognised."""


def chosen(name: str, saved: Saved) -> str:
    """Let the visitor choose, write, paste or upload a text for the net called `name`.

    At most READ characters; empty where there is nothing to read, which has been said then. The text
    of the visitor's own stays while nets change; a sample is of the net's task.
    """
    source = st.segmented_control(
        "Text", SOURCES, default=SAMPLE, key="text", bind="query-params", help=ABOUT, required=True
    )
    text = {SAMPLE: _sampled, WRITE: _written, UPLOAD: _uploaded}[source](saved)
    if source != WRITE:
        st.query_params.pop("own", None)
    if not text:
        if source != UPLOAD:
            st.info("Nothing to read yet: write a few characters.", icon=":material/edit:")
        return ""
    text = _part(text)
    _tell_unknown(text, saved.vocabulary)
    return text


def unknown(text: str, known: Vocabulary) -> str:
    """A sentence about the characters of `text` that are not `known`, safe as Markdown; or ""."""
    codes = known.encode(text)
    strange = Counter(c for c, code in zip(text, codes.tolist(), strict=True) if code == 0)
    if not strange:
        return ""
    count = sum(strange.values())
    named = " ".join(_shown(c) for c, _ in strange.most_common(NAMED))
    more = " …" if len(strange) > NAMED else ""
    verb = "is" if count == 1 else "are"
    return f"{count:,} of {len(text):,} characters {verb} unknown to this net: {named}{more}"


def _sampled(saved: Saved) -> str:
    if saved.task in tasks.TASKS:
        number = choose.whole("Sample", 0, 9999, key="draw", help=ABOUT_DRAW)
        text = another(saved.task, number)
    else:
        options = [MIXED, MADE, *filter(_there, MODULES)]
        module = st.selectbox("Sample", options, key="module", bind="query-params")
        text = _module(module) if module in MODULES else SHORT if module == MADE else ""
        text = text or familiar.sample(None)
    st.button(
        "Edit it", key="edit_text", icon=":material/edit:", on_click=_adopt, args=(text[:OWN],)
    )
    return text


@cache
def another(task: str, number: int) -> str:
    """Texts of a language, one a line: number 0 is the sample of core.sequence.familiar."""
    if not number:
        return familiar.sample(task)
    language = tasks.TASKS[task]
    lengths = sorted({*language.trained, *language.held})
    generator = stream(number, "sample", task)
    drawn = (language.draw(lengths[k % len(lengths)], generator)[0] for k in range(familiar.LINES))
    return "".join(one + tasks.END for one in drawn)


def _adopt(text: str) -> None:
    """Go on with `text` as the visitor's own."""
    st.session_state["own_text"] = text
    st.session_state["own_epoch"] = st.session_state.get("own_epoch", 0) + 1
    st.session_state["text"] = WRITE


def _written(saved: Saved) -> str:
    if "own_text" not in st.session_state:
        first = another(saved.task, 0) if saved.task in tasks.TASKS else SHORT
        linked = st.query_params.get("own")
        st.session_state["own_text"] = first if linked is None else _clean(linked)
    text = pad(
        st.session_state["own_text"],
        key="pad",
        label=f"Write or paste, up to {OWN:,} characters",
        most=OWN,
        epoch=st.session_state.get("own_epoch", 0),
    )
    text = _clean(text)
    st.session_state["own_text"] = text
    if len(text) > LINKED:
        st.query_params.pop("own", None)
        st.caption(f"Too long for the link, which holds {LINKED:,} characters.")
    elif st.query_params.get("own") != text:
        st.query_params["own"] = text
    return text


def _clean(text: str) -> str:
    """A text as it is kept: bounded, lines ended alike, no half characters, which no link can hold."""
    lines = text[:OWN].replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode()


def _uploaded(saved: Saved) -> str:
    most = files.MAX_BYTES >> 20
    file = st.file_uploader("Text file", key="text_file", help=ABOUT_FILE, max_upload_size=most)
    if file is None:
        st.info(ABOUT_FILE, icon=":material/upload_file:")
        return ""
    try:
        found = _decoded(file.file_id, file)
    except UploadError as error:
        frame.report(error)
        return ""
    if not found.text:
        st.info("There is nothing in this file.")
    broken = f", {found.replaced:,} of them unreadable" if found.replaced else ""
    st.caption(f"{len(found.text):,} characters in {found.encoding}{broken}")
    return found.text


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def _decoded(file_id: str, _file: st.runtime.uploaded_file_manager.UploadedFile) -> Decoded:
    if _file.size > files.MAX_BYTES:  # before its bytes are copied
        given = f"{_file.size / 2**20:.1f} MB"
        raise UploadError(_file.name, wanted=f"at most {files.MAX_BYTES >> 20} MB", given=given)
    return files.decode(_file.getvalue(), _file.name)


def _part(text: str) -> str:
    """What is read at once, from the character that the visitor chooses."""
    if len(text) <= READ:
        return text
    first = choose.whole("From character", 0, len(text) - 1, key="from", help=ABOUT_FROM)
    part = text[first : first + READ]
    st.caption(f"Characters {first:,} to {first + len(part) - 1:,} of {len(text):,} are read.")
    return part


def _tell_unknown(text: str, known: Vocabulary) -> None:
    sentence = unknown(text, known)
    if sentence:
        st.caption(sentence)


def _shown(character: str) -> str:
    """A character in a sentence: what has no look of its own by its name or its number."""
    names = {"\n": "line end", "\t": "tab", " ": "space"}
    if character in names:
        return names[character]
    odd = unicodedata.category(character)[0] in "CZM"
    return f"U+{ord(character):04X}" if odd else frame.plain(character)


def _there(module: str) -> bool:
    return _path(module).is_file()


def _path(module: str) -> Path:
    return Path(sysconfig.get_path("stdlib")) / module


@cache
def _module(module: str) -> str:
    with tokenize.open(_path(module)) as file:
        return file.read()
