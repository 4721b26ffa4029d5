"""One topic of each of two models, side by side."""

from __future__ import annotations

import streamlit as st

from core.topics.contrast import contrast
from pages._kit import frame
from pages._kit.topics import compare_words
from pages._kit.topics.compare_found import Compared
from pages._kit.topics.view import View


def show(view: View, found: Compared, at: int, z: int) -> None:
    """Row `at` of what is compared against row `z` of the other model."""
    here, other = found.rows[at], found.other
    names = (view.edited.names[here], other.names[z])
    one = contrast(view.topics.topic_word[here], other.topics.topic_word[z])
    paired = any(
        a == at and b == z
        for a, b in zip(found.pairs.first.tolist(), found.pairs.second.tolist(), strict=True)
    )
    st.markdown(
        f":blue[**{frame.plain(names[0])}**] here, {view.edited.share[here]:.1%} of the words, and "
        f":orange[**{frame.plain(names[1])}**] there, {other.share[z]:.1%}. "
        f"They are {'a pair' if paired else 'not a pair'}, {one.js:.3f} nats apart, and share "
        f"{one.shared:.1%} of their words."
    )
    if found.matched is not None:
        n = found.matched.documents
        both, mine, its = int(n[here, z]), int(n[here].sum()), int(n[:, z].sum())
        st.caption(
            f"It is the largest topic of {mine:,} documents here and of {its:,} there; "
            f"{both:,} are the same."
        )
    compare_words.show(view, one, (f"{names[0]} (here)", f"{names[1]} (there)"), key="compare_pair")
