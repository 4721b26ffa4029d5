"""Inside: how the topics of one document are found, round by round, and by Gibbs sampling."""

from __future__ import annotations

import streamlit as st

from core.topics.fit import MODELS
from core.topics.topics import DIRICHLET
from pages._kit.topics import inside_bound, inside_document, inside_gibbs, inside_rounds
from pages._kit.topics.view import View

LDA = MODELS["lda"].title


def show(view: View) -> None:
    """The room."""
    _told(view)
    found = inside_document.chosen(view)
    if found is None:
        return
    inside_rounds.show(view, found)
    inside_bound.show(found)
    inside_gibbs.show(view, found)


def _told(view: View) -> None:
    model = view.topics.model
    if model in DIRICHLET:
        return
    title = MODELS[model].title
    if model == "unigram":
        about = "It has one topic: there is nothing to find out, θ = 1, and the bound is tight."
    else:
        prior = "p(z)" if model == "mixture" else "the mean of p(z | d)"
        about = (
            f"It has no Dirichlet over θ. Its topics are taken as β here and {prior} as α: what you see "
            "is how LDA would find the mixture of a document, with these topics."
        )
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.info(f"**{title}.** {about}", icon=":material/info:")
    right.button(
        "Fit LDA instead", key="inside_lda", on_click=_to_lda, icon=":material/swap_horiz:"
    )


def _to_lda() -> None:
    st.session_state["model"] = LDA
