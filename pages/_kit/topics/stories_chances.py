"""The four distributions of the course: densities, draws, and what data change."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages._kit.topics import (
    stories_beta,
    stories_binomial,
    stories_dirichlet,
    stories_multinomial,
)
from pages._kit.topics.view import View

KINDS: dict[str, Callable[[View, int], None]] = {
    "Binomial": stories_binomial.show,
    "Multinomial": stories_multinomial.show,
    "Beta": stories_beta.show,
    "Dirichlet": stories_dirichlet.show,
}
FIRST = "Dirichlet"
ABOUT = """Binomial and multinomial are of **counts**: so many words, of two topics or of many. Beta and
Dirichlet are of the **chances** themselves, and are believed before anything is counted. Counts are simply
added to their parameters: that is what conjugate means."""


def show(view: View) -> None:
    """This part of the room."""
    kind = st.segmented_control(
        "Distribution", list(KINDS), default=FIRST, key="chances", bind="query-params",
        required=True, help=ABOUT,
    )  # fmt: skip
    KINDS[kind or FIRST](view, int(st.session_state.get("seed", 0)))
