"""Which net reads: one that comes with Vitrine, one trained here in this visit, or a file of one's own."""

from __future__ import annotations

import streamlit as st

from core.errors import VitrineError
from core.sequence import defaults, saved, tasks
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
    found = _own() if name == OWN else trained()[name] if name == HERE else defaults.load(name)
    if found is None:
        return None
    st.caption(sentence(found))
    return name, found


def sentence(net: Saved) -> str:
    """How large a net is, and how well it does on what it never learned from, where that is known."""
    told, about = f"{net.size:,} learned numbers", net.about
    if net.task in tasks.TASKS and "texts" in about:
        told += f"; right on {about['texts']:.0%} of texts whose lengths it never learned from"
    elif "bits" in about:
        told += f"; {about['bits']:.2f} bits a character on text that was kept back"
    return told + "."


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
