"""How many topics? The model fitted with several K, and judged on documents that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.charts import topics_fit
from core.rng import stream
from core.topics import fit_arrays, over_k, over_k_arrays
from core.topics.fit import MODELS
from core.topics.over_k import Config, Step
from pages._kit import play, take
from pages._kit import show as shown_once
from pages._kit.topics import clicked, fits, learn_csv
from pages._kit.topics.prepared import Prepared
from pages._kit.topics.view import View, once

KS = (2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100)
FIRST = (5, 10, 20, 40)
ALWAYS = 1e12  # multiply-adds: a job, however small
STARTED = "learn_k_started"
ABOUT = """The same model is fitted with each K to most of the documents, and asked about the rest, which
it has not seen. **Perplexity** is how surprised it is: among so many words it would have to guess.
**Coherence** is whether the best words of a topic stand together in documents."""
HELP = """Document completion: the words of each held-out document are dealt out in two halves by the seed.
From one half its mixture is found, with the topics as they are; of the other each word is scored. All K
have the same documents and the same halves. UMass, NPMI and C_v are means over topics of their 10 best
words, counted in whole documents."""


def show(view: View) -> None:
    """The part of the room."""
    model = view.fit.config.model
    st.markdown(ABOUT, help=HELP)
    if "topics" not in MODELS[model].settings:
        st.info(
            "The unigram has one topic: there is nothing to choose. Take another model in the sidebar.",
            icon=":material/looks_one:",
        )
        return
    config = _asked(view)
    wish = (view.prepared.id, config, view.fit.seed)
    started = st.session_state.get(STARTED)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Try several K", key="learn_k_go", type="primary", icon=":material/play_arrow:",
            on_click=_start, args=wish, disabled=config is None or started == wish,
        )  # fmt: skip
        if config is None:
            st.caption("Choose at least one K.")
        elif started is None:
            told = sum(_seconds(view, config, K) for K in config.ks)
            st.caption(f"Works in another process, about {_long(told)} here; stop it at any time.")
        elif started != wish:
            st.caption("Documents or settings have changed since: press again for a new run.")
    if config is None or started != wish:
        return
    data = once(view, _data)
    trace = play.play(
        "over-k", over_k_arrays.learn, data, config, seed=view.fit.seed, total=len(config.ks),
        work=ALWAYS, draw=partial(_drawn, view),
    )  # fmt: skip
    if trace.settled and trace.steps:
        _result(view, config, trace.steps)


def _asked(view: View) -> Config | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=460):
            ks = st.multiselect(
                "Numbers of topics, K", KS, list(FIRST), key="learn_ks", bind="query-params"
            )
        with st.container(width=180):
            seeds = st.slider(
                "Starts of each", 1, 5, 1, key="learn_starts", bind="query-params",
                help="More than one shows how much of the difference is chance.",
            )  # fmt: skip
        with st.container(width=200):
            held = st.slider(
                "Held out, per cent", 5, 50, 10, 5, key="learn_held", bind="query-params",
                help="Of the documents that have words.",
            )  # fmt: skip
    if not ks:
        return None
    # K of the model that is shown is not part of the wish: a click on another one keeps the curve
    fit = replace(view.fit.config, topics=fits.FIRST)
    return Config(fit=fit, ks=tuple(sorted(ks)), held_out=held / 100, seeds=seeds)


def _start(*wish: Any) -> None:
    st.session_state[STARTED] = wish


def _data(view: View) -> fit_arrays.Arrays:
    return fit_arrays.arrays(view.prepared.corpus.counts)


def _seconds(view: View, config: Config, K: int) -> float:
    one = fits.seconds(replace(config.fit, topics=K), view.prepared.corpus.counts)
    return config.seeds * (1 - config.held_out) * one


def _long(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{max(seconds, 1):.0f} seconds"


def _drawn(view: View, trace: play.Trace) -> None:
    """While it goes on: the curves as far as they are known."""
    if trace.settled:
        return
    last = trace.steps[-1]
    st.caption(
        f"K = {last.K}: perplexity {last.perplexity.mean():,.0f}, NPMI {last.npmi.mean():.3f}, "
        f"after {last.seconds.sum():.1f} s."
    )
    left, right = st.columns(2, gap="large")
    K, values = _points(trace.steps, "perplexity")
    with left:
        shown_once.chart(topics_fit.perplexity_over_k, K, values)
    with right:
        K, values = _points(trace.steps, "npmi")
        shown_once.chart(topics_fit.coherence_over_k, K, values, "NPMI")


def _result(view: View, config: Config, steps: Sequence[Step]) -> None:
    beat = _line(view.prepared.id, config.held_out, view.fit.seed, view.prepared)
    found, now = over_k.best(steps), view.fit.config.topics
    lowest = min(float(step.perplexity.min()) for step in steps)
    st.markdown(
        f"Least surprised with **K = {found}**: {lowest:,.0f} words, where the unigram has {beat:,.0f}. "
        "Click a point to take its K."
    )
    if lowest > beat:
        st.warning(
            "No K does better than the unigram: there are too few documents to learn topics from, or "
            "too many topics for them.",
            icon=":material/warning:",
        )
    cells = [*st.columns(2, gap="large"), *st.columns(2, gap="large")]
    K, values = _points(steps, "perplexity")
    with cells[0]:
        _chart("perplexity", _perplexity, K, values, beat, now=now)
    for cell, (kind, field) in zip(
        cells[1:], (("NPMI", "npmi"), ("C_v", "c_v"), ("UMass", "umass")), strict=True
    ):
        K, values = _points(steps, field)
        with cell:
            _chart(field, _coherence, K, values, kind, now=now)
    take.home(
        {"topics-over-k.csv": partial(learn_csv.over_k, steps)}, labels={"csv": "The curves, CSV"}
    )
    st.caption(
        "The two need not agree: perplexity likes many topics, and people like those that they can "
        "name. The model on the other pages is fitted to all documents, none held out."
    )


def _chart(key: str, make: Any, *args: Any, now: int) -> None:
    clicked.chart(
        make, *args, key=f"learn_k_{key}", selection="K", field="K", now=now, take=_take
    )  # fmt: skip


def _take(K: int) -> None:
    if isinstance(K, int) and K in KS:
        st.session_state["topics"] = K


def _perplexity(K: list[int], values: list[float], beat: float, *, selected: int) -> Any:
    return topics_fit.perplexity_over_k(K, values, chosen=selected, unigram=beat)


def _coherence(K: list[int], values: list[float], kind: str, *, selected: int) -> Any:
    return topics_fit.coherence_over_k(K, values, kind, chosen=selected)


def _points(steps: Sequence[Step], field: str) -> tuple[list[int], list[float]]:
    """A number for each fit: K as often as it was fitted."""
    pairs = [(step.K, float(value)) for step in steps for value in getattr(step, field)]
    return [K for K, _ in pairs], [value for _, value in pairs]


@st.cache_resource(max_entries=16, show_spinner="The unigram’s perplexity …")
def _line(id: str, held_out: float, seed: int, _prepared: Prepared) -> float:
    return over_k_arrays.line_to_beat(
        fit_arrays.arrays(_prepared.corpus.counts), held_out,
        generator=stream(seed, over_k_arrays.__name__),
    )  # fmt: skip
