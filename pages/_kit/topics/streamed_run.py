"""A stream while it goes by: how fast, how far, and its topics as they settle; at its end the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.topics import saved
from core.topics.stream_file import Config, Step
from core.topics.topics import Topics
from pages._kit import play, take
from pages._kit.stage import settling

OBJECTIVE = "bound a word of the minibatch"


def draw(config: Config, trace: play.Trace) -> None:
    """One frame, until the run has settled."""
    if trace.settled:
        return
    last = trace.steps[-1]
    if last.phase == "begun":
        st.caption("Reading all documents once, to draw a sample of them …")
        return
    vocabulary = _vocabulary(trace.steps)
    if last.learned is None:
        st.caption(f"{last.documents:,} documents, {len(vocabulary):,} words that count.")
        return
    _figures(last, config, len(vocabulary))
    settling.live(
        [step.learned for step in trace.steps if step.learned is not None], vocabulary, OBJECTIVE,
        rises=True, key="settling-streamed", frame=trace.frame, name="Topics of the stream",
    )  # fmt: skip


def settled(steps: Sequence[Step], config: Config) -> None:
    """What came of it; of a run that was stopped, how far it came."""
    learned = [step.learned for step in steps if step.learned is not None]
    if not learned:
        return
    vocabulary = _vocabulary(steps)
    _figures(steps[-1], config, len(vocabulary))
    film = settling.filmed(
        f"{config!r} {learned[-1].documents} {learned[-1].objective}", learned, vocabulary, OBJECTIVE,
        rises=True,
    )  # fmt: skip
    settling.film(
        film, at=learned[-1].iteration, key="settling-streamed-end", name="Topics of the stream",
        picked=(), take_at=_nothing, take_topic=_nothing,
    )  # fmt: skip
    topics = learned[-1].topics
    if topics is not None:
        files: dict[str, Callable[[], bytes | str]] = {
            "streamed-topics.safetensors": partial(saved.to_file, topics),
            "streamed-topics.json": partial(_json, topics),
        }
        take.home(
            files, labels={"safetensors": "The model, safetensors", "json": "Best words, JSON"}
        )


def _nothing(number: int) -> None:
    """These topics are not those of the other rooms: nothing follows from a click."""


def _json(topics: Topics) -> str:
    return saved.to_json(topics)


def _vocabulary(steps: Sequence[Step]) -> tuple[str, ...]:
    return next((step.vocabulary for step in steps if step.vocabulary), ())


def _figures(last: Step, config: Config, words: int) -> None:
    whole = last.documents * config.model.passes
    held = 8 * config.model.topics * words
    with st.container(horizontal=True, gap="medium", key="streamed_figures"):
        st.metric("Documents", f"{last.read:,} of {whole:,}", width="content")
        st.metric(
            "Documents a second", f"{last.read / max(last.seconds, 1e-3):,.0f}", width="content"
        )
        st.metric(
            "Topics held", f"{held / 1e6:.1f} MB", width="content",
            help="k × V numbers, and one minibatch beside them: no more, however long the file is.",
        )  # fmt: skip
