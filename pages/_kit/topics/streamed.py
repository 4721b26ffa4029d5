"""More documents than memory holds: streamed from a file of the server's, minibatch by minibatch."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.errors import UnavailableError
from core.topics import online_lda, stream_file, stream_files
from core.topics.stream_file import Config, Data
from pages._kit import choose, frame, play
from pages._kit.topics import streamed_run
from pages._kit.topics.view import View

STARTED = "streamed_started"
ALWAYS = 1e12  # multiply-adds: a job, however small
BATCHES = (500, 1_000, 2_000, 5_000, 10_000, 20_000)
SAMPLES = (1_000, 5_000, 10_000, 20_000, 50_000, 100_000)
ABOUT = """Online LDA never holds more than one **minibatch** and the topics: a corpus of any size goes by,
document by document, and memory stays flat. A fair sample of them decides which words count."""
NONE = """This server has no file to stream. Whoever runs it can set `VITRINE_DOCUMENTS` to a file, or a
folder of files, on its disk: a table (.csv, .tsv, .jsonl) or a text with a document a line (.txt)."""


def show(view: View) -> None:
    """The part of the room."""
    st.markdown(ABOUT)
    if not stream_files.configured():
        st.info(NONE, icon=":material/hard_drive:")
        return
    try:
        asked = _asked(view)
    except UnavailableError as error:
        frame.report(error)
        return
    data, config = asked
    wish = (data, config, view.fit.seed)
    started = st.session_state.get(STARTED)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Stream from disk", key="streamed_go", type="primary", icon=":material/play_arrow:",
            on_click=_start, args=wish, disabled=started == wish,
        )  # fmt: skip
        st.caption(
            "K, tokeniser, stop words and limits of the vocabulary are those of the sidebar."
            if started in (None, wish) else "The settings have changed since: press again for a new run."
        )  # fmt: skip
    if started != wish:
        return
    total = stream_file.STEPS + 3
    trace = play.play(
        "streamed", stream_file.learn, data, config, seed=view.fit.seed, total=total, work=ALWAYS,
        draw=partial(streamed_run.draw, config),
    )  # fmt: skip
    if trace.settled:
        streamed_run.settled(trace.steps, config)


def _asked(view: View) -> tuple[Data, Config]:
    every = stream_files.files()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=340):
            name = st.selectbox(
                "File", [one.name for one in every], key="streamed_file", bind="query-params"
            )
        chosen = next(one for one in every if one.name == name)
        columns = chosen.columns()
        column = ""
        if columns:
            with st.container(width=200):
                column = st.selectbox(
                    "Column with the text", ["", *columns], key="streamed_column", bind="query-params",
                    format_func=lambda one: one or "the longest", help="Each row is a document.",
                )  # fmt: skip
    with st.expander("How it goes by", icon=":material/tune:"):
        batch = choose.slide(
            "Documents of a minibatch", BATCHES, 5_000, key="streamed_batch",
            help="Small ones change the topics often, large ones steadily.",
        )  # fmt: skip
        sample = choose.slide(
            "Documents that decide which words count", SAMPLES, 50_000, key="streamed_sample",
            help="Drawn so that each is as likely as another. All others are only counted.",
        )  # fmt: skip
        passes = st.slider(
            "Passes over the file", 1, 10, 1, key="streamed_passes", bind="query-params"
        )
    st.caption(f"{chosen.bytes / 1e6:,.1f} MB on the server’s disk.")
    model = online_lda.Config(topics=max(view.fit.config.topics, 2), passes=passes)
    config = Config(model=model, words=view.prepared.settings, batch=batch, sample=sample)
    return (str(chosen.path), column, chosen.mark), config


def _start(*wish: Any) -> None:
    st.session_state[STARTED] = wish
