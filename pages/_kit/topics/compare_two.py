"""Two topics: their words back to back, how far they are apart, the documents that have both."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_contrast
from core.topics import correlations
from core.topics.contrast import Contrast, contrast
from core.topics.distances import topic_map
from pages._kit import frame
from pages._kit.topics import (
    choosers,
    compare_both,
    compare_chart,
    compare_csv,
    compare_pick,
    compare_words,
    pick,
)
from pages._kit.topics.view import View, once

JS = r"""How hard it is to tell from a word which of the two it was drawn from:
$$
\mathrm{JS} = \tfrac{1}{2}\sum_w \Big[\, p(w|z_1)\log\frac{p(w|z_1)}{m(w)}
+ p(w|z_2)\log\frac{p(w|z_2)}{m(w)} \Big],\quad m(w) = \tfrac{1}{2}\big(p(w|z_1)+p(w|z_2)\big)
$$
0 where they are the same, log 2 = 0.693 nats where they have no word in common. Each word's part of the
sum says how much it tells them apart: those with the largest parts come first below."""
SHARED = r"$\sum_w \min\big(p(w|z_1),\, p(w|z_2)\big)$: what the two distributions have in common."


def show(view: View) -> None:
    """The part of the room."""
    second = compare_pick.other(view)
    if second is None:
        st.info(
            "This model has one topic: there is nothing to compare it with. Choose another model in the "
            "sidebar, or show hidden topics in the room Topics.",
            icon=":material/looks_one:",
        )
        return
    first = _choose(view, second)
    found = once(view, between, first, second)
    _figures(view, found, first, second)
    left, right = st.columns([5, 6], gap="large")
    with left:
        _map(view, first, second)
        st.caption("Click a topic on the map to compare the blue one with it.")
    names = (view.edited.names[first], view.edited.names[second])
    with right:
        compare_words.show(view, found, names, key="compare_words")
        compare_csv.button(
            "two-topics.csv", ("word", f"p in {names[0]}", f"p in {names[1]}", "JS part, nats"),
            partial(_rows, view, found), label="Words as CSV",
        )  # fmt: skip
    compare_both.show(view, first, second, key="compare_both")


def between(view: View, first: int, second: int) -> Contrast:
    """Of two rows."""
    return contrast(view.topics.topic_word[first], view.topics.topic_word[second])


def _map(view: View, first: int, second: int) -> None:
    places, seen = once(view, _places), _seen(view)
    table = topics_contrast.places(
        places, view.edited.share[seen], [view.edited.names[k] for k in seen],
        seen.index(first), seen.index(second),
    )  # fmt: skip
    compare_chart.show(
        topics_contrast.pair, topics_contrast.room(places[:, 0]), topics_contrast.room(places[:, 1]),
        data="topics", frame=table, key="compare_map", field="topic",
        now=(view.id, first, second), take=partial(_take, view), alt="Topics as circles on a map",
    )  # fmt: skip


def _choose(view: View, second: int) -> int:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = choosers.topic(view, key="compare_first", label=":blue[Topic]")
        ids = [view.edited.ids[k] for k in view.edited.seen if k != first]
        here = view.edited.ids[second]
        st.session_state["compare_second"] = here
        st.selectbox(
            ":orange[and topic]", ids, key="compare_second", on_change=_other,
            format_func=lambda number: compare_pick.named(view, number),
        )  # fmt: skip
        st.button(
            "Swap", key="compare_swap", icon=":material/swap_horiz:",
            on_click=compare_pick.set_both, args=(here, view.edited.ids[first]),
        )  # fmt: skip
    return first


def _other() -> None:
    compare_pick.set_other(st.session_state["compare_second"])


def _take(view: View, at: int) -> None:
    row = _seen(view)[int(at)]
    if row != pick.row(view):
        compare_pick.set_other(view.edited.ids[row])


def _figures(view: View, found: Contrast, first: int, second: int) -> None:
    r = once(view, pearson)
    apart = found.words(3)
    said = ["nothing" if not len(group) else
            ", ".join(frame.plain(view.topics.vocabulary[w]) for w in group)
            for group in (apart[0], apart[2])]  # fmt: skip
    with st.container(
        horizontal=True, gap="medium", vertical_alignment="center", key="compare_figures"
    ):
        st.metric("Jensen–Shannon", f"{found.js:.3f} nats", width="content", help=JS)
        st.metric("Words shared", f"{found.shared:.1%}", width="content", help=SHARED)
        if r is not None:
            st.metric(
                "Correlation", f"{r[first, second]:+.2f}", width="content",
                help="Of p(z | d) over all documents. Above 0: where one is, the other is too.",
            )  # fmt: skip
        st.markdown(
            f"They are told apart most by :blue[**{said[0]}**] and :orange[**{said[1]}**].",
            width=360,
        )


def pearson(view: View) -> NDArray[np.float64] | None:
    """Correlations of topics, where there are documents to see them in."""
    theta = view.topics.doc_topic
    return correlations.pearson(theta) if len(theta) > 1 else None


def _seen(view: View) -> list[int]:
    return list(view.edited.seen)


def _places(view: View) -> NDArray[np.float64]:
    return topic_map(view.topics.topic_word[_seen(view)])


def _rows(view: View, found: Contrast) -> list[tuple[str, float, float, float]]:
    order = np.argsort(-found.part, kind="stable")
    columns = (found.p[order].tolist(), found.q[order].tolist(), found.part[order].tolist())
    words = [view.topics.vocabulary[w] for w in order]
    return list(zip(words, *columns, strict=True))
