"""Which documents: docstrings of installed packages, Python's reference, 20 Newsgroups, one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.datasets import docstrings, docstrings_gathering, newsgroups, pydoc_topics
from core.datasets.documents import Documents
from core.errors import VitrineError
from core.store import fingerprint
from pages._kit import frame, play
from pages._kit.topics import ahead, source_own, source_typed

DOCSTRINGS, PYTHON = "Docstrings of scientific packages", "Python’s language reference"
NEWSGROUPS, OWN = "20 Newsgroups", "My own documents"
ABOUT = "Texts to look for topics in. Everything that is shown is computed from them, here."
LETTERS = {"Training": "train", "Test": "test", "All": "all"}
ALWAYS = 1e12  # multiply-adds: a job, however fast the machine


@dataclass(frozen=True, eq=False)
class Source:
    """Documents; `id` names them by their content, `linked`: a link can bring them back.

    Settings are kept for `sort`: the same documents with other labels, or some of them.
    """

    id: str
    name: str
    documents: Documents
    linked: bool = True
    sort: str = ""  # else `id`


def chosen() -> Source | None:
    """Let the visitor choose. None where there is nothing yet, which has been said then."""
    offers: dict[str, Callable[[], Source | None]] = {
        DOCSTRINGS: _docstrings, PYTHON: _python, NEWSGROUPS: _newsgroups, OWN: _own,
    }  # fmt: skip
    name = st.selectbox("Documents", list(offers), key="corpus", bind="query-params", help=ABOUT)
    try:
        return offers[name]()
    except VitrineError as error:
        with st._main:
            frame.report(error)
        return None


def _docstrings() -> Source | None:
    installed = docstrings.packages()
    default = [name for name in installed if name in docstrings.DEFAULT]
    picked = st.multiselect(
        "Packages", installed, default, key="packages", bind="query-params",
        help="What their authors wrote about each function and class. Sources are read, never run.",
    )  # fmt: skip
    chosen = tuple(name for name in installed if name in picked)
    if not chosen:
        with st._main:
            st.info("Choose at least one package in the sidebar.", icon=":material/checklist:")
        return None
    if not all(map(docstrings.kept, chosen)):
        with st._main:
            if ahead.watched(DOCSTRINGS, "Reading the docstrings of the packages", _gathered):
                return None
            trace = play.play(
                "docstrings", docstrings_gathering.learn, chosen, docstrings_gathering.Config(),
                seed=0, total=len(chosen), work=ALWAYS, draw=_gathered,
            )  # fmt: skip
        if not trace.finished:
            return None
    return from_packages(chosen)


def _gathered(trace: play.Trace) -> None:
    if not trace.finished:
        step = trace.steps[-1]
        st.caption(f"{step.documents:,} docstrings of {step.package} read")


@st.cache_resource(max_entries=4, show_spinner=False)
def from_packages(chosen: tuple[str, ...]) -> Source:
    """The docstrings of packages."""
    id = f"docstrings {' '.join(chosen)}"
    return Source(id, DOCSTRINGS, docstrings.documents(chosen), sort=DOCSTRINGS)


@st.cache_resource(max_entries=1, show_spinner=False)
def _python() -> Source:
    return Source("python", PYTHON, pydoc_topics.documents())


def _newsgroups() -> Source | None:
    if newsgroups.available():
        part = st.selectbox(
            "Letters", list(LETTERS), key="newsgroups_part", bind="query-params",
            help="The earlier ones, the later ones, or all 18,846.",
        )  # fmt: skip
        left_out = st.multiselect(
            "Without", newsgroups.REMOVABLE, newsgroups.REMOVABLE, key="newsgroups_without",
            bind="query-params",
            help="Heads, signatures and quotes give a group away without saying what it is about.",
        )  # fmt: skip
        remove = tuple(one for one in newsgroups.REMOVABLE if one in left_out)
        with st._main, st.spinner("Reading letters …", show_time=True):
            return _letters(LETTERS[part], remove)
    with st._main, st.container(border=True):
        st.markdown(
            "**20 Newsgroups** is not on this server. scikit-learn can fetch it (14 MB), or "
            "`VITRINE_NEWSGROUPS` can name a folder that has it."
        )
        if st.button("Download it", key="newsgroups_fetch", icon=":material/download:"):
            with st.spinner("Downloading …", show_time=True):
                newsgroups.documents(fetch=True)
            st.rerun()
    return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _letters(part: str, remove: tuple[str, ...]) -> Source:
    found = newsgroups.documents(part, remove)
    return Source(f"newsgroups {part} {' '.join(remove)}", NEWSGROUPS, found, sort=NEWSGROUPS)


def _own() -> Source | None:
    documents = source_own.documents()
    if documents is None:
        return None
    last: Source | None = st.session_state.get("own_source")
    if last is not None and last.documents is documents:
        return last
    known = repr((documents.titles, documents.labels, documents.dates))
    id = fingerprint(documents.fingerprint, known.encode("utf-8", "replace").decode())
    sort = source_typed.NAME if documents.name == source_typed.NAME else documents.fingerprint
    found = Source(id, documents.name, documents, linked=False, sort=sort)
    st.session_state["own_source"] = found
    return found
