"""The way a model came about: its topics at any iteration, what moved, and by which equations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.charts import topics_fit
from core.topics.fit import MODELS
from core.topics.step import Step
from core.topics.topics import DIRICHLET
from pages._kit import show as shown_once
from pages._kit.stage import settling
from pages._kit.topics import learn_equations, pick
from pages._kit.topics.view import View, once

AT = "learn_at"


def show(view: View) -> None:
    """The part of the room."""
    steps, model = view.fit.steps, MODELS[view.fit.config.model]
    if len(steps) < 2:
        st.info(
            "This one is not learned but counted: there is one step only, and nothing to play. "
            "Choose another model in the sidebar to see topics settle.",
            icon=":material/functions:",
        )
        learn_equations.show(view.fit.config, steps[-1])
        return
    film = once(view, _film)
    step = _step(steps)
    settling.film(
        film, at=step.iteration, key="settling-film", picked=_members(view), take_at=_move,
        take_topic=lambda number: _pick(view, number),
        name=f"{model.title}: topics at each iteration",
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "**How much still moves**",
            help="Half the sum of |p(w | z) − p(w | z) before| over all words, mean over topics. "
            "0: nothing; 1: every topic has become another one.",
        )
        at = [one.iteration for one in steps[1:]]
        runs = {model.title: (at, [one.moved for one in steps[1:]])}
        shown_once.chart(topics_fit.learning, runs, "moved", now=step.iteration)
    with right:
        if view.fit.config.model in DIRICHLET:
            _priors(steps, step)
    learn_equations.show(view.fit.config, step)


def _film(view: View) -> settling.Film:
    model = MODELS[view.fit.config.model]
    return settling.filmed(
        view.fit.id, view.fit.steps, view.prepared.vocabulary, model.objective, rises=model.rises
    )


def _step(steps: Sequence[Step]) -> Step:
    """The one that is looked at: the last unless the visitor, or the link, says otherwise."""
    if AT not in st.session_state:
        st.session_state[AT] = st.query_params.get(AT)
    told = st.session_state[AT]
    if told is None or not told.isdecimal() or len(told) > 8:
        return steps[-1]
    return min(steps, key=lambda step: abs(step.iteration - int(told)))


def _move(iteration: int) -> None:
    st.session_state[AT] = str(iteration)
    st.query_params[AT] = str(iteration)


def _members(view: View) -> tuple[int, ...]:
    """The model's topics that the picked one is made of."""
    return view.edited.members[pick.row(view)]


def _pick(view: View, number: int) -> None:
    """The topic that the model's own has become, unless it is hidden."""
    for row in view.edited.seen:
        if number in view.edited.members[row]:
            pick.set_topic(view.edited.ids[row])


def _priors(steps: Sequence[Step], step: Step) -> None:
    st.markdown(
        "**α and η**",
        help="α: how few topics a document has; one number a topic, drawn as their mean with the "
        "smallest and largest around it. η: how few words a topic has.",
    )
    alpha = np.array([one.alpha for one in steps])
    at, eta = [one.iteration for one in steps], [one.eta for one in steps]
    shown_once.chart(topics_fit.priors, at, alpha, eta, now=step.iteration)
    least, most = float(step.alpha.min()), float(step.alpha.max())
    each = (
        f"{least:.3g} each" if least == most
        else f"from {least:.3g} (topic {np.argmin(step.alpha)}) to {most:.3g} "
        f"(topic {np.argmax(step.alpha)})"
    )  # fmt: skip
    st.caption(f"At iteration {step.iteration}: α is {each}; η = {step.eta:.3g}.")
