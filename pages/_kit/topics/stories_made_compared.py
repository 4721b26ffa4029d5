"""Made documents beside the real ones: what the model gets right, and what it does not know of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.charts import topics_stories
from core.topics.counts import Counts
from core.topics.stories_rarefied import rarefied
from pages._kit import show as shown
from pages._kit.topics.stories_made_documents import made, share
from pages._kit.topics.view import View, once

Floats = NDArray[np.float64]
AMONG = 30  # words, of which some differ


@dataclass(frozen=True, eq=False)
class Figures:
    """Of documents: how long each is; of those long enough, how many words among AMONG differ."""

    length: Floats
    different: Floats


def show(view: View, many: int, words: int, seed: int) -> None:
    """Three charts of `many` documents of `words` words each."""
    real, drawn = once(view, _real), once(view, _drawn, many, words, seed)
    left, middle, right = st.columns([4, 3, 3], gap="medium")
    with left:
        st.markdown("**Topics**")
        seen = list(view.edited.seen)
        names = [view.edited.names[k] for k in seen]
        mine = once(view, share, many, words, seed)
        shown.chart(topics_stories.shares, view.edited.share[seen], mine[seen], names)
    with middle:
        st.markdown("**Length**")
        shown.chart(topics_stories.histograms, real.length, drawn.length, title="words")
        st.caption(
            "The story does not say how long a document is: made ones are all about as long, real "
            "ones short and long."
        )
    with right:
        st.markdown(f"**Different words, of {AMONG}**")
        if not (len(real.different) and len(drawn.different)):
            st.caption(f"Too few documents have {AMONG} words.")
            return
        title = "different words"
        shown.chart(topics_stories.histograms, real.different, drawn.different, title=title)
        st.caption(_said(real, drawn))


def _real(view: View) -> Figures:
    return _figures(view.prepared.corpus.counts)


def _drawn(view: View, many: int, words: int, seed: int) -> Figures:
    return _figures(once(view, made, many, words, seed).documents)


def _figures(counts: Counts) -> Figures:
    different = rarefied(counts, AMONG)
    return Figures(counts.per_document(), different[np.isfinite(different)])


def _said(real: Figures, drawn: Figures) -> str:
    a, b = float(np.median(real.different)), float(np.median(drawn.different))
    said = f"Among {AMONG} words of a real document {a:.0f} differ, of a made one {b:.0f} (median)."
    if a < b - 0.5:
        said += " Whoever has used a word uses it again; the story draws each anew and forgets."
    return said
