"""Which treebank: one of this project's, the visitor's own files, NLTK's, or the server's folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from core.datasets import treebank, treebanks, treebanks_nltk
from core.datasets.treebanks import Treebank
from core.datasets.treebanks_nltk import PENN, SINICA, Corpus
from core.errors import UploadError, VitrineError
from core.store import fingerprint
from pages._kit import frame

ENGLISH, CHINESE = "English, written for this project", "Chinese, written for this project"
OWN, FOLDER = "My own files", "The server's folder"
MOST = 25  # megabytes of an upload
TOLD = 8  # problems that are told at once
TYPES = [ending.removeprefix(".") for ending in (*treebanks.ENDINGS, ".zip")]
ABOUT = "Trees that people drew for sentences. A grammar is what stands in them, counted."
ABOUT_FILES = (
    f"Bracketed trees, as in `(S (NP (PRP She)) (VP (VBZ sings)))`: {', '.join(treebanks.ENDINGS)}, "
    f"or a .zip of such files, up to {treebanks.MOST_BYTES >> 20} MB unpacked. They stay on this "
    "server's memory while this page is open."
)


@dataclass(frozen=True, eq=False)
class Source:
    """A treebank; `id` names it by its content."""

    id: str
    name: str
    bank: Treebank


def chosen() -> Source | None:
    """Let the visitor choose. None where there is nothing yet, which has been said then."""
    offers: dict[str, Callable[[], Source | None]] = {
        ENGLISH: partial(_embedded, "english", ENGLISH),
        CHINESE: partial(_embedded, "chinese", CHINESE),
        OWN: _own,
        PENN.title: partial(_nltk, PENN),
        SINICA.title: partial(_nltk, SINICA),
    }
    if treebanks.configured() is not None:
        offers[FOLDER] = _folder
    name = st.selectbox("Treebank", list(offers), key="treebank", bind="query-params", help=ABOUT)
    try:
        return offers[name]()
    except VitrineError as error:
        with st._main:
            frame.report(error)
        return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _embedded(language: str, name: str) -> Source:
    trees = treebank.trees(language)
    return Source(language, name, Treebank(trees, (len(trees),)))


def _own() -> Source | None:
    """Files that were brought stay while the visitor looks at other rooms."""
    files = st.file_uploader(
        "Files of trees", TYPES, accept_multiple_files=True, key="treebank_files",
        max_upload_size=MOST, help=ABOUT_FILES,
    )  # fmt: skip
    ids = tuple(file.file_id for file in files)
    if ids and st.session_state.get("treebank_read") != ids:
        st.session_state["treebank_read"] = ids
        size = sum(file.size for file in files)
        if size > MOST * 2**20:  # before their bytes are copied
            given = f"{size / 2**20:.0f} MB"
            raise UploadError("files", wanted=f"at most {MOST} MB together", given=given)
        with st._main, st.spinner("Reading trees …", show_time=True):
            contents = [(file.name, file.getvalue()) for file in files]
            bank = treebanks.gather(contents)
        id = fingerprint(*(data.hex() for _, data in contents))
        st.session_state["treebank_own"] = Source(id, _named([name for name, _ in contents]), bank)
    own: Source | None = st.session_state.get("treebank_own")
    if own is None:
        with st._main:
            st.info(
                f"Bring a treebank in the sidebar. {ABOUT_FILES}", icon=":material/upload_file:"
            )
        return None
    if not ids:
        st.caption(f"Still here: {frame.plain(own.name)}")
    _tell(own.bank)
    return own


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _tell(bank: Treebank) -> None:
    """What could not be read."""
    if not bank.slips:
        return
    count = len(bank.slips)
    some = "".join(f"\n- {frame.plain(str(slip))}" for slip in bank.slips[:TOLD])
    more = f"\n- … and {count - TOLD} more" if count > TOLD else ""
    with st._main:
        st.warning(
            f"{len(bank.trees):,} trees were read and are used. "
            f"{'One place' if count == 1 else f'{count} places'} could not be read:{some}{more}",
            icon=":material/rule:",
        )


def _nltk(corpus: Corpus) -> Source | None:
    path = _found(corpus)
    if path is not None:
        with st._main, st.spinner("Reading trees …", show_time=True):
            return _from_nltk(str(path), path.stat().st_mtime_ns, corpus)
    with st._main, st.container(border=True):
        st.markdown(
            f"**{corpus.title}** is not on this server. It can be fetched from NLTK's own pages "
            f"({corpus.megabytes} MB), where its terms stand, too: research and teaching."
        )
        if st.button("Download it", key="treebank_fetch", icon=":material/download:"):
            try:
                with st.spinner("Downloading …", show_time=True):
                    treebanks_nltk.fetch(corpus)
            except VitrineError as error:
                frame.report(error)
                return None
            st.rerun()
    return None


def _found(corpus: Corpus) -> Path | None:
    # NLTK's import takes a second, once
    with st._main, st.spinner("Asking NLTK where it is …", show_time=True):
        return treebanks_nltk.found(corpus)


@st.cache_resource(max_entries=2, show_spinner=False)
def _from_nltk(path: str, changed: int, _corpus: Corpus) -> Source:
    bank = treebanks_nltk.load(Path(path), _corpus)
    return Source(f"{_corpus.name} {changed}", _corpus.title, bank)


def _folder() -> Source | None:
    path = treebanks.configured()
    assert path is not None
    with st._main, st.spinner("Reading trees …", show_time=True):
        source = _from_folder(str(path), treebanks.state(path))
    _tell(source.bank)
    return source


@st.cache_resource(max_entries=2, show_spinner=False)
def _from_folder(path: str, state: str) -> Source:
    return Source(f"folder {state}", Path(path).name, treebanks.from_path(Path(path)))
