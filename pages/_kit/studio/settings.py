"""The network and how it is trained: every setting a control in the sidebar, kept in the link."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.nets.network import ACTIVATIONS, EXTRAS, INITIALS, LOSSES, OPTIMISERS, Config
from pages._kit import choose

UNITS = (6, 2, 6, 6, 6, 6)  # of the hidden layers, at first
RATES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 1.0)
MOMENTA = (0.0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCHES = (1, 2, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 10_000, 100_000)
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
NOISES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
ABOUT = {
    "extras": "Numbers made of x1 and x2 that enter the net beside them.",
    "loss": "Cross-entropy: -log of the probability of the right class. Squared error: mean (o - t)².",
    "initial": "Where training begins. A change begins anew; zeros shows why not.",
    "optimiser": "What is made of the gradient. All but sgd remember the gradients before.",
    "rate": "Length of a step: W := W - learning rate * gradient.",
    "momentum": "Share of the last step that is kept; only for momentum and nesterov.",
    "batch": "Examples whose mean gradient makes one step. At most all there are.",
    "shuffle": "A new order of the points in every epoch.",
    "l1": "Adds l1 * sum of |W| to the loss: weights shrink until they are 0.",
    "l2": "Adds l2 / 2 * sum of W² to the loss: large weights cost most.",
    "dropout": "Each hidden unit is silent with this probability, while learning.",
    "input_noise": "Standard deviation of noise added to the points, while learning.",
    "gradient_noise": "Standard deviation of noise added to every gradient.",
}


def chosen() -> Config:
    """What the visitor has chosen. The defaults are those of ConvNetJS's demo."""
    with st.expander("Network", expanded=True, icon=":material/hub:"):
        count = choose.slide("Hidden layers", range(7), 2, key="layers")
        layers = [_layer(k) for k in range(count)]
        extras = st.pills(
            "Extra inputs",
            list(EXTRAS),
            selection_mode="multi",
            help=ABOUT["extras"],
            **_key("extras"),
        )
        loss = st.selectbox("Loss", LOSSES, help=ABOUT["loss"], **_key("loss"))
        initial = st.selectbox(
            "Initial weights", INITIALS, help=ABOUT["initial"], **_key("initial")
        )
    with st.expander("Training", expanded=True, icon=":material/fitness_center:"):
        training = _training()
    return Config(
        hidden=tuple(units for units, _ in layers),
        activations=tuple(name for _, name in layers),
        extras=tuple(name for name in EXTRAS if name in extras),
        loss=loss,
        initial=initial,
        **training,
    )


def _key(name: str) -> dict[str, Any]:
    return {"key": name, "bind": "query-params"}


def _layer(k: int) -> tuple[int, str]:
    """Units and activation of hidden layer k, from 0."""
    left, right = st.columns(2)
    with left:
        units = choose.whole(f"Units {k + 1}", 1, 64, key=f"units_{k + 1}", default=UNITS[k])
    return units, right.selectbox(f"Activation {k + 1}", list(ACTIVATIONS), **_key(f"f_{k + 1}"))


def _training() -> dict[str, Any]:
    at = OPTIMISERS.index("momentum")
    help = ABOUT["optimiser"]
    optimiser = st.selectbox("Optimiser", OPTIMISERS, at, help=help, **_key("optimiser"))
    return {
        "optimiser": optimiser,
        "rate": _slide("Learning rate", RATES, 0.01, "rate"),
        "momentum": _slide("Momentum", MOMENTA, 0.1, "momentum"),
        "batch": _slide("Batch, examples a step", BATCHES, 10, "batch"),
        "shuffle": st.toggle("Shuffle every epoch", help=ABOUT["shuffle"], **_key("shuffle")),
        "l1": _slide("L1", PENALTIES, 0.0, "l1"),
        "l2": _slide("L2", PENALTIES, 1e-4, "l2"),
        "dropout": _slide("Dropout", SHARES, 0.0, "dropout"),
        "input_noise": _slide("Input noise", NOISES, 0.0, "input_noise"),
        "gradient_noise": _slide("Gradient noise", NOISES, 0.0, "gradient_noise"),
    }


def _slide(label: str, options: tuple[Any, ...], default: Any, key: str) -> Any:
    return choose.slide(label, options, default, key=key, help=ABOUT[key])
