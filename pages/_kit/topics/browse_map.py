"""The map of topics, and the words of the picked one: a click picks, a word under the pointer spreads."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_map
from core.topics.distances import topic_map
from core.topics.relevance import relevant, topic_given_word
from pages._kit.show import kept, specification
from pages._kit.topics import choosers, pick
from pages._kit.topics.view import View, once

KEY = "browse_chart"
ROW = 22  # pixels of a word
LEAST, MOST, FIRST = 10, 100, 20  # words
ABOUT = (
    r"Which words stand for a topic: $r = \lambda \log p(w \mid z) + (1 - \lambda) \log "
    r"\frac{p(w \mid z)}{p(w)}$. At 1 the likeliest come first, and many of them are likely "
    "everywhere; at 0 those that stand nowhere else, and many of them are rare. Between .4 and .7 people "
    "name topics best."
)
READING = (
    "Each circle is a topic: near where its words are alike (Jensen–Shannon), as large as its share of all "
    "words. **Click** one. **Point at a word** to see which topics use it, and click to keep that."
)
# The chart's own rule (topics_map.WIDE) is on its width, which Python does not know.
STYLE = """<style>
.st-key-browse_map { container-type: inline-size; }
.st-key-browse_map .st-key-browse_room { height: %dpx; flex: none; }
@container (max-width: %dpx) { .st-key-browse_map .st-key-browse_room { height: %dpx; flex: none; } }
</style>"""


def show(view: View) -> None:
    """The part of the room."""
    left, middle, right = st.columns([5, 3, 3], gap="medium")
    with left:
        row = choosers.topic(view)
    with middle:
        weight = st.slider(
            r"Relevance $\lambda$",
            0.0,
            1.0,
            0.6,
            0.05,
            key="relevance",
            bind="query-params",
            help=ABOUT,
        )
    with right:
        many = st.slider("Words", LEAST, MOST, FIRST, 5, key="browse_words", bind="query-params")
    many = min(many, len(view.prepared.vocabulary))
    bars = topics_map.HEAD + ROW * many + topics_map.BELOW
    high = max(bars, topics_map.HIGH)
    with st.container(key="browse_map"):
        st.html(STYLE % (high, topics_map.WIDE - 1, bars + topics_map.LOW))
        st.caption(READING)
        with st.container(key="browse_room"):
            _chart(view, row, weight, many)


def _chart(view: View, row: int, weight: float, many: int) -> None:
    memory = st.session_state.setdefault("browse_turn", {"turn": 0, "told": None})
    told = (view.id, row, pick.word(view))
    if memory["told"] != told:
        # what was clicked before can be clicked again
        memory |= {"turn": memory["turn"] + 1, "told": told}
    places = once(view, _places)
    spec = dict(kept(specification, topics_map.chart, topics_map.spanned(places)))
    spec["datasets"] = once(view, _tables, row, weight, many, pick.word(view))
    spec["datasets"] = {
        name: frame.assign(turn=memory["turn"]) for name, frame in spec["datasets"].items()
    }
    st.vega_lite_chart(
        spec, width="stretch", height="stretch", key=KEY, selection_mode=["topic", "word"],
        on_select=partial(_take, view),
        alt="Topics as circles on a map, and the words of the picked one as bars",
    )  # fmt: skip


def _tables(
    view: View, row: int, weight: float, many: int, word: str | None
) -> dict[str, pd.DataFrame]:
    seen = list(view.edited.seen)
    share, per_word = view.edited.share, once(view, tokens)
    p = view.topics.topic_word
    best = relevant(p[row][None], per_word / per_word.sum(), weight, many)[0]
    # tokens of w in z = p(w | z) p(z) N
    in_topic = p[row, best].astype(float) * share[row] * per_word.sum()
    return topics_map.tables(
        once(view, _places), share[seen], [view.edited.ids[k] for k in seen],
        [view.edited.names[k] for k in seen], selected=seen.index(row),
        words=[view.prepared.vocabulary[w] for w in best], in_topic=in_topic, overall=per_word[best],
        shares=topic_given_word(p[:, best], share)[:, seen], word=word,
        of_word=None if word is None else spread(view, word)[seen],
    )  # fmt: skip


def spread(view: View, word: str) -> NDArray[np.float64]:
    """p(z | word) of every row, (K,)."""
    w = pick.number(view, word)
    return topic_given_word(view.topics.topic_word[:, [w]], view.edited.share)[0]


def tokens(view: View) -> NDArray[np.float64]:
    """Of each word in all documents, (V,)."""
    return view.prepared.corpus.counts.per_word()


def _places(view: View) -> NDArray[np.float64]:
    """Of the topics that are seen, in the order of `edited.seen`."""
    return topic_map(view.topics.topic_word[list(view.edited.seen)])


def _take(view: View) -> None:
    selected: dict[str, Any] = st.session_state[KEY]["selection"]
    topic = _value(selected, "topic")
    if isinstance(topic, int | float) and 0 <= topic < len(view.edited.seen):
        pick.set_topic(view.edited.ids[view.edited.seen[int(topic)]])
    word = _value(selected, "word")
    if isinstance(word, str):
        # a second click puts it out
        pick.set_word(None if word == pick.word(view) else word)


def _value(selected: dict[str, Any], name: str) -> Any:
    """Of the field of that name, where the click was on something that has it."""
    points = selected.get(name)
    return points[0].get(name) if isinstance(points, list) and points else None
