"""Learning: the model's whole way, how many topics there should be, models beside each other, streams."""

from __future__ import annotations

import streamlit as st

from pages._kit.topics import learn_film, learn_k, learn_models, streamed
from pages._kit.topics.view import View

PARTS = {
    "As it was learned": learn_film.show,
    "How many topics": learn_k.show,
    "Models so far": learn_models.show,
    "Larger than memory": streamed.show,
}


def show(view: View) -> None:
    """The room."""
    part = st.segmented_control(
        "Part", list(PARTS), default=next(iter(PARTS)), key="learn_part", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    PARTS[part or next(iter(PARTS))](view)
