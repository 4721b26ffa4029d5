"""The topics of a text, largest first. Hidden ones are left away, and their share is told."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.charts import topics_bars
from core.topics.topics import Floats
from pages._kit.topics import clicked, pick
from pages._kit.topics.view import View

MOST = 8  # topics with a bar of their own
ABOUT = (
    "p(z | d): the share of each topic in this text. The tick is its share in all documents. Click a "
    "bar to pick its topic."
)


def show(view: View, theta: Floats, *, key: str) -> None:
    """Of a text of mixture `theta` (K,)."""
    st.markdown("**Its topics**", help=ABOUT)
    seen = list(view.edited.seen)
    clicked.chart(
        topics_bars.mixture, theta[seen], [view.edited.names[k] for k in seen], key=key,
        mean=view.edited.share[seen], most=MOST, selection="topic", field="topic",
        now=seen.index(pick.row(view)), take=partial(_take, view),
    )  # fmt: skip
    hidden = [k for k in range(len(theta)) if k not in set(seen)]
    if hidden:
        st.caption(f"{theta[hidden].sum():.1%} are in topics that you hid.")


def _take(view: View, place: int) -> None:
    if place >= 0:  # the last bar is all others together
        pick.set_topic(view.edited.ids[view.edited.seen[place]])
