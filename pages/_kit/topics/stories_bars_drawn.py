"""The pictures of the bars: documents, planted topics, and topics as they are found."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_stories
from core.topics.bars import as_pictures
from core.topics.generate import Planted
from core.topics.stories_recover import Config, Found
from pages._kit import play
from pages._kit import show as shown
from pages._kit.stage.mosaic import mosaic

SOME = 40  # documents that are shown
NEAR = 0.1  # error of a bar that counts as found
SAYS = {
    "mixture": "A mixture of unigrams believes that a picture has one topic: it finds pictures, not bars.",
    "lda": "Variational EM can end where two bars share a topic. Another seed begins elsewhere.",
    "gibbs": "The topic of each word is drawn again and again, given those of all others. "
    "With a small α it can be stuck for long, too.",
    "plsa": "PLSA learns each picture’s mixture by itself, without α.",
    "nmf": "NMF with this divergence has the same best solutions as PLSA.",
}


def given(planted: Planted) -> None:
    """What there is to learn from, and what is hidden in it."""
    many = min(SOME, len(planted.documents))
    some = planted.documents.take(range(many)).matrix().toarray()
    st.markdown(f"**Documents**, {many} of {len(planted.documents):,}")
    mosaic(
        topics_stories.tiles(as_pictures(some)), key="bars_pictures", columns=20,
        title="Documents as pictures", noun="document",
    )  # fmt: skip
    st.markdown("**Planted topics**, which the model does not see")
    beta = planted.topics.topic_word.astype(np.float64)
    mosaic(
        topics_stories.tiles(as_pictures(beta)), key="bars_planted", columns=len(beta),
        title="Planted topics as pictures", noun="bar",
    )  # fmt: skip


def draw(planted: Planted, config: Config, trace: play.Trace) -> None:
    """One frame: the topics found so far, each below the bar that it is paired with."""
    above, below = st.container(), st.container()
    at = len(trace.steps) - 1
    if trace.settled and at > 0:
        with below:
            at = st.slider(
                "Step", 0, at, at, key="bars_step", bind="query-params",
                help="Drag to see the topics settle.",
            )  # fmt: skip
    found: Found = trace.steps[at]
    near = int((found.distance < NEAR).sum())
    P = planted.topics.K
    with above:
        st.markdown(
            f"**Found topics**, iteration {found.step.iteration}: error **{found.error:.3f}**, {near} "
            f"of {P} bars found"
        )
        tiles = topics_stories.tiles(as_pictures(_paired(found, P)))
        mosaic(
            tiles, key="bars_found", columns=len(tiles), noun="topic", frame=trace.frame,
            title=f"Found topics, iteration {found.step.iteration}",
        )  # fmt: skip
    if not trace.settled:
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        iterations = [one.step.iteration for one in trace.steps]
        errors = [one.error for one in trace.steps]
        shown.chart(topics_stories.error, iterations, errors, now=found.step.iteration)
    with right:
        st.markdown(SAYS[config.model.model])
        st.caption(
            "Error: the Jensen–Shannon divergence of each bar from the topic that it is paired with, "
            "by log 2, on average: 0 is the same, 1 has no pixel in common. An empty place has no "
            "topic."
        )


def _paired(found: Found, P: int) -> NDArray[np.float64]:
    """Found topics (., V) in the order of the planted ones, those without a partner at the end."""
    assert found.topic_word is not None
    beta = found.topic_word.astype(np.float64)
    out = np.zeros((P, beta.shape[1]))
    out[found.planted] = beta[found.found]
    alone = np.setdiff1d(np.arange(len(beta)), found.found)
    return np.concatenate([out, beta[alone]])
