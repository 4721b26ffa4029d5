"""Models that were fitted to the same documents, beside each other: how they settled, how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.charts import topics_fit
from core.rng import stream
from core.topics import fit, fit_arrays, over_k, over_k_arrays
from core.topics.fit import MODELS
from core.topics.over_k_arrays import Several
from pages._kit import play
from pages._kit import show as shown_once
from pages._kit.topics import fits, learn_scores
from pages._kit.topics.fits import Fit
from pages._kit.topics.view import View, once

MOVED, OBJECTIVE = "Words that moved", "Objective"
QUANTITIES = {
    "log likelihood a word": "likelihood", "bound a word": "bound",
    "bound a word of the minibatch": "bound", "log p(w, z) a word": "joint",
    "divergence": "divergence",
}  # fmt: skip
STARTED = "learn_models_started"
ALWAYS = 1e12


def show(view: View) -> None:
    """The part of the room."""
    found = _fits(view)
    if len(found) < 2:
        st.info(
            "One model only, so far. Move a setting in the sidebar, or choose another model: each that was "
            "fitted to these documents stands here beside the others.",
            icon=":material/compare:",
        )
    titles = _titles(found)
    _curves(view, found, titles)
    _table(view, found, titles)
    _score(view, found)


def _fits(view: View) -> list[Fit]:
    """All that the server remembers, and the one that is looked at."""
    found = fits.made(view.prepared)
    return found if any(one.id == view.fit.id for one in found) else [*found, view.fit]


def _titles(found: Sequence[Fit]) -> list[str]:
    """Each once, in a few words."""
    out: list[str] = []
    for one in found:
        K = "" if one.config.model == "unigram" else f", K = {one.config.topics}"
        title = told = f"{MODELS[one.config.model].title}{K}, seed {one.seed}"
        number = 2
        while told in out:
            told, number = f"{title} ({number})", number + 1
        out.append(told)
    return out


def _curves(view: View, found: Sequence[Fit], titles: Sequence[str]) -> None:
    what = st.segmented_control(
        "Curve", [MOVED, OBJECTIVE], default=MOVED, key="learn_curve", bind="query-params",
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    pairs = [pair for pair in zip(titles, found, strict=True) if len(pair[1].steps) > 1]
    if what != OBJECTIVE:
        runs = {
            title: ([step.iteration for step in one.steps[1:]], [s.moved for s in one.steps[1:]])
            for title, one in pairs
        }
        if runs:
            shown_once.chart(topics_fit.learning, runs, "moved")
        st.caption(
            "How much of a topic’s words changes in an iteration. Where it is 0, it has settled."
        )
        return
    model = MODELS[view.fit.config.model]
    quantity = QUANTITIES[model.objective]
    runs = {
        title: ([s.iteration for s in one.steps[1:]], [s.objective for s in one.steps[1:]])
        for title, one in pairs
        if QUANTITIES[MODELS[one.config.model].objective] == quantity
    }
    if runs:
        shown_once.chart(topics_fit.learning, runs, quantity)
    left = len(found) - len(runs)
    others = (
        "" if not left else " One other model has another objective and is not drawn." if left == 1
        else f" {left} other models have another objective and are not drawn."
    )  # fmt: skip
    st.caption(
        f"What {model.title} makes {'large' if model.rises else 'small'} while it learns: "
        f"{model.objective}. Its height says nothing of models with another objective; held-out "
        f"perplexity, below, does.{others}"
    )


def _table(view: View, found: Sequence[Fit], titles: Sequence[str]) -> None:
    rows = []
    for title, one in zip(titles, found, strict=True):
        score = learn_scores.of(view.prepared, one.config)
        umass, npmi, c_v = learn_scores.coherence(view, one)
        last = one.steps[-1]
        rows.append(
            {
                "model": f"▸ {title}" if one.id == view.fit.id else title,
                "held-out perplexity": _perplexity(view, one, score),
                "NPMI": npmi, "C_v": c_v, "UMass": umass, "iterations": last.iteration,
                "objective": last.objective, "of": MODELS[one.config.model].objective,
            }
        )  # fmt: skip
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="learn_models_table", placeholder="–",
        column_config={
            "model": st.column_config.TextColumn(width="medium"),
            "held-out perplexity": number(
                format="%.0f", help="Of documents it has not seen; less is better. –: not yet asked."
            ),
            "NPMI": number(format="%.3f", help="Coherence of the 10 best words, −1 to 1; more is better."),
            "C_v": number(format="%.3f", help="Coherence by the words’ company, 0 to 1; more is better."),
            "UMass": number(format="%.2f", help="Coherence by documents with both; nearer 0 is better."),
            "objective": number(format="%.4f"),
        },
    )  # fmt: skip


def _perplexity(view: View, one: Fit, score: over_k.Step | None) -> float | None:
    if score is not None:
        return float(score.perplexity.min())
    return once(view, _unigram) if one.config.model == "unigram" else None


def _score(view: View, found: Sequence[Fit]) -> None:
    """Held-out documents for all of them, as a job."""
    configs = {one.config for one in found if one.config.model != "unigram"}
    open = tuple(
        sorted((c for c in configs if learn_scores.of(view.prepared, c) is None), key=repr)
    )
    wish = (view.prepared.id, open)
    started = st.session_state.get(STARTED)
    if open:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Score on held-out documents", key="learn_models_go", icon=":material/play_arrow:",
                on_click=_start, args=wish, disabled=started == wish,
                help="Each is fitted once more, from a start of its own, to nine of ten documents, and "
                "asked about the tenth. Another seed has the same score.",
            )  # fmt: skip
            st.caption("In another process. The unigram is scored at once: it is the line to beat.")
    if not open or started != wish:
        return
    tried = tuple(
        over_k.Config(fit=one, ks=(one.topics,), held_out=learn_scores.HELD) for one in open
    )
    trace = play.play(
        "learn-models", over_k_arrays.several, once(view, _data), Several(tried=tried), seed=0,
        total=len(tried), work=ALWAYS, draw=partial(_drawn, open),
    )  # fmt: skip
    if trace.settled and trace.steps:
        for config, step in zip(open, trace.steps, strict=False):
            learn_scores.remember(view.prepared, config, step)
        if len(trace.steps) == len(open):
            st.rerun()


def _drawn(open: Sequence[fit.Config], trace: play.Trace) -> None:
    if not trace.settled:
        step = trace.steps[-1]
        model = MODELS[open[len(trace.steps) - 1].model]
        st.caption(f"{model.title}, K = {step.K}: {step.perplexity.min():,.0f}")


def _start(*wish: Any) -> None:
    st.session_state[STARTED] = wish


def _data(view: View) -> fit_arrays.Arrays:
    return fit_arrays.arrays(view.prepared.corpus.counts)


def _unigram(view: View) -> float:
    """The unigram on the documents that `several` holds out."""
    return over_k_arrays.line_of_several(
        _data(view), learn_scores.HELD, generator=stream(0, over_k_arrays.__name__)
    )
