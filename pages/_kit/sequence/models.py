"""Which net reads: one that comes with Vitrine, one trained here in this visit, or a file of one's own."""

from __future__ import annotations

import streamlit as st

from core.errors import VitrineError
from core.sequence import defaults, saved
from core.sequence.saved import Saved
from pages._kit import frame

OWN, HERE = "own", "here"
ABOUT_OWN = "A net that was saved here: the download is below. Up to 64 MB."


def chosen() -> tuple[str, Saved] | None:
    """Let the visitor choose a net; its name in the link, and the net. None until there is one."""
    names = [*defaults.RECIPES, *([HERE] if HERE in trained() else []), OWN]
    name = st.selectbox(
        "Net", names, key="net", bind="query-params", format_func=_title, on_change=_forget
    )
    if name == OWN:
        found = _own()
        return None if found is None else (name, found)
    return name, trained()[name] if name == HERE else defaults.load(name)


@st.cache_resource(scope="session", show_spinner=False)
def trained() -> dict[str, Saved]:
    """Nets trained in this visit, by HERE; the newest only."""
    return {}


def adopt(net: Saved) -> None:
    """Offer a net that was just trained, and choose it in the next run."""
    trained()[HERE] = net
    st.session_state["net"] = HERE
    _forget()


def _forget() -> None:
    """Another net has other units and another text."""
    for key in ("at",):
        st.session_state.pop(key, None)


def _title(name: str) -> str:
    if name == OWN:
        return "My own file"
    return (
        f"Trained here: {trained()[HERE].title}" if name == HERE else defaults.RECIPES[name].title
    )


def _own() -> Saved | None:
    file = st.file_uploader(
        "Net",
        ["safetensors"],
        key="own_net",
        help=ABOUT_OWN,
        max_upload_size=saved.MOST_BYTES >> 20,
    )
    if file is None:
        st.caption(ABOUT_OWN)
        return None
    try:
        return _read(file.file_id, file)
    except VitrineError as error:
        frame.report(error)
        return None


@st.cache_resource(max_entries=4, scope="session", show_spinner=False)
def _read(file_id: str, _file: st.runtime.uploaded_file_manager.UploadedFile) -> Saved:
    return saved.from_file(_file.getvalue(), _file.name)
