"""What is known of how good models are: scores of held-out documents, remembered for all visitors."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.topics import fit, over_k
from core.topics.over_k import Step
from pages._kit.topics.fits import Fit
from pages._kit.topics.prepared import Prepared
from pages._kit.topics.view import View

MOST = 400
HELD = 0.1  # of the documents
Key = tuple[str, str]


def remember(prepared: Prepared, config: fit.Config, step: Step) -> None:
    """What a model with these settings came to, fitted to the documents that are not held out."""
    scores = _scores()
    scores[_key(prepared, config)] = step
    for old in list(scores)[:-MOST]:
        scores.pop(old, None)


def of(prepared: Prepared, config: fit.Config) -> Step | None:
    """The same, where it is known."""
    return _scores().get(_key(prepared, config))


def coherence(view: View, fitted: Fit) -> tuple[float, float, float]:
    """UMass, NPMI, C_v of the topics as they were fitted to all documents."""
    return _coherence(fitted.id, view, fitted)


@st.cache_resource(max_entries=64, show_spinner=False)
def _coherence(id: str, _view: View, _fit: Fit) -> tuple[float, float, float]:
    best = _fit.steps[-1].best[:, : over_k.WORDS]
    return over_k.coherences(_view.prepared.corpus.counts, best)


def _key(prepared: Prepared, config: fit.Config) -> Key:
    return prepared.id, repr(replace(config, whole_every=0))


@st.cache_resource(show_spinner=False)
def _scores() -> dict[Key, Step]:
    return {}
