"""Binomial: how many of n words are of a topic that has p of them."""

from __future__ import annotations

import streamlit as st

from core.charts import topics_density
from core.rng import stream
from core.topics import dirichlet, stories_draws
from pages._kit import choose
from pages._kit import show as shown
from pages._kit.topics.stories_number import tex
from pages._kit.topics.view import View

DRAWS = (0, 10, 100, 1000, 10_000)


def show(view: View, seed: int) -> None:
    """Controls, equation, chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        n = st.slider("n, words", 1, 60, 12, key="binomial_n", bind="query-params")
        p = st.slider(
            "p, the chance of the topic", 0.0, 1.0, 0.3, 0.01, key="binomial_p", bind="query-params"
        )
        k = choose.whole("k, words of the topic", 0, n, key="binomial_k", default=min(4, n))
        draws = choose.slide("Draws", DRAWS, 100, key="binomial_draws")
    P = dirichlet.binomial(n, p)
    drawn = stories_draws.multinomial(n, [p, 1 - p], draws, generator=stream(seed, "binomial"))
    with right:
        shown.chart(topics_density.binomial, P, drawn[:, 0])
        st.caption(
            "Blue: how likely each number is. Orange: how often it came among the draws. On average "
            f"{n * p:.3g} of {n} words are of the topic, give or take {(n * p * (1 - p)) ** 0.5:.2g}."
        )
    st.latex(
        r"P(K = k) = \binom{n}{k} p^k (1 - p)^{n - k} = "
        rf"\binom{{{n}}}{{{k}}}\, {tex(p)}^{{{k}}} \cdot {tex(1 - p)}^{{{n - k}}} = "
        rf"\mathbf{{{tex(float(P[k]))}}}"
    )
    st.markdown(
        "In a document of $N$ words, each of which is of topic $i$ with $\\theta_i$, this is how "
        "many of them are."
    )
