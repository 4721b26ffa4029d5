"""One more prepositional phrase, and another: how fast the trees of the course's sentence multiply."""

from __future__ import annotations

import math

import streamlit as st

from core.charts import ambiguity
from core.parsing import growth as of_growth
from core.parsing.all_trees import catalan
from core.parsing.quantity import figure
from pages._kit import show
from pages._kit.parsing.view import View, charted

MOST = 12  # phrases at the end of a sentence: 742,900 trees


def buttons(view: View) -> None:
    """Lengthen and shorten the sentence, where it is one that can be."""
    k = of_growth.phrases(view.words)
    if k is None or not set(of_growth.lengthened(MOST)) <= set(view.grammar.words):
        return
    st.button(
        "One phrase more", key="phrase_more", icon=":material/add:", disabled=k >= MOST,
        on_click=_take, args=(k + 1,),
    )  # fmt: skip
    st.button(
        "One less", key="phrase_less", icon=":material/remove:", disabled=k == 0,
        on_click=_take, args=(k - 1,),
    )  # fmt: skip


def _take(k: int) -> None:
    st.session_state["sentence"] = " ".join(of_growth.lengthened(k))


def growth(view: View) -> None:
    """Trees, ties and probabilities with 0 to MOST such phrases, each counted by its chart."""
    k = of_growth.phrases(view.words)
    if k is None or not set(of_growth.lengthened(MOST)) <= set(view.grammar.words):
        return
    with st.expander("How the number of trees grows", key="growth", bind="query-params") as opened:
        if not opened.open:
            return
        charts = [charted(view.text, of_growth.lengthened(m)) for m in range(MOST + 1)]
        counts = [chart.count for chart in charts]
        if not all(counts):
            st.caption("With this grammar the longer sentences have no tree.")
            return
        left, right = st.columns([2, 3])
        with left:
            show.chart(ambiguity.growth, counts, [c.ties for c in charts], here=k)
        rows = {
            "phrases": list(range(MOST + 1)),
            "words": [len(chart.words) for chart in charts],
            "trees": counts,
            "Catalan(k + 1)": [catalan(m + 1) for m in range(MOST + 1)],
            "as good as the best": [chart.ties for chart in charts],
            "best p": [figure(chart.log_best) for chart in charts],
            "its share": [math.exp(chart.log_best - chart.log_inside) for chart in charts],
        }
        with right:
            st.dataframe(
                rows, hide_index=True, height=350, key="growth_table",
                column_config={"its share": st.column_config.NumberColumn(format="percent")},
            )  # fmt: skip
