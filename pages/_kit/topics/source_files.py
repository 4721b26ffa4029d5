"""Files that the visitor brings, read once and kept while the page is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets import documents_files, documents_gathering
from core.datasets.documents import Documents
from core.datasets.documents_table import Columns
from core.errors import UploadError
from pages._kit import frame, play
from pages._kit.topics import source_columns

TYPES = [ending.removeprefix(".") for ending in documents_files.ENDINGS]
MOST = documents_files.MOST_BYTES >> 20
ABOUT = (
    "Texts, web pages, Word, PDF, tables with a document a row, or a .zip of such files, whose "
    f"folders become labels; at most {MOST} MB. They stay in this server’s memory while the page is open."
)
IN_PLACE = 64 * 2**20  # bytes of text that are read within two seconds
COSTS = {".pdf": 128, ".docx": 32, ".zip": 16, ".html": 8, ".htm": 8}  # times as much
ALWAYS = 1e12  # multiply-adds: a job, however fast the machine


@dataclass(frozen=True)
class Brought:
    """What was uploaded: names and contents, and the columns of the tables among it."""

    ids: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    columns: source_columns.Known


def documents() -> Documents | None:
    """What the files hold; None where there are none or none can be read, which has been said then."""
    uploaded = st.file_uploader(
        "Files", TYPES, accept_multiple_files=True, key="own_files", max_upload_size=MOST, help=ABOUT
    )  # fmt: skip
    brought = _brought(uploaded)
    if brought is not None:
        columns = source_columns.chosen(brought.columns)
        _read(brought, columns)
    error: UploadError | None = st.session_state.get("own_error") if uploaded else None
    own: Documents | None = st.session_state.get("own_documents")
    if error is not None:
        with st._main:
            frame.report(error)
            if own is not None:
                st.caption(f"What is below is still of {frame.plain(own.name)}.")
    if own is None:
        if error is None and not uploaded:
            with st._main:
                st.info(f"Bring documents in the sidebar. {ABOUT}", icon=":material/upload_file:")
        return None
    _told(own, kept=not uploaded)
    return own


def _brought(uploaded: Sequence[UploadedFile]) -> Brought | None:
    """The files of this moment, or those from before the visitor looked elsewhere."""
    ids = tuple(file.file_id for file in uploaded)
    known: Brought | None = st.session_state.get("own_brought")
    if not ids or (known is not None and known.ids == ids):
        return known
    size = sum(file.size for file in uploaded)
    if size > documents_files.MOST_BYTES:
        wanted = f"at most {documents_files.MOST_BYTES / 2**20:,.0f} MB together"
        given = f"{size / 2**20:,.0f} MB"
        st.session_state["own_error"] = UploadError("files", wanted=wanted, given=given)
        return None
    files = tuple((file.name, file.getvalue()) for file in uploaded)
    found = Brought(ids, files, source_columns.found(files))
    st.session_state["own_brought"] = found
    source_columns.begin(found.columns)
    return found


def _read(brought: Brought, columns: Columns) -> None:
    """Read them, if that has not been done."""
    done = (brought.ids, columns)
    if st.session_state.get("own_done") == done:
        return
    try:
        with st._main:
            found = _large(brought, columns) if _slow(brought) else _small(brought, columns)
    except UploadError as error:
        st.session_state.update(own_done=done, own_error=error)
        return
    if found is None:
        return
    st.session_state["own_done"] = done
    st.session_state["own_documents"] = found
    st.session_state["own_error"] = None
    if not brought.columns.names:  # they are not read again
        st.session_state["own_brought"] = replace(brought, files=())


def _slow(brought: Brought) -> bool:
    costs = (
        COSTS.get(PurePosixPath(name).suffix.lower(), 1) * len(data) for name, data in brought.files
    )
    return sum(costs) > IN_PLACE


def _small(brought: Brought, columns: Columns) -> Documents:
    with st.spinner("Reading …", show_time=True):
        return documents_files.gather(brought.files, columns)


def _large(brought: Brought, columns: Columns) -> Documents | None:
    """In another process; None until it is done."""
    trace = play.play(
        "own_documents", documents_gathering.learn, documents_gathering.data(brought.files),
        documents_gathering.Config(columns), seed=0, total=1, work=ALWAYS, draw=_nothing,
    )  # fmt: skip
    st.session_state["own_error"] = None  # what goes wrong there is told there
    return trace.steps[-1].documents if trace.finished and trace.steps else None


def _nothing(trace: play.Trace) -> None:
    """There is nothing to see until all is read."""


def _told(own: Documents, *, kept: bool) -> None:
    """What there is, and what could not be read."""
    many = len(own)
    labels = f", {len(set(own.labels)):,} labels" if own.labels else ""
    days = [day for day in own.dates or () if day is not None]
    span = f", {min(days).year}–{max(days).year}" if days else ""
    name = f"Still here: {frame.plain(own.name)}. " if kept else ""
    st.caption(
        f"{name}{many:,} document{'s' * (many != 1)}, {own.characters:,} characters{labels}{span}"
    )
    if kept:
        st.button("Forget them", key="own_forget", icon=":material/delete:", on_click=_forget)
    if own.slips:
        count = len(own.slips)
        title = f"{count:,} thing{'s' * (count != 1)} could not be read"
        with st.expander(title, icon=":material/warning:", expanded=True):
            st.markdown("\n".join(f"- {frame.plain(slip)}" for slip in own.slips))


def _forget() -> None:
    for key in ("own_brought", "own_done", "own_documents", "own_error", "own_columns"):
        st.session_state.pop(key, None)
