"""Planted bars: topics that are pictures, so that anybody sees whether they were found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.rng import stream
from core.topics import bars
from core.topics import stories_recover as recover
from core.topics.fit import MODELS
from core.topics.fit import Config as Model
from core.topics.generate import Planted
from pages._kit import choose, play
from pages._kit.topics import fits, stories_bars_drawn
from pages._kit.topics.view import View

LEARNERS = ("lda", "gibbs", "plsa", "nmf", "mixture")
TITLES = {MODELS[name].title: name for name in LEARNERS}
DOCUMENTS = (50, 100, 200, 500, 1000, 2000)
ALPHAS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
MORE = {"As many as bars": 0, "Two fewer": -2, "Two more": 2}
ITERATIONS = 120
STEP = 0.003  # seconds of an iteration besides the model's own
ABOUT_ALPHA = "The smaller, the fewer bars a picture has: 0.1 makes one or two, 2 all of them."


@dataclass(frozen=True)
class Asked:
    """What the visitor set."""

    model: str
    topics: int
    side: int
    documents: int
    words: int
    alpha: float


def show(view: View) -> None:
    """This part of the room; it needs none of the visitor's documents."""
    st.markdown(
        "A word is a pixel, a topic is a **bar**: one row or one column. A document is a picture of "
        "some bars laid over each other. A model sees the pictures alone. Does it find the bars? "
        "(Griffiths & Steyvers, 2004)"
    )
    asked = _asked()
    seed = int(st.session_state.get("seed", 0))
    planted = _planted(asked.side, asked.documents, asked.words, asked.alpha, seed)
    stories_bars_drawn.given(planted)
    config = recover.Config(
        model=Model(model=asked.model, topics=asked.topics, iterations=ITERATIONS), whole=True
    )
    data = recover.data(planted.documents, planted.topics.topic_word)
    play.play(
        "bars", recover.learn, data, config, seed=seed,
        total=recover.steps(config, len(planted.documents)),
        work=play.SPEED * _seconds(config.model, planted),
        draw=partial(stories_bars_drawn.draw, planted, config),
    )  # fmt: skip


def _asked() -> Asked:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        title = st.selectbox(
            "Learned by", list(TITLES), key="bars_model", bind="query-params",
            help="The model in the sidebar is for your documents; this one is for the bars.",
        )  # fmt: skip
        more = st.selectbox(
            "Topics to learn", list(MORE), key="bars_topics", bind="query-params",
            help="With too few, bars are mixed up; with too many, some are split.",
        )  # fmt: skip
    with middle:
        side = st.slider("Pixels a side", 3, 8, 5, key="bars_side", bind="query-params")
        alpha = choose.slide(
            "α, bars in a picture", ALPHAS, 0.2, key="bars_alpha", help=ABOUT_ALPHA
        )
    with right:
        documents = choose.slide("Documents", DOCUMENTS, 1000, key="bars_documents")
        words = st.slider("Words of each", 5, 200, 100, 5, key="bars_words", bind="query-params")
    return Asked(TITLES[title], 2 * side + MORE[more], side, documents, words, float(alpha))


@st.cache_resource(max_entries=16, show_spinner=False)
def _planted(side: int, documents: int, words: int, alpha: float, seed: int) -> Planted:
    return bars.pictures(side, documents, words, alpha, generator=stream(seed, "bars"))


def _seconds(model: Model, planted: Planted) -> float:
    counts = planted.documents
    # Gibbs looks at each word, where others look at each different one
    often = counts.tokens / max(len(counts.words), 1) if model.model == "gibbs" else 1.0
    return often * fits.seconds(model, counts) + STEP * model.steps(len(counts))
