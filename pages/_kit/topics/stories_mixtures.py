"""What alpha means for documents: how many topics there are in each."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.charts import topics_stories
from core.rng import stream
from core.topics import dirichlet, stories_draws
from core.topics.topics import DIRICHLET
from pages._kit import choose
from pages._kit import show as shown
from pages._kit.topics.view import View

ALPHAS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)
DOCUMENTS, COUNTED = 40, 1000  # drawn as bars; over which means are taken


def show(view: View, seed: int) -> None:
    """A slider and the mixtures of some documents."""
    K = view.topics.K
    if K < 2:
        return
    st.markdown("#### What α means for documents")
    left, right = st.columns([2, 3], gap="large")
    has = view.topics.model in DIRICHLET
    with left:
        own = st.toggle(
            "This model’s own α", value=has, key="mixtures_own", bind="query-params", disabled=not has,
            help="As it was learned, or set, for each topic." if has else "Only LDA has one.",
        )  # fmt: skip
        alpha = view.topics.alpha
        if not (own and has):
            a = choose.slide(f"α of each of {K} topics", ALPHAS, 0.1, key="mixtures_alpha")
            alpha = np.full(K, float(a))
    theta = dirichlet.draw(alpha, COUNTED, generator=stream(seed, "mixtures"))
    with left:
        st.markdown(
            f"The largest topic has **{theta.max(axis=1).mean():.0%}** of a document on average, and "
            f"a document is as mixed as if it had **{stories_draws.alike(theta).mean():.1f}** topics "
            "in like shares."
        )
        if own and has:
            st.caption(
                f"This model: α from {alpha.min():.3g} to {alpha.max():.3g}, {alpha.mean():.3g} on "
                "average. Turn it off to try others."
            )
    with right:
        shown.chart(topics_stories.mixtures, theta[:DOCUMENTS])
        st.caption("Each column is a document that was drawn, its largest topic at the bottom.")
