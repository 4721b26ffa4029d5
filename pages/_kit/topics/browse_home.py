"""What was found, to take home: the model, tables, a report; all of it with the visitor's changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from core.topics import report, saved, tables
from core.topics.fit import MODELS
from pages._kit.topics.view import View

WORDS = 100  # of a topic, in the table


def show(view: View) -> None:
    """The part of the room."""
    st.subheader("Take it home", anchor=False)
    files: dict[str, tuple[str, Callable[[View], bytes | str], str]] = {
        "topics.html": ("Report, HTML", _report, "One page that needs nothing else."),
        "topic-words.csv": ("Words, CSV", _words, "The likeliest words of each topic."),
        "mixtures.csv": ("Mixtures, CSV", _mixtures, "The topics of each document."),
        "assignments.csv": (
            "Assignments, CSV", _assignments, "The likeliest topic of each word of each document: long.",
        ),
        "topics.safetensors": ("Model, safetensors", _model, "All numbers, for programs."),
        "topics.json": ("Model, JSON", _json, "Settings, and the best words of each topic."),
    }  # fmt: skip
    with st.container(horizontal=True):
        for name, (label, make, about) in files.items():
            st.download_button(
                label, partial(make, view), name, on_click="ignore", key=f"take-{name}", help=about,
                icon=":material/download:",
            )  # fmt: skip
    st.caption(
        "With your names, merged topics and hidden ones. The link in the address bar keeps them too."
    )


def _about(view: View) -> dict[str, Any]:
    prepared, edited = view.prepared, view.edited
    return {
        "corpus": prepared.source.name,
        "settings": asdict(prepared.settings),
        "fit": {
            **asdict(view.fit.config),
            "seed": view.fit.seed,
            "iterations": len(view.fit.steps),
        },
        "numbers": list(edited.ids),
        "names": list(edited.names),
        "made_of": [list(made) for made in edited.members],
        "hidden": sorted(edited.hidden),
    }


def _model(view: View) -> bytes:
    return saved.to_file(view.topics, _about(view))


def _json(view: View) -> str:
    return saved.to_json(view.topics, _about(view))


def _words(view: View) -> str:
    return tables.words(view.edited, WORDS)


def _mixtures(view: View) -> str:
    documents = view.prepared.documents
    return tables.mixtures(
        view.edited, documents.titles, view.prepared.length, documents.labels or None
    )


def _assignments(view: View) -> str:
    return "".join(tables.assignments(view.edited, view.prepared.corpus.counts))


def _report(view: View) -> str:
    prepared, config = view.prepared, view.fit.config
    about = {
        "Documents": f"{len(prepared.documents):,}",
        "Words": f"{prepared.length.sum():,.0f}, {len(prepared.vocabulary):,} distinct",
        "Model": f"{MODELS[config.model].title}, {view.fit.topics.K} topics, seed {view.fit.seed}",
    }
    return report.to_html(
        view.edited, title=f"Topics of {prepared.source.name}", titles=prepared.documents.titles,
        texts=prepared.documents.texts, tokens=prepared.length, about=about,
    )  # fmt: skip
