"""Which model, and the fit: kept for the whole server, made in place or as a job where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.store import fingerprint
from core.topics import fit_arrays
from core.topics.fit import MODELS, Config
from core.topics.step import Step
from core.topics.topics import Topics
from pages._kit import frame, play
from pages._kit.topics import fits_drawn, model_more
from pages._kit.topics.prepared import Prepared

TITLES = {title.title: name for name, title in MODELS.items()}
KEPT = 12  # fits that the server remembers
FIRST = 20  # topics
# seconds an iteration, for each topic and entry of the document-word matrix
PACE = {
    "unigram": 1e-9, "mixture": 1e-9, "plsa": 4e-9, "lda": 5e-9, "online_lda": 1.5e-8, "gibbs": 4e-9,
    "nmf": 4e-9,
}  # fmt: skip
ALWAYS = 1e12


@dataclass(frozen=True, eq=False)
class Fit:
    """A model that was fitted, and how it came about; `id` names corpus, settings and seed."""

    id: str
    config: Config
    seed: int
    steps: Sequence[Step]
    topics: Topics


def chosen(prepared: Prepared) -> Fit | None:
    """Model and settings in the sidebar. None while the model is being fitted for the first time."""
    config = model()
    seed = frame.seed()
    return fitted(prepared, config, seed)


def model() -> Config:
    """The model's settings, in the sidebar."""
    title = st.selectbox(
        "Model", list(TITLES), list(TITLES.values()).index("lda"), key="model", bind="query-params",
        help="How a document is thought to have come about. The room Stories plays each.",
    )  # fmt: skip
    chosen = TITLES[title]
    topics = 1
    if chosen != "unigram":
        topics = st.slider("Topics K", 2, 100, FIRST, key="topics", bind="query-params")
    with st.expander("More of the model", icon=":material/tune:"):
        more = model_more.asked(chosen)
    return Config(model=chosen, topics=topics, **more)


def fitted(prepared: Prepared, config: Config, seed: int) -> Fit | None:
    """The fit, from what is kept or made now, shown while it is made."""
    id = name(prepared, config, seed)
    found = _kept().get(id)
    if found is not None:
        return found
    counts = prepared.corpus.counts
    total = config.steps(len(counts))
    seconds = PACE[config.model] * len(counts.words) * max(config.topics, 4) * total
    # the whole model now and then: it is what there is, should the visitor cancel
    often = replace(config, whole_every=max(1, total // 5))
    with st._main:
        trace = play.play(
            "topics", fit_arrays.learn, fit_arrays.arrays(counts), often, seed=seed, total=total,
            work=play.SPEED * seconds, draw=_drawing(prepared, config),
        )  # fmt: skip
    if not trace.finished:
        return None
    return keep(id, config, seed, trace.steps)


def name(prepared: Prepared, config: Config, seed: int) -> str:
    """What a fit goes by."""
    return fingerprint(prepared.id, repr(config), str(seed))


def keep(id: str, config: Config, seed: int, steps: Sequence[Step]) -> Fit | None:
    """Remember what was learned; None where it ended before there was a model."""
    whole = [step.topics for step in steps if step.topics is not None]
    if not whole:
        return None
    found = Fit(id, config, seed, tuple(replace(step, topics=None) for step in steps), whole[-1])
    kept = _kept()
    kept[id] = found
    for old in list(kept)[:-KEPT]:
        kept.pop(old, None)
    return found


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Fit]:
    return {}


def _drawing(prepared: Prepared, config: Config) -> Callable[[play.Trace], None]:
    def draw(trace: play.Trace) -> None:
        if not trace.settled:
            fits_drawn.draw(prepared.vocabulary, config, trace.steps)

    return draw
