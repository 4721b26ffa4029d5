"""Documents that the visitor brings: files, and of tables which column is what."""

from __future__ import annotations

import streamlit as st

from core.datasets import documents_files
from core.datasets.documents import Documents
from core.errors import UploadError
from pages._kit import frame

TYPES = [ending.removeprefix(".") for ending in documents_files.ENDINGS]
MOST = documents_files.MOST_BYTES >> 20
ABOUT = (
    "Texts, web pages, Word, PDF, tables with a document a row, or a .zip of such files, whose "
    f"folders become labels; at most {MOST} MB. They stay in this server’s memory while the page is open."
)


def documents() -> Documents | None:
    """What was brought; None where there is nothing, which has been said then."""
    files = st.file_uploader(
        "Files", TYPES, accept_multiple_files=True, key="own_files", max_upload_size=MOST, help=ABOUT
    )  # fmt: skip
    ids = tuple(file.file_id for file in files)
    if ids and st.session_state.get("own_read") != ids:
        st.session_state["own_read"] = ids
        st.session_state.pop("own_documents", None)
        size = sum(file.size for file in files)
        if size > documents_files.MOST_BYTES:
            given = f"{size / 2**20:.0f} MB"
            raise UploadError("files", wanted=f"at most {MOST} MB together", given=given)
        with st._main, st.spinner("Reading …", show_time=True):
            found = documents_files.gather((file.name, file.getvalue()) for file in files)
        st.session_state["own_documents"] = found
    own: Documents | None = st.session_state.get("own_documents")
    if own is None:
        with st._main:
            st.info(f"Bring documents in the sidebar. {ABOUT}", icon=":material/upload_file:")
        return None
    if not ids:
        st.caption(f"Still here: {frame.plain(own.name)}")
    return own
