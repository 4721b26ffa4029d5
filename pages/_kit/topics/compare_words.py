"""The words of two topics back to back: what one says, what both say, what the other says."""

from __future__ import annotations

import streamlit as st

from core.charts import topics_contrast
from core.topics.contrast import Contrast
from pages._kit import frame
from pages._kit.topics import compare_chart, pick, prepared
from pages._kit.topics.view import View

FEW, MANY = 3, 30


def show(view: View, found: Contrast, names: tuple[str, str], *, key: str) -> None:
    """The chart, and what is to be said of the word that is picked."""
    vocabulary = view.topics.vocabulary
    many = st.slider(
        "Words of each kind", FEW, MANY, 8, key=f"{key}_many", bind="query-params",
        help="Words that speak for one topic, in the order of their parts of the divergence, and words "
        "that both say.",
    )  # fmt: skip
    groups = found.words(many)
    word = pick.word(view)
    rows = topics_contrast.rows(
        [[vocabulary[w] for w in group] for group in groups],
        [found.p[group] for group in groups], [found.q[group] for group in groups], selected=word,
    )  # fmt: skip
    st.markdown(f":blue[**{frame.plain(names[0])}**] against :orange[**{frame.plain(names[1])}**]")
    compare_chart.show(
        topics_contrast.butterfly, len(rows), topics_contrast.reach(rows), data="words", frame=rows,
        key=f"{key}_chart", field="word", now=(view.id, names, word), take=pick.set_word,
        alt="Words of two topics back to back",
    )  # fmt: skip
    if word is None:
        st.caption(
            "Click a word to read its numbers or to stop it. On the grey band: what both say."
        )
        return
    w = pick.number(view, word)
    p, q = float(found.p[w]), float(found.q[w])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{frame.plain(word)}**: p(w | z) = :blue[{p:.3%}] and :orange[{q:.3%}], {_times(p, q)}; "
            f"{found.part[w] / max(found.js, 1e-12):.1%} of the divergence.",
            width="stretch",
        )
        st.button(
            "Stop it", key=f"{key}_stop", icon=":material/block:", on_click=prepared.stop,
            args=(word,), help="It no longer counts, and the model is fitted again.",
        )  # fmt: skip


def _times(p: float, q: float) -> str:
    low, high = sorted((p, q))
    if high < 1e-9:
        return "which is in neither"
    if high > 1e3 * low:
        return "so that it stands in one of them only"
    if high < 1.1 * low:
        return "about as likely in both"
    times = f"{high / low:.1f}" if high < 20 * low else f"{high / low:.0f}"
    return f"{times} times as likely in the {'first' if p > q else 'second'}"
