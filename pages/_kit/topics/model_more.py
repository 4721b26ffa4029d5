"""Settings that one model has and another has not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.topics.fit import BATCH, MODELS, SMOOTHING, Model
from core.topics.nmf import LOSSES, WEIGHTS
from pages._kit import choose

ITERATIONS = (5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000)
PASSES = (1, 2, 3, 5, 10, 20, 50)
INNER = (1, 2, 3, 5, 10, 20, 50, 100)
TOLERANCES = (0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
PRIORS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)
SMOOTH = (0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
WAITS = (0, 5, 10, 20, 50, 100)
BURNS = (0, 5, 10, 25, 50, 100, 200, 500, 1000)
BATCHES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
TAUS = (0.0, 1.0, 4.0, 16.0, 64.0, 256.0, 1024.0)
KAPPAS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
AUTO = "5 / K"  # of alpha: what the models begin with unless told

SLIDERS: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "iterations": (
        "Iterations", ITERATIONS, "At most so many. It ends sooner where hardly anything changes.",
    ),
    "inner": (
        "Rounds a document", INNER,
        "How often a document’s own mixture is improved before the topics are.",
    ),
    "tolerance": (
        "Tolerance", TOLERANCES,
        "It ends where an iteration changes the objective by less, relative to itself. 0: never.",
    ),
    "smoothing": (
        "Smoothing", SMOOTH,
        "Added to each count, so that a word never met in a topic stays possible.",
    ),
    "alpha": (
        "α to begin with", (AUTO, *PRIORS),
        "Dirichlet of the mixtures θ of documents. Below 1 a document has few topics, above 1 all.",
    ),
    "eta": (
        "η to begin with", PRIORS,
        "Dirichlet of topics over words: where it is small, a topic has few words.",
    ),
    "wait": (
        "Iterations before α is learned", WAITS,
        "While topics are still alike, α would become huge.",
    ),
    "burn": (
        "Sweeps before means are taken", BURNS,
        "The first draws still remember where the chain began. Not moved, it is half of the sweeps.",
    ),
    "batch": (
        "Documents of a minibatch", BATCHES,
        "So many are looked at together before the topics change.",
    ),
    "tau": (
        "τ", TAUS,
        "Slows the first minibatches: step t has the weight (τ + t) to the power of −κ.",
    ),
    "kappa": (
        "κ", KAPPAS, "How fast old minibatches are forgotten. More than 0.5, or it never settles.",
    ),
}  # fmt: skip
NAMES = {
    "passes": ("Passes over the documents", PASSES, "Each pass goes over all of them in another order."),
    "sweeps": ("Sweeps", ITERATIONS, "In each the topic of every word is drawn anew."),
}  # fmt: skip
TOGGLES = {
    "learn_alpha": ("Learn α", "Else it stays as it begins, the same for each topic."),
    "learn_eta": ("Learn η", "Else it stays as it begins."),
}
CHOICES = {
    "loss": ("Distance", LOSSES, "What is made small. Kullback–Leibler on counts is the same as PLSA."),
    "weights": ("Matrix of", WEIGHTS, "tf-idf makes words small that stand in many documents."),
}  # fmt: skip


def asked(model: str) -> dict[str, Any]:
    """Fields of fit.Config that the visitor changed, for one of MODELS."""
    about = MODELS[model]
    st.caption(f"{about.title}: {about.paper}")
    own = about.own() if about.own is not None else None
    found, defaults = {}, {}
    for field in about.settings:
        if field == "topics":
            continue
        default = _default(field, about, own)
        key = f"{model}_{field}"
        value, defaults[key] = _field(field, key, default, about), default
        if value != default:
            found[field] = value
    st.button(
        "As they were", key=f"{model}_reset", disabled=not found, icon=":material/undo:",
        on_click=_reset, args=(defaults,),
        help="All of these back to what the model has by itself.",
    )  # fmt: skip
    return found


def _default(field: str, about: Model, own: Any) -> Any:
    if field == "batch":
        return BATCH
    if own is None:
        return SMOOTHING
    value = getattr(own, about.iterations if field == "iterations" else field)
    return AUTO if field == "alpha" and value == 0 else value


def _field(field: str, key: str, default: Any, about: Model) -> Any:
    if field in TOGGLES:
        label, help = TOGGLES[field]
        return st.toggle(label, default, key=key, bind="query-params", help=help)
    if field in CHOICES:
        label, options, help = CHOICES[field]
        return st.selectbox(
            label, options, options.index(default), key=key, bind="query-params", help=help
        )
    label, steps, help = (
        NAMES.get(about.iterations, SLIDERS[field]) if field == "iterations" else SLIDERS[field]
    )
    return choose.slide(label, _with(steps, default), default, key=key, help=help)


def _with(options: tuple[Any, ...], default: Any) -> tuple[Any, ...]:
    """The default among them, where it is not."""
    return options if default in options else tuple(sorted((*options, default)))


def _reset(defaults: dict[str, Any]) -> None:
    for key, value in defaults.items():
        st.session_state[key] = value
