"""The four models of the course as plate diagrams that play, with the words of these documents."""

from __future__ import annotations

import streamlit as st

from core.topics.fit import MODELS
from core.topics.topics import DIRICHLET
from pages._kit import choose
from pages._kit.stage.plates import plates
from pages._kit.topics import stories_told
from pages._kit.topics.view import View, once

ALL = "All four"
KINDS = {
    "Unigram": "unigram",
    "Mixture of unigrams": "mixture",
    "PLSA": "plsa",
    "LDA": "lda",
}
JOINT = {
    "unigram": r"p(w) = \prod_{n=1}^{N} p(w_n)",
    "mixture": r"p(z, w) = p(z) \prod_{n=1}^{N} p(w_n \mid z)",
    "plsa": r"p(d, z, w) = p(d) \prod_{n=1}^{N} p(z_n \mid d)\, p(w_n \mid z_n)",
    "lda": r"p(\theta, z, w \mid \alpha, \beta) = p(\theta \mid \alpha) \prod_{n=1}^{N} "
    r"p(z_n \mid \theta)\, p(w_n \mid z_n, \beta)",
}  # fmt: skip
DOCUMENT = "story_document"
MOST = 999_999


def show(view: View) -> None:
    """This part of the room."""
    st.markdown(
        "Each model tells another story of how a document comes about. **Play** it: circles are what "
        "is drawn, a shaded one is what anybody sees, and a plate is done as often as its corner "
        "says."
    )
    left, middle, right = st.columns([5, 3, 2], gap="medium", vertical_alignment="bottom")
    with left:
        names = [*KINDS, ALL]
        name = st.segmented_control(
            "Story", names, default="LDA", key="story_model", bind="query-params", required=True
        )
    with middle:
        words = st.slider(
            "Words of the document, N", 1, 100, 30, key="story_words", bind="query-params"
        )
    with right:
        document = choose.whole(
            "Document no.", 1, MOST, key=DOCUMENT, default=1,
            help="The same number and seed bring the same document back.",
        )  # fmt: skip
    kinds = list(KINDS.values()) if name == ALL else [KINDS[name or "LDA"]]
    if "plsa" in kinds and not len(view.topics.doc_topic):
        kinds.remove("plsa")
        st.info("This model has not kept its documents, so that PLSA has none to begin with.")
    if not kinds:
        return
    seed = int(st.session_state.get("seed", 0))
    plates(
        once(view, stories_told.scene, tuple(kinds), words, seed, document),
        key="story_plates", name=f"The story of {name}, drawn as plates", again=_again,
    )  # fmt: skip
    _told(view, kinds)


def _again() -> None:
    st.session_state[DOCUMENT] = int(st.session_state.get(DOCUMENT, 1)) % MOST + 1


def _told(view: View, kinds: list[str]) -> None:
    with st.expander("What is multiplied", icon=":material/functions:"):
        for kind in kinds:
            st.latex(JOINT[kind])
        st.markdown(
            "One factor a draw. That of $\\theta$ is a density, which may be above 1; all others are "
            "probabilities. "
            "$\\alpha$ and $\\beta$ belong to the corpus, $\\theta$ to a document, $z_n$ and $w_n$ "
            "to a word."
        )
    model = MODELS[view.topics.model].title
    if "lda" in kinds and view.topics.model not in DIRICHLET:
        st.caption(
            f"The model in the sidebar is {model}, which has no α. LDA’s story takes its mean shares "
            "of the topics for one, so that they sum to 1."
        )
    else:
        st.caption(f"Topics and words are those of the model in the sidebar, {model}.")
