"""The view's model and another one of the same documents: which topic of one is which of the other."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.topics.fit import MODELS, Config
from pages._kit import choose
from pages._kit.topics import compare_pairs, fits
from pages._kit.topics.view import View

SAME = "the same model"


def show(view: View) -> None:
    """The part of the room."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_model_row"):
        config, seed = _asked(view)
    fit = fits.fitted(view.prepared, config, seed, run="compare")
    if fit is None:
        return
    if fit.id == view.fit.id:
        st.info(
            "This is the very model in the sidebar, so that each topic finds itself. Choose another seed, "
            "another K or another model above.",
            icon=":material/content_copy:",
        )
    titles = (title(view.fit.config, view.fit.seed), title(config, seed))
    compare_pairs.show(view, fit, titles)


def _asked(view: View) -> tuple[Config, int]:
    now = view.fit.config
    titles = list(fits.TITLES)
    title = st.selectbox(
        "Compare with", [SAME, *titles], key="compare_model", bind="query-params",
        help="Another start alone gives other topics: the seed says how much of them is chance.",
    )  # fmt: skip
    model = now.model if title == SAME else fits.TITLES[title]
    topics = 1
    if model != "unigram":
        with st.container(width=280):
            topics = st.slider(
                "Its topics K", 2, 100, max(now.topics, 2), key="compare_topics",
                bind="query-params",
            )  # fmt: skip
    with st.container(width=160):
        seed = choose.whole("Its seed", 0, 2**31 - 1, key="compare_seed", default=view.fit.seed + 1)
    if model == now.model:
        # what was changed of the model in the sidebar holds here too
        return replace(now, topics=topics), seed
    return Config(model=model, topics=topics), seed


def title(config: Config, seed: int) -> str:
    """A model in a few words."""
    K = "" if config.model == "unigram" else f", K = {config.topics}"
    return f"{MODELS[config.model].title}{K}, seed {seed}"
