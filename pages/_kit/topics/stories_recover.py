"""Planted truth found again: the same model learns from the documents that it made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_stories
from core.topics import stories_recover as recover
from core.topics.distances import jensen_shannon
from core.topics.fit import MODELS
from core.topics.stories_recover import Data, Found
from core.topics.topics import Floats
from pages._kit import play
from pages._kit import show as shown
from pages._kit.stage import settling
from pages._kit.topics import fits
from pages._kit.topics.stories_made_documents import made, share
from pages._kit.topics.view import View, once

LOOKS = 25  # times that found topics are compared with the planted ones
WORDS = 6  # of a topic, in the table
NEAR = 0.1  # error of a topic that counts as found
SHARE = 0.001  # of the made words; a topic with fewer cannot be found
COMPARED = 3e-8  # seconds for each word of two topics


def show(view: View, many: int, words: int, seed: int) -> None:
    """This part of the room."""
    st.markdown("#### Planted, and found again?")
    st.markdown(
        "Of real documents nobody knows the true topics; of made ones we do, for we drew them. So "
        f"let **{MODELS[view.topics.model].title}** learn from the made documents alone, and see "
        "whether it finds them."
    )
    if not st.toggle("Learn from the made documents", key="made_recover", bind="query-params"):
        return
    model = replace(view.fit.config, topics=view.topics.K)
    documents = once(view, made, many, words, seed).documents
    if not len(documents.words):
        st.info("These documents have no words: make longer ones.")
        return
    every = max(1, model.steps(len(documents)) // LOOKS)
    config = recover.Config(model=model, every=every)
    total = recover.steps(config, len(documents))
    each = COMPARED * view.topics.K**2 * len(view.prepared.vocabulary)
    seconds = fits.seconds(model, documents) + total * each
    trace = play.play(
        "recover", recover.learn, once(view, _data, many, words, seed), config, seed=seed, total=total,
        work=play.SPEED * seconds, draw=partial(_draw, view),
    )  # fmt: skip
    mine = once(view, share, many, words, seed)
    if trace.finished and trace.steps and (mine >= SHARE).any():
        _ended(view, trace, mine)


def _data(view: View, many: int, words: int, seed: int) -> Data:
    return recover.data(once(view, made, many, words, seed).documents, view.topics.topic_word)


def _draw(view: View, trace: play.Trace) -> None:
    """One frame: the topics that are being found."""
    last: Found = trace.steps[-1]
    if trace.settled:
        return
    model = MODELS[view.topics.model]
    st.caption(f"Iteration {last.step.iteration}, error {last.error:.3f}")
    settling.live(
        [found.step for found in trace.steps], view.prepared.vocabulary, model.objective,
        rises=model.rises, key="settling-recover", frame=trace.frame, name="Topics that are found again",
    )  # fmt: skip


def _ended(view: View, trace: play.Trace, share: Floats) -> None:
    """How near they are; topics without words in these documents cannot be found, and do not count."""
    last: Found = trace.steps[-1]
    counted = share >= SHARE
    errors = [one.distance[counted[one.planted]] for one in trace.steps]
    apart, without = once(view, _apart), int((~counted).sum())
    st.markdown(
        f"**{int((errors[-1] < NEAR).sum())} of {len(errors[-1])} topics** are found again with an error "
        f"below {NEAR:g}; on average it is **{errors[-1].mean():.3f}**, where 0 is the same and 1 has no "
        "word in common."
        + (f" Two different planted topics are {apart:.2f} apart." if apart else "")
    )  # fmt: skip
    if without:
        st.caption(
            f"Left out: {without} planted topic{'s' * (without > 1)} with less than {SHARE:.1%} of the "
            "made words."
        )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        iterations = [one.step.iteration for one in trace.steps]
        shown.chart(topics_stories.error, iterations, [float(one.mean()) for one in errors])
        st.caption(
            "Error: Jensen–Shannon divergence of each planted topic from the one it is paired with, by "
            "log 2, on average. Pairs are those with the least sum."
        )
    with right:
        _table(view, last, counted)


def _apart(view: View) -> float:
    """Mean JS / log 2 of two different topics."""
    K = view.topics.K
    if K < 2:
        return 0.0
    return float(jensen_shannon(view.topics.topic_word).sum() / (K * (K - 1)) / 0.6931471805599453)


def _table(view: View, last: Found, counted: NDArray[np.bool_]) -> None:
    best, vocabulary = last.step.best[:, :WORDS], view.prepared.vocabulary
    pairs = [
        (k, z, error)
        for k, z, error in zip(last.planted, last.found, last.distance, strict=True)
        if counted[k]
    ]
    st.dataframe(
        {
            "planted": [f"{view.edited.ids[k]} · {view.edited.names[k]}" for k, _, _ in pairs],
            "found": [" ".join(vocabulary[w] for w in best[z]) for _, z, _ in pairs],
            "error": [float(error) for _, _, error in pairs],
        },
        hide_index=True, height=min(300, 38 + 35 * len(pairs)), key="made_pairs",
        column_config={
            "planted": st.column_config.TextColumn(width=190),
            "found": st.column_config.TextColumn(width=230),
            "error": st.column_config.ProgressColumn(
                format="%.3f", min_value=0, max_value=1, width=100
            ),
        },
    )  # fmt: skip
