"""Multinomial: how n words are dealt out to three topics."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.charts import topics_density
from core.rng import stream
from core.topics import dirichlet, stories_draws
from pages._kit import choose
from pages._kit import show as shown
from pages._kit.topics.stories_number import tex
from pages._kit.topics.view import View

DRAWS = (0, 10, 100, 1000, 5000)


def show(view: View, seed: int) -> None:
    """Controls, equation, chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        n = st.slider("n, words", 1, 25, 8, key="multinomial_n", bind="query-params")
        weights = [
            st.slider(
                f"Weight of p{'₁₂₃'[i]}", 0, 10, weight, key=f"multinomial_p{i + 1}", bind="query-params"
            )
            for i, weight in enumerate((5, 3, 2))
        ]  # fmt: skip
        draws = choose.slide("Draws", DRAWS, 100, key="multinomial_draws")
        one, two = st.columns(2)
        with one:
            first = choose.whole("x₁", 0, n, key="multinomial_x1", default=min(4, n))
        with two:
            rest = n - first
            second = choose.whole("x₂", 0, rest, key="multinomial_x2", default=min(2, rest))
    if not sum(weights):
        st.info("One of the weights has to be above 0.", icon=":material/balance:")
        return
    p, x = np.array(weights) / sum(weights), [first, second, rest - second]
    all_counts = stories_draws.triples(n)
    P = dirichlet.multinomial(all_counts, p)
    drawn = stories_draws.multinomial(n, p, draws, generator=stream(seed, "multinomial"))
    times = stories_draws.times(drawn, all_counts) if draws else ()
    with right:
        shown.chart(topics_density.multinomial, all_counts, P, drawn=times)
        st.caption(
            f"Each disc is one way to deal {n} words out to three topics, as large as it is likely. "
            "Orange rings: how often it came among the draws. At a corner all words are of one topic."
        )
    powers = r" \cdot ".join(rf"{tex(float(a))}^{{{b}}}" for a, b in zip(p, x, strict=True))
    st.latex(
        r"P(x_1, \dots, x_k; n, p_1, \dots, p_k) = \frac{n!}{x_1! \dots x_k!}\, p_1^{x_1} \dots "
        "p_k^{x_k} = "
        rf"\frac{{{n}!}}{{{x[0]}!\,{x[1]}!\,{x[2]}!}}\, {powers} = "
        rf"\mathbf{{{tex(float(dirichlet.multinomial(x, p)))}}}"
    )
